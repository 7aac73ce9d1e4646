import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { readLedger, storePath } from '../../../exporter/account/ledger/open-ledger.ts';
import type { Sides } from '../../../exporter/account/ledger/sides.ts';
import { StoreError } from '../../../exporter/account/ledger/store-error.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import type { Sample } from '../../../model/metrics/metric.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema } from '../../../model/schema/meter.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  path = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const meter = meterSchema.parse({
  id: 'gate',
  site: 's',
  role: 'facility',
  rated_kw: 100_000,
  registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
  source: { protocol: 'modbus-tcp', address: 'h:502' },
});
const sides: ReadonlyMap<string, Sides> = new Map([
  [
    's',
    { facility: [{ meter: 'gate', sign: 1, weightMillionths: 1_000_000, ratedKw: 100_000, electric: true }], it: [] },
  ],
]);

function read(accountant: Accountant, level: bigint, at: number): void {
  const answer = { energy: { value: rational(level), wire: 'ff' } };
  accountant.book(meter, judgeMeter(meter, accountant.stateOf('gate'), answer, { at, mono: at }), at);
}

function totals(accountant: Accountant): Record<string, bigint> {
  const samples: Sample[] = [];
  accountant.emit((metric, labels, value) => samples.push({ metric, labels, value }), [meter]);
  return Object.fromEntries(
    samples.flatMap(({ metric, value }) => (typeof value === 'object' ? [[metric.name, value.units]] : [])),
  );
}

describe('a ledger', () => {
  test('goes on after a restart where the last commit was, and only there', () => {
    const first = new Ledger(path);
    const before = new Accountant(first, 'p', sides);
    read(before, 1000n, 1_000_000);
    read(before, 1500n, 1_015_000);
    before.commit();
    read(before, 2000n, 1_030_000); // never committed
    first.close();

    const second = new Ledger(path);
    const after = new Accountant(second, 'p', sides);
    expect(totals(after)).toEqual({
      greenflops_energy_joules_total: 500n * 3_600_000n,
      greenflops_site_energy_joules_total: 500n * 3_600_000n,
    });
    read(after, 2500n, 1_045_000);
    after.commit();
    expect(totals(after)['greenflops_energy_joules_total']).toBe(1500n * 3_600_000n);
    expect(totals(after)['greenflops_site_energy_joules_total']).toBe(1500n * 3_600_000n);
    second.close();
  });

  test('adds to a total that no double can hold', () => {
    const first = new Ledger(path);
    const before = new Accountant(first, 'p', sides);
    read(before, 1n, 0);
    read(before, 1n, 15_000);
    before.commit();
    first.database.exec('UPDATE meter SET live_joules = 9000000000000000001, live_millijoules = 999');
    first.close();
    const second = new Ledger(path);
    const after = new Accountant(second, 'p', sides);
    read(after, 2n, 30_000);
    after.commit();
    expect(totals(after)['greenflops_energy_joules_total']).toBe(9_000_000_000_000_003_601_999n);
    second.close();
  });

  test('a second writer is refused by name, and the first one goes on', () => {
    const ledger = new Ledger(path);
    expect(() => new Ledger(path)).toThrow(/in use by another greenflops \(lock .*ledger\.db\.lock\)/);
    const accountant = new Accountant(ledger, 'p', sides);
    read(accountant, 1n, 0);
    expect(() => accountant.commit()).not.toThrow();
    ledger.close();
    new Ledger(path).close();
  });

  test('while another connection holds the write lock nothing is lost, and the commit can be tried again', () => {
    const ledger = new Ledger(path);
    const accountant = new Accountant(ledger, 'p', sides);
    read(accountant, 100n, 0);
    accountant.commit();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    read(accountant, 800n, 15_000);
    expect(() => accountant.commit()).toThrow(/locked|busy/);
    read(accountant, 1000n, 30_000);
    other.exec('ROLLBACK');
    other.close();
    accountant.commit();
    ledger.close();
    const again = new Ledger(path);
    expect(totals(new Accountant(again, 'p', sides))['greenflops_energy_joules_total']).toBe(900n * 3_600_000n);
    again.close();
  });

  test('can be read while it is written', () => {
    const ledger = new Ledger(path);
    const accountant = new Accountant(ledger, 'p', sides);
    accountant.note('s', 'gate', { kind: 'held', detail: { level: 1 }, wire: '00ff' }, 5);
    accountant.commit();
    const reader = readLedger(path);
    expect(reader.prepare('SELECT kind, wire FROM event').all()).toEqual([{ kind: 'held', wire: '00ff' }]);
    reader.close();
    ledger.close();
  });
});

test('a ledger whose maker was killed before its first table is made anew', () => {
  const begun = new DatabaseSync(path);
  begun.exec('PRAGMA journal_mode = WAL');
  begun.close();
  new Ledger(path).close();
  expect(new DatabaseSync(path).prepare('SELECT count(*) AS meters FROM meter').get()).toEqual({ meters: 0 });
});

describe('a ledger that cannot be used is refused, and its file stays as it is', () => {
  const expectRefused = (pattern: RegExp): void => {
    const before = readFileSync(path);
    expect(() => new Ledger(path)).toThrow(StoreError);
    expect(() => new Ledger(path)).toThrow(pattern);
    expect(readFileSync(path).equals(before)).toBe(true);
  };

  test('from a newer version', () => {
    new Ledger(path).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    expectRefused(/has version 99, this program knows up to 4/);
  });

  test('another database', () => {
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE t (a)');
    database.close();
    expectRefused(/is no greenflops ledger/);
  });

  test('garbage', () => {
    writeFileSync(path, 'not a database at all, whatever its name says');
    expectRefused(/is no greenflops ledger, or is corrupt/);
  });

  test('a ledger with a page overwritten', () => {
    new Ledger(path).close();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, 8192);
    writeFileSync(path, bytes);
    expectRefused(/is corrupt/);
  });

  test('a ledger cut short', () => {
    new Ledger(path).close();
    writeFileSync(path, readFileSync(path).subarray(0, 6000));
    expectRefused(/is corrupt/);
  });

  test('a folder, or no folder at all', () => {
    expect(() => new Ledger(folder)).toThrow(/cannot be opened/);
    copyFileSync('/dev/null', join(folder, 'file'));
    expect(() => new Ledger(join(folder, 'file', 'ledger.db'))).toThrow(/cannot be opened/);
  });

  test('a store of another kind', () => {
    expect(() => storePath('postgres://x')).toThrow(/write sqlite:PATH/);
    expect(storePath('sqlite:var/x.db')).toBe('var/x.db');
  });
});
