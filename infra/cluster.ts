import type { Plan } from '../model/plan.ts';
import { clustersOfTenant, workersOf } from '../model/queues/scope.ts';
import type { Estate, Pool, Tenant } from '../model/schema/estate.ts';
import type { Slice } from '../model/site-slice.ts';
import { isCurrent } from './pools/current.ts';

/** A cluster of the declaration with all that the stacks ask about it. */
export interface Cluster {
  readonly plan: Plan;
  readonly cluster: Estate['clusters'][number];
  readonly site: Estate['sites'][number];
  /** Those that are valid now: what was, or will be, has no nodes to label and no chips to hand out */
  readonly pools: readonly Pool[];
  /** Those whose chips its queues hand out: its own, a manager's workers'. None without Kueue */
  readonly queuedPools: readonly Pool[];
  /** The tenants with a quota that may be used here, on a pool that is valid or not: a day that passes takes no namespace away, but its chips */
  readonly tenants: readonly Tenant[];
  /** True for one cluster of a site: the one marked `exporter: true`, else the first that the estate lists. */
  readonly hostsExporter: boolean;
  /** The declaration as the site's exporter reads it, text by file name. */
  readonly slice: () => Slice;
}

/** The clusters in the order of the estate, as they are to be `now` (Unix ms). `slice` gives a site's part of the declaration. */
export function clusters(plan: Plan, slice: (site: string) => Slice, now = Date.now()): Cluster[] {
  const { estate } = plan;
  return estate.clusters.flatMap((cluster): Cluster[] => {
    const site = estate.sites.find(({ id }) => id === cluster.site);
    if (!site) return []; // loadPlan has refused it
    const current = estate.pools.filter((pool) => isCurrent(pool, now));
    const pools = current.filter((pool) => pool.cluster === cluster.id);
    const workers = cluster.role === 'manager' ? workersOf(estate, cluster) : [cluster];
    const queuedPools = cluster.kueue.enabled
      ? current.filter((pool) => workers.some(({ id }) => id === pool.cluster))
      : [];
    const tenants = estate.tenants.filter((tenant) => clustersOfTenant(estate, tenant).includes(cluster));
    const own = estate.clusters.filter((other) => other.site === site.id && other.role !== 'karmada');
    const hostsExporter = (own.find(({ exporter }) => exporter) ?? own[0]) === cluster;
    return [{ plan, cluster, site, pools, queuedPools, tenants, hostsExporter, slice: () => slice(site.id) }];
  });
}
