import { parseDecimal, type Rational } from './rational.ts';
import type { Estate } from './schema/estate.ts';
import type { Meter } from './schema/meter.ts';
import type { Profiles } from './schema/profiles.ts';

/** Whether a meter or pool is in its declared life: valid_from belongs to it, valid_to no longer does. Instants are Unix ms. */
export const isValid = (
  { valid_from: from = -Infinity, valid_to: to = Infinity }: { valid_from?: number; valid_to?: number },
  at: number,
): boolean => from <= at && at < to;

/**
 * True where some IT meter above this one measures the same energy. A parent outside its life is passed over, not an end
 * of the way up: a new meter that takes another one's place has the old one as its parent, and its children need not
 * know when that was. Ends because `loadPlan` refuses circles.
 */
function hasItAbove(estate: Estate, meter: Meter, at: number): boolean {
  const parent = estate.meters.find(({ id }) => id === meter.parent);
  return parent !== undefined && ((parent.role === 'it' && isValid(parent, at)) || hasItAbove(estate, parent, at));
}

export type Side = 'facility' | 'it' | 'none';

/** On which side of the PUE a meter counts at an instant. What stands in for another meter counts in its place alone. */
export function sideOf(estate: Estate, meter: Meter, at: number): Side {
  if (!isValid(meter, at) || estate.meters.some(({ backup }) => backup === meter.id)) return 'none';
  if (meter.role === 'facility' && meter.parent === null) return 'facility';
  return meter.role === 'it' && !hasItAbove(estate, meter, at) ? 'it' : 'none';
}

/** Where energy crosses a site's boundary: meters of role facility with no parent. */
export const boundaryMeters = (estate: Estate, site: string, at: number): Meter[] =>
  estate.meters.filter((meter) => meter.site === site && sideOf(estate, meter, at) === 'facility');

/** The IT meters of a site with no IT meter above them: together all IT energy, each part once. */
export const topmostItMeters = (estate: Estate, site: string, at: number): Meter[] =>
  estate.meters.filter((meter) => meter.site === site && sideOf(estate, meter, at) === 'it');

/** Those of a list of meters with no other one of it above them, and none that only stands in for another. */
function topmostOf(estate: Estate, meters: readonly Meter[]): Meter[] {
  const own = new Set(meters);
  const isBelow = ({ parent }: Meter): boolean => {
    const above = estate.meters.find(({ id }) => id === parent);
    return above !== undefined && (own.has(above) || isBelow(above));
  };
  return meters.filter((meter) => !isBelow(meter) && !estate.meters.some(({ backup }) => backup === meter.id));
}

/** A hall's meters with no meter of the same hall above them: together all energy of the hall, each part once. */
export const topmostOfHall = (estate: Estate, hall: string, at: number): Meter[] =>
  topmostOf(
    estate,
    estate.meters.filter(
      (meter) => meter.hall === hall && isValid(meter, at) && meter.role !== 'reuse' && meter.role !== 'water',
    ),
  );

/** A hall's IT meters with no IT meter of the same hall above them. */
export const topmostItOfHall = (estate: Estate, hall: string, at: number): Meter[] =>
  topmostOf(
    estate,
    estate.meters.filter((meter) => meter.hall === hall && isValid(meter, at) && meter.role === 'it'),
  );

/** How a meter's energy counts at the boundary: import + on-site generation - export. */
export const sign = ({ direction }: Meter): 1 | -1 => (direction === 'export' ? -1 : 1);

/** The weight of a meter's carrier in facility energy (Green Grid WP49), exactly. */
export function carrierWeight(profiles: Profiles, { id, carrier }: Meter): Rational {
  const weight = parseDecimal(String(profiles.carriers.find((row) => row.id === carrier)?.weight));
  if (!weight) throw new Error(`meter ${id}: carrier "${carrier}" has no weight in profiles.yaml; add it to carriers`);
  return weight;
}

/** ISO/IEC 30134-2: a PUE is only as good as its weakest IT meter; null where one of them states no category. */
export const weakestCategory = (meters: readonly Meter[]): 1 | 2 | 3 | null =>
  meters.reduce<1 | 2 | 3 | null>(
    (weakest, { category }) => (weakest === null || category === null ? null : category < weakest ? category : weakest),
    meters.length > 0 ? 3 : null,
  );
