import { LEAST_LOAD } from '../../../model/least-load.ts';
import type { Rational } from '../../../model/rational.ts';
import type { BurnReason } from '../../../model/reasons.ts';
import { budgetOf, budgetReason, spentOf } from './budget.ts';
import { monthsOf, sumPart } from './budget-parts.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Tree } from '../ledger/sides.ts';
import { HOUR } from '../pue/window.ts';

/** The long windows of the burn alerts, in hours. */
export const burnHours = { '6h': 6, '1d': 24, '3d': 72 } as const;
export type BurnWindow = keyof typeof burnHours;

export interface BurnOptions {
  readonly book: HourBook;
  readonly trees: readonly Tree[];
  readonly shares: readonly Rational[];
  readonly ratedKw: number;
  /** The site's first full hour */
  readonly start: number;
}

/**
 * Burn of a window that ends at `end`, a full hour: overhead / (IT energy x (allowed PUE - 1)), each month's hours at its
 * own allowance; or why there is none. A window is never shortened.
 */
export function burnOf(
  { book, trees, shares, ratedKw, start }: BurnOptions,
  window: BurnWindow,
  end: number,
): number | BurnReason {
  const span = { from: end - burnHours[window] * HOUR, to: end };
  if (span.from < start) return 'young';
  const budget = budgetOf(
    monthsOf(span).map((part) => sumPart(book, trees, span, part)),
    shares,
  );
  const reason = budgetReason(budget);
  if (reason !== null) return reason;
  // mJ / ms are W
  if (Number(budget.millijoules.it) / budget.countedMs < LEAST_LOAD * ratedKw * 1000) return 'part_load';
  return budget.allowed === 0n ? 'no_budget' : Number(spentOf(budget)) / Number(budget.allowed);
}
