import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { EncodingGuess, type Encoding } from '../exposition/text-lines.ts';
import { ReadError } from '../reader.ts';
import { isSame, nameOf, type FolderFile } from './drop-folder.ts';

/** Larger files are refused: 50,000 lines, five years of hours, are 4 MB. */
export const MOST_BYTES = 8 * 2 ** 20;
const CHUNK_BYTES = 64 * 1024;

/** A file that was read whole. */
export interface DropFile {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  /** Of its bytes, in hex */
  readonly sha256: string;
  /** As told by the bytes */
  readonly encoding: Encoding;
}

/** Reads a file in pieces; null where it is no longer what the folder showed: it is looked at again at the next scan. */
async function readWhole(from: FileHandle, file: FolderFile, signal: AbortSignal): Promise<DropFile | null> {
  const isUnchanged = async (): Promise<boolean> => {
    const now = await from.stat();
    return now.isFile() && isSame(file, { ...file, size: now.size, mtimeMs: now.mtimeMs, ino: now.ino });
  };
  if (!(await isUnchanged())) return null;
  const [hash, guess] = [createHash('sha256'), new EncodingGuess()];
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    if (signal.aborted) return null;
    const { bytesRead, buffer } = await from.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    guess.push(chunk);
    chunks.push(chunk);
    size += bytesRead;
    // It grows faster than it is read.
    if (size > file.size) return null;
  }
  if (size !== file.size || !(await isUnchanged())) return null;
  return { name: nameOf(file.name), chunks, sha256: hash.digest('hex'), encoding: guess.end() };
}

/**
 * Reads a file of a folder. null: it went away, changed while it was read, or the signal came; nothing of it is used.
 * A link that took its place is not followed.
 * @throws ReadError 'refused' where the disk does not give it
 */
export async function readDropFile(folder: string, file: FolderFile, signal: AbortSignal): Promise<DropFile | null> {
  let from: FileHandle | null = null;
  try {
    // Without waiting: a pipe that took its place has nobody at its other end.
    from = await open(join(folder, file.name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return await readWhole(from, file, signal);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    if (code === 'ENOENT' || code === 'ELOOP') return null;
    throw new ReadError('refused', `file ${nameOf(file.name)} in ${folder}: cannot be read: ${code}`, { cause });
  } finally {
    await from?.close();
  }
}
