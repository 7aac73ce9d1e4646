import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ReadError } from '../reader.ts';

/** A file as the folder shows it. */
export interface FolderFile {
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** Unix ms */
  readonly mtimeMs: number;
  /** Number of the file on its disk: the same under another name */
  readonly ino: number;
}

export interface FolderScan {
  /** Complete, in the order of their names. */
  readonly complete: readonly FolderFile[];
  /** Still being written, as far as can be told. */
  readonly waiting: readonly FolderFile[];
}

/** More entries than a folder of exports has; the rest would be looked at again at every scan. */
const MOST_ENTRIES = 10_000;

/** Names that programs write under until a file is whole. */
const UNFINISHED = /^\.|~$|\.(tmp|temp|part|partial|filepart|crdownload)$/i;

/** The same bytes, as far as can be told without reading them. */
export const isSame = (a: FolderFile, b: FolderFile): boolean =>
  a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;

/** A name from outside, for people: no control characters, and not endless. */
export const nameOf = (name: string): string => {
  const plain = name.replace(/[\p{C}\u2028\u2029]/gu, '\uFFFD');
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
};

/**
 * Watches a folder by looking at it now and then, which works on network disks too. A file is complete when two looks
 * have found it with the same size and time of change, or when it got its name since the last look, unchanged: that is
 * how programs hand over what is whole. Folders, links and names of unfinished files are passed over.
 */
export class DropFolder {
  readonly path: string;
  #seen = new Map<number, FolderFile>();

  constructor(path: string) {
    this.path = path;
  }

  /** @throws ReadError 'unreachable' where the folder cannot be listed, 'too_large' where it has too many entries */
  async scan(): Promise<FolderScan> {
    const files = await this.#list();
    const before = this.#seen;
    this.#seen = new Map(files.map((file) => [file.ino, file]));
    const [complete, waiting]: [FolderFile[], FolderFile[]] = [[], []];
    for (const file of files) {
      if (UNFINISHED.test(file.name)) continue;
      const known = before.get(file.ino);
      (known && isSame(known, file) ? complete : waiting).push(file);
    }
    return { complete, waiting };
  }

  async #list(): Promise<FolderFile[]> {
    const names = await this.#names();
    const files: FolderFile[] = [];
    for (const name of names.toSorted()) {
      try {
        const { size, mtimeMs, ino } = await lstat(join(this.path, name));
        files.push({ name, size, mtimeMs, ino });
      } catch (error) {
        // Taken away since it was listed.
        if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw this.#error(error);
      }
    }
    return files;
  }

  async #names(): Promise<string[]> {
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      if (names.length <= MOST_ENTRIES) return names;
      throw new ReadError(
        'too_large',
        `folder ${this.path}: ${names.length} files, at most ${MOST_ENTRIES} are looked at: move old ones away`,
      );
    } catch (error) {
      throw this.#error(error);
    }
  }

  #error(cause: unknown): ReadError {
    if (cause instanceof ReadError) return cause;
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return new ReadError('unreachable', `folder ${this.path}: cannot be listed: ${why}`, { cause });
  }
}
