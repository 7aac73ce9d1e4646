import type { BurnReason, PueReason } from '../../../model/reasons.ts';
import { budgetOf, budgetReason, overheadShares, totalOf, type Budget } from './budget.ts';
import { burnOf, type BurnWindow } from './budget-burn.ts';
import { monthsOf, type PartSums } from './budget-parts.ts';
import { allowedLater, forecastOf, meanItWatts, type Forecast, type Rest } from './forecast.ts';
import { recentWeeks, referenceOf } from './forecast-season.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { firstFullHour } from '../pue/pue-hours.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import type { Tree } from '../ledger/sides.ts';
import type { Steps } from '../ledger/slices.ts';
import { HOUR, monthOf, monthStart, windowStart } from '../pue/window.ts';

/** The calendar periods of Asia/Shanghai that hold the hour before `end`. */
const periods = {
  month: (end: number): Stretch => ({ from: monthStart(end - 1), to: monthStart(end - 1, 1) }),
  year: (end: number): Stretch => {
    const from = windowStart('ytd', end);
    return { from, to: monthStart(from, 12) };
  },
};
export type Period = keyof typeof periods;
export type PerPeriod<T> = Readonly<Record<Period, T>>;

export interface PeriodBudget {
  /** Why it is not published; null where it is */
  readonly reason: PueReason | null;
  readonly budget: Budget;
  /** Allowed by the whole period, mJ; null where the rest of it cannot be foreseen */
  readonly wholeAllowed: number | null;
}

export interface SiteBudget {
  readonly end: number;
  readonly periods: PerPeriod<PeriodBudget>;
  readonly burns: Readonly<Record<BurnWindow, number | BurnReason>>;
  readonly forecast: Forecast | PueReason;
}

/** What a site's budget is counted from; `sums` are kept for the one site. */
export interface BudgetOptions {
  readonly book: HourBook;
  readonly sums: PartSums;
  readonly trees: readonly Tree[];
  readonly scope: Pick<PueScope, 'profile' | 'validFrom'>;
  readonly ratedKw: number;
}

/** Nothing can be counted, for one reason. */
function nothing(end: number, reason: PueReason): SiteBudget {
  const none = { reason, budget: totalOf([]), wholeAllowed: null };
  return {
    end,
    periods: { month: none, year: none },
    burns: { '6h': reason, '1d': reason, '3d': reason },
    forecast: reason,
  };
}

/** The four weeks must hold as a whole; a single one may have lost more hours, but must give a ratio. */
const weeksReason = (weeks: readonly Budget[]): PueReason | null =>
  [totalOf(weeks), ...weeks.map((week) => ({ ...week, length: week.countedMs }))]
    .map(budgetReason)
    .find((reason) => reason !== null) ?? null;

const restOf = (from: number, to: number): Rest[] =>
  monthsOf({ from, to }).map((part) => ({ month: monthOf(part.from), ms: part.to - part.from }));

/** Overhead budget, burn and forecast of a site up to `end`, a full hour. */
export function* budgetSteps({ book, sums, trees, scope, ratedKw }: BudgetOptions, end: number): Steps<SiteBudget> {
  const sides = trees.at(-1)?.sides;
  if (sides === undefined || sides.facility.length === 0) return nothing(end, 'no_boundary_meter');
  if (sides.it.length === 0) return nothing(end, 'no_it_meter');
  const start = firstFullHour(book, trees, Math.ceil(scope.validFrom / HOUR) * HOUR);
  if (start === null || start >= end) return nothing(end, 'young');

  const shares = overheadShares(scope.profile);
  const seasonal = { sums, trees, shares, start };
  const weeks = recentWeeks(seasonal, end);
  yield;
  const unforeseen = weeks === null ? 'young' : weeksReason(weeks);
  const watts = weeks !== null && unforeseen === null ? meanItWatts(weeks) : null;

  const count = (period: Period): PeriodBudget => {
    const { from, to } = periods[period](end);
    const span = { from: Math.max(from, start), to: end };
    const budget = budgetOf(sums.of(trees, span, monthsOf(span)), shares);
    const reason = budgetReason(budget);
    const later = watts === null ? null : allowedLater(restOf(end, to), watts, shares);
    return { reason, budget, wholeAllowed: later === null || reason !== null ? null : Number(budget.allowed) + later };
  };
  const month = count('month');
  yield;
  const year = count('year');
  yield;

  const foresee = (): Forecast | PueReason => {
    const reason = unforeseen ?? year.reason;
    if (weeks === null || reason !== null) return reason ?? 'young';
    const rest = restOf(end, periods.year(end).to);
    return forecastOf(year.budget, rest, weeks, referenceOf(seasonal, end, weeks), shares);
  };
  const burn = (window: BurnWindow): number | BurnReason =>
    burnOf({ book, trees, shares, ratedKw, start }, window, end);
  const forecast = foresee();
  yield;
  const burns = { '6h': burn('6h'), '1d': burn('1d'), '3d': burn('3d') };
  sums.sweep();
  return { end, periods: { month, year }, burns, forecast };
}
