import type { DatabaseSync } from 'node:sqlite';
import type { Json } from './closing-canonical.ts';
import type { Stretch } from '../past/past.ts';
import { spanPue } from './closing-sum.ts';
import { isSite, treesBefore } from './closing-trees.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { ClosedMonth } from '../past/past-closed.ts';
import { poorHours } from '../pue/pue-hours.ts';
import { piecesOf, sideNames, type PerSide, type Tree } from '../ledger/sides.ts';
import { shares } from '../ledger/span-sum.ts';

export interface ClosingOptions {
  /** Unix ms */
  readonly at: number;
  readonly who: string;
  readonly program: string;
  /** Hash of the declaration that is in force at the close */
  readonly declaration: string;
  /** Why it is closed although meters have no rows up to its end; null where all have */
  readonly acceptedGaps: string | null;
}

const meterIds = (database: DatabaseSync): string[] =>
  database
    .prepare(
      'SELECT meter FROM hour UNION SELECT meter FROM past_meter JOIN past ON past.id = past AND valid = 1 UNION SELECT meter FROM entry ORDER BY meter',
    )
    .all()
    .map(({ meter }) => String(meter));

const whole = ({ facility, it }: PerSide<number>): Json => ({ facility: Math.round(facility), it: Math.round(it) });

function siteBody(book: HourBook, site: string, trees: readonly Tree[], month: ClosedMonth): Json {
  const { sum, lengthMs, reason, pue, coverage } = spanPue(book, trees, month);
  return {
    site,
    // In force in the month, from the one that held when it began.
    trees: piecesOf(trees, month.from, month.to).map(({ from, sides }) => ({ from, sides: JSON.stringify(sides) })),
    millijoules: { facility: String(sum.millijoules.facility), it: String(sum.millijoules.it) },
    counted_ms: sum.countedMs,
    length_ms: lengthMs,
    covered_ms: whole(sum.coveredMs),
    coverage,
    pue,
    reason,
    shares_ms: Object.fromEntries(shares.map((share) => [share, whole(sum.shareMs[share])])),
  };
}

function meterBody(book: HourBook, meter: string, { from, to }: ClosedMonth): Json {
  const { millijoules, meteredMs } = book.rise(meter, from, to);
  const span = book.span(meter);
  return {
    meter,
    millijoules: String(millijoules),
    metered_ms: meteredMs,
    // What the exporter writes later is a late booking, and not in these figures.
    rows_to: span === null ? null : Math.min(span.to, to),
    exceptions: poorHours(book, meter, { from, to }, { from, to }).size,
    closed_gaps: book
      .closedGaps(meter, from, to)
      .map(({ kind, from: begin, to: end }) => ({ kind, from: begin, to: end })),
  };
}

/** What is closed of a month: everything that its figures were made of, so that others can make them again. */
export function closingBody(
  database: DatabaseSync,
  book: HourBook,
  trees: ReadonlyMap<string, readonly Tree[]>,
  month: ClosedMonth,
  previous: string,
  { at, who, program, declaration, acceptedGaps }: ClosingOptions,
): Json {
  const newest = (table: 'entry' | 'event'): number =>
    Number(database.prepare(`SELECT max(id) AS id FROM ${table}`).get()?.['id'] ?? 0);
  const declarations = database
    .prepare(
      'SELECT hash FROM declaration WHERE id IN (SELECT declaration FROM hour WHERE hour >= ?1 AND hour < ?2) ORDER BY hash',
    )
    .all(month.from, month.to)
    .map(({ hash }) => String(hash));
  return {
    schema: 'greenflops/closing/v1',
    month: month.month,
    from: month.from,
    to: month.to,
    at,
    who,
    program,
    declaration,
    declarations,
    previous,
    accepted_gaps: acceptedGaps,
    entries_to: newest('entry'),
    events_to: newest('event'),
    sites: [...trees]
      .filter(([scope]) => isSite(scope))
      .map(([site, all]) => ({ site, trees: treesBefore(all, month.to) }))
      .filter((one) => one.trees.some(({ sides }) => sideNames.some((side) => sides[side].length > 0)))
      .map((one) => siteBody(book, one.site, one.trees, month)),
    meters: meterIds(database).map((meter) => meterBody(book, meter, month)),
  };
}

/** Meters of the sides that have no rows up to the end of the time in the month in which they stood there. */
export function meterShortfall(
  book: HourBook,
  trees: ReadonlyMap<string, readonly Tree[]>,
  month: ClosedMonth,
): { meter: string; rows: Stretch | null }[] {
  const short = new Map<string, Stretch | null>();
  for (const [scope, all] of trees) {
    if (!isSite(scope)) continue;
    for (const { from, to, sides } of piecesOf(all, month.from, month.to)) {
      for (const { meter } of [...sides.facility, ...sides.it]) {
        const span = book.span(meter);
        // A month that ended before the first hour, or began before it, is not whole either.
        if (span === null || span.to < to || span.from > from) short.set(meter, span);
      }
    }
  }
  return [...short].map(([meter, rows]) => ({ meter, rows }));
}
