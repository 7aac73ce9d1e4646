import { z } from 'zod';
import { duration, slug } from './common.ts';
import { dataClass } from './data-class.ts';
import { resourceName } from './kubernetes.ts';
import { kueue } from './kueue.ts';
import { address, allocationSource } from './sources.ts';

/** Groups as the cluster's authenticator names them: of an OIDC provider, or the O of a client certificate. */
const groups = (name: string) => z.array(z.string().min(1)).min(1).default([name]);

export const cluster = z.strictObject({
  id: slug,
  site: slug,
  context: z.string(),
  jurisdiction: slug,
  data_classes: z.array(dataClass).min(1),
  /** manager: hands jobs on to its workers and runs none. karmada: the API server of Karmada, which hands objects on */
  role: z.enum(['worker', 'manager', 'karmada']).default('worker'),
  /** The id under which the cluster was deployed before it was renamed: its stacks go on with that id's state */
  moved_from: slug.optional(),
  kueue: kueue.prefault({}),
  /** Volcano schedules gangs here: it gets a Queue for each tenant, and HyperNodes of the pools' racks */
  volcano: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
  monitoring: z
    .strictObject({
      /** The Prometheus operator is there: ServiceMonitor and PrometheusRule instead of a ConfigMap with the rules */
      operator: z.boolean().default(false),
      /** Grafana's sidecar is there: a ConfigMap for each board */
      sidecar: z.boolean().default(false),
      /** Where Prometheus runs: from there alone the exporter may be scraped */
      namespace: slug.default('monitoring'),
    })
    .prefault({}),
  /** Whence tenants' images may come: registry with path, compared whole up to a '/'. None: any registry, by digest all the same */
  registries: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/, { error: 'registry' }))
    .default([]),
  /** Extended resources besides the pools' chips that tenants may ask for without a quota, such as rdma/hca of a network card */
  resources: z.array(resourceName).default([]),
  /** Addresses of the API server as pods reach it; wanted where the exporter asks it which pod holds which chips */
  api_server: z.array(address).default([]),
  access: z
    .strictObject({
      operators: groups('greenflops:operators'),
      auditors: groups('greenflops:auditors'),
      /** Who may enter (exec, attach, port-forward) pods of these classes, besides having the role */
      clearance: z
        .strictObject({
          important: groups('greenflops:clearance:important'),
          core: groups('greenflops:clearance:core'),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Namespaces of controllers that make pods for tenants (JobSet, Kubeflow): tenants' objects of their kinds name the queue */
  controllers: z.array(slug).default([]),
  /** Which pod holds which chips, for exporters that do not say so: the Kubernetes API, kube-state-metrics, HAMi */
  allocation: z.strictObject({ family: slug, source: allocationSource, every: duration.default(30_000) }).optional(),
  /** true: the site's exporter and its ledger stand here; of several clusters of a site the first one listed where none says so */
  exporter: z.boolean().optional(),
});
