import { z } from 'zod';
import { duration, precision, slug, time } from './common.ts';
import { labelKey, labelValue, reason, resourceName, title } from './kubernetes.ts';
import { poolSource } from './sources.ts';

/** How a chip reaches pods, which decides by what resource name a quota counts it. The names stand in the catalogue. */
const sharing = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('whole') }),
  /** MIG profiles, vNPU templates: how many of each the pool offers, by the id that the catalogue's `slices` give them */
  z.strictObject({ by: z.literal('slices'), slices: z.record(z.string(), z.int().positive()) }),
  /** So many pods share a chip in turns; nothing keeps one of them from taking it all */
  z.strictObject({ by: z.literal('time-slicing'), replicas: z.int().min(2) }),
  /** HAMi: pods ask for a share of cores and memory */
  z.strictObject({ by: z.literal('hami') }),
  /** Dynamic resource allocation: a DeviceClass named after the pool */
  z.strictObject({
    by: z.literal('dra'),
    driver: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'driver' }),
    selector: z.string().min(1).optional(),
  }),
]);

const taint = z.strictObject({
  key: labelKey,
  value: labelValue.default(''),
  effect: z.enum(['NoSchedule', 'NoExecute', 'PreferNoSchedule']),
});

export const pool = z.strictObject({
  id: slug,
  name: title.optional(),
  cluster: slug,
  accelerator: slug,
  count: z.int().positive(),
  valid_from: time.optional(),
  valid_to: time.optional(),
  /** The id under which the pool was deployed before it was renamed */
  moved_from: slug.optional(),
  nodes: z.union([
    z.strictObject({ selector: z.record(labelKey, labelValue) }),
    z.strictObject({ names: z.array(z.string()).min(1) }),
  ]),
  sharing: sharing.prefault({ by: 'whole' }),
  /** The one name under which the nodes' device plugin offers whole chips, where that is not each name of the catalogue */
  resource: resourceName.optional(),
  /** Nodes that stand close to each other, by a label that they carry and its values here: gangs are kept together by it */
  racks: z.strictObject({ label: labelKey, values: z.array(labelValue.min(1)).min(1) }).optional(),
  /**
   * What of a host goes with one of its chips: cores, and memory. Where every pool of a tenant on a cluster says so, its
   * quota caps CPU and memory too; on a cluster with Kueue where `kueue.count_hosts` has them counted. Absent: it does not
   */
  per_chip: z
    .strictObject({
      cpu: z.number().positive(),
      memory: z.string().regex(/^[1-9]\d*(Mi|Gi|Ti)$/, { error: 'storage' }),
    })
    .optional(),
  /** true: the nodes carry the taint greenflops.io/pool=<id>:NoSchedule, set when they join */
  dedicated: z.boolean().default(true),
  /** Further taints of the nodes, of the vendor's or the owner's making, that pods of the pool tolerate */
  taints: z.array(taint).default([]),
  /** Of the container runtime on the nodes (nvidia, ascend, kata): makes the RuntimeClass <id>, which also leads pods to the pool */
  runtime: z.strictObject({ handler: slug }).optional(),
  telemetry: z
    .strictObject({
      family: slug,
      source: poolSource,
      every: duration.default(15_000),
      /** true: each device is a series of its own. Off by default: the vendor's exporter has them already */
      per_device: z.boolean().default(false),
    })
    .optional(),
  /** What this fleet's chips do otherwise than the catalogue says, with where that was read */
  override: z
    .strictObject({
      peak_tflops: z.partialRecord(precision, z.number().positive()).optional(),
      clock_ref_mhz: z.number().positive().nullable().optional(),
      tdp_w: z.number().positive().optional(),
      source: z.string().min(1),
    })
    .optional(),
  pod_security: z
    .strictObject({
      level: z.enum(['restricted', 'baseline', 'privileged']),
      /** Why the pool needs less than restricted, and what is done instead (the compensating control) */
      reason: reason.nullable().default(null),
    })
    .prefault({ level: 'restricted' }),
});
