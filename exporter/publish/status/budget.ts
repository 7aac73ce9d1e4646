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
import type { Metric } from '../../../model/metrics/metric.ts';
import { pueTargetRatio } from '../../../model/metrics/pue.ts';
import { pueReasons } from '../../../model/reasons.ts';
import type { Text } from '../../../model/text.ts';
import { burnWindows, forecastBases, periods, sentences, wordOf } from '../words.ts';
import { joules, percent } from './figure.ts';
import type { Lookup } from './lookup.ts';
import { list, say } from './say.ts';

export interface PeriodStatus {
  readonly period: string;
  /** Of the counted hours so far */
  readonly allowedJoules: number | null;
  readonly spentJoules: number | null;
  /** Negative: more was spent than is allowed */
  readonly leftJoules: number | null;
  /** Until the period ends, the rest of it foreseen */
  readonly wholeAllowedJoules: number | null;
  readonly wholeLeftJoules: number | null;
  /** Share of the period so far whose hours count, 0-1 */
  readonly coverage: number | null;
  /** Why there are no figures; null where there are, and where nothing was counted yet */
  readonly reason: string | null;
}

export interface BurnStatus {
  readonly window: string;
  readonly ratio: number | null;
  readonly reason: string | null;
}

interface Band {
  readonly low: number | null;
  readonly mid: number | null;
  readonly high: number | null;
}

export interface BudgetStatus {
  /** The budget and where the year goes, in words */
  readonly text: Text;
  readonly periods: readonly PeriodStatus[];
  readonly burns: readonly BurnStatus[];
  readonly forecast: {
    readonly basis: string | null;
    readonly pue: Band;
    readonly leftJoules: Band;
    readonly reason: string | null;
  };
  /** Mean of the months' allowed PUE by this year's IT energy */
  readonly allowanceMean: number | null;
}

const SEMICOLON: Text = { zh: '；', en: '; ' };
/** A target of 1 allows nothing, of which there is no share. */
const share = (energy: number, of: number): string =>
  of > 0 ? percent(Math.abs(energy) / of) : joules(Math.abs(energy));

function periodText({ period, reason, ...row }: PeriodStatus): Text {
  const name = wordOf(periods, period);
  if (reason !== null) return say(sentences.budget_none, { period: name, reason: wordOf(pueReasons, reason) });
  const { allowedJoules: allowed, leftJoules: left, wholeAllowedJoules: whole, wholeLeftJoules: wholeLeft } = row;
  if (allowed === null || left === null) return say(sentences.budget_absent, { period: name });
  if (period === 'month' && whole !== null && wholeLeft !== null) {
    const words = wholeLeft < 0 ? sentences.budget_spent : sentences.budget_left;
    return say(words, { energy: joules(Math.abs(wholeLeft)), share: share(wholeLeft, whole) });
  }
  return say(left < 0 ? sentences.budget_over : sentences.budget_under, { period: name, share: share(left, allowed) });
}

function forecastText(
  { basis, pue: { low, mid, high }, reason }: BudgetStatus['forecast'],
  target: number | null,
): Text[] {
  if (reason === 'young') return [sentences.forecast_young];
  if (reason !== null) return [say(sentences.forecast_none, { reason: wordOf(pueReasons, reason) })];
  if (basis === null || low === null || mid === null || high === null || target === null) return [];
  const against = say(mid <= target ? sentences.pue_within : sentences.pue_above, { target: String(target) });
  // An estimate: what the third decimal would say is known only where the band is that narrow.
  const digits = low.toFixed(2) === high.toFixed(2) ? 3 : 2;
  const [from, about, to] = [low, mid, high].map((value) => value.toFixed(digits));
  const places = { low: from ?? '', mid: about ?? '', high: to ?? '', against, basis: wordOf(forecastBases, basis) };
  return [say(sentences.forecast, places)];
}

/** The overhead budget of one site: this month, this year, how fast it is spent, and where the year ends. */
export function budgetStatus(lookup: Lookup, site: string): BudgetStatus {
  const rows = Object.keys(periods).map((period): PeriodStatus => {
    const of = (metric: Metric<'site' | 'period'>): number | null => lookup.value(metric, { site, period });
    return {
      period,
      allowedJoules: of(overheadAllowedJoules),
      spentJoules: of(overheadSpentJoules),
      leftJoules: of(overheadLeftJoules),
      wholeAllowedJoules: of(overheadWholeAllowedJoules),
      wholeLeftJoules: of(overheadWholeLeftJoules),
      coverage: of(overheadCoverageRatio),
      reason: lookup.rows(overheadUnavailable, { site, period })[0]?.labels.reason ?? null,
    };
  });
  const band = (metric: typeof pueForecastRatio | typeof overheadYearEndJoules): Band => ({
    low: lookup.value(metric, { site, bound: 'low' }),
    mid: lookup.value(metric, { site, bound: 'mid' }),
    high: lookup.value(metric, { site, bound: 'high' }),
  });
  const forecast = {
    basis: lookup.rows(pueForecastRatio, { site })[0]?.labels.basis ?? null,
    pue: band(pueForecastRatio),
    leftJoules: band(overheadYearEndJoules),
    reason: lookup.rows(pueForecastUnavailable, { site })[0]?.labels.reason ?? null,
  };
  const words = [...rows.map(periodText), ...forecastText(forecast, lookup.value(pueTargetRatio, { site }))];
  return {
    text: say(sentences.budget, { text: list(words, SEMICOLON) }),
    periods: rows,
    burns: Object.keys(burnWindows).map((window) => ({
      window,
      ratio: lookup.value(pueBurnRatio, { site, window }),
      reason: lookup.rows(pueBurnUnavailable, { site, window })[0]?.labels.reason ?? null,
    })),
    forecast,
    allowanceMean: lookup.value(pueAllowanceMeanRatio, { site }),
  };
}
