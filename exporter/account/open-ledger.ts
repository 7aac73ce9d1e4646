import { existsSync, mkdirSync, openSync, readSync, closeSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { StoreError } from './store-error.ts';

/** A larger file is not read through at start: SQLite still refuses pages that make no sense. */
const CHECK_WHOLE_BYTES = 256 * 1024 * 1024;

const refuse = (zh: string, en: string, cause?: unknown): never => {
  throw new StoreError({ zh, en }, { cause });
};

/** 'sqlite:PATH' -> PATH */
export function storePath(store: string): string {
  const path = /^sqlite:(.+)$/.exec(store)?.[1];
  return (
    path ??
    refuse(`存储 "${store}" 无法识别：请写成 sqlite:文件路径`, `store "${store}" is not understood: write sqlite:PATH`)
  );
}

/** Looks at the header alone, so that a file which is refused stays untouched. */
function inspect(path: string): 'absent' | 'ledger' {
  if (!existsSync(path) || statSync(path).size === 0) return 'absent';
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, 100, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3' || header.readUInt32BE(68) !== APPLICATION_ID) {
    refuse(
      `账本 ${path} 不是 greenflops 账本（或已损坏）：未作改动。请换一个 --store，或用备份还原该文件`,
      `ledger ${path} is no greenflops ledger, or is corrupt; it was not touched. Choose another --store, or restore the file from a backup`,
    );
  }
  const version = header.readUInt32BE(60);
  if (version !== SCHEMA_VERSION) {
    refuse(
      `账本 ${path} 的版本是 ${version}，本程序只认 ${SCHEMA_VERSION}：未作改动。请使用写入它的版本或更新的 greenflops`,
      `ledger ${path} has version ${version}, this program knows ${SCHEMA_VERSION}; it was not touched. Use the greenflops that wrote it, or a newer one`,
    );
  }
  return 'ledger';
}

function corrupt(path: string, cause: unknown): never {
  return refuse(
    `账本 ${path} 已损坏（${String(cause)}）：未作改动。请用备份还原该文件，或换一个 --store`,
    `ledger ${path} is corrupt (${String(cause)}); it was not touched. Restore it from a backup, or choose another --store`,
    cause,
  );
}

/** Reads a file through before anything may write to it. */
function check(path: string): void {
  if (statSync(path).size > CHECK_WHOLE_BYTES) return;
  let answer: unknown;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      answer = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    } finally {
      database.close();
    }
  } catch (error) {
    corrupt(path, error);
  }
  if (answer !== 'ok') corrupt(path, answer);
}

/** One writer: an exclusive transaction on a second file, held for life. It ends with the process, however that ends. */
function lock(path: string): DatabaseSync {
  const database = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    return refuse(
      `账本 ${path} 正被另一个 greenflops 使用（锁 ${path}.lock）：请先停止它，或换一个 --store`,
      `ledger ${path} is in use by another greenflops (lock ${path}.lock): stop that one, or choose another --store`,
      error,
    );
  }
}

/** Opens a ledger to write: refuses what it does not know, and leaves that file as it is. */
export function openLedger(path: string): { database: DatabaseSync; close: () => void } {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const found = inspect(path);
    const held = lock(path);
    try {
      if (found === 'ledger') check(path);
      const database = new DatabaseSync(path, { timeout: 0 });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      if (found === 'absent') {
        database.exec(
          `BEGIN; ${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`,
        );
      }
      return {
        database,
        close: () => {
          database.close();
          held.close();
        },
      };
    } catch (error) {
      held.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return refuse(
      `账本 ${path} 打不开：${String(error)}。请检查路径、权限和磁盘空间`,
      `ledger ${path} cannot be opened: ${String(error)}. Check path, permissions and disk space`,
      error,
    );
  }
}

/** Opens a ledger to read, also while an exporter writes it. */
export function readLedger(path: string): DatabaseSync {
  if (inspect(path) === 'absent') {
    refuse(`账本 ${path} 不存在：请检查 --store`, `ledger ${path} does not exist: check --store`);
  }
  return new DatabaseSync(path, { readOnly: true, timeout: 5000 });
}
