import { z } from 'zod';
import { factor, schemaVersion, slug } from './common.ts';

const origin = { source: z.string().min(1), confidence: z.enum(['verified', 'secondary', 'memory']) };

/** Dated grid emission factors: the newest year not after the hour counts. */
const gridFactor = z.strictObject({
  grid: slug,
  year: z.int(),
  kg_per_kwh: factor,
  /** What is left of the grid once all certificates are taken out: for electricity without one; kg_per_kwh where absent */
  residual_kg_per_kwh: factor.optional(),
  ...origin,
});

/** Emissions of a carrier other than electricity, per kWh of the energy that its meter counts. */
const fuelFactor = z.strictObject({ carrier: slug, kg_per_kwh: factor, ...origin });

export const factors = z.strictObject({
  schema: schemaVersion,
  grid_factors: z.array(gridFactor).min(1),
  fuel_factors: z.array(fuelFactor).default([]),
});
export type Factors = z.infer<typeof factors>;
export type GridFactor = z.infer<typeof gridFactor>;
