import type { Text } from '../../../model/text.ts';
import type { Clock } from '../../clock.ts';
import { MOST_BYTES, readDropFile, type DropFile } from '../../read/file-drop/drop-file.ts';
import { isSame, nameOf, type FolderFile } from '../../read/file-drop/drop-folder.ts';
import { ReadError } from '../../read/reader.ts';
import { inSlices } from '../ledger/slices.ts';
import { StoreError } from '../ledger/store-error.ts';
import { DropBook } from './drop-book.ts';
import { dropSteps, type DropGroup } from './drop-import.ts';
import { openToImport } from './drop-ledger.ts';

type Opened = ReturnType<typeof openToImport>;

/** Digits of a hash that people are shown */
const SHOWN = 12;

/** Takes files of a folder into the ledger, each once. */
export class DropDesk {
  readonly #group: DropGroup;
  readonly #ledger: string;
  #book: DropBook | null = null;
  /** Files with which all is done, as the folder showed them: they are not read again. */
  #done = new Map<string, FolderFile>();

  /** @param ledger its path; it exists */
  constructor(group: DropGroup, ledger: string) {
    this.#group = group;
    this.#ledger = ledger;
  }

  get folder(): string {
    return this.#group.source.folder;
  }

  /** What the ledger knows of files; null before the first look. */
  get book(): DropBook | null {
    return this.#book;
  }

  /** Goes on where the same folder's desk of the declaration before stands. */
  resume(earlier: DropDesk): void {
    this.#done = earlier.#done;
  }

  /**
   * Takes what is complete. Returns how many files are left for the next look: they changed while they were read, or
   * somebody else imports just now.
   * @throws ReadError where a file, or the ledger, refuses: the other files are taken before
   */
  async take(files: readonly FolderFile[], clock: Clock, stop: AbortSignal): Promise<number> {
    const names = new Set(files.map(({ name }) => name));
    for (const name of this.#done.keys()) if (!names.has(name)) this.#done.delete(name);
    const open = files.filter((file) => {
      const done = this.#done.get(file.name);
      return done === undefined || !isSame(done, file);
    });
    if (open.length === 0 && this.#book !== null) return 0;
    const ledger = this.#open();
    if (ledger === null) return open.length;
    let left = 0;
    let failed: ReadError | null = null;
    try {
      this.#book ??= new DropBook(ledger.database, this.#group.meters);
      for (const file of open) {
        if (stop.aborted) return left;
        try {
          if (await this.#settle(file, ledger, this.#book, clock, stop)) this.#done.set(file.name, file);
          else left += 1;
        } catch (error) {
          failed = this.#failure(error, file);
        }
      }
    } finally {
      ledger.close();
    }
    if (failed) throw failed;
    return left;
  }

  #open(): Opened | null {
    try {
      return openToImport(this.#ledger);
    } catch (error) {
      // Somebody imports just now.
      if (error instanceof StoreError) return null;
      throw this.#failure(error, null);
    }
  }

  #failure(cause: unknown, file: FolderFile | null): ReadError {
    if (cause instanceof ReadError) return cause;
    const what = file === null ? `folder ${this.folder}` : `file ${nameOf(file.name)} in ${this.folder}`;
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ReadError('refused', `${what}: the ledger refuses to be written (${why}): nothing of it was booked`, {
      cause,
    });
  }

  /** Whether all is done with a file until its bytes change. */
  async #settle(
    file: FolderFile,
    { database }: Opened,
    book: DropBook,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<boolean> {
    const at = Math.round(clock.wall());
    const name = nameOf(file.name);
    const tell = async (...what: Parameters<DropBook['tell']>): Promise<boolean> => {
      if (!book.isTold(what[1] === 'file_known' ? 'known' : 'refused', what[2].key))
        await inSlices(book.tell(...what), { signal });
      return !signal.aborted;
    };
    const refuse = (key: string, text: Text, detail: Record<string, string | number>): Promise<boolean> =>
      tell(database, 'file_refused', {
        at,
        key,
        file: name,
        detail: { ...detail, reason: text.en, reason_zh: text.zh },
      });
    if (file.size > MOST_BYTES) return refuse(`${name} ${file.size} bytes`, tooLarge(file.size), { bytes: file.size });
    const read = await readDropFile(this.folder, file, signal);
    if (read === null) return false;
    const { sha256 } = read;
    const before = book.importedAs(sha256);
    if (before === name || book.isTold('refused', sha256)) return true;
    if (before !== null)
      return tell(database, 'file_known', {
        at,
        key: `${sha256} ${name}`,
        file: name,
        detail: { same_as: before, sha256: sha256.slice(0, SHOWN) },
      });
    const dropped = await this.#import(database, read, at, signal);
    if (dropped === null) return false;
    if ('fault' in dropped) {
      const { line, text } = dropped.fault;
      return refuse(sha256, text, { line, faults: dropped.faults, sha256: sha256.slice(0, SHOWN) });
    }
    book.imported(read);
    return true;
  }

  /** null: called off, or the ledger got readings meanwhile that decide otherwise. */
  async #import(database: Opened['database'], file: DropFile, at: number, signal: AbortSignal) {
    try {
      return await inSlices(dropSteps(database, file, this.#group, at), { signal });
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  }
}

const tooLarge = (bytes: number): Text => ({
  zh: `${bytes} 字节，上限是 ${MOST_BYTES}：请拆分文件`,
  en: `${bytes} bytes, at most ${MOST_BYTES} are read: split the file`,
});
