import { expand } from '../expand.ts';
import { fault } from '../fault.ts';
import { scaleForm } from '../linear-form.ts';
import { rational } from '../rational.ts';
import type { Estate } from '../schema/estate.ts';
import type { Meter } from '../schema/meter.ts';
import { boundaryMeters, isValid, sign, topmostItMeters, topmostItOfHall, topmostOfHall } from '../tree.ts';
import { select, type Check, type CrossFault } from './check.ts';
import { twice, type Share } from './energy-twice.ts';
import { formulaCycles, formulas } from './formulas.ts';
import { parentCycles } from './meters.ts';

/**
 * Energy enters a side of its site or hall once, whichever meters are valid, and whichever backups stand in. The tree
 * sees to it for meters below each other, but a formula or a backup may bring what another meter of the side has counted.
 * CrossFault once at each formula and each backup. Only where parents and formulas are sound.
 */
export const doubleCount: Check = (draft) => {
  const { estate } = draft.data;
  const unsound = [formulas, formulaCycles, parentCycles].some((check) => check(draft).length > 0);
  // An entry with a fault of its own is not among the meters.
  if (estate === undefined || unsound || select(draft.raw.estate, 'meters.*').length > estate.meters.length) return [];
  const found = new Map<string, CrossFault>();
  for (const { id } of estate.sites)
    for (const one of ofSite(estate, id)) {
      const place = one.fault.path.join('.');
      if (!found.has(place)) found.set(place, one);
    }
  return [...found.values()];
};

function* ofSite(estate: Estate, site: string): Iterable<CrossFault> {
  const own = { ...estate, meters: estate.meters.filter((meter) => meter.site === site) };
  // Meters that are read, without backups, are on a side by the tree alone.
  if (own.meters.every(({ backup, source }) => backup === undefined && source.protocol !== 'calculated')) return;
  const halls = estate.halls.filter((hall) => hall.site === site).map(({ id }) => id);
  const turns = new Set([0, ...own.meters.flatMap(({ valid_from: from = 0, valid_to: to = 0 }) => [from, to])]);
  const book = new Book(estate.meters);
  for (const at of turns) {
    const sides = [
      boundaryMeters(own, site, at),
      topmostItMeters(own, site, at),
      ...halls.flatMap((hall) => [topmostOfHall(own, hall, at), topmostItOfHall(own, hall, at)]),
    ];
    for (const side of sides) yield* book.ofSide(side, at);
  }
}

class Book {
  readonly #meters: readonly Meter[];
  readonly #byId: ReadonlyMap<string, Meter>;

  constructor(meters: readonly Meter[]) {
    this.#meters = meters;
    this.#byId = new Map(meters.map((meter) => [meter.id, meter]));
  }

  *ofSide(side: readonly Meter[], at: number): Iterable<CrossFault> {
    const shares = side.map((meter) => this.#share(meter, sign(meter), meter, at));
    const plain = this.#twice(shares);
    if (plain) {
      // Two meters that are read are never above one another on a side; two formulas are told once, at the later one.
      const order = [...plain].sort((a, b) => this.#rank(a.share.of) - this.#rank(b.share.of));
      const [there, here] = order;
      if (here && there)
        yield {
          file: 'estate',
          fault: fault(['meters', this.#index(here.share.of), 'source', 'formula'], 'use', 'double_count', {
            meter: plain[1].id,
            here: here.id,
            other: there.share.of.id,
            there: there.id,
          }),
        };
      return;
    }
    for (const out of this.#outages(shares)) {
      const wrong = this.#twice(shares.flatMap((share) => this.#without(share, out, at)));
      const last = out.at(-1);
      if (!wrong || !last) continue;
      const other = wrong.find(({ share }) => share.of !== last) ?? wrong[0];
      yield {
        file: 'estate',
        fault: fault(['meters', this.#index(last), 'backup'], 'use', 'double_backup', {
          meter: wrong[1].id,
          id: last.id,
          other: other.share.of.id,
        }),
      };
    }
  }

  /** A meter as the meters that are read and valid at an instant. */
  #share(meter: Meter, by: number, of: Meter, at: number): Share {
    const { terms, constantKw } = scaleForm(expand(meter, this.#byId), rational(by));
    const valid = [...terms].filter(([id]) => isValid(this.#byId.get(id) ?? meter, at));
    return { of, form: { terms: new Map(valid), constantKw } };
  }

  /** Which meters of the sum may fail together so that backups stand in: one, or two that the other's backup does not need. */
  #outages(shares: readonly Share[]): Meter[][] {
    const ids = new Set(shares.flatMap(({ form }) => [...form.terms.keys()]));
    const having = this.#meters.filter(({ id, backup }) => ids.has(id) && this.#byId.has(backup ?? ''));
    const needs = new Map(having.map((meter) => [meter, this.#standIn(meter)]));
    return [
      ...having.map((meter) => [meter]),
      ...having.flatMap((a, index) =>
        having.slice(index + 1).flatMap((b) => (needs.get(a)?.has(b.id) || needs.get(b)?.has(a.id) ? [] : [[a, b]])),
      ),
    ];
  }

  #standIn({ backup }: Meter): ReadonlySet<string> {
    const meter = this.#byId.get(backup ?? '');
    return new Set(meter && expand(meter, this.#byId).terms.keys());
  }

  /** A share with the backups of meters that fail, each as a share of its own. */
  #without({ of, form }: Share, out: readonly Meter[], at: number): Share[] {
    const terms = new Map(form.terms);
    const instead = out.flatMap((meter): Share[] => {
      const coefficient = terms.get(meter.id);
      const backup = this.#byId.get(meter.backup ?? '');
      if (!coefficient || !backup) return [];
      terms.delete(meter.id);
      const share = this.#share(backup, 1, meter, at);
      return [{ of: meter, form: scaleForm(share.form, coefficient) }];
    });
    return [{ of, form: { ...form, terms } }, ...instead];
  }

  #twice(shares: readonly Share[]): ReturnType<typeof twice> {
    return twice(shares, (id) => this.#byId.get(id)?.parent ?? null);
  }

  #index(meter: Meter): number {
    return this.#meters.indexOf(meter);
  }

  #rank(meter: Meter): number {
    return meter.source.protocol === 'calculated' ? this.#index(meter) : -1;
  }
}
