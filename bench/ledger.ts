import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { Accountant } from '../exporter/account/accountant.ts';
import { Ledger } from '../exporter/account/ledger.ts';
import { judgeMeter } from '../exporter/judge/meter.ts';
import { rational } from '../model/rational.ts';
import { meter as meterSchema } from '../model/schema/meter.ts';

const METERS = 2000;
const CYCLES = 100;

const meters = Array.from({ length: METERS }, (_, i) =>
  meterSchema.parse({
    id: `m${i}`,
    site: 's',
    role: 'it',
    rated_kw: 100,
    registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
    source: { protocol: 'modbus-tcp', address: 'h:502' },
  }),
);

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;

function timed(cycle: (i: number) => void): { p50: number; p99: number } {
  const times: number[] = [];
  for (let i = 0; i < CYCLES; i++) {
    const begun = performance.now();
    cycle(i);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** The same number of rows by the plainest means: one UPSERT of a total a meter, WAL and FULL, one transaction. */
function plain(folder: string): { p50: number; p99: number } {
  const database = new DatabaseSync(join(folder, 'plain.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE total (meter TEXT PRIMARY KEY, joules INTEGER) STRICT',
  );
  const put = database.prepare('INSERT OR REPLACE INTO total VALUES (?, ?)');
  const result = timed((i) => {
    database.exec('BEGIN');
    for (const { id } of meters) put.run(id, i);
    database.exec('COMMIT');
  });
  database.close();
  return result;
}

/** Durable commits of 2,000 meters with their judged state, beside plain SQLite writes of as many rows; ms. */
export function ledgerBench(): { ours: { p50: number; p99: number }; peer: { p50: number; p99: number } } {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-bench-'));
  try {
    const peer = plain(folder);
    const ledger = new Ledger(join(folder, 'ledger.db'));
    const accountant = new Accountant(ledger, 'bench', new Map());
    const book = (i: number): void => {
      const now = { at: i * 15_000, mono: i * 15_000 };
      const answer = { energy: { value: rational(BigInt(i) * 300n), wire: '' } };
      for (const meter of meters)
        accountant.book(meter, judgeMeter(meter, accountant.stateOf(meter.id), answer, now), now.at);
    };
    book(0);
    accountant.commit();
    const times: number[] = [];
    for (let i = 1; i <= CYCLES; i++) {
      book(i);
      const begun = performance.now();
      accountant.commit();
      times.push(performance.now() - begun);
    }
    ledger.close();
    times.sort((a, b) => a - b);
    return { ours: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }, peer };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
