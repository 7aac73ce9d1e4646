import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { Accountant } from '../exporter/account/ledger/accountant.ts';
import { Ledger } from '../exporter/account/ledger/ledger.ts';
import { judgeMeter } from '../exporter/judge/meter/meter.ts';
import { rational } from '../model/rational.ts';
import { meter as meterSchema } from '../model/schema/meter.ts';
import { quantile, type Result } from './entry.ts';

/** Meters, and ms that a commit of them may take at most. */
const SIZES = [
  [2000, 20],
  [10_000, 100],
] as const;
const CYCLES = 100;
const EVERY = 15_000;
const WARM_UP = 5;

const metersOf = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    meterSchema.parse({
      id: `m${i}`,
      site: 's',
      role: 'it',
      rated_kw: 100,
      registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
      source: { protocol: 'modbus-tcp', address: 'h:502' },
    }),
  );

/** The plainest means for as many rows: one UPSERT of a total a meter, WAL and FULL, one transaction. Returns ms of one. */
function plainWriter(path: string, ids: readonly string[]): (i: number) => number {
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE total (meter TEXT PRIMARY KEY, joules INTEGER) STRICT',
  );
  const put = database.prepare('INSERT OR REPLACE INTO total VALUES (?, ?)');
  return (i) => {
    const begun = performance.now();
    database.exec('BEGIN');
    for (const id of ids) put.run(id, i);
    database.exec('COMMIT');
    return performance.now() - begun;
  };
}

interface Commits {
  readonly ours: number[];
  readonly plain: number[];
  /** Those in which an hour of every meter is written */
  readonly turns: number[];
}

/** Durable commits of all meters with their judged state, each beside a plain write of as many rows; ms. */
function commits(count: number): Commits {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-bench-'));
  try {
    const meters = metersOf(count);
    const write = plainWriter(
      join(folder, 'plain.db'),
      meters.map(({ id }) => id),
    );
    const ledger = new Ledger(join(folder, 'ledger.db'));
    const accountant = new Accountant(ledger, 'bench', new Map());
    const measured: Commits = { ours: [], plain: [], turns: [] };
    // An hour's turn every eighth cycle of quarter minutes.
    let at = 0;
    for (let i = -WARM_UP; i < CYCLES; i++) {
      const turn = i % 8 === 7;
      at = turn ? (Math.floor(at / 3_600_000) + 1) * 3_600_000 : at + EVERY;
      const answer = { energy: { value: rational(BigInt(at) / 60n), wire: '' } };
      for (const meter of meters)
        accountant.book(meter, judgeMeter(meter, accountant.stateOf(meter.id), answer, { at, mono: at }), at);
      const begun = performance.now();
      accountant.commit();
      const took = performance.now() - begun;
      const plain = write(i);
      if (i < 0) continue;
      (turn ? measured.turns : measured.ours).push(took);
      measured.plain.push(plain);
    }
    ledger.close();
    return measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function ledgerBench(): Result[] {
  return SIZES.flatMap(([count, limit]) => {
    const { ours, plain, turns } = commits(count);
    const row = (q: number): Result => ({
      name: `durable commit of ${count} meters, p${q * 100}`,
      unit: 'ms',
      value: quantile(ours, q),
      peer: { name: 'plain SQLite', value: quantile(plain, q) },
    });
    return [
      row(0.5),
      { ...row(0.99), budget: { at: 'most', limit } },
      { name: `the same when an hour of each is written, p50`, unit: 'ms', value: quantile(turns, 0.5) },
    ];
  });
}
