import { floor, multiply, parseDecimal, rational, subtract, type Rational } from '../../../model/rational.ts';
import type { PueReason } from '../../../model/reasons.ts';
import type { Profile } from '../../../model/schema/profiles.ts';
import type { PartSum } from './budget-parts.ts';
import { METERED_SHARE } from '../ledger/meter-account.ts';
import type { PerSide } from '../ledger/sides.ts';
import { monthOf } from '../pue/window.ts';

/** Overhead energy of the counted hours of a span, in mJ, beside what was allowed. */
export interface Budget {
  /** Of the span, ms */
  readonly length: number;
  readonly countedMs: number;
  readonly millijoules: PerSide<bigint>;
  readonly allowed: bigint;
}

const ONE = rational(1n);

/** What each month, January first, allows of overhead for a unit of IT energy: allowed PUE - 1, exactly as declared. */
export function overheadShares({ pue, monthly_allowance: months }: Profile): Rational[] {
  return Array.from({ length: 12 }, (_, month) => {
    const allowance = months?.[month] ?? pue;
    const exact = parseDecimal(String(allowance));
    if (exact === null) throw new TypeError(`an allowed PUE of ${allowance}: the declaration was not checked`);
    return subtract(exact, ONE);
  });
}

/** The budget of several spans together. */
export const totalOf = (budgets: readonly Budget[]): Budget =>
  budgets.reduce(
    (total, { length, countedMs, millijoules: { facility, it }, allowed }) => ({
      length: total.length + length,
      countedMs: total.countedMs + countedMs,
      millijoules: { facility: total.millijoules.facility + facility, it: total.millijoules.it + it },
      allowed: total.allowed + allowed,
    }),
    { length: 0, countedMs: 0, millijoules: { facility: 0n, it: 0n }, allowed: 0n },
  );

/**
 * Adds up parts that lie within one month each. Overhead = facility energy - IT energy; allowed is IT energy x (allowed
 * PUE of the month - 1), each part rounded down to the millijoule, so that a year is exactly the sum of its months.
 */
export const budgetOf = (parts: readonly PartSum[], shares: readonly Rational[]): Budget =>
  totalOf(
    parts.map(({ from, to, sum: { countedMs, millijoules } }) => {
      const share = shares[monthOf(from)] ?? rational(0n);
      return { length: to - from, countedMs, millijoules, allowed: floor(multiply(share, rational(millijoules.it))) };
    }),
  );

export const spentOf = ({ millijoules }: Budget): bigint => millijoules.facility - millijoules.it;

/** Why energies of a span make no budget, by the rules of PUE; null where they do. */
export function budgetReason({ length, countedMs, millijoules }: Budget): PueReason | null {
  if (length === 0) return 'young';
  if (countedMs < METERED_SHARE * length) return 'coverage';
  if (millijoules.it <= 0n) return 'no_it_energy';
  return millijoules.facility < millijoules.it ? 'below_one' : null;
}
