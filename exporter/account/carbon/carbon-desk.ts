import {
  carbonUnavailable,
  carbonWindowKilograms,
  certificateLeftJoules,
  certificateUsedJoules,
  cueKilogramsPerKwh,
  refRatio,
} from '../../../model/metrics/carbon.ts';
import type { Emit, Fixed } from '../../../model/metrics/metric.ts';
import type { Accountant } from '../ledger/accountant.ts';
import { carbonSteps, type CarbonCount } from './carbon.ts';
import { Totals } from './carbon-flows.ts';
import type { CarbonTerms } from './carbon-terms.ts';
import type { Desk } from '../desks.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { firstFullHour } from '../pue/pue-hours.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import { ScopeCounts } from '../ledger/scope-counts.ts';
import { HOUR } from '../pue/window.ts';

const kilograms = (milligrams: bigint): Fixed => ({ units: milligrams, digits: 6 });
const joules = (millijoules: bigint): Fixed => ({ units: millijoules, digits: 3 });

/** Keeps emissions, REF, CUE and the use of certificates counted for each site. */
export class CarbonDesk implements Desk {
  readonly #sites: readonly PueScope[];
  readonly #counts: ScopeCounts<CarbonCount>;

  constructor(
    book: HourBook,
    accountant: Pick<Accountant, 'treesOf'>,
    scopes: readonly PueScope[],
    termsOf: (site: string) => CarbonTerms,
  ) {
    const totals = new Totals(book);
    this.#sites = scopes.filter(({ hall }) => hall === null);
    const terms = new Map(this.#sites.map(({ site }) => [site, termsOf(site)]));
    this.#counts = new ScopeCounts(book, this.#sites, function* ({ id, site, validFrom }, end) {
      const trees = accountant.treesOf(id);
      const start = firstFullHour(book, trees, Math.ceil(validFrom / HOUR) * HOUR);
      return yield* carbonSteps(totals, trees, terms.get(site) ?? termsOf(site), end, start);
    });
  }

  count(now: number, since: number): Iterable<void> {
    return this.#counts.refresh(now, since);
  }

  emit(emit: Emit): void {
    for (const scope of this.#sites) {
      const { site } = scope;
      const counted = this.#counts.of(scope);
      if (counted === undefined) continue;
      const { end, count } = counted;
      for (const { window, reason, figures } of count.windows) {
        if (figures === null) {
          emit(carbonUnavailable, { site, window, reason: reason ?? 'young' }, 1);
          continue;
        }
        const { location, market, ref, cue } = figures;
        emit(carbonWindowKilograms, { site, window, basis: 'location' }, kilograms(location));
        emit(carbonWindowKilograms, { site, window, basis: 'market' }, kilograms(market));
        if (ref !== null) emit(refRatio, { site, window }, ref);
        if (cue !== null) emit(cueKilogramsPerKwh, { site, window }, cue);
      }
      const { use } = count;
      for (const share of use?.shares ?? []) {
        const labels = { site, certificate: share.id, kind: share.kind };
        const left = use?.left(share, end);
        emit(certificateUsedJoules, labels, joules(use?.usedOf(share) ?? 0n));
        if (left === undefined) continue;
        emit(certificateLeftJoules, { ...labels, state: 'usable' }, joules(left.usable));
        emit(certificateLeftJoules, { ...labels, state: 'surplus' }, joules(left.surplus));
      }
    }
  }
}
