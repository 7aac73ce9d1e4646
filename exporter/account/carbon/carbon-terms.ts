import type { Plan } from '../../../model/plan.ts';
import { multiply, rational, type Rational } from '../../../model/rational.ts';
import type { GridFactor } from '../../../model/schema/factors.ts';
import { sharesOf, type Share } from './certificates.ts';
import { yearOf } from '../pue/window.ts';

/** By what a site's energy becomes carbon dioxide: factors in kg per kWh. */
export interface CarbonTerms {
  readonly site: string;
  /** Of the site's grid, the newest first */
  readonly grid: readonly GridFactor[];
  /** By carrier */
  readonly fuels: ReadonlyMap<string, Rational>;
  readonly shares: readonly Share[];
}

/** Factors of one carrier by the two bases of the GHG Protocol (scope 2 guidance). */
export interface Factors {
  readonly location: Rational;
  readonly market: Rational;
}

export const ELECTRICITY = 'electricity';

export function carbonTerms({ estate, factors }: Plan, site: string): CarbonTerms {
  const grid = estate.sites.find(({ id }) => id === site)?.grid;
  return {
    site,
    grid: factors.grid_factors.filter((row) => row.grid === grid).sort((a, b) => b.year - a.year),
    fuels: new Map(factors.fuel_factors.map((row) => [row.carrier, row.kg_per_kwh])),
    shares: sharesOf(estate, site),
  };
}

/** The factors of a carrier in force at an instant, by the calendar of Asia/Shanghai; null where there are none. */
export function factorsAt({ grid, fuels }: CarbonTerms, carrier: string, at: number): Factors | null {
  if (carrier !== ELECTRICITY) {
    const fuel = fuels.get(carrier);
    return fuel ? { location: fuel, market: fuel } : null;
  }
  const row = grid.find(({ year }) => year <= yearOf(at));
  return row ? { location: row.kg_per_kwh, market: row.residual_kg_per_kwh ?? row.kg_per_kwh } : null;
}

const PER_3600 = rational(1n, 3600n);
/** mJ x kg/kWh / 3,600 are milligrams: a kWh has 3.6e9 mJ, a kg 1e6 mg. */
export const milligrams = (millijoules: bigint, factor: Rational): Rational =>
  multiply(multiply(rational(millijoules), factor), PER_3600);
