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
  /** Name under which the vendor's plugin offers a chip that pods share in turns */
  shared_resource: z.string().optional(),
  /** Parts of a chip that have a resource name of their own (MIG profiles, vNPU templates), and which share of its peak each has */
  slices: z
    .record(
      z.string(),
      z.strictObject({ resource: z.string(), share: z.tuple([z.int().positive(), z.int().positive()]) }),
    )
    .default({}),
  /** Names under which HAMi counts a chip's cores and its memory, beside the count that `resources.hami` names */
  hami: z
    .strictObject({
      cores: z.string().optional(),
      /** What a whole chip is in the count of cores: per cent, except where the vendor counts otherwise */
      cores_per_chip: z.int().positive().default(100),
      memory: z.string().optional(),
      /** What a whole chip has, in the unit that the name counts; where it is not known, memory has no cap of its own */
      memory_per_chip: z.int().positive().optional(),
    })
    .prefault({}),
  source: z.string().min(1),
  /** verified: read in the named source; secondary: read about; memory: written down from memory, check before use */
  confidence: z.enum(['verified', 'secondary', 'memory']),
});

export const accelerators = z.strictObject({ schema: schemaVersion, accelerators: z.array(accelerator).min(1) });
export type Accelerator = z.infer<typeof accelerator>;
