import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { check, inspect, lock, refuse, told } from './ledger-file.ts';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './schema.ts';

/** 'sqlite:PATH' -> PATH */
export function storePath(store: string): string {
  const path = /^sqlite:(.+)$/.exec(store)?.[1];
  return (
    path ??
    refuse(`存储 "${store}" 无法识别：请写成 sqlite:文件路径`, `store "${store}" is not understood: write sqlite:PATH`)
  );
}

/** Makes a new or an older ledger into today's in one transaction: whole or not at all. The header may lag behind the log. */
function upgrade(database: DatabaseSync): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found === SCHEMA_VERSION) return;
  const sql = MIGRATIONS.slice(found).join(';');
  const name = found === 0 ? `; PRAGMA application_id = ${APPLICATION_ID}` : '';
  try {
    database.exec(
      `BEGIN; ${sql}${name}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)`,
    );
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
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
    throw told(path, error);
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
