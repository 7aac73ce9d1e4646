import type { Plan } from '../../model/plan.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { floor, multiply, rational } from '../../model/rational.ts';
import { boundaryMeters, carrierWeight, sign, topmostItMeters, weakestCategory } from '../../model/tree.ts';
import type { PueSite } from './pue-desk.ts';
import type { SideMeter } from './pue-hours.ts';

const MILLION = rational(1_000_000n);
/** Readings of the last minutes of an hour may come in this much later, at least. */
const GRACE_MS = 120_000;

/** The sites of the declaration as their PUE sees them at an instant. */
export function pueSites(plan: Plan, sites: readonly string[], at: number): PueSite[] {
  const { estate, profiles } = plan;
  const side = (meters: readonly Meter[]): SideMeter[] =>
    meters.map((meter) => ({
      meter: meter.id,
      sign: sign(meter),
      weightMillionths: Number(floor(multiply(carrierWeight(profiles, meter), MILLION))),
      ratedKw: meter.rated_kw,
      electric: meter.carrier === 'electricity',
    }));
  return estate.sites
    .filter(({ id }) => sites.includes(id))
    .map(({ id, profile, edge, valid_from: validFrom = 0 }) => {
      const boundary = boundaryMeters(estate, id, at);
      const it = topmostItMeters(estate, id, at);
      const named = profiles.profiles.find((row) => row.id === profile);
      if (named === undefined) throw new TypeError(`site ${id}: the declaration was not checked`);
      return {
        id,
        sides: { facility: side(boundary), it: side(it) },
        gb40879: !edge,
        profile: named,
        category: String(weakestCategory(it) ?? 'unstated'),
        edition: profiles.pue_edition,
        validFrom,
        graceMs: Math.max(GRACE_MS, ...[...boundary, ...it].map(({ every }) => 3 * every)),
      };
    });
}
