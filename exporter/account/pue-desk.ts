import type { Emit } from '../../model/metrics/metric.ts';
import {
  gb40879Ratio,
  pueAllowanceRatio,
  pueBridgedSeconds,
  pueCoverageRatio,
  pueCoveredSeconds,
  pueEnergyJoules,
  pueFirstTimestamp,
  pueImportedSeconds,
  pueRatio,
  pueTargetRatio,
  pueUnavailable,
} from '../../model/metrics/pue.ts';
import type { Profile } from '../../model/schema/profiles.ts';
import type { Accountant } from './accountant.ts';
import type { HourBook } from './hour-book.ts';
import { METERED_SHARE, hourOf } from './meter-account.ts';
import { firstFullHour, sideNames, type Sides, type Tree } from './pue-hours.ts';
import { pueOf, type PueResult } from './pue.ts';
import { HOUR, isFixed, windowStart, windows, type WindowName } from './window.ts';

/** A site as its PUE sees it. */
export interface PueSite {
  readonly id: string;
  readonly sides: Sides;
  /** false for edge sites, which GB 40879 does not cover */
  readonly gb40879: boolean;
  readonly profile: Profile;
  /** Weakest category of the IT meters (ISO/IEC 30134-2), 'unstated' where one of them states none */
  readonly category: string;
  readonly edition: string;
  readonly validFrom: number;
  /** How long after a full hour its last readings may still come in. */
  readonly graceMs: number;
}

interface Counted {
  readonly end: number;
  readonly start: number | null;
  readonly results: readonly PueResult[];
  readonly electric: PueResult | null;
}

/** GB 40879 counts electricity alone. */
const electricOnly = ({ since, sides }: Tree): Tree => ({
  since,
  sides: { facility: sides.facility.filter(({ electric }) => electric), it: sides.it },
});

const ratio = ({ facility, it }: Record<'facility' | 'it', bigint>): number => Number(facility) / Number(it);

/** Keeps each site's windows counted: again when an hour is closed, and when a full hour has passed without its readings. */
export class PueDesk {
  readonly #book: HourBook;
  readonly #accountant: Accountant;
  readonly #sites: readonly PueSite[];
  readonly #counted = new Map<string, Counted>();

  constructor(book: HourBook, accountant: Accountant, sites: readonly PueSite[]) {
    this.#book = book;
    this.#accountant = accountant;
    this.#sites = sites;
  }

  /** The last full hour whose readings have come in, or should have. */
  #lastEnd(site: PueSite, now: number): number {
    const end = hourOf(now);
    if (now - end >= site.graceMs) return end;
    const late = [...site.sides.facility, ...site.sides.it].some(
      ({ meter }) => (this.#book.span(meter)?.to ?? -Infinity) < end,
    );
    return late ? end - HOUR : end;
  }

  /** `closed`: hours were written since the last call; those that another process imported are noticed here. */
  count(now: number, closed: boolean): void {
    const changed = this.#book.past.refresh() || closed;
    for (const site of this.#sites) {
      const before = this.#counted.get(site.id);
      const end = this.#lastEnd(site, now);
      if (before?.end === end && !changed) continue;
      const trees = this.#accountant.treesOf(site.id);
      const start = firstFullHour(this.#book, trees, Math.ceil(site.validFrom / HOUR) * HOUR);
      this.#counted.set(site.id, {
        end,
        start,
        results: windows.map((window) => pueOf(this.#book, trees, window, end, start)),
        electric: site.gb40879 ? pueOf(this.#book, trees.map(electricOnly), '12mo', end, start) : null,
      });
    }
  }

  /** When a window that is still too young can have its first PUE. */
  #first(site: PueSite, window: WindowName, start: number | null, now: number): number {
    const hour = hourOf(now);
    const spoilt = [...site.sides.facility, ...site.sides.it].some(({ meter }) => {
      const open = this.#accountant.openHour(meter);
      const lost = open?.hour === hour ? open.reach - hour - open.meteredMs : now - hour;
      return lost > (1 - METERED_SHARE) * HOUR;
    });
    const begin = start ?? (spoilt ? hour + HOUR : hour);
    return isFixed(window) ? begin + (begin - windowStart(window, begin)) : begin + HOUR;
  }

  emit(emit: Emit, now: number): void {
    const month = new Date(now + 8 * HOUR).getUTCMonth();
    for (const owner of this.#sites) {
      const { id: site, profile, category, edition } = owner;
      emit(pueTargetRatio, { site }, profile.pue);
      emit(pueAllowanceRatio, { site }, profile.monthly_allowance?.[month] ?? profile.pue);
      const counted = this.#counted.get(site);
      if (counted === undefined) continue;
      for (const result of counted.results) {
        const { window, kind, reason, millijoules, coverage } = result;
        if (coverage !== null) emit(pueCoverageRatio, { site, window }, coverage);
        if (reason !== null) {
          emit(pueUnavailable, { site, window, reason }, 1);
          if (reason === 'young')
            emit(pueFirstTimestamp, { site, window }, this.#first(owner, window, counted.start, now) / 1000);
          continue;
        }
        emit(pueRatio, { site, window, kind, category, edition }, ratio(millijoules));
        for (const side of sideNames) {
          emit(pueEnergyJoules, { site, window, side }, { units: millijoules[side], digits: 3 });
          emit(pueCoveredSeconds, { site, window, side }, result.coveredSeconds[side]);
          emit(pueBridgedSeconds, { site, window, side }, result.bridgedSeconds[side]);
          emit(pueImportedSeconds, { site, window, side }, result.importedSeconds[side]);
        }
      }
      const { electric } = counted;
      if (electric?.reason === null) {
        const basis = electric.kind === 'annual' ? 'rm2' : 'indicative';
        emit(gb40879Ratio, { site, basis }, ratio(electric.millijoules));
      }
    }
  }
}
