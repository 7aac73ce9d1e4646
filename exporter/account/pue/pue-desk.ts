import type { Emit } from '../../../model/metrics/metric.ts';
import {
  gb40879Grade,
  gb40879Ratio,
  pueAllowanceRatio,
  pueBridgedSeconds,
  pueCoverageRatio,
  pueCoveredSeconds,
  pueEnergyJoules,
  pueFirstTimestamp,
  pueImportedSeconds,
  pueManualSeconds,
  puePartialRatio,
  puePartialUnavailable,
  pueRatio,
  pueSubstitutedSeconds,
  pueTargetRatio,
  pueUnavailable,
  pueUncertaintyRatio,
  pueWindowEnd,
  pueWindowSeconds,
  reuseRatio,
  wueLitresPerKwh,
} from '../../../model/metrics/pue.ts';
import type { Accountant } from '../ledger/accountant.ts';
import type { Desk } from '../desks.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { METERED_SHARE, hourOf } from '../ledger/meter-account.ts';
import { ProvinceDesk } from '../province/province-desk.ts';
import { firstFullHour } from './pue-hours.ts';
import type { PueScope } from './pue-sites.ts';
import { pueOf, ratioOf, refusal, type PueResult } from './pue.ts';
import { ScopeCounts } from '../ledger/scope-counts.ts';
import type { Steps } from '../ledger/slices.ts';
import { electricOnly, regrouped, sideNames } from '../ledger/sides.ts';
import { sumSpan, type Share } from '../ledger/span-sum.ts';
import { pueUncertainty } from './uncertainty.ts';
import { HOUR, isFixed, monthOf, windowStart, windows, type WindowName } from './window.ts';

const JOULES_PER_KWH = 3_600_000;

interface Counted {
  readonly start: number | null;
  readonly results: readonly PueResult[];
  readonly electric: PueResult | null;
  /** Energy reuse factor and water usage effectiveness by window, where they are known */
  readonly reuse: ReadonlyMap<WindowName, number>;
  readonly water: ReadonlyMap<WindowName, number>;
}

const shareMetrics = {
  bridged: pueBridgedSeconds,
  manual: pueManualSeconds,
  imported: pueImportedSeconds,
  substituted: pueSubstitutedSeconds,
} as const satisfies Record<Share, unknown>;

/** Keeps the windows of each site and hall counted: again when an hour is closed, and when a full hour has passed without its readings. */
export class PueDesk implements Desk {
  readonly #book: HourBook;
  readonly #accountant: Accountant;
  readonly #scopes: readonly PueScope[];
  readonly #counts: ScopeCounts<Counted>;
  readonly #province: ProvinceDesk;
  /** What the province was counted from last. */
  #provinceOf: readonly (readonly PueResult[])[] = [];

  constructor(book: HourBook, accountant: Accountant, scopes: readonly PueScope[]) {
    this.#book = book;
    this.#accountant = accountant;
    this.#scopes = scopes;
    this.#province = new ProvinceDesk(book);
    this.#counts = new ScopeCounts(book, scopes, (scope, end) => this.#count(scope, end));
  }

