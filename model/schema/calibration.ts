import { z } from 'zod';
import { date, precision, schemaVersion, slug } from './common.ts';

/** A dense matrix product that was timed on the fleet's own chips: what "100 %" can really mean there. */
const row = z.strictObject({
  accelerator: slug,
  /** Only of this pool. @default every pool of the accelerator */
  pool: slug.optional(),
  precision: precision.default('fp16'),
  /** Of one package, in TFLOPS: 2 x M x N x K / seconds */
  achieved_tflops: z.number().positive(),
  date,
  /** What was run, like 'FlagPerf computation-FP16' or 'MAMF finder 8192 x 8192 x 8192' */
  method: z.string().min(1),
  source: z.string().min(1),
});

export const calibration = z.strictObject({ schema: schemaVersion, calibrations: z.array(row).default([]) });
export type Calibration = z.infer<typeof row>;
