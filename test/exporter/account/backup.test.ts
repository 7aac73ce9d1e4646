import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupLedger, restoreLedger } from '../../../exporter/account/ledger/backup.ts';
import { isLocked } from '../../../exporter/account/ledger/ledger-file.ts';
import { Ledger, type Batch } from '../../../exporter/account/ledger/ledger.ts';
import { unread } from '../../../exporter/judge/meter/meter-state.ts';
import { openAccount } from '../../../exporter/account/ledger/meter-account.ts';
import { StoreError } from '../../../exporter/account/ledger/store-error.ts';

let folder: string;
let path: string;
let copy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-backup-'));
  path = join(folder, 'ledger.db');
  copy = join(folder, 'away', 'copy.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const NOW = Date.parse('2026-11-24T00:00:00Z');
const batch = (joules: bigint): Batch => {
  const { account, row } = openAccount('m', NOW);
  account.millijoules = account.liveMillijoules = joules * 1000n;
  return {
    plan: 'p',
    at: NOW,
    siteOf: () => 's',
    meters: [{ account, state: unread }],
    hours: [row],
    gaps: [],
    trees: [],
    sides: [],
    carbon: [],
    work: [],
    cards: [],
    ratios: [],
    brought: [],
    events: [],
  };
};
const joulesIn = (file: string): bigint | undefined => {
  const ledger = new Ledger(file);
  const [meter] = ledger.load().meters;
  ledger.close();
  return meter && meter.account.liveMillijoules / 1000n;
};

test('a backup is what was committed last, taken while the ledger is written', () => {
  const ledger = new Ledger(path);
  ledger.commit(batch(5n));
  backupLedger(path, copy);
  ledger.commit(batch(7n));
  ledger.close();
  expect(joulesIn(copy)).toBe(5n);
  expect(joulesIn(path)).toBe(7n);
  expect(readdirSync(join(folder, 'away')).filter((name) => name.includes('part'))).toEqual([]);
});

test('a backup overwrites nothing', () => {
  new Ledger(path).close();
  backupLedger(path, copy);
  expect(() => backupLedger(path, copy)).toThrow(/exists: choose another name/);
  expect(() => backupLedger(join(folder, 'none.db'), join(folder, 'x.db'))).toThrow(/does not exist/);
});

test('what a backup that was killed has left is no hindrance, and goes', () => {
  new Ledger(path).close();
  const left = ['ledger.copy.part', 'ledger.copy.part-journal'];
  for (const name of left) writeFileSync(join(folder, name), 'half');
  backupLedger(path, join(folder, 'ledger.copy'));
  expect(readdirSync(folder).filter((name) => left.includes(name))).toEqual([]);
});

test('a ledger that somebody reads is not replaced', () => {
  const ledger = new Ledger(path);
  backupLedger(path, copy);
  ledger.commit(batch(7n));
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN; SELECT * FROM meter');
  ledger.commit(batch(9n));
  ledger.close();
  expect(() => restoreLedger(copy, path, NOW)).toThrow(/another program reads the ledger/);
  expect(readdirSync(folder).filter((name) => name.includes('before') || name.includes('part'))).toEqual([]);
  reader.close();
  const { kept } = restoreLedger(copy, path, NOW);
  expect(joulesIn(kept ?? '')).toBe(9n);
});

test('a folder where the lock belongs is no other writer', () => {
  new Ledger(path).close();
  rmSync(`${path}.lock`);
  mkdirSync(`${path}.lock`);
  expect(() => new Ledger(path)).toThrow(/ledger\.db\.lock cannot be opened.*permissions and disk space/);
  expect(() => isLocked(path)).toThrow(/ledger\.db\.lock cannot be opened/);
});

test('a restored ledger goes on from the backup; the one that stood there is kept', () => {
  const ledger = new Ledger(path);
  ledger.commit(batch(5n));
  backupLedger(path, copy);
  ledger.commit(batch(7n));
  expect(() => restoreLedger(copy, path, NOW)).toThrow(/in use by another greenflops/);
  ledger.close();
  const { kept } = restoreLedger(copy, path, NOW);
  expect(joulesIn(path)).toBe(5n);
  expect(joulesIn(kept ?? '')).toBe(7n);
});

test('a corrupt ledger is replaced; a corrupt backup replaces nothing', () => {
  const ledger = new Ledger(path);
  ledger.commit(batch(5n));
  ledger.close();
  backupLedger(path, copy);
  writeFileSync(path, 'no ledger');
  restoreLedger(copy, path, NOW);
  expect(joulesIn(path)).toBe(5n);
  truncateSync(copy, 8192);
  expect(() => restoreLedger(copy, path, NOW)).toThrow(StoreError);
  expect(joulesIn(path)).toBe(5n);
});
