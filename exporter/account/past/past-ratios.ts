import type { DatabaseSync } from 'node:sqlite';
import { add, floor, multiply, rational, subtract, type Rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { ctRatio } from '../../judge/meter/meter-scale.ts';
import { appliedRatios, ratioAt } from '../ledger/applied-ratios.ts';
import type { NewEntry } from '../ledger/brought.ts';
import { parseFraction, type Entry } from '../ledger/entries.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { Instructions } from './instruction.ts';
import { HOUR_MS, hourOf } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';
import { closedMonths } from './past-closed.ts';

/** Who brings what a restatement adds: entries of its own tell it what it has corrected before. */
export const RESTATE = 'restate';

type Correction = Pick<NewEntry, 'meter' | 'from' | 'to' | 'millijoules' | 'kind' | 'factor'>;

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
function fraction({ n, d }: Rational): string {
  const by = gcd(n, d);
  return `${n / by}/${d / by}`;
}
const ONE = rational(1n);
const quotient = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d, d: a.d * b.n });

/** Whole hours of [from, to) over which an hour's own readings have another ratio than is declared now. */
function rescales(
  meter: Meter,
  span: Stretch,
  applied: readonly { since: number; ratio: Rational }[],
  before: readonly Entry[],
  closed: readonly Stretch[],
): Correction[] {
  const points = [
    span.from,
    span.to,
    ...applied.map(({ since }) => since),
    ...meter.ct_ratio.map(({ from }) => from),
    ...[...before, ...closed].flatMap(({ from, to }) => [from, to]),
  ];
  const inside = [...new Set(points.filter((at) => at >= span.from && at <= span.to))].sort((a, b) => a - b);
  const found: (Stretch & { factor: string })[] = [];
  for (const [i, at] of inside.entries()) {
    const [from, to] = [Math.ceil(at / HOUR_MS) * HOUR_MS, hourOf(inside[i + 1] ?? at)];
    const base = ratioAt(applied, at);
    if (from >= to || base === null || closed.some((month) => month.from <= at && at < month.to)) continue;
    // All of them are parts of what the readings came to: they add up, and so does this one.
    const now = before
      .filter((entry) => entry.from <= at && at < entry.to)
      .reduce((sum, { factor }) => (factor ? add(sum, subtract(factor, ONE)) : sum), ONE);
    const missing = subtract(quotient(ctRatio(meter, at), base), now);
    if (missing.n === 0n) continue;
    const factor = fraction(add(ONE, missing));
    const last = found.at(-1);
    if (last?.to === from && last.factor === factor) found[found.length - 1] = { ...last, to };
    else found.push({ from, to, factor });
  }
  return found.map((one) => ({ ...one, meter: meter.id, millijoules: 0n, kind: 'rescale' }));
}

/** What hand readings brought was scaled by the ratio that was declared then. */
function handReadings(database: DatabaseSync, meter: Meter, closed: readonly Stretch[]): Correction[] {
  const corrected = database.prepare(
    'SELECT coalesce(sum(joules), 0) AS joules, coalesce(sum(millijoules), 0) AS rest FROM entry WHERE meter = ? AND who = ? AND entry_from = ? AND entry_to = ?',
  );
  corrected.setReadBigInts(true);
  return new Instructions(database).done().flatMap(({ meter: id, done }): Correction[] => {
    const { from, to } = done;
    const by = parseFraction(done.ratio);
    if (id !== meter.id || by === null || closed.some((month) => month.from < to && month.to > from)) return [];
    const sum = corrected.get(id, RESTATE, from, to);
    const before = (sum?.['joules'] as bigint) * 1000n + (sum?.['rest'] as bigint);
    const energy = BigInt(done.millijoules);
    const should = floor(multiply(rational(energy), quotient(ctRatio(meter, from), by)));
    const millijoules = should - energy - before;
    return millijoules === 0n ? [] : [{ meter: id, from, to, millijoules, kind: 'adjust' }];
  });
}

/** What has to be added, of months that are not closed, so that each hour has the current-transformer ratio that is declared for it. */
export function ratioCorrections(database: DatabaseSync, book: HourBook, meters: readonly Meter[]): Correction[] {
  const applied = appliedRatios(database);
  const closed = closedMonths(database);
  const ends = database.prepare('SELECT min(hour) AS first, max(hour) AS last FROM hour WHERE meter = ?');
  return meters.flatMap((meter) => {
    const { first, last } = ends.get(meter.id) ?? {};
    const ratios = applied.get(meter.id);
    // Imported hours came as energies: no ratio of ours is in them.
    if (ratios === undefined || typeof first !== 'number' || typeof last !== 'number') return [];
    const before = book.entries.of(meter.id).filter(({ kind }) => kind === 'rescale');
    const span = { from: first + HOUR_MS, to: last + HOUR_MS };
    return [...rescales(meter, span, ratios, before, closed), ...handReadings(database, meter, closed)];
  });
}
