import { z } from 'zod';
import { schemaVersion, slug, text } from './common.ts';
import { timestamps } from './sources.ts';

/** How several samples of one device become one value. */
const merge = z.enum(['once', 'weighted', 'split_equally']);

/** Only samples whose labels have one of these values are meant; '' is a label that is not there. */
const labels = z.record(z.string(), z.array(z.string()).min(1)).default({});

const quantity = {
  metric: z.string().min(1),
  labels,
  /** Values that mean 'no reading' in this metric alone, e.g. the 0 W of a sensor file that could not be read */
  sentinels: z.array(z.number()).default([]),
  /** multiplies the sample to reach the base unit: ratio 0-1, MHz, watt, joule */
  factor: z.number().positive().default(1),
  merge: merge.default('once'),
};

const family = z.strictObject({
  id: slug,
  name: text,
  /** All metric names of the family begin with one of these: how a text of another family is told apart. */
  prefixes: z.array(z.string().min(1)).min(1),
  /** Whether this family's explicit timestamps are to be trusted; a source may say otherwise. */
  timestamps: timestamps.default('honor'),
  /** Labels that name the device, first non-empty combination wins; later ones stand in where a label is empty. */
  identity: z.array(z.array(z.string()).min(1)).min(1),
  /** Labels that hold the model's name, first non-empty wins; none where the exporter does not say it */
  model: z.array(z.string()).default([]),
  /**
   * What a device is that names no model: nothing that is known, or what its pool declares, which is then believed
   * without evidence. A device that names another model is refused either way.
   */
  unnamed: z.enum(['refuse', 'declared']).default('refuse'),
  /** Metrics whose labels tell of the device (model, pod, namespace, node) and whose value tells nothing; joined by identity */
  info: z.array(z.strictObject({ metric: z.string().min(1), labels })).default([]),
  /** Labels that hold pod and namespace, first non-empty wins: renamed to exported_* behind another Prometheus */
  pod: z.array(z.string()).default([]),
  namespace: z.array(z.string()).default([]),
  /** Labels that name the node, first non-empty wins: by it cards are matched with what the cluster says of pods */
  node: z.array(z.string()).default([]),
  /** Label that tells slices (MIG instances, partitions) of one device apart, and its profile's share of the device */
  slice: z
    .strictObject({
      label: z.string(),
      profile: z.string(),
      /** true: a slice's activity is relative to the slice, so shares weigh it */
      relative: z.boolean(),
      /** profile -> share of the device, e.g. '1g.10gb': 0.142857 */
      shares: z.record(z.string(), z.number().positive().max(1)),
    })
    .optional(),
  /** Activity signals, best first; the first one that a device reports sets the evidence tier. */
  activity: z
    .array(
      z.strictObject({
        ...quantity,
        signal: z.enum(['tensor', 'core', 'busy', 'reported']),
        merge: merge.default('weighted'),
      }),
    )
    .min(1),
  clock: z.strictObject(quantity).optional(),
  power: z.strictObject(quantity).optional(),
  energy: z.strictObject(quantity).optional(),
  /** healthy where the value is in `healthy`; without a row every reported device is taken as healthy */
  health: z.strictObject({ ...quantity, healthy: z.array(z.number()).min(1) }).optional(),
  /** Values that mean 'no reading' whatever their metric, e.g. the blanks of DCGM */
  sentinels: z.array(z.number()).default([]),
  source: z.string().min(1),
});

/** What says which pod holds which chips. Each row is one sample a pod and node, or a pod and device. */
const allocationFamily = z.strictObject({
  id: slug,
  name: text,
  metric: z.string().min(1),
  /** Only samples with these labels count, e.g. {unit: integer} */
  matchers: z.record(z.string(), z.string()).default({}),
  /** Label with the Kubernetes resource name, in which kube-state-metrics writes _ for . / and - */
  resource: z.array(z.string()).default([]),
  node: z.array(z.string()).min(1),
  namespace: z.array(z.string()).min(1),
  pod: z.array(z.string()).min(1),
  /** Label with the device's own identity, where the family knows it */
  device: z.array(z.string()).default([]),
  /** Multiplies the sample to reach chips: 0.01 for a percentage of a card */
  factor: z.number().positive().default(1),
  /** Values that mean that no limit was set: the pod may use the whole device */
  whole: z.array(z.number()).default([]),
  /** The same of init containers, of which the neediest counts and not their sum */
  initial: z.string().min(1).optional(),
  /** A metric that is there even while no pod holds anything: tells 'nobody' from another program's text */
  alive: z.string().min(1).optional(),
  /** Samples above 0 that name pods which are over; for exporters that go on showing what those had requested */
  finished: z
    .array(z.strictObject({ metric: z.string().min(1), matchers: z.record(z.string(), z.string()).default({}) }))
    .default([]),
  source: z.string().min(1),
});

export const telemetry = z.strictObject({
  schema: schemaVersion,
  families: z.array(family).min(1),
  allocations: z.array(allocationFamily).default([]),
});
export type AllocationFamily = z.infer<typeof allocationFamily>;
export type Family = z.infer<typeof family>;
