import type { PueReason } from '../../../model/reasons.ts';
import { METERED_SHARE } from '../ledger/meter-account.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Tree } from '../ledger/sides.ts';
import { sumSpan, type SpanSum } from '../ledger/span-sum.ts';
import { isFixed, windowStart, type WindowName } from './window.ts';

export interface PueResult {
  readonly window: WindowName;
  readonly kind: 'annual' | 'interim';
  readonly reason: PueReason | null;
  /** [from, to) that was added up, shortened where the site's metering began later; null where nothing was */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly sum: SpanSum | null;
  /** null while the ledger is younger than the window */
  readonly coverage: number | null;
}

/** Each counted hour is 95 % metered, and 95 % of the hours count: a lower coverage means that the hours are wrong. */
const LEAST_COVERAGE = METERED_SHARE * METERED_SHARE;

const none = (window: WindowName, reason: PueReason): PueResult => ({
  window,
  kind: 'interim',
  reason,
  span: null,
  sum: null,
  coverage: null,
});

/** Why the energies of a span give no PUE; null where they do. */
export function refusal(sum: SpanSum, length: number): PueReason | null {
  if (sum.countedMs < METERED_SHARE * length || coverageOf(sum, length) < LEAST_COVERAGE) return 'coverage';
  if (sum.millijoules.it <= 0n) return 'no_it_energy';
  return sum.millijoules.facility < sum.millijoules.it ? 'below_one' : null;
}

/** The lower of the sides' metered shares of a span. */
export const coverageOf = ({ meteredMs }: SpanSum, length: number): number =>
  Math.min(1, meteredMs.facility / length, meteredMs.it / length);

/**
 * PUE = facility energy / IT energy over the hours of a window in which every boundary meter and every topmost IT
 * meter was metered for at least 95 % (ISO/IEC 30134-2: energies over the same period, never a mean of ratios).
 * `end` is a full hour; `start` the site's first full hour, if it has one.
 */
export function pueOf(
  book: HourBook,
  trees: readonly Tree[],
  window: WindowName,
  end: number,
  start: number | null,
): PueResult {
  const now = trees.at(-1)?.sides;
  if (now === undefined || now.facility.length === 0) return none(window, 'no_boundary_meter');
  if (now.it.length === 0) return none(window, 'no_it_meter');
  const begin = windowStart(window, end);
  if (start === null || start >= end || (isFixed(window) && begin < start)) return none(window, 'young');
  const span = { from: Math.max(begin, start), to: end };
  const sum = sumSpan(book, trees, span);
  const length = end - span.from;
  return {
    window,
    kind: window === '12mo' && begin >= start ? 'annual' : 'interim',
    reason: refusal(sum, length),
    span,
    sum,
    coverage: coverageOf(sum, length),
  };
}

export const ratioOf = ({ millijoules }: SpanSum): number => Number(millijoules.facility) / Number(millijoules.it);
