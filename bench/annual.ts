import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { HourBook } from '../exporter/account/hour-book.ts';
import { openLedger } from '../exporter/account/open-ledger.ts';
import { firstFullHour } from '../exporter/account/pue-hours.ts';
import { pueOf, ratioOf } from '../exporter/account/pue.ts';
import type { SideMeter, Tree } from '../exporter/account/sides.ts';
import { HOUR } from '../exporter/account/window.ts';
import type { Result } from './entry.ts';

const SITES = 50;
const METERS = 40;
const MONTHS = 14;
const END = Date.parse('2026-11-24T10:00:00+08:00');
const HOURS = Math.round((MONTHS / 12) * 8766);
const BEGIN = END - HOURS * HOUR;
const ROUNDS = 20;

const id = (site: number, meter: number): string => `site-${site}-meter-${String(meter).padStart(2, '0')}`;

/** One gate, and 39 IT meters below it. */
function treeOf(site: number): readonly Tree[] {
  const side = (meter: number): SideMeter => ({
    meter: id(site, meter),
    sign: 1,
    weightMillionths: 1_000_000,
    ratedKw: 100,
    electric: true,
  });
  const it = Array.from({ length: METERS - 1 }, (_, i) => side(i + 1));
  return [{ since: 0, sides: { facility: [side(0)], it } }];
}

/** Written hours of all meters, a bad one in a hundred for one meter in ten, as the exporter leaves them. */
function fill(database: ReturnType<typeof openLedger>['database']): void {
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const hours = database.prepare(
    `WITH RECURSIVE n(i) AS (SELECT -1 UNION ALL SELECT i + 1 FROM n WHERE i < ${HOURS - 1})
     INSERT INTO hour SELECT ?1, ?2 + i * ${HOUR}, (i + 1) * ?3, i % 1000, (i + 1) * ${HOUR}, 'bench' FROM n`,
  );
  const bad = database.prepare('INSERT INTO exception VALUES (?, ?)');
  for (let site = 0; site < SITES; site++) {
    for (let meter = 0; meter < METERS; meter++) {
      hours.run(id(site, meter), BEGIN, meter === 0 ? 45 * 3_600_000 : 3_600_000);
      if (meter % 10 === 3) for (let i = 17; i < HOURS; i += 1000) bad.run(id(site, meter), BEGIN + i * HOUR);
    }
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}

/** The annual PUE of 50 sites of 40 meters from 14 months of hours, and what such hours take on the disk. */
export function annualBench(): Result[] {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-bench-'));
  const path = join(folder, 'ledger.db');
  const { database, close } = openLedger(path);
  try {
    fill(database);
    const trees = Array.from({ length: SITES }, (_, site) => treeOf(site));
    const times: number[] = [];
    let longest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Hours are written between two counts.
      const book = new HourBook(database);
      const begun = performance.now();
      for (const tree of trees) {
        const one = performance.now();
        const { sum, reason } = pueOf(book, tree, '12mo', END, firstFullHour(book, tree, 0));
        if (reason !== null || sum === null || Math.abs(ratioOf(sum) - 45 / 39) > 1e-6)
          throw new Error(`the bench's PUE is wrong: ${reason} ${sum && ratioOf(sum)}`);
        longest = Math.max(longest, performance.now() - one);
      }
      times.push(performance.now() - begun);
    }
    const naive = mean(database);
    const all = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
    const bytes = statSync(path).size / (SITES * METERS) / (HOURS / 8766);
    return [
      {
        name: `annual PUE of ${SITES} sites x ${METERS} meters from ${MONTHS} months`,
        unit: 'ms',
        value: all,
        budget: { at: 'most', limit: 50 },
        peer: { name: 'SQL over all hours', value: naive },
      },
      { name: 'one site of them, longest block', unit: 'ms', value: longest, budget: { at: 'most', limit: 25 } },
      { name: 'ledger file, a meter and year', unit: 'MB', value: bytes / 1e6 },
    ];
  } finally {
    close();
    rmSync(folder, { recursive: true });
  }
}

/** The same sums as a database does them that keeps each hour's energy: it reads all of a year's rows. One site, times 50. */
function mean(database: ReturnType<typeof openLedger>['database']): number {
  const begun = performance.now();
  database
    .prepare('SELECT meter, max(joules) - min(joules), sum(metered_ms) FROM hour WHERE meter GLOB ? AND hour >= ? GROUP BY meter')
    .all('site-7-*', END - 8766 * HOUR);
  return (performance.now() - begun) * SITES;
}
