import { closeSync, cpSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { check, inspect, lock, refuse } from './ledger-file.ts';
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

/**
 * Copies a ledger to `file` while an exporter may write it: one read transaction, a state between two commits.
 * Throws StoreError where there is something at `file`, or no ledger at `path`.
 */
export function backupLedger(path: string, file: string): { bytes: number } {
  if (statSync(file, { throwIfNoEntry: false }))
    refuse(
      `备份文件 ${file} 已存在：请换一个文件名，备份从不覆盖`,
      `the backup ${file} exists: choose another name, a backup never overwrites`,
    );
  const part = `${file}.part`;
  mkdirSync(dirname(part), { recursive: true });
  const database = readLedger(path);
  try {
    database.prepare('VACUUM INTO ?').run(part);
    check(part, true);
    settle(part, file);
  } finally {
    database.close();
    rmSync(part, { force: true });
  }
  return { bytes: statSync(file).size };
}

/**
 * Puts a backup in a ledger's place; the ledger that stood there is kept beside it. No exporter may run on it. Throws
 * StoreError where the backup is no whole ledger; nothing was changed then.
 */
export function restoreLedger(file: string, path: string, now: number): { kept: string | null } {
  if (inspect(file) === null) refuse(`备份 ${file} 不存在或是空的`, `the backup ${file} does not exist or is empty`);
  check(file, true);
  mkdirSync(dirname(path), { recursive: true });
  const held = lock(path);
  const part = `${path}.part`;
  try {
    cpSync(file, part);
    check(part, true);
    let kept: string | null = null;
    // Whatever stands there, a corrupt ledger too.
    if (statSync(path, { throwIfNoEntry: false })) {
      kept = `${path}.before-${new Date(now).toISOString().replace(/[:.]/g, '')}`;
      // The write-ahead log belongs to its file by name.
      for (const ending of ['', '-wal', '-shm'])
        if (statSync(path + ending, { throwIfNoEntry: false })) renameSync(path + ending, kept + ending);
    }
    settle(part, path);
    return { kept };
  } finally {
    rmSync(part, { force: true });
    held.close();
  }
}
