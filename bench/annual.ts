import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { DatabaseSync } from 'node:sqlite';
import { HourBook } from '../exporter/account/ledger/hour-book.ts';
import { openLedger } from '../exporter/account/ledger/open-ledger.ts';
import { firstFullHour } from '../exporter/account/pue/pue-hours.ts';
import { pueOf, ratioOf } from '../exporter/account/pue/pue.ts';
import type { SideMeter, Tree } from '../exporter/account/ledger/sides.ts';
import { HOUR } from '../exporter/account/pue/window.ts';
import { annualLedger, END, HOURS, meterId, METERS, MONTHS, SITES, siteId, wattsOf } from './annual-ledger.ts';
import { quantile, type Result } from './entry.ts';

const YEAR = 8766;
const ROUNDS = 12;
const RATIO = wattsOf(0) / ((METERS - 1) * wattsOf(1));

/** One gate, and 39 IT meters below it. */
function treeOf(site: number): readonly Tree[] {
  const side = (meter: number): SideMeter => ({
    meter: meterId(site, meter),
    sign: 1,
    weightMillionths: 1_000_000,
    ratedKw: 100,
    electric: true,
  });
  const it = Array.from({ length: METERS - 1 }, (_, i) => side(i + 1));
  return [{ since: 0, sides: { facility: [side(0)], it } }];
}

/** ms of the annual PUE of all sites up to an hour, and of the slowest of them. */
function count(book: HourBook, trees: readonly (readonly Tree[])[], end: number): { all: number; longest: number } {
  const begun = performance.now();
  let longest = 0;
  for (const tree of trees) {
    const one = performance.now();
    const { sum, reason, kind } = book.snapshot(() => pueOf(book, tree, '12mo', end, firstFullHour(book, tree, 0)));
    if (kind !== 'annual' || reason !== null || sum === null || Math.abs(ratioOf(sum) - RATIO) > 1e-6)
      throw new Error(`the bench's PUE is wrong: ${reason} ${sum && ratioOf(sum)}`);
    longest = Math.max(longest, performance.now() - one);
  }
  return { all: performance.now() - begun, longest };
}

/** The same sums as a database does them that reads all of a year's rows; ms of one site, times 50. */
function overAllHours(database: DatabaseSync): number {
  const sums = database.prepare(
    'SELECT meter, max(joules) - min(joules), sum(metered_ms) FROM hour WHERE meter GLOB ? AND hour >= ? GROUP BY meter',
  );
  const begun = performance.now();
  sums.all(`${siteId(7)}-*`, END - YEAR * HOUR);
  return (performance.now() - begun) * SITES;
}

/** The annual PUE of 50 sites of 40 meters from 14 months of hours, and what such hours take on the disk. */
export function annualBench(): Result[] {
  const path = annualLedger();
  const { database, close } = openLedger(path);
  try {
    const trees = Array.from({ length: SITES }, (_, site) => treeOf(site));
    count(new HourBook(database), trees, END); // the files' pages are in memory, the code is compiled
    const cold = Array.from({ length: ROUNDS }, () => count(new HourBook(database), trees, END).all);
    // An exporter that goes on: each count is an hour after the one before.
    const book = new HourBook(database);
    const hourly = Array.from({ length: ROUNDS + 1 }, (_, i) => count(book, trees, END - (ROUNDS - i) * HOUR)).slice(1);
    const peer = { name: 'SQL over all hours', value: overAllHours(database) };
    const what = `annual PUE of ${SITES} sites x ${METERS} meters from ${MONTHS} months`;
    return [
      {
        name: `${what}, an hour later`,
        unit: 'ms',
        value: quantile(
          hourly.map(({ all }) => all),
          0.5,
        ),
        budget: { at: 'most', limit: 50 },
        peer,
      },
      { name: 'the same after a start, nothing kept', unit: 'ms', value: quantile(cold, 0.5), peer },
      {
        name: 'one site of them, longest block',
        unit: 'ms',
        value: quantile(
          hourly.map(({ longest }) => longest),
          0.5,
        ),
        budget: { at: 'most', limit: 25 },
      },
      {
        name: 'ledger file, a meter and year',
        unit: 'MB',
        value: statSync(path).size / (SITES * METERS) / (HOURS / YEAR) / 1e6,
      },
    ];
  } finally {
    close();
  }
}
