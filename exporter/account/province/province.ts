import { METERED_SHARE } from '../ledger/meter-account.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { sideNames, type PerSide, type Tree } from '../ledger/sides.ts';
import { sumSpan, type SpanSum } from '../ledger/span-sum.ts';
import { HOUR } from '../pue/window.ts';

/** A site that has a PUE over a span, and what that was counted from. */
export interface ProvinceSite {
  readonly id: string;
  readonly trees: readonly Tree[];
  readonly sum: SpanSum;
}

export interface Province {
  readonly millijoules: PerSide<bigint>;
  readonly countedMs: number;
  /** Ids of the sites that are in */
  readonly included: ReadonlySet<string>;
}

/** Hours that any of the sites leaves out. */
const leftOf = (sites: readonly ProvinceSite[]): Set<number> => new Set(sites.flatMap(({ sum }) => [...sum.excluded]));

/**
 * The energies of sites over the same hours: what one of them leaves out is left out for all, as the two sides of a PUE do.
 * Where fewer than 95 % of the hours would remain, the site that leaves out most goes, and so on.
 * @param sites all have a PUE over `span`
 */
export function provinceOf(book: HourBook, sites: readonly ProvinceSite[], span: Stretch): Province {
  const length = span.to - span.from;
  const rest = sites.toSorted((a, b) => a.sum.excluded.size - b.sum.excluded.size || (a.id < b.id ? -1 : 1));
  while (rest.length > 1 && length - leftOf(rest).size * HOUR < METERED_SHARE * length) rest.pop();
  const left = leftOf(rest);
  const sums = rest.map(({ trees, sum }) =>
    sum.excluded.size === left.size ? sum : book.snapshot(() => sumSpan(book, trees, span, left)),
  );
  const millijoules: PerSide<bigint> = { facility: 0n, it: 0n };
  for (const sum of sums) for (const side of sideNames) millijoules[side] += sum.millijoules[side];
  return { millijoules, countedMs: length - left.size * HOUR, included: new Set(rest.map(({ id }) => id)) };
}
