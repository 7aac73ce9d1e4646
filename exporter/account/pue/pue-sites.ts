import { expand } from '../../../model/expand.ts';
import type { LinearForm } from '../../../model/linear-form.ts';
import type { Plan } from '../../../model/plan.ts';
import { floor, multiply, rational, type Rational } from '../../../model/rational.ts';
import type { Profile, Profiles } from '../../../model/schema/profiles.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import {
  boundaryMeters,
  carrierWeight,
  isValid,
  sign,
  topmostItMeters,
  topmostItOfHall,
  topmostOfHall,
  weakestCategory,
} from '../../../model/tree.ts';
import type { Flow, SideMeter, Sides, Sum } from '../ledger/sides.ts';

/** A site, or a hall of it, as its PUE sees it. */
export interface PueScope {
  /** The site's id, or 'site/hall' */
  readonly id: string;
  readonly site: string;
  readonly hall: string | null;
  readonly sides: Sides;
  /** Weakest category of the IT meters (ISO/IEC 30134-2), 'unstated' where one of them states none */
  readonly category: string;
  readonly edition: string;
  readonly validFrom: number;
  /** How long after a full hour its last readings may still come in. */
  readonly graceMs: number;
  readonly profile: Profile;
  /** Highest electricity ratio of each grade of GB 40879; null for edge sites, which it does not cover */
  readonly gb40879: readonly number[] | null;
  readonly classOf: (meter: string) => number | undefined;
}

const MILLION = rational(1_000_000n);
/** Readings of the last minutes of an hour may come in this much later, at least. */
const GRACE_MS = 120_000;

const ONE = rational(1n);
const abs = ({ n, d }: Rational): Rational => ({ n: n < 0n ? -n : n, d });
const number = ({ n, d }: Rational): number => Number(n) / Number(d);

/** Turns meters of the declaration into sums of meters that are read. */
export class SumMaker {
  readonly #meters: ReadonlyMap<string, Meter>;
  readonly #profiles: Profiles;

  constructor({ estate, profiles }: Plan) {
    this.#meters = new Map(estate.meters.map((meter) => [meter.id, meter]));
    this.#profiles = profiles;
  }

  /** A calculated meter as what it is calculated from, without a carrier's weight. */
  plain(meter: Meter): Sum {
    return this.#sum(expand(meter, this.#meters), meter, ONE, true);
  }

  /** A boundary meter's own energy, in hours in which it was not metered its backup's. */
  flow(meter: Meter): Flow {
    const { direction, carrier } = meter;
    return { direction, carrier, sum: this.#sum(expand(meter, this.#meters), meter, ONE) };
  }

  #sum({ terms, constantKw }: LinearForm, owner: Meter, weight: Rational, isBackup = false): Sum {
    const meters = [...terms].flatMap(([id, coefficient]): SideMeter[] => {
      const meter = this.#meters.get(id);
      if (meter === undefined) return [];
      const backup = meter.backup === undefined || isBackup ? undefined : this.#meters.get(meter.backup);
      return [
        {
          meter: id,
          sign: coefficient.n < 0n ? -1 : 1,
          weightMillionths: Number(floor(multiply(multiply(abs(coefficient), weight), MILLION))),
          ratedKw: meter.rated_kw * Math.abs(number(coefficient)),
          electric: owner.carrier === 'electricity',
          ...(owner.direction === 'generation' && { generated: true }),
          ...(backup && { backup: this.plain(backup) }),
        },
      ];
    });
    const constantMilliwatts = Math.round(number(multiply(constantKw, weight)) * 1e6);
    return { meters, ...(constantMilliwatts !== 0 && { constantMilliwatts }) };
  }

  /** The meters of one side, weighted by carrier: import + generation - export. */
  side(meters: readonly Meter[]): Required<Sum> {
    const sums = meters.map((meter) => {
      const { meters: members, constantMilliwatts = 0 } = this.#sum(
        expand(meter, this.#meters),
        meter,
        carrierWeight(this.#profiles, meter),
      );
      const by = sign(meter);
      return {
        meters: members.map((one): SideMeter => ({ ...one, sign: one.sign === by ? 1 : -1 })),
        constantMilliwatts: by * constantMilliwatts,
      };
    });
    return {
      meters: sums.flatMap((sum) => sum.meters),
      constantMilliwatts: sums.reduce((total, sum) => total + sum.constantMilliwatts, 0),
    };
  }

  sides(
    facility: readonly Meter[],
    it: readonly Meter[],
    reuse: readonly Meter[] = [],
    water: readonly Meter[] = [],
  ): Sides {
    const [outer, inner] = [this.side(facility), this.side(it)];
    const constants = { facility: outer.constantMilliwatts, it: inner.constantMilliwatts };
    return {
      facility: outer.meters,
      it: inner.meters,
      ...((constants.facility !== 0 || constants.it !== 0) && { constants }),
      ...(reuse.length > 0 && { reuse: this.side(reuse).meters }),
      ...(water.length > 0 && { water: water.flatMap((meter) => this.plain(meter).meters) }),
    };
  }
}

/** The sites of the declaration and their halls as their PUE sees them at an instant. */
export function pueScopes(plan: Plan, sites: readonly string[], at: number): PueScope[] {
  const { estate, profiles } = plan;
  const maker = new SumMaker(plan);
  const classes = new Map(estate.meters.map(({ id, accuracy_class: grade }) => [id, grade]));
  return estate.sites
    .filter(({ id }) => sites.includes(id))
    .flatMap(({ id: site, profile, edge, valid_from: validFrom = 0 }): PueScope[] => {
      const named = profiles.profiles.find((row) => row.id === profile);
      if (named === undefined) throw new TypeError(`site ${site}: the declaration was not checked`);
      const having = (role: Meter['role']): Meter[] =>
        estate.meters.filter((one) => one.site === site && one.role === role && isValid(one, at));
      const scope = (hall: string | null, facility: readonly Meter[], it: readonly Meter[]): PueScope => ({
        id: hall === null ? site : `${site}/${hall}`,
        site,
        hall,
        sides: {
          ...(hall === null ? maker.sides(facility, it, having('reuse'), having('water')) : maker.sides(facility, it)),
          ...(hall === null && facility.length > 0 && { flows: facility.map((meter) => maker.flow(meter)) }),
        },
        category: String(weakestCategory(it) ?? 'unstated'),
        edition: profiles.pue_edition,
        validFrom,
        graceMs: Math.max(GRACE_MS, ...[...facility, ...it].map(({ every }) => 3 * every)),
        profile: named,
        gb40879: edge || hall !== null ? null : profiles.gb40879_grades,
        classOf: (meter) => classes.get(meter),
      });
      const halls = estate.halls
        .filter((hall) => hall.site === site)
        .map(({ id }) => scope(id, topmostOfHall(estate, id, at), topmostItOfHall(estate, id, at)));
      return [scope(null, boundaryMeters(estate, site, at), topmostItMeters(estate, site, at)), ...halls];
    });
}
