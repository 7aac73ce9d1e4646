import { createHash } from 'node:crypto';
import { clustersOfQuota, workersOf } from '../../model/queues/scope.ts';
import type { Cluster } from '../cluster.ts';
import type { ConfigMap, KubernetesObject } from '../kubernetes.ts';
import { named } from '../labels.ts';
import type { Live } from './live.ts';

/** Where a cluster keeps what it was last deployed from: what no object says by itself (PFlops, pools, the cluster's id). */
export const place = { namespace: 'kube-system', name: 'greenflops-declared', key: 'cluster.json' } as const;

/** The declaration of one cluster in short, as it was deployed. Fields are added, never renamed: old clusters hold old records. */
export interface Record {
  readonly cluster: string;
  readonly site: string;
  readonly jurisdiction: string;
  readonly data_classes: readonly string[];
  readonly registries: readonly string[];
  readonly pools: readonly RecordedPool[];
  readonly tenants: readonly RecordedTenant[];
  /** Marks of the pools stack's objects as they were deployed; the other stacks' are in maps of their own */
  readonly objects: string;
}
export type RecordedPool = Pick<
  Cluster['pools'][number],
  'id' | 'accelerator' | 'count' | 'nodes' | 'sharing' | 'override'
>;
export type RecordedTenant = Pick<
  Cluster['tenants'][number],
  'id' | 'data_class' | 'priority' | 'namespaces' | 'quota'
>;

/** 8 hexadecimal digits of an object: a record of 10,000 objects is 90 kB, and a ConfigMap holds 1 MiB. */
const markOf = (object: KubernetesObject): string =>
  createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 8);

const marksOf = (objects: readonly KubernetesObject[]): string => objects.map(markOf).toSorted().join(' ');

export const isRecord = ({ kind, metadata: { namespace, name } }: Pick<Live, 'kind' | 'metadata'>): boolean =>
  kind === 'ConfigMap' && namespace === place.namespace && name.startsWith(place.name);

/** Tells of an object whether it was deployed as it is declared now: what differs was then changed by somebody else. */
export function deployedBefore(live: ReadonlyMap<string, Live>): (object: KubernetesObject) => boolean {
  const kept = [...live.values()].filter(isRecord).flatMap(({ data }) => data?.['objects'] ?? []);
  const marks = new Set([recorded(live)?.objects ?? '', ...kept].flatMap((text) => text.split(' ')));
  return (object) => marks.has(markOf(object));
}

function recordOf(view: Cluster, objects: readonly KubernetesObject[]): Record {
  const { plan, cluster, site, pools, queuedPools, tenants } = view;
  const { estate } = plan;
  const own = new Set([...pools, ...queuedPools].map(({ id }) => id));
  const workers = cluster.role === 'manager' ? workersOf(estate, cluster) : [cluster];
  return {
    cluster: cluster.id,
    site: site.id,
    jurisdiction: cluster.jurisdiction,
    data_classes: cluster.data_classes,
    registries: cluster.registries,
    pools: pools.map(({ id, accelerator, count, nodes, sharing, override }) => ({
      id,
      accelerator,
      count,
      nodes,
      sharing,
      ...(override && { override }),
    })),
    tenants: tenants.map((tenant) => ({
      id: tenant.id,
      data_class: tenant.data_class,
      priority: tenant.priority,
      namespaces: tenant.namespaces,
      // Another cluster's quotas are not this one's.
      quota: tenant.quota.filter((quota) =>
        quota.pool === undefined
          ? clustersOfQuota(estate, tenant, quota).some((one) => workers.includes(one))
          : own.has(quota.pool),
      ),
    })),
    objects: marksOf(objects),
  };
}

export const recordObject = (view: Cluster, objects: readonly KubernetesObject[]): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: named(place.name, place.namespace),
  immutable: false,
  data: { [place.key]: `${JSON.stringify(recordOf(view, objects), undefined, 1)}\n` },
});

/** Marks of another stack's objects: each stack writes its own, so that one deployed alone says nothing of the others. */
export const marksObject = (stack: string, objects: readonly KubernetesObject[]): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: named(`${place.name}-${stack}`, place.namespace),
  immutable: false,
  data: { objects: marksOf(objects) },
});

/** What the cluster was deployed from; undefined where no deploy of this kind was made yet, or somebody broke the record. */
export function recorded(live: ReadonlyMap<string, Live>): Record | undefined {
  const text = live.get(`/ConfigMap ${place.namespace}/${place.name}`)?.data?.[place.key];
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Record> & Omit<Record, 'objects'>;
    return { ...found, objects: found.objects ?? '' };
  } catch {
    return undefined;
  }
}
