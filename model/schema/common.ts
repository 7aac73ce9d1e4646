import { z } from 'zod';
import { parseDecimal, type Rational } from '../rational.ts';

/** Every file of the declaration begins with it. */
export const schemaVersion = z.literal('greenflops/v1', { error: 'schema' });

/** ASCII only: a Chinese id vanishes silently in CDKTF and is no Kubernetes label value. */
export const slug = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, { error: 'slug' });

export const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

/** A time with a zone, as Unix ms. */
export const time = z.iso.datetime({ offset: true, error: 'time' }).transform((iso) => Date.parse(iso));

/** A calendar day, '2025-12-31' */
export const date = z.iso.date({ error: 'date' });

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** '15s', '500ms', '5m', '1h' -> ms */
export const duration = z
  .string({ error: 'duration' })
  .regex(/^[1-9]\d*(ms|s|m|h)$/, { error: 'duration' })
  .transform((value) => {
    const [, count, unit] = /^(\d+)(ms|s|m|h)$/.exec(value) as unknown as [string, string, keyof typeof UNITS];
    return Number(count) * UNITS[unit];
  });

/** A factor as it was written, exactly: 0.1 is one tenth, not the double beside it. */
export const factor = z
  .number()
  .positive()
  .transform((value): Rational => parseDecimal(String(value)) as Rational);

export const offset = z.number().transform((value): Rational => parseDecimal(String(value)) as Rational);

export const precision = z.enum(['fp64', 'fp32', 'tf32', 'fp16', 'bf16', 'fp8', 'int8', 'fp4']);
export type Precision = z.infer<typeof precision>;
