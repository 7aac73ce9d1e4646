import type { Emit } from '../../../model/metrics/metric.ts';
import { provincePueEnergyJoules, provincePueRatio, provincePueSite } from '../../../model/metrics/pue.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { provinceOf, type Province } from './province.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import type { PueResult } from '../pue/pue.ts';
import { sideNames, type Tree } from '../ledger/sides.ts';

/** A site and its windows, all counted up to the same hour. */
export interface SiteResults {
  readonly scope: PueScope;
  readonly trees: readonly Tree[];
  readonly results: readonly PueResult[];
}

/** A window of the province: why each site is in it or not, and the sums of those that are. */
interface Counted {
  readonly states: readonly (readonly [site: string, state: string])[];
  readonly first: PueResult | null;
  readonly category: string;
  readonly edition: string;
  readonly province: Province | null;
  readonly window: PueResult['window'];
}

function countWindow(book: HourBook, sites: readonly SiteResults[], at: number): Counted | null {
  const rows = sites.flatMap(({ scope, trees, results }) => {
    const result = results[at];
    return result ? [{ scope, trees, result }] : [];
  });
  const [row] = rows;
  if (row === undefined) return null;
  const known = rows.filter(({ result }) => result.reason === null && result.sum !== null);
  // The hours are those of the longest window that any site has.
  const from = Math.min(...known.map(({ result }) => result.span?.from ?? Infinity));
  const same = known.filter(({ result }) => result.span?.from === from);
  const first = same[0]?.result ?? null;
  const province =
    first?.span &&
    provinceOf(
      book,
      same.flatMap(({ scope, trees, result: { sum } }) => (sum ? [{ id: scope.site, trees, sum }] : [])),
      first.span,
    );
  const stateOf = ({ scope, result }: (typeof rows)[number]): string => {
    if (result.reason !== null) return result.reason;
    if (result.span?.from !== from) return 'shorter_window';
    return province?.included.has(scope.site) ? 'included' : 'other_hours';
  };
  const categories = same.filter(({ scope }) => province?.included.has(scope.site)).map(({ scope }) => scope.category);
  return {
    states: rows.map((one) => [one.scope.site, stateOf(one)]),
    first,
    category: categories.includes('unstated') ? 'unstated' : (categories.toSorted()[0] ?? 'unstated'),
    edition: row.scope.edition,
    province: province ?? null,
    window: row.result.window,
  };
}

/** Keeps the province's windows counted. An exporter that reads one site leaves the province to the rules over all. */
export class ProvinceDesk {
  readonly #book: HourBook;
  #counted: readonly Counted[] = [];

  constructor(book: HourBook) {
    this.#book = book;
  }

  /** From the windows of all sites, in the steps of what is returned. */
  *count(sites: readonly SiteResults[]): Iterable<void> {
    if (sites.length < 2) return;
    const counted: Counted[] = [];
    for (const at of (sites[0]?.results ?? []).keys()) {
      const window = countWindow(this.#book, sites, at);
      if (window) counted.push(window);
      yield;
    }
    this.#counted = counted;
  }

  emit(emit: Emit): void {
    for (const { states, first, category, edition, province, window } of this.#counted) {
      for (const [site, state] of states) emit(provincePueSite, { site, window, state }, 1);
      if (first === null || province === null) continue;
      const { millijoules } = province;
      for (const side of sideNames)
        emit(provincePueEnergyJoules, { window, side }, { units: millijoules[side], digits: 3 });
      const ratio = Number(millijoules.facility) / Number(millijoules.it);
      emit(provincePueRatio, { window, kind: first.kind, category, edition }, ratio);
    }
  }
}
