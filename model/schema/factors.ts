import { z } from 'zod';
import { schemaVersion, slug } from './common.ts';

/** Dated grid emission factors: the newest year not after the hour counts. */
const gridFactor = z.strictObject({
  grid: slug,
  year: z.int(),
  kg_per_kwh: z.number().positive(),
  source: z.string().min(1),
  confidence: z.enum(['verified', 'secondary', 'memory']),
});

export const factors = z.strictObject({ schema: schemaVersion, grid_factors: z.array(gridFactor).min(1) });
export type Factors = z.infer<typeof factors>;
