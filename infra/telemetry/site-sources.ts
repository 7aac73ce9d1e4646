import { poolEndpoints, type PoolEndpoint } from '../../model/pool-endpoints.ts';
import type { Meter } from '../../model/schema/meter.ts';
import type { AllocationSource } from '../../model/schema/sources.ts';
import type { Estate } from '../../model/schema/estate.ts';

/** Something that a site's exporter reads, and where the estate says so. */
export interface SiteSource {
  readonly path: readonly (string | number)[];
  readonly source: Meter['source'] | PoolEndpoint['source'] | AllocationSource;
  /** The cluster that the source is about; meters are of none */
  readonly cluster?: Estate['clusters'][number];
}

/** All that the exporter of a site reads, in the order of the estate: meters, pools, who holds which chips, queues. */
export function siteSources({ meters, pools, clusters }: Estate, site: string): SiteSource[] {
  const here = new Map(clusters.filter((cluster) => cluster.site === site).map((cluster) => [cluster.id, cluster]));
  return [
    ...meters.flatMap(({ site: of, source }, i): SiteSource[] =>
      of === site ? [{ path: ['meters', i, 'source'], source }] : [],
    ),
    ...pools.flatMap((pool, i): SiteSource[] => {
      const cluster = here.get(pool.cluster);
      if (!cluster) return [];
      const path = ['pools', i, 'telemetry', 'source'];
      return poolEndpoints(pool).map(({ source }) => ({ path, source, cluster }));
    }),
    ...clusters.flatMap((cluster, i): SiteSource[] => {
      if (!here.has(cluster.id)) return [];
      const { allocation, kueue } = cluster;
      const metrics = kueue.enabled ? kueue.metrics : undefined;
      return [
        ...(allocation ? [{ path: ['clusters', i, 'allocation', 'source'], source: allocation.source, cluster }] : []),
        ...(metrics ? [{ path: ['clusters', i, 'kueue', 'metrics', 'source'], source: metrics.source, cluster }] : []),
      ];
    }),
  ];
}
