import { z } from 'zod';
import { precision, schemaVersion, slug, text } from './common.ts';

const accelerator = z.strictObject({
  id: slug,
  vendor: slug,
  name: text,
  /** What exporters call this model, compared whole and without regard to case; a model that stands nowhere is unknown. */
  reported_as: z.array(z.string().min(1)).min(1),
  /** Dense peak (no sparsity) in TFLOPS of one package, by precision */
  peak_tflops: z.partialRecord(precision, z.number().positive()),
  /** The clock at which the peak is defined; null: no source gives it, so evidence is T2 at best */
  clock_ref_mhz: z.number().positive().nullable(),
  /** 2: the exporter's ids are dies, two of them to a package, and each has half the peak */
  dies_per_package: z.union([z.literal(1), z.literal(2)]).default(1),
  tdp_w: z.number().positive().nullable(),
  /** Best dense matmul that somebody measured, as a share of the peak */
  achievable: z
    .strictObject({ share: z.number().positive().max(1.1), source: z.string() })
    .nullable()
    .default(null),
  /** Kubernetes resource name by device plugin */
  resources: z.record(slug, z.string()).default({}),
  source: z.string().min(1),
  /** verified: read in the named source; secondary: read about; memory: written down from memory, check before use */
  confidence: z.enum(['verified', 'secondary', 'memory']),
});

export const accelerators = z.strictObject({ schema: schemaVersion, accelerators: z.array(accelerator).min(1) });
export type Accelerator = z.infer<typeof accelerator>;
