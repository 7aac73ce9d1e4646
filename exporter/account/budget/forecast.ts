import type { Rational } from '../../../model/rational.ts';
import { spentOf, type Budget } from './budget.ts';

export const bounds = ['low', 'mid', 'high'] as const;
export type Bound = (typeof bounds)[number];
type Band = Readonly<Record<Bound, number>>;

/** Time of a period that is still to come, by month, January 0. */
export interface Rest {
  readonly month: number;
  readonly ms: number;
}

/** Overhead ratios that these weeks are held against, and those of the months to come by the same measure. */
export interface Reference {
  /** season: last year's; recent: there is none, and all of them are 1 */
  readonly basis: 'season' | 'recent';
  readonly whole: number;
  readonly weeks: readonly number[];
  readonly month: (month: number) => number;
}

export interface Forecast {
  readonly basis: Reference['basis'];
  readonly pue: Band;
  /** Allowed - spent at the end of the year, mJ; low is the least */
  readonly left: Band;
  /** Mean of the allowed PUE over the year, weighted by its IT energy */
  readonly allowanceMean: number;
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);
const itOf = ({ millijoules }: Budget): number => Number(millijoules.it);

/** Overhead / IT energy: PUE - 1, of sums. */
export const overheadRatio = (...rows: readonly Budget[]): number =>
  sum(rows, (row) => Number(spentOf(row))) / sum(rows, itOf);

/** Mean IT power of the counted hours: mJ / ms are W. */
export const meanItWatts = (weeks: readonly Budget[]): number => sum(weeks, itOf) / sum(weeks, (row) => row.countedMs);

/** What the rest of a period allows at a steady IT power, mJ. */
export const allowedLater = (rest: readonly Rest[], watts: number, shares: readonly Rational[]): number =>
  sum(rest, ({ month, ms }) => {
    const { n, d } = shares[month] ?? { n: 0n, d: 1n };
    return (watts * ms * Number(n)) / Number(d);
  });

/** No season is known: these weeks go on. */
export const withoutSeason = (weeks: readonly Budget[]): Reference => ({
  basis: 'recent',
  whole: 1,
  weeks: weeks.map(() => 1),
  month: () => 1,
});

/**
 * The year's PUE at its end = (counted so far + foreseen) / (IT counted so far + foreseen), never a mean of ratios.
 *
 * IT energy of the rest: the mean power of the last 28 days goes on. Last year's months do not shape it: the load of
 * computing follows racks and orders, not seasons. Overhead ratio of the rest, `season`: that of the same month of last
 * year x k, k = these 28 days' overhead ratio / that of the same days of last year; `recent`: that of these 28 days. The
 * band is what the lowest and the highest of the four weeks give, each against the same week of last year.
 *
 * What it cannot know: racks and work that come or go, weather unlike last year's, repairs and faults to come, whether k
 * of this season holds in the next one (free cooling in winter and chillers in summer need not have changed alike), and
 * what hours used that did not count: they are left out on both sides. `recent` knows no season at all: in winter it
 * foresees too little, in summer too much. The band is the spread of four weeks, not a confidence interval.
 *
 * @param year what was counted of the year so far
 * @param weeks the last four, the oldest first; `reference` has their counterparts
 */
export function forecastOf(
  year: Budget,
  rest: readonly Rest[],
  weeks: readonly Budget[],
  reference: Reference,
  shares: readonly Rational[],
): Forecast {
  const watts = meanItWatts(weeks);
  const it = itOf(year) + watts * sum(rest, ({ ms }) => ms);
  const allowed = Number(year.allowed) + allowedLater(rest, watts, shares);
  const mid = overheadRatio(...weeks) / reference.whole;
  const weekly = weeks.map((week, i) => overheadRatio(week) / (reference.weeks[i] ?? reference.whole));
  const spentAt = (factor: number): number =>
    Number(spentOf(year)) + sum(rest, ({ month, ms }) => watts * ms * reference.month(month) * factor);
  const [least, likely, most] = [spentAt(Math.min(mid, ...weekly)), spentAt(mid), spentAt(Math.max(mid, ...weekly))];
  return {
    basis: reference.basis,
    pue: { low: 1 + least / it, mid: 1 + likely / it, high: 1 + most / it },
    left: { low: allowed - most, mid: allowed - likely, high: allowed - least },
    allowanceMean: 1 + allowed / it,
  };
}
