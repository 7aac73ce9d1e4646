import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';
import { StoreError } from './store-error.ts';

/** A larger file is not read through at start: SQLite still refuses pages that make no sense. */
const CHECK_WHOLE_BYTES = 256 * 1024 * 1024;

/** Ends what was asked for with words for the user. */
export const refuse = (zh: string, en: string, cause?: unknown): never => {
  throw new StoreError({ zh, en }, { cause });
};

/** Whether there is something of a ledger at the path. */
export const exists = (path: string): boolean => inspect(path) !== null;

/** The version of a ledger, null where there is none. Looks at the header alone, so that a file which is refused stays untouched. */
export function inspect(path: string): number | null {
  if (!existsSync(path) || statSync(path).size === 0) return null;
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 100, 0);
  } finally {
    closeSync(file);
  }
  const isSqlite = header.toString('latin1', 0, 15) === 'SQLite format 3';
  const born = isSqlite && header.readUInt32BE(68) === 0 ? unfinished(path) : undefined;
  if (born !== undefined) return born;
  if (!isSqlite || header.readUInt32BE(68) !== APPLICATION_ID) {
    refuse(
      `账本 ${path} 不是 greenflops 账本（或已损坏）：未作改动。请换一个 --store，或用备份还原该文件`,
      `ledger ${path} is no greenflops ledger, or is corrupt; it was not touched. Choose another --store, or restore the file from a backup`,
    );
  }
  const version = header.readUInt32BE(60);
  if (version < 1 || version > SCHEMA_VERSION) {
    refuse(
      `账本 ${path} 的版本是 ${version}，本程序只认到 ${SCHEMA_VERSION}：未作改动。请使用写入它的版本或更新的 greenflops`,
      `ledger ${path} has version ${version}, this program knows up to ${SCHEMA_VERSION}; it was not touched. Use the greenflops that wrote it, or a newer one`,
    );
  }
  return version;
}

/**
 * A ledger whose maker was killed while it was made: its header is still that of any database. What it says with its log:
 * the version, null where nothing is in it yet; undefined where it is somebody else's.
 */
function unfinished(path: string): number | null | undefined {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      const number = (sql: string, column: string): number => Number(database.prepare(sql).get()?.[column]);
      const tables = number('SELECT count(*) AS tables FROM sqlite_schema', 'tables');
      const id = number('PRAGMA application_id', 'application_id');
      if (id === APPLICATION_ID) return number('PRAGMA user_version', 'user_version');
      return id === 0 && tables === 0 ? null : undefined;
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE = { busy: 5, corrupt: 11, notADatabase: 26 } as const;

/** SQLite's primary result code of an error; null where the error is none of SQLite. */
const codeOf = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null;

/** Whether nothing but another file helps; a disk that is full, read-only or broken says nothing about the file. */
export const isCorrupt = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === SQLITE.corrupt || code === SQLITE.notADatabase;
};

const corrupt = (path: string, cause: unknown): StoreError =>
  new StoreError(
    {
      zh: `账本 ${path} 已损坏（${said(cause)}）：未作改动。请用备份还原该文件，或换一个 --store`,
      en: `ledger ${path} is corrupt (${said(cause)}); it was not touched. Restore it from a backup, or choose another --store`,
    },
    { cause },
  );

/** What SQLite or the disk said of a file, for the user: SQLite's own words name neither the file nor a way out. */
export function told(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  if (isCorrupt(cause)) return corrupt(path, cause);
  return new StoreError(
    {
      zh: `${path} 打不开或无法读写（${said(cause)}）：请检查路径、权限和磁盘空间，然后重试`,
      en: `${path} cannot be opened, read or written (${said(cause)}): check path, permissions and disk space, then try again`,
    },
    { cause },
  );
}

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Reads a file through before anything may write to it; a large one only where `large` says so. */
export function check(path: string, large = false): void {
  if (statSync(path).size > CHECK_WHOLE_BYTES && !large) return;
  let answer: unknown;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      answer = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    } finally {
      database.close();
    }
  } catch (error) {
    throw told(path, error);
  }
  if (answer !== 'ok') throw corrupt(path, answer);
}

/** Takes a lock; null where another process holds it. */
function take(file: string): DatabaseSync | null {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (codeOf(error) === SQLITE.busy) return null;
    throw told(file, error);
  }
}

const lockOf = (path: string): string => `${path}.lock`;

/** One writer: an exclusive transaction on a second file, held for life. It ends with the process, however that ends. */
export const lock = (path: string, file = lockOf(path)): DatabaseSync =>
  take(file) ??
  refuse(
    `账本 ${path} 正被另一个 greenflops 使用（锁 ${file}）：请等它结束或先停止它，或换一个 --store`,
    `ledger ${path} is in use by another greenflops (lock ${file}): wait for it or stop it, or choose another --store`,
  );

/** Whether somebody writes the ledger now. */
export function isLocked(path: string): boolean {
  const held = take(lockOf(path));
  held?.close();
  return held === null;
}
