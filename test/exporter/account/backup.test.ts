import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupLedger, restoreLedger } from '../../../exporter/account/backup.ts';
import { Ledger, type Batch } from '../../../exporter/account/ledger.ts';
import { openAccount } from '../../../exporter/account/meter-account.ts';
import { StoreError } from '../../../exporter/account/store-error.ts';

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
    meters: [{ account, state: '{}' }],
    hours: [row],
    gaps: [],
    trees: [],
    sides: [],
    work: [],
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
