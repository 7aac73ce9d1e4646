import type { AuditSource, AuditTable, Row } from './audit-table.ts';
import { auditTime, joulesText } from './audit-value.ts';
import { monthsIn } from './closing-month.ts';
import { pueText, spanPue } from './closing-sum.ts';
import { isSite, treesBefore } from './closing-trees.ts';
import type { HourBook } from './hour-book.ts';
import type { Stretch } from './past.ts';
import { pueOf } from './pue.ts';
import { firstFullHour } from './pue-hours.ts';
import { sideNames, type Tree } from './sides.ts';
import type { SpanSum } from './span-sum.ts';
import { HOUR } from './window.ts';

/** From the first to the last written hour of the meters that a site was ever made of; null before the first one. */
function extent(book: HourBook, trees: readonly Tree[]): Stretch | null {
  const meters = new Set(
    trees.flatMap(({ sides }) => sideNames.flatMap((side) => sides[side].map(({ meter }) => meter))),
  );
  const spans = [...meters].flatMap((meter) => book.span(meter) ?? []);
  if (spans.length === 0) return null;
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

interface Figures {
  readonly window: string;
  readonly kind: string;
  readonly span: Stretch | null;
  readonly sum: SpanSum | null;
  readonly coverage: string | null;
  readonly pue: string | null;
  readonly reason: string | null;
}

function* figuresAt(book: HourBook, trees: readonly Tree[], month: Stretch, start: number | null): Iterable<Figures> {
  yield { window: 'month', kind: 'interim', span: month, ...spanPue(book, trees, month) };
  for (const window of ['ytd', '12mo'] as const) {
    const { kind, span, sum, reason, coverage } = pueOf(book, trees, window, month.to, start);
    yield { window, kind, span, sum, reason, coverage: coverage?.toFixed(6) ?? null, pue: sum && pueText(sum, reason) };
  }
}

/** Every month end that lies behind the site's last written hour, by the trees that held until then. */
function* windowsOf({ book, trees: all, plan, range }: AuditSource): Iterable<Row> {
  for (const [scope, onRecord] of all) {
    const site = plan.estate.sites.find(({ id }) => id === scope.split('/')[0]);
    const written = extent(book, onRecord);
    if (written === null) continue;
    for (const month of monthsIn(written.from, written.to)) {
      if (month.to > written.to || month.from < range.from || month.to > range.to) continue;
      const trees = treesBefore(onRecord, month.to);
      const start = firstFullHour(book, trees, Math.ceil((site?.valid_from ?? 0) / HOUR) * HOUR);
      for (const { window, kind, span, sum, coverage, pue, reason } of figuresAt(book, trees, month, start)) {
        // Hours before the range are not in the file: nobody could recompute the window from it.
        if (span !== null && span.from < range.from) continue;
        yield [
          scope,
          isSite(scope) ? 'site' : 'hall',
          window,
          kind,
          auditTime(month.to),
          start === null ? null : auditTime(start),
          span && auditTime(span.from),
          sum && joulesText(sum.millijoules.facility),
          sum && joulesText(sum.millijoules.it),
          sum && String(sum.countedMs),
          span && String(span.to - span.from),
          coverage,
          pue,
          reason,
        ];
      }
    }
  }
}

export const windowsTable: AuditTable = {
  name: 'windows',
  columns: [
    'scope',
    'level',
    'window',
    'kind',
    'end',
    'start',
    'from',
    'facility_j',
    'it_j',
    'counted_ms',
    'length_ms',
    'coverage',
    'pue',
    'reason',
  ],
  rows: windowsOf,
};
