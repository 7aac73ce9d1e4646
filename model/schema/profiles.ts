import { z } from 'zod';
import { schemaVersion, slug, text } from './common.ts';

const profile = z.strictObject({
  id: slug,
  name: text,
  /** Annual PUE not to be exceeded */
  pue: z.number().min(1),
  /** Allowed PUE by month, January first; its IT-weighted mean over the year must equal `pue`. Flat where absent. */
  monthly_allowance: z.array(z.number().min(1)).length(12).optional(),
  /** Share of the year's IT energy that each month is expected to have, January first; equal where absent. Weighs the mean. */
  monthly_it_share: z.array(z.number().positive()).length(12).optional(),
  green_energy_share: z.number().min(0).max(1).nullable().default(null),
  rack_use_share: z.number().min(0).max(1).nullable().default(null),
  basis: z.string().min(1),
  confidence: z.enum(['verified', 'secondary', 'memory']),
});

export const profiles = z.strictObject({
  schema: schemaVersion,
  /** The edition of ISO/IEC 30134-2 by which PUE is counted: a label of every PUE */
  pue_edition: z.string(),
  /** Weights by which energy of a carrier counts towards facility energy (Green Grid WP49) */
  carriers: z.array(z.strictObject({ id: slug, name: text, weight: z.number().min(0), source: z.string() })).min(1),
  /** Grades of GB 40879 by the highest electricity ratio of each, the best first */
  gb40879_grades: z.array(z.number().min(1)).length(3).default([1.2, 1.3, 1.5]),
  profiles: z.array(profile).min(1),
});
export type Profile = z.infer<typeof profile>;
export type Profiles = z.infer<typeof profiles>;