  *count(now: number, since: number): Iterable<void> {
    yield* this.#counts.refresh(now, since);
    const sites = this.#scopes.filter(({ hall }) => hall === null);
    const counted = sites.flatMap((scope) => this.#counts.of(scope) ?? []);
    // While some sites are an hour behind, the province stays where all of them were.
    if (counted.length < sites.length || new Set(counted.map(({ end }) => end)).size > 1) return;
    const results = counted.map(({ count }) => count.results);
    if (results.every((one, at) => one === this.#provinceOf[at])) return;
    yield* this.#province.count(
      sites.map((scope, at) => ({
        scope,
        trees: this.#accountant.treesOf(scope.id),
        results: results[at] ?? [],
      })),
    );
    this.#provinceOf = results;
  }

  *#count(scope: PueScope, end: number): Steps<Counted> {
    const trees = this.#accountant.treesOf(scope.id);
    const start = firstFullHour(this.#book, trees, Math.ceil(scope.validFrom / HOUR) * HOUR);
    const results: PueResult[] = [];
    for (const window of windows) {
      results.push(pueOf(this.#book, trees, window, end, start));
      yield;
    }
    const year = results.find(({ window }) => window === '12mo') ?? null;
    const mixed = trees.some(({ sides }) => sides.facility.some(({ electric }) => !electric));
    const electric = mixed ? pueOf(this.#book, regrouped(trees, electricOnly), '12mo', end, start) : year;
    const reuse = this.#over(scope, results, 'reuse', 'facility');
    const water = this.#over(scope, results, 'water', 'it');
    return { start, results, electric, reuse, water };
  }

  /** The energy of `part` over that of `whole`, in windows with a PUE in whose hours both are metered. */
  #over(
    { id }: PueScope,
    results: readonly PueResult[],
    part: 'reuse' | 'water',
    whole: 'facility' | 'it',
  ): Map<WindowName, number> {
    const factors = new Map<WindowName, number>();
    const trees = this.#accountant.treesOf(id);
    if (trees.at(-1)?.sides[part] === undefined) return factors;
    const pairs = regrouped(trees, (sides) => ({ facility: sides[part] ?? [], it: sides[whole] }));
    for (const { window, span, reason } of results) {
      if (span === null || reason !== null) continue;
      const sum = sumSpan(this.#book, pairs, span);
      const why = refusal(sum, span.to - span.from);
      // Less than what it is compared with is as it should be.
      if (why === null || why === 'below_one') factors.set(window, ratioOf(sum));
    }
    return factors;
  }

  /** When a window that is still too young can have its first PUE. */
  #first({ sides }: PueScope, window: WindowName, start: number | null, now: number): number {
    const hour = hourOf(now);
    const spoilt = [...sides.facility, ...sides.it].some(({ meter }) => {
      const open = this.#accountant.openHour(meter);
      const lost = open?.hour === hour ? open.reach - hour - open.meteredMs : now - hour;
      return lost > (1 - METERED_SHARE) * HOUR;
    });
    const begin = start ?? (spoilt ? hour + HOUR : hour);
    return isFixed(window) ? begin + (begin - windowStart(window, begin)) : begin + HOUR;
  }

  emit(emit: Emit, now: number): void {
    for (const scope of this.#scopes) {
      const { site, hall, profile } = scope;
      if (hall === null) {
        emit(pueTargetRatio, { site }, profile.pue);
        emit(pueAllowanceRatio, { site }, profile.monthly_allowance?.[monthOf(now)] ?? profile.pue);
      }
      const counted = this.#counts.of(scope)?.count;
      if (counted === undefined) continue;
      for (const result of counted.results) {
        if (hall === null) this.#emitSite(emit, scope, counted, result, now);
        else emitHall(emit, scope, hall, result);
      }
      const { electric } = counted;
      if (scope.gb40879 && electric?.reason === null && electric.sum) {
        const basis = electric.kind === 'annual' ? 'rm2' : 'indicative';
        const ratio = ratioOf(electric.sum);
        const grade = scope.gb40879.findIndex((most) => ratio <= most) + 1;
        emit(gb40879Ratio, { site, basis }, ratio);
        emit(gb40879Grade, { site, basis }, grade === 0 ? scope.gb40879.length + 1 : grade);
      }
    }
    this.#province.emit(emit);
  }

  #emitSite(emit: Emit, scope: PueScope, { start, reuse, water }: Counted, result: PueResult, now: number): void {
    const { site, category, edition } = scope;
    const { window, kind, reason, span, sum, coverage } = result;
    if (coverage !== null) emit(pueCoverageRatio, { site, window }, coverage);
    if (reason !== null || sum === null || span === null) {
      emit(pueUnavailable, { site, window, reason: reason ?? 'young' }, 1);
      if (reason === 'young') emit(pueFirstTimestamp, { site, window }, this.#first(scope, window, start, now) / 1000);
      return;
    }
    emit(pueRatio, { site, window, kind, category, edition }, ratioOf(sum));
    emit(pueWindowSeconds, { site, window }, (span.to - span.from) / 1000);
    emit(pueWindowEnd, { site, window }, span.to / 1000);
    const band = pueUncertainty(sum, scope.classOf);
    if (band !== null) emit(pueUncertaintyRatio, { site, window }, band);
    const factor = reuse.get(window);
    if (factor !== undefined) emit(reuseRatio, { site, window }, factor);
    const litresPerJoule = water.get(window);
    if (litresPerJoule !== undefined) emit(wueLitresPerKwh, { site, window }, litresPerJoule * JOULES_PER_KWH);
    for (const side of sideNames) {
      emit(pueEnergyJoules, { site, window, side }, { units: sum.millijoules[side], digits: 3 });
      emit(pueCoveredSeconds, { site, window, side }, sum.coveredMs[side] / 1000);
      for (const [share, metric] of Object.entries(shareMetrics))
        emit(metric, { site, window, side }, sum.shareMs[share as Share][side] / 1000);
    }
  }
}

function emitHall(
  emit: Emit,
  { site, category, edition }: PueScope,
  hall: string,
  { window, reason, sum }: PueResult,
): void {
  if (reason === null && sum !== null) emit(puePartialRatio, { site, hall, window, category, edition }, ratioOf(sum));
  else emit(puePartialUnavailable, { site, hall, window, reason: reason ?? 'young' }, 1);
}
