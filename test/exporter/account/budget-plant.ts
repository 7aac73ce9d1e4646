import type { DatabaseSync } from 'node:sqlite';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { PartSums } from '../../../exporter/account/budget/budget-parts.ts';
import { budgetSteps, type BudgetOptions, type SiteBudget } from '../../../exporter/account/budget/budget-site.ts';
import type { Sides, Tree } from '../../../exporter/account/ledger/sides.ts';
import type { Profile } from '../../../model/schema/profiles.ts';
import { atOnce } from '../../../exporter/account/ledger/slices.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';

/** Midnight of a day in China. */
export const day = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
/** The month of an instant in China, January 0: by the formatter's calendar, not by the code under test. */
const FORMAT = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', month: 'numeric' });
const months = new Map<number, number>();
export function monthIn(at: number): number {
  const since = Math.floor((at + 8 * HOUR) / (24 * HOUR));
  const month = months.get(since) ?? Number(FORMAT.format(at)) - 1;
  months.set(since, month);
  return month;
}

const sideMeter = (meter: string) =>
  ({ meter, sign: 1, weightMillionths: 1_000_000, ratedKw: 2000, electric: true }) as const;
export const sides: Sides = { facility: [sideMeter('gate')], it: [sideMeter('it')] };
export const trees: readonly Tree[] = [{ since: 0, sides }];

export const countBudget = (options: BudgetOptions, end: number): SiteBudget => atOnce(budgetSteps(options, end));

/** What an hour had, in kWh; null: neither meter was read, and the energy comes when the gap closes. */
export type Hourly = (hour: number) => { readonly it: number; readonly overhead: number; readonly unread?: true };

const joules = (kilowattHours: number): bigint => BigInt(Math.round(kilowattHours * 3.6e6));

/** Writes the hours of a gate and an IT meter as the ledger does; a run of unread hours is bridged when it ends. */
export function writeHours(database: DatabaseSync, from: number, to: number, hourly: Hourly): HourBook {
  const hour = database.prepare('INSERT OR REPLACE INTO hour VALUES (?, ?, ?, 0, ?, 1)');
  const exception = database.prepare('INSERT INTO exception VALUES (?, ?)');
  const gap = database.prepare("INSERT INTO gap (meter, gap_from, gap_to, kind) VALUES (?, ?, ?, 'bridged')");
  database.exec('BEGIN');
  const totals = { gate: 0n, it: 0n };
  const meters = ['gate', 'it'] as const;
  for (const meter of meters) hour.run(meter, from - HOUR, 0n, 0);
  let metered = 0;
  let since: number | null = null;
  for (let at = from; at < to; at += HOUR) {
    const { it, overhead, unread } = hourly(at);
    totals.it += joules(it);
    totals.gate += joules(it) + joules(overhead);
    if (unread) since ??= at;
    else metered += HOUR;
    for (const meter of meters) {
      hour.run(meter, at, totals[meter], metered);
      if (unread) exception.run(meter, at);
      else if (since !== null) gap.run(meter, since, at);
    }
    if (!unread) since = null;
  }
  database.exec('COMMIT');
  return new HourBook(database);
}

/** Energy that somebody adds to a meter over a span, in kWh. */
export function adjust(database: DatabaseSync, meter: string, from: number, to: number, kilowattHours: number): void {
  database
    .prepare(
      "INSERT INTO entry (at, meter, entry_from, entry_to, joules, millijoules, kind, who, why, evidence) VALUES (0, ?, ?, ?, ?, 0, 'adjust', 'test', 'test', 'null')",
    )
    .run(meter, from, to, joules(kilowattHours));
}

export const profileOf = (pue: number, monthly_allowance?: number[]): Profile => ({
  id: 'p',
  name: { zh: '甲', en: 'A' },
  pue,
  ...(monthly_allowance && { monthly_allowance }),
  green_energy_share: null,
  rack_use_share: null,
  basis: 'test',
  confidence: 'memory',
});

/** One site of 1 MW of IT load. */
export const siteOf = (book: HourBook, profile: Profile): BudgetOptions => ({
  book,
  sums: new PartSums(book),
  trees,
  scope: { profile, validFrom: 0 },
  ratedKw: 1000,
});
