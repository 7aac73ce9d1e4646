import { readFile } from 'node:fs/promises';
import { ReadError } from '../reader.ts';

/** A file that the access names. @throws ReadError which one, and why it cannot be read */
export async function accessFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ReadError(code === 'EACCES' ? 'refused' : 'unreachable', `read ${path}: ${code}`, { cause });
  }
}
