import { z } from 'zod';
import { certificate } from './certificate.ts';
import { duration, precision, schemaVersion, slug, text, time } from './common.ts';
import { meter } from './meter.ts';
import { allocationSource, poolSource, prometheusSource } from './sources.ts';

const dataClasses = ['general', 'important', 'core'] as const;
const dataClass = z.enum(dataClasses);

const site = z.strictObject({
  id: slug,
  name: text,
  /** true: figures are invented, and every page says so */
  demo: z.boolean().default(false),
  grid: slug,
  profile: slug,
  climate_zone: z.string().optional(),
  /** GB 40879 does not cover edge sites (<= 100 standard racks) */
  edge: z.boolean().default(false),
  it_rated_kw: z.number().positive(),
  valid_from: time.optional(),
  /** The site's own Prometheus: a province's exporter takes the site's sums from it, and reads none of its devices */
  prometheus: prometheusSource
    .omit({ protocol: true })
    .extend({
      matchers: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()).default({}),
      every: duration.default(60_000),
    })
    .optional(),
  /** hourly: certificates of the site cover no hour by more than their even part of it, unless they say otherwise */
  certificate_matching: z.enum(['period', 'hourly']).default('period'),
});

const hall = z.strictObject({ id: slug, site: slug, name: text });

const cluster = z.strictObject({
  id: slug,
  site: slug,
  context: z.string(),
  jurisdiction: slug,
  data_classes: z.array(dataClass).min(1),
  role: z.enum(['worker', 'manager']).default('worker'),
  kueue: z.strictObject({ manage_config: z.boolean().default(false) }).prefault({}),
  monitoring: z.strictObject({ operator: z.boolean().default(false) }).prefault({}),
  /** Which pod holds which chips, for exporters that do not say so: the Kubernetes API, kube-state-metrics, HAMi */
  allocation: z.strictObject({ family: slug, source: allocationSource, every: duration.default(30_000) }).optional(),
  /** true: the site's exporter and its ledger stand here; of several clusters of a site the first one listed where none says so */
  exporter: z.boolean().optional(),
});

const pool = z.strictObject({
  id: slug,
  name: text.optional(),
  cluster: slug,
  accelerator: slug,
  count: z.int().positive(),
  valid_from: time.optional(),
  valid_to: time.optional(),
  nodes: z.union([
    z.strictObject({ selector: z.record(z.string(), z.string()) }),
    z.strictObject({ names: z.array(z.string()).min(1) }),
  ]),
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
    .strictObject({ level: z.enum(['restricted', 'baseline', 'privileged']), reason: text.nullable().default(null) })
    .prefault({ level: 'restricted' }),
});

const tenant = z.strictObject({
  id: slug,
  name: text.optional(),
  action: slug,
  namespaces: z.array(slug).min(1),
  data_class: dataClass,
  group: slug.optional(),
  priority: z.enum(['low', 'normal', 'high', 'urgent']).default('normal'),
  quota: z.array(z.strictObject({ pool: slug.optional(), pflops: z.number().positive() })).default([]),
  borrow_pflops: z.number().min(0).default(0),
});

export const estate = z.strictObject({
  schema: schemaVersion,
  sites: z.array(site).min(1),
  halls: z.array(hall).default([]),
  meters: z.array(meter).default([]),
  clusters: z.array(cluster).default([]),
  pools: z.array(pool).default([]),
  tenants: z.array(tenant).default([]),
  datasets: z
    .array(
      z.strictObject({ id: slug, class: dataClass, jurisdiction: slug, owner: z.string(), clusters: z.array(slug) }),
    )
    .default([]),
  certificates: z.array(certificate).default([]),
  telemetry: z.strictObject({ image: z.string() }).optional(),
  maintenance: z.array(z.strictObject({ site: slug, from: time, to: time, reason: text })).default([]),
});
export type Estate = z.infer<typeof estate>;
export type Pool = Estate['pools'][number];
export type Cluster = Estate['clusters'][number];
export type Tenant = Estate['tenants'][number];
