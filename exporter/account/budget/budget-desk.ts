import {
  overheadAllowedJoules,
  overheadCoverageRatio,
  overheadLeftJoules,
  overheadSpentJoules,
  overheadUnavailable,
  overheadWholeAllowedJoules,
  overheadWholeLeftJoules,
  overheadYearEndJoules,
  pueAllowanceMeanRatio,
  pueBurnRatio,
  pueBurnUnavailable,
  pueForecastRatio,
  pueForecastUnavailable,
} from '../../../model/metrics/budget.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { spentOf } from './budget.ts';
import { PartSums } from './budget-parts.ts';
import { budgetSteps, type PeriodBudget, type SiteBudget } from './budget-site.ts';
import type { Desk, DeskOptions } from '../desks.ts';
import { bounds, type Forecast } from './forecast.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import { ScopeCounts } from '../ledger/scope-counts.ts';

/** Exposed in joules; the arithmetic is in millijoules. */
const exact = (millijoules: bigint) => ({ units: millijoules, digits: 3 });
const joules = (millijoules: number): number => millijoules / 1000;

/** Keeps each site's overhead budget, its burn and its forecast counted. Halls have a partial PUE, but no target. */
export class BudgetDesk implements Desk {
  readonly #sites: readonly PueScope[];
  readonly #counts: ScopeCounts<SiteBudget>;

  constructor({ plan, scopes, book, accountant }: Omit<DeskOptions, 'sites'>) {
    const rated = new Map(plan.estate.sites.map(({ id, it_rated_kw: kw }) => [id, kw]));
    this.#sites = scopes.filter(({ hall }) => hall === null);
    const sums = new Map(this.#sites.map(({ id }) => [id, new PartSums(book)]));
    this.#counts = new ScopeCounts(book, this.#sites, (scope, end) => {
      const { id, site } = scope;
      const options = { book, trees: accountant.treesOf(id), sums: sums.get(id) ?? new PartSums(book) };
      return budgetSteps({ ...options, scope, ratedKw: rated.get(site) ?? 0 }, end);
    });
  }

  count(now: number, since: number): Iterable<void> {
    return this.#counts.refresh(now, since);
  }

  emit(emit: Emit): void {
    for (const scope of this.#sites) {
      const counted = this.#counts.of(scope);
      if (counted === undefined) continue;
      const { site } = scope;
      const { periods, burns, forecast } = counted.count;
      for (const [period, row] of Object.entries(periods)) emitPeriod(emit, site, period, row);
      for (const [window, burn] of Object.entries(burns)) {
        if (typeof burn === 'number') emit(pueBurnRatio, { site, window }, burn);
        else emit(pueBurnUnavailable, { site, window, reason: burn }, 1);
      }
      if (typeof forecast === 'string') emit(pueForecastUnavailable, { site, reason: forecast }, 1);
      else emitForecast(emit, site, forecast);
    }
  }
}

function emitPeriod(emit: Emit, site: string, period: string, { reason, budget, wholeAllowed }: PeriodBudget): void {
  const { length, countedMs, allowed } = budget;
  if (length > 0) emit(overheadCoverageRatio, { site, period }, countedMs / length);
  if (reason !== null) {
    emit(overheadUnavailable, { site, period, reason }, 1);
    return;
  }
  const spent = spentOf(budget);
  emit(overheadAllowedJoules, { site, period }, exact(allowed));
  emit(overheadSpentJoules, { site, period }, exact(spent));
  emit(overheadLeftJoules, { site, period }, exact(allowed - spent));
  if (wholeAllowed === null) return;
  emit(overheadWholeAllowedJoules, { site, period }, joules(wholeAllowed));
  emit(overheadWholeLeftJoules, { site, period }, joules(wholeAllowed - Number(spent)));
}

function emitForecast(emit: Emit, site: string, { basis, pue, left, allowanceMean }: Forecast): void {
  emit(pueAllowanceMeanRatio, { site }, allowanceMean);
  for (const bound of bounds) {
    emit(pueForecastRatio, { site, bound, basis }, pue[bound]);
    emit(overheadYearEndJoules, { site, bound }, joules(left[bound]));
  }
}
