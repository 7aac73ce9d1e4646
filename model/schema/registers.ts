import { z } from 'zod';
import { date, schemaVersion, slug, text } from './common.ts';

/** The counted items of the plan (bases, datasets, models): only verified ones count. */
const item = z.strictObject({
  id: slug,
  register: slug,
  name: text,
  state: z.enum(['claimed', 'verified', 'withdrawn']),
  date,
  /** true: invented, and shown as such */
  demo: z.boolean().default(false),
  evidence: z
    .array(
      z.strictObject({
        what: text,
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, { error: 'sha256' })
          .optional(),
      }),
    )
    .default([]),
});

export const registers = z.strictObject({
  schema: schemaVersion,
  registers: z.array(z.strictObject({ id: slug, name: text })).min(1),
  items: z.array(item).default([]),
});
export type Registers = z.infer<typeof registers>;
export type RegisterItem = Registers['items'][number];
