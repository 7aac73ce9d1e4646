import type { Rational } from '../../../model/rational.ts';
import { budgetOf, budgetReason, type Budget } from './budget.ts';
import { monthsOf, type PartSums } from './budget-parts.ts';
import { overheadRatio, withoutSeason, type Reference } from './forecast.ts';
import type { Stretch } from '../past/past.ts';
import type { Tree } from '../ledger/sides.ts';
import { HOUR, monthOf, monthStart, windowStart } from '../pue/window.ts';

const DAY = 24 * HOUR;
const WEEKS = 4;

/** Midnight of Asia/Shanghai, UTC+8, at or before an instant. */
const midnight = (at: number): number => Math.floor((at + 8 * HOUR) / DAY) * DAY - 8 * HOUR;

export interface SeasonOptions {
  readonly sums: PartSums;
  readonly trees: readonly Tree[];
  readonly shares: readonly Rational[];
  /** The site's first full hour */
  readonly start: number;
}

/** Four weeks as one window. */
const fourWeeks = (to: number): Stretch => ({ from: to - WEEKS * 7 * DAY, to });
const weeksOf = ({ from }: Stretch): Stretch[] =>
  Array.from({ length: WEEKS }, (_, i) => ({ from: from + i * 7 * DAY, to: from + (i + 1) * 7 * DAY }));

function budgetsOf({ sums, trees, shares }: SeasonOptions, window: Stretch, parts: readonly Stretch[]): Budget[] {
  return sums.of(trees, window, parts).map((part) => budgetOf([part], shares));
}

/** The four weeks up to the last midnight, the oldest first; null where metering began later. */
export function recentWeeks(options: SeasonOptions, end: number): Budget[] | null {
  const window = fourWeeks(midnight(end));
  return window.from < options.start ? null : budgetsOf(options, window, weeksOf(window));
}

/** Whether every one of some budgets holds by itself and has overhead: a ratio can be taken against it. */
const isWhole = (budgets: readonly Budget[]): boolean =>
  budgets.every((budget) => budgetReason(budget) === null && overheadRatio(budget) > 0);

/**
 * Last year's overhead ratios: of the same four weeks, and of the months from that of `end` to December. Without a season
 * where the ledger does not hold all of them by the rules of PUE.
 */
export function referenceOf(options: SeasonOptions, end: number, weeks: readonly Budget[]): Reference {
  const year = windowStart('ytd', end);
  const [from, to] = [windowStart('12mo', monthStart(end - 1)), year];
  const window = fourWeeks(windowStart('12mo', midnight(end)));
  if (Math.min(from, window.from) < options.start) return withoutSeason(weeks);
  const months = monthsOf({ from, to });
  const [monthly, before] = [budgetsOf(options, { from, to }, months), budgetsOf(options, window, weeksOf(window))];
  if (!isWhole(monthly) || !isWhole(before)) return withoutSeason(weeks);
  const ratios = new Map(months.map((month, i) => [monthOf(month.from), monthly.slice(i, i + 1)]));
  return {
    basis: 'season',
    whole: overheadRatio(...before),
    weeks: before.map((week) => overheadRatio(week)),
    month: (month) => overheadRatio(...(ratios.get(month) ?? before)),
  };
}
