import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import { unitsOf } from '../quota-unit.ts';
import { floor, multiply, rational } from '../rational.ts';
import type { Cluster, Pool, Tenant } from '../schema/estate.ts';
import { creditsOf } from './credits.ts';
import { groupsOf, type GroupPart, type QueueGroup, type Share } from './groups.ts';
import { hostParts } from './hosts.ts';
import { hasTopology, poolResources, type PoolResource } from './pool-resources.ts';
import { clustersOfQuota, clustersOfTenant, workersOf } from './scope.ts';

export type { QueueGroup, Share } from './groups.ts';

/** A tenant's ClusterQueue as the declaration has it. */
export interface TenantQueue {
  readonly tenant: Tenant;
  readonly groups: readonly QueueGroup[];
  /** Whole GFLOPS dense FP16 over all its pools but those of claims; undefined where it has no other */
  readonly credits: Share | undefined;
}

/** One resource name of one pool in one tenant's queue. */
export interface QueuePart extends Share {
  readonly pool: Pool;
  readonly resource: PoolResource;
}

/**
 * The queues of a cluster. Of a pool that a quota names the chips are guaranteed: floor(quota / peak) of them are the
 * queue's own, and the pool's others may be borrowed. For a quota that names no pool every chip of every pool is the
 * queue's own that no other tenant's quota names, and those others may be borrowed, so that they go back when they are
 * asked for. What caps all of it is the credits, the sum of the tenant's quotas and what it may borrow. A manager's queues
 * are those of its workers added up.
 */
export function tenantQueues(plan: Plan, cluster: Cluster, pools: readonly Pool[] = plan.estate.pools): TenantQueue[] {
  const { estate } = plan;
  const workers = cluster.role === 'manager' ? workersOf(estate, cluster) : [cluster];
  return estate.tenants.flatMap((tenant): TenantQueue[] => {
    if (!clustersOfTenant(estate, tenant).includes(cluster)) return [];
    const parts = workers.flatMap((worker) => queueParts(plan, tenant, worker, pools));
    const own = tenant.quota.filter(
      (quota) =>
        clustersOfQuota(estate, tenant, quota).some((one) => workers.includes(one)) &&
        pools.find(({ id }) => id === quota.pool)?.sharing.by !== 'dra' &&
        (quota.pool === undefined || pools.some(({ id }) => id === quota.pool)),
    );
    const credits =
      own.length > 0
        ? { nominal: creditsOf(own.map(({ pflops }) => pflops)), borrowing: creditsOf([tenant.borrow_pflops]) }
        : undefined;
    return [{ tenant, groups: grouped(plan, cluster, parts, credits), credits }];
  });
}

/** Everything that a cluster's pools have, in the groups of a queue that may use them all. */
export function clusterGroups(plan: Plan, cluster: Cluster, pools: readonly Pool[]): QueueGroup[] {
  const parts = pools.flatMap((pool) => {
    const accelerator = acceleratorOf(plan, pool);
    return (accelerator ? poolResources(pool, accelerator) : []).map((resource): QueuePart => ({
      pool,
      resource,
      nominal: resource.total,
      borrowing: 0,
    }));
  });
  return grouped(plan, cluster, parts, undefined);
}

function grouped(
  plan: Plan,
  { role, kueue }: Cluster,
  parts: readonly QueuePart[],
  credits: Share | undefined,
): QueueGroup[] {
  const flavorOf = ({ id, accelerator }: Pool) => (role === 'manager' ? accelerator : id);
  const chips = parts.map(({ pool, resource, nominal, borrowing }): GroupPart => ({
    flavor: flavorOf(pool),
    pool,
    resource: resource.name,
    nominal,
    borrowing,
  }));
  return groupsOf([...(kueue.count_hosts ? hostParts(plan, parts, credits, flavorOf) : []), ...chips]);
}

/** What a tenant's queue on a worker holds of each of its pools, resource name by resource name. */
export function queueParts(plan: Plan, tenant: Tenant, worker: Cluster, pools: readonly Pool[]): QueuePart[] {
  const quotas = tenant.quota.filter((quota) => clustersOfQuota(plan.estate, tenant, quota).includes(worker));
  const open = quotas.some(({ pool }) => pool === undefined);
  return pools
    .filter((pool) => pool.cluster === worker.id)
    .flatMap((pool) => {
      const accelerator = acceleratorOf(plan, pool);
      return (accelerator ? poolResources(pool, accelerator) : []).flatMap((resource): QueuePart[] => {
        const { slice, unit, each, total, credits } = resource;
        const named = quotas.filter((quota) => quota.pool === pool.id && quota.slice === slice);
        if (named.length === 0 && !(open && hasTopology(pool))) return [];
        const amount = (of: Tenant['quota']): number =>
          Number(floor(multiply(each, rational(of.reduce((sum, { pflops }) => sum + unitsOf(pflops, unit), 0)))));
        const promised = plan.estate.tenants.flatMap((other) =>
          other.quota.filter((quota) => quota.pool === pool.id && quota.slice === slice),
        );
        const nominal = named.length > 0 ? amount(named) : Math.max(0, total - amount(promised));
        // What no credits cap may not be borrowed either: nothing else would hold the tenant to its quota.
        const capped = credits !== undefined || pool.sharing.by === 'hami';
        return [{ pool, resource, nominal, borrowing: capped ? total - nominal : 0 }];
      });
    });
}
