import { z } from 'zod';
import { certificate } from './certificate.ts';
import { cluster } from './cluster.ts';
import { duration, schemaVersion, slug, text, time } from './common.ts';
import { dataClass } from './data-class.ts';
import { title } from './kubernetes.ts';
import { meter } from './meter.ts';
import { pool } from './pool.ts';
import { prometheusSource } from './sources.ts';
import { state } from './state.ts';
import { tenant } from './tenant.ts';

const site = z.strictObject({
  id: slug,
  name: title,
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

const dataset = z.strictObject({
  id: slug,
  class: dataClass,
  jurisdiction: slug,
  owner: z.string(),
  /** Where copies of it may lie */
  clusters: z.array(slug),
  /** Tenants that may read it, besides an owner that is one */
  readers: z.array(slug).default([]),
});

/** The volume of a site's ledger. */
const ledgerVolume = z.strictObject({
  /** 2,000 meters over 26 months: 38 million hour rows, 4 GB at 100 B a row */
  storage: z
    .string()
    .regex(/^[1-9]\d*(Mi|Gi|Ti)$/, { error: 'storage' })
    .default('10Gi'),
  /** Of the cluster, on a disk of the node's own (SQLite's locks). Absent: the class greenflops-ledger is made, which keeps volumes and provisions none */
  storage_class: slug.optional(),
});

export const estate = z.strictObject({
  schema: schemaVersion,
  sites: z.array(site).min(1),
  halls: z.array(hall).default([]),
  meters: z.array(meter).default([]),
  clusters: z.array(cluster).default([]),
  pools: z.array(pool).default([]),
  tenants: z.array(tenant).default([]),
  datasets: z.array(dataset).default([]),
  certificates: z.array(certificate).default([]),
  telemetry: z
    .strictObject({
      image: z.string(),
      ledger: ledgerVolume.prefault({}),
      /** true: the web configuration has a tls_server_config, so probes and scrapes speak HTTPS */
      tls: z.boolean().default(false),
    })
    .optional(),
  /** Where Terraform keeps its state */
  state: state.prefault({ backend: 'local' }),
  maintenance: z.array(z.strictObject({ site: slug, from: time, to: time, reason: text })).default([]),
});
export type Estate = z.infer<typeof estate>;
export type Pool = Estate['pools'][number];
export type Cluster = Estate['clusters'][number];
export type Tenant = Estate['tenants'][number];
