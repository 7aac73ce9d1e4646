import type { EventKind } from '../../../model/reasons.ts';
import { monthsIn } from '../audit/closing-month.ts';
import { spanPue } from '../audit/closing-sum.ts';
import type { HourBook } from './hour-book.ts';
import type { LedgerEvent } from './ledger.ts';
import { hourOf } from './meter-account.ts';
import type { Stretch } from '../past/past.ts';
import type { Sides, Tree } from './sides.ts';
import { windows, windowStart } from '../pue/window.ts';

/** By scope ('site' or 'site/hall') and month ('2026-10'): its PUE, or the reason why it has none. */
export type MonthlyPue = ReadonlyMap<string, ReadonlyMap<string, string>>;

const stands = ({ facility, it }: Sides, meter: string): boolean =>
  [...facility, ...it].some((one) => one.meter === meter || one.backup?.meters.some((part) => part.meter === meter));

/** Of the trees, those of scopes in which a meter stands, or stands in for another. */
export const treesWith = (trees: ReadonlyMap<string, readonly Tree[]>, meter: string): Map<string, readonly Tree[]> =>
  new Map([...trees].filter(([, all]) => all.some(({ sides }) => stands(sides, meter))));

/** PUE of each month that a span touches; of the month that goes on, up to the last full hour. */
export function monthlyPue(
  book: HourBook,
  trees: ReadonlyMap<string, readonly Tree[]>,
  { from, to }: Stretch,
  now: number,
): MonthlyPue {
  const end = hourOf(now);
  const months = [...monthsIn(from, Math.min(to, end))];
  return new Map(
    [...trees].map(([scope, all]) => [
      scope,
      new Map(
        months.map(({ month, ...span }) => {
          const { pue, reason } = spanPue(book, all, { from: span.from, to: Math.min(span.to, end) });
          return [month, pue ?? reason ?? 'young'];
        }),
      ),
    ]),
  );
}

/** Figures of what changed: 'pue_2026-10' -> '1.25 -> 1.24'. */
function changes(before: ReadonlyMap<string, string> | undefined, after: ReadonlyMap<string, string>) {
  return Object.fromEntries(
    [...after].flatMap(([month, now]) => {
      const was = before?.get(month);
      return was === now ? [] : [[`pue_${month}`, `${was ?? 'none'} -> ${now}`] as const];
    }),
  );
}

/** The rolling windows that hold a part of a span, as they stand at an instant. */
const windowsWith = ({ from, to }: Stretch, now: number): string =>
  windows.filter((name) => from < hourOf(now) && to > windowStart(name, hourOf(now))).join(' ');

/** An event for each scope of which windows are issued again: months, windows, and PUE before and after. */
export function reissued(
  kind: EventKind,
  { before, after, span, now }: { before: MonthlyPue; after: MonthlyPue; span: Stretch; now: number },
  about: LedgerEvent['detail'],
): LedgerEvent[] {
  return [...after].map(([scope, months]) => ({
    at: now,
    site: scope.replace(/\/.*$/, ''),
    source: scope,
    kind,
    detail: {
      ...about,
      months: [...months.keys()].join(' '),
      windows: windowsWith(span, now),
      ...changes(before.get(scope), months),
    },
    wire: '',
  }));
}
