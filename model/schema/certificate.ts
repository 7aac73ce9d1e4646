import { z } from 'zod';
import { factor, slug, time } from './common.ts';

/** Proof that energy was generated from renewable sources: of a site, or spread over several. */
export const certificate = z.strictObject({
  id: slug,
  /** The registry's own number: a unit stands in the declaration once */
  serial: z.string().min(1),
  kind: z.enum(['green-certificate', 'green-power', 'i-rec']).default('green-certificate'),
  site: slug.optional(),
  allocations: z
    .array(z.strictObject({ site: slug, mwh: factor }))
    .min(1)
    .optional(),
  /** Full hours: the energy is used within [from, to) */
  from: time,
  to: time,
  mwh: factor,
  /** true: an hour uses at most its even part, and what it does not use is lost. The site's certificate_matching where absent. */
  hourly: z.boolean().optional(),
});
export type Certificate = z.infer<typeof certificate>;
