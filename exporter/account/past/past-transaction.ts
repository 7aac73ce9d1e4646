import type { DatabaseSync } from 'node:sqlite';
import type { Steps } from '../ledger/slices.ts';

/** Somebody else's transactions last milliseconds: one that lasts longer is told. */
const BUSY_MS = 10_000;
/** SQLITE_BUSY: https://www.sqlite.org/rescode.html */
const BUSY = 5;

const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === BUSY;

/** Does `work` in one transaction, in one step; while somebody else has one open, that step comes later. Throws what SQLite says. */
export function* transaction<T>(database: DatabaseSync, work: () => T): Steps<T> {
  for (const since = performance.now(); ;) {
    try {
      database.exec('BEGIN IMMEDIATE');
      break;
    } catch (error) {
      if (!isBusy(error) || performance.now() - since > BUSY_MS) throw error;
    }
    yield;
  }
  try {
    const done = work();
    database.exec('COMMIT');
    return done;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
