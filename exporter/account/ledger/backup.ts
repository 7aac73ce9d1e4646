import { closeSync, cpSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { check, inspect, isCorrupt, lock, refuse, told } from './ledger-file.ts';
import { readLedger } from './open-ledger.ts';

/** What is written counts once the disk has it; so does the name under which it stands. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Moves a finished file to its name: whoever looks sees the old one or the new one, never a part. */
function settle(from: string, to: string): void {
  sync(from);
  renameSync(from, to);
  sync(dirname(to));
}

const stands = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** How long a reader may keep the write-ahead log, ms. */
const PATIENCE_MS = 2000;

/**
 * Brings the write-ahead log into its file, which then is the whole ledger and can be replaced alone. A corrupt one, which
 * cannot be read, keeps its log. Throws StoreError where a reader does not let go.
 */
function foldLog(path: string): void {
  let busy: unknown;
  try {
    const database = new DatabaseSync(path, { timeout: PATIENCE_MS });
    try {
      busy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
    } finally {
      database.close();
    }
  } catch (error) {
    if (isCorrupt(error)) return;
    throw error;
  }
  if (busy !== 0)
    refuse(
      `账本 ${path} 正被另一个程序读取：未作改动。请等 export、report 等命令结束后重试`,
      `another program reads the ledger ${path}; it was not touched. Wait for export, report or the like to end, then try again`,
    );
}

/**
 * Copies a ledger to `file` while an exporter may write it: one read transaction, a state between two commits.
 * Throws StoreError where there is something at `file`, no ledger at `path`, or the disk refuses.
 */
export function backupLedger(path: string, file: string): { bytes: number } {
  if (stands(file))
    refuse(
      `备份文件 ${file} 已存在：请换一个文件名，备份从不覆盖`,
      `the backup ${file} exists: choose another name, a backup never overwrites`,
    );
  const part = `${file}.part`;
  const database = readLedger(path);
  /** Also of what a backup that was killed has left. */
  const clear = (): void => {
    for (const ending of ['', '-journal']) rmSync(part + ending, { force: true });
  };
  try {
    mkdirSync(dirname(part), { recursive: true });
    clear();
    database.prepare('VACUUM INTO ?').run(part);
    check(part, true);
    settle(part, file);
    return { bytes: statSync(file).size };
  } catch (error) {
    throw told(isCorrupt(error) ? path : file, error);
  } finally {
    database.close();
    clear();
  }
}

/**
 * Puts a backup in a ledger's place; the ledger that stood there is kept beside it. No exporter may run on it. At each
 * instant the old ledger or the new one stands there, whole. Throws StoreError where the backup is no whole ledger, the
 * ledger is in use or the disk refuses; nothing was changed then.
 */
export function restoreLedger(file: string, path: string, now: number): { kept: string | null } {
  if (inspect(file) === null) refuse(`备份 ${file} 不存在或是空的`, `the backup ${file} does not exist or is empty`);
  check(file, true);
  const part = `${path}.part`;
  let held: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    held = lock(path);
    cpSync(file, part);
    check(part, true);
    const kept = stands(path) ? `${path}.before-${new Date(now).toISOString().replace(/[:.]/g, '')}` : null;
    if (kept !== null) {
      foldLog(path);
      // A second name, so that one rename puts the new file in place of the old one.
      linkSync(path, kept);
      // What is left of the log belongs to its file by name.
      for (const ending of ['-wal', '-shm']) if (stands(path + ending)) renameSync(path + ending, kept + ending);
    }
    settle(part, path);
    return { kept };
  } catch (error) {
    throw told(path, error);
  } finally {
    if (held) rmSync(part, { force: true });
    held?.close();
  }
}
