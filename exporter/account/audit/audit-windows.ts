import type { AuditSource, AuditTable, Row } from './audit-table.ts';
import { auditTime, joulesText } from './audit-value.ts';
import { monthsIn } from './closing-month.ts';
import { pueText, ratioText, spanPue } from './closing-sum.ts';
import { isSite, treesBefore } from './closing-trees.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { provinceOf } from '../province/province.ts';
import { pueOf } from '../pue/pue.ts';
import { firstFullHour } from '../pue/pue-hours.ts';
import { sideNames, type Tree } from '../ledger/sides.ts';
import type { SpanSum } from '../ledger/span-sum.ts';
import { HOUR } from '../pue/window.ts';

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

/** A site's figures of one window, for the province's. */
interface SiteFigures extends Figures {
  readonly id: string;
  readonly trees: readonly Tree[];
}

/** By the rule of the exporter's own: sites with a PUE over the longest span that any has, all over the same hours. */
function provinceRow(book: HourBook, end: number, sites: readonly SiteFigures[], range: Stretch): Row | null {
  // Hours before the range are not in the file.
  if (sites.length < 2 || sites.some(({ span }) => span !== null && span.from < range.from)) return null;
  const known = sites.flatMap(({ id, trees, kind, span, sum, pue }) =>
    span && sum && pue !== null ? [{ id, trees, kind, span, sum }] : [],
  );
  const longest = known.toSorted((a, b) => a.span.from - b.span.from)[0];
  const [site] = sites;
  if (longest === undefined || site === undefined) return null;
  const { span, kind } = longest;
  const same = known.filter((one) => one.span.from === span.from);
  const { millijoules, countedMs, included } = provinceOf(book, same, span);
  const { facility, it } = millijoules;
  return [
    'province',
    'province',
    site.window,
    kind,
    auditTime(end),
    null,
    auditTime(span.from),
    joulesText(facility),
    joulesText(it),
    String(countedMs),
    String(span.to - span.from),
    null,
    it > 0n ? ratioText(facility, it) : null,
    it > 0n ? null : 'no_it_energy',
    [...included].sort().join(' '),
  ];
}

/** Every month end that lies behind the site's last written hour, by the trees that held until then; at the end, the province's. */
function* windowsOf({ book, trees: all, plan, range }: AuditSource): Iterable<Row> {
  const ends = new Map<number, Map<string, SiteFigures[]>>();
  for (const [scope, onRecord] of all) {
    const site = plan.estate.sites.find(({ id }) => id === scope.split('/')[0]);
    const written = extent(book, onRecord);
    if (written === null) continue;
    for (const month of monthsIn(written.from, written.to)) {
      if (month.to > written.to || month.from < range.from || month.to > range.to) continue;
      const trees = treesBefore(onRecord, month.to);
      const start = firstFullHour(book, trees, Math.ceil((site?.valid_from ?? 0) / HOUR) * HOUR);
      const sites = ends.get(month.to) ?? new Map<string, SiteFigures[]>();
      ends.set(month.to, sites);
      for (const figures of figuresAt(book, trees, month, start)) {
        const { window, kind, span, sum, coverage, pue, reason } = figures;
        if (isSite(scope)) sites.set(window, [...(sites.get(window) ?? []), { ...figures, id: scope, trees }]);
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
          null,
        ];
      }
    }
  }
  for (const [end, byWindow] of [...ends].sort(([a], [b]) => a - b))
    for (const sites of byWindow.values()) {
      const row = provinceRow(book, end, sites, range);
      if (row) yield row;
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
    'sites',
  ],
  rows: windowsOf,
};
