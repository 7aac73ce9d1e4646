import type { PueReason } from '../../../model/reasons.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { coverageOf, refusal } from '../pue/pue.ts';
import type { Tree } from '../ledger/sides.ts';
import { sumSpan, type SpanSum } from '../ledger/span-sum.ts';

const DIGITS = 9;
const TEN = 10n ** BigInt(DIGITS);

/** facility / it to nine decimals, half up: decimal text that does not depend on binary floating point. */
export function ratioText(facility: bigint, it: bigint): string {
  const scaled = (2n * facility * TEN + it) / (2n * it);
  return `${scaled / TEN}.${String(scaled % TEN).padStart(DIGITS, '0')}`;
}

/** What a calendar month, or a window in an audit file, comes to. */
export interface SpanPue {
  readonly sum: SpanSum;
  readonly lengthMs: number;
  readonly reason: PueReason | null;
  /** Decimal text; null where there is a reason */
  readonly pue: string | null;
  readonly coverage: string;
}

export const pueText = ({ millijoules }: SpanSum, reason: PueReason | null): string | null =>
  reason === null ? ratioText(millijoules.facility, millijoules.it) : null;

/** A month is never shortened: a site that began within it has its PUE when 95 % of the hours count. */
export function spanPue(book: HourBook, trees: readonly Tree[], span: Stretch): SpanPue {
  const sum = sumSpan(book, trees, span);
  const lengthMs = span.to - span.from;
  const last = trees.at(-1)?.sides;
  const reason =
    last === undefined || last.facility.length === 0
      ? 'no_boundary_meter'
      : last.it.length === 0
        ? 'no_it_meter'
        : refusal(sum, lengthMs);
  return { sum, lengthMs, reason, pue: pueText(sum, reason), coverage: coverageOf(sum, lengthMs).toFixed(6) };
}
