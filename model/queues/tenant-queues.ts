import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import { unitsOf } from '../quota-unit.ts';
import { floor, multiply, rational } from '../rational.ts';
import type { Cluster, Pool, Tenant } from '../schema/estate.ts';
import { creditsOf } from './credits.ts';
import { hasTopology, poolResources, type PoolResource } from './pool-resources.ts';
import { clustersOfQuota, clustersOfTenant, workersOf } from './scope.ts';

/** What a queue may use of a resource name: its own, and what it may borrow besides. */
export interface Share {
  readonly nominal: number;
  readonly borrowing: number;
}

/** Of a flavour, one row for each resource name of its group, in the group's order. */
export interface QueueFlavor {
  /** The pool's id; on a manager, which has no nodes, the accelerator's */
  readonly name: string;
  readonly pools: readonly Pool[];
  readonly shares: readonly Share[];
}

/** Flavours that offer the same resource names: Kueue takes a name in one group of a queue only. */
export interface QueueGroup {
  readonly resources: readonly string[];
  readonly flavors: readonly QueueFlavor[];
}

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
 * queue's own, and the pool's others may be borrowed. Of pools that no quota names every chip is: what caps both is the
 * credits, the sum of the tenant's quotas and what it may borrow. A manager's are those of its workers added up.
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
    return [
      {
        tenant,
        groups: groupsOf(parts, cluster.role === 'manager' ? ({ accelerator }) => accelerator : ({ id }) => id),
        credits:
          own.length > 0
            ? { nominal: creditsOf(own.map(({ pflops }) => pflops)), borrowing: creditsOf([tenant.borrow_pflops]) }
            : undefined,
      },
    ];
  });
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
        const units = named.reduce((sum, { pflops }) => sum + unitsOf(pflops, unit), 0);
        const nominal = named.length > 0 ? Number(floor(multiply(rational(units), each))) : total;
        // What no credits cap may not be borrowed either: nothing else would hold the tenant to its quota.
        const capped = credits !== undefined || pool.sharing.by === 'hami';
        return [{ pool, resource, nominal, borrowing: capped ? total - nominal : 0 }];
      });
    });
}

/** Parts by flavour, and flavours that share a resource name by group. */
function groupsOf(parts: readonly QueuePart[], flavorOf: (pool: Pool) => string): QueueGroup[] {
  const flavors = Map.groupBy(parts, ({ pool }) => flavorOf(pool));
  const groups: { names: Set<string>; flavors: string[] }[] = [];
  for (const [flavor, own] of flavors) {
    const names = new Set(own.map(({ resource }) => resource.name));
    const meets = groups.filter((group) => !group.names.isDisjointFrom(names));
    const merged = {
      names: new Set([...meets.flatMap((group) => [...group.names]), ...names]),
      flavors: [...meets.flatMap((group) => group.flavors), flavor],
    };
    groups.splice(0, groups.length, ...groups.filter((group) => !meets.includes(group)), merged);
  }
  return groups.map(({ names, flavors: own }) => {
    const resources = [...names].toSorted();
    return {
      resources,
      flavors: own.map((name): QueueFlavor => {
        const of = flavors.get(name) ?? [];
        const sum = (resource: string, at: keyof Share): number =>
          of.reduce((total, part) => total + (part.resource.name === resource ? part[at] : 0), 0);
        return {
          name,
          pools: [...new Set(of.map(({ pool }) => pool))],
          shares: resources.map((one) => ({ nominal: sum(one, 'nominal'), borrowing: sum(one, 'borrowing') })),
        };
      }),
    };
  });
}
