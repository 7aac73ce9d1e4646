import { existsSync, mkdirSync, openSync, readSync, closeSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION } from './schema.ts';
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

/** Whether there is something of a ledger at the path. */
export const exists = (path: string): boolean => inspect(path) !== null;

/** The version of a ledger, null where there is none. Looks at the header alone, so that a file which is refused stays untouched. */
function inspect(path: string): number | null {
  if (!existsSync(path) || statSync(path).size === 0) return null;
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
  if (version < 1 || version > SCHEMA_VERSION) {
    refuse(
      `账本 ${path} 的版本是 ${version}，本程序只认到 ${SCHEMA_VERSION}：未作改动。请使用写入它的版本或更新的 greenflops`,
      `ledger ${path} has version ${version}, this program knows up to ${SCHEMA_VERSION}; it was not touched. Use the greenflops that wrote it, or a newer one`,
    );
  }
  return version;
}

/** Makes a new or an older ledger into today's in one transaction: whole or not at all. The header may lag behind the log. */
function upgrade(database: DatabaseSync): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found === SCHEMA_VERSION) return;
  const steps = Object.keys(MIGRATIONS).filter((from) => Number(from) >= found);
  const sql =
    found === 0
      ? `${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}`
      : steps.map((from) => MIGRATIONS[Number(from)]).join(';');
  try {
    database.exec(`BEGIN; ${sql}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
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
function lock(path: string, file = `${path}.lock`): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    return refuse(
      `账本 ${path} 正被另一个 greenflops 使用（锁 ${file}）：请等它结束或先停止它，或换一个 --store`,
      `ledger ${path} is in use by another greenflops (lock ${file}): wait for it or stop it, or choose another --store`,
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
      if (found !== null) check(path);
      const database = new DatabaseSync(path, { timeout: 0 });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      upgrade(database);
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

/** Opens a ledger to add the past to it, also while an exporter writes it; makes it where there is none. One at a time. */
export function openBesideWriter(path: string): { database: DatabaseSync; close: () => void } {
  const found = inspect(path);
  if (found !== SCHEMA_VERSION) openLedger(path).close();
  const held = lock(path, `${path}.import-lock`);
  // The exporter's transactions last milliseconds; it does not wait for ours, and tries again.
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('PRAGMA synchronous = FULL');
  return {
    database,
    close: () => {
      database.close();
      held.close();
    },
  };
}

/** Opens a ledger to read, also while an exporter writes it. */
export function readLedger(path: string, oldest = 1): DatabaseSync {
  const found = inspect(path);
  if (found === null) {
    refuse(`账本 ${path} 不存在：请检查 --store`, `ledger ${path} does not exist: check --store`);
  } else if (found < oldest) {
    refuse(
      `账本 ${path} 的版本是 ${found}，此命令需要 ${oldest}：请先运行一次 greenflops run，它会升级账本`,
      `ledger ${path} has version ${found}, this command needs ${oldest}: run greenflops run once, which upgrades it`,
    );
  }
  return new DatabaseSync(path, { readOnly: true, timeout: 5000 });
}

/** Whether a ledger has never been given anything: no reading, no import. */
export function isEmpty(path: string): boolean {
  const found = inspect(path);
  if (found === null) return true;
  const database = readLedger(path);
  try {
    const filled =
      found < 2
        ? 'EXISTS (SELECT 1 FROM meter)'
        : 'EXISTS (SELECT 1 FROM meter) OR EXISTS (SELECT 1 FROM past WHERE valid = 1)';
    return database.prepare(`SELECT ${filled} AS filled`).get()?.['filled'] === 0;
  } finally {
    database.close();
  }
}
