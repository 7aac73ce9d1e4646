import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import { unitsOf } from '../quota-unit.ts';
import { add, exactDecimal, floor, multiply, rational, type Rational } from '../rational.ts';
import type { Cluster, Pool, Tenant } from '../schema/estate.ts';
import { claimants, type Claimant } from './claimants.ts';
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
 * queue's own. What of a pool no quota names is shared out among the tenants whose quota names none, by their PFlops. So
 * the queues of a pool never have more as their own than there is, and whoever wants its own gets it back from who
 * borrowed it; the pool's others any of them may borrow. What caps all of it is the credits, the sum of the tenant's
 * quotas and what it may borrow. A manager's queues are those of its workers added up.
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
  const all = claimants(plan.estate, worker);
  const own = all.find((one) => one.tenant === tenant);
  if (!own) return [];
  return pools
    .filter((pool) => pool.cluster === worker.id)
    .flatMap((pool) => {
      const accelerator = acceleratorOf(plan, pool);
      return (accelerator ? poolResources(pool, accelerator) : []).flatMap((resource): QueuePart[] => {
        const nominal = nominalOf(all, own, pool, resource);
        if (nominal === undefined) return [];
        const { total, credits } = resource;
        // What no credits cap may not be borrowed either: nothing else would hold the tenant to its quota.
        const capped = credits !== undefined || pool.sharing.by === 'hami';
        return [{ pool, resource, nominal, borrowing: capped ? total - nominal : 0 }];
      });
    });
}

const NONE = rational(0);

/** How much of a pool's resource is a tenant's own; undefined where its queue gives none of it. */
function nominalOf(
  all: readonly Claimant[],
  own: Claimant,
  pool: Pool,
  { slice, unit, each, total }: PoolResource,
): number | undefined {
  const named = ({ quotas }: Claimant): number =>
    quotas
      .filter((quota) => quota.pool === pool.id && quota.slice === slice)
      .reduce((sum, { pflops }) => sum + unitsOf(pflops, unit), 0);
  const amount = (units: number): number => Number(floor(multiply(each, rational(units))));
  const units = named(own);
  if (units > 0) return amount(units);
  const open = ({ quotas }: Claimant): Rational =>
    quotas
      .filter((quota) => quota.pool === undefined)
      .map(({ pflops }) => exactDecimal(pflops))
      .reduce(add, NONE);
  const mine = open(own);
  if (mine.n === 0n || !hasTopology(pool)) return undefined;
  const left = Math.max(0, total - amount(all.reduce((sum, one) => sum + named(one), 0)));
  const asked = all
    .filter((one) => named(one) === 0)
    .map(open)
    .reduce(add, NONE);
  return Number(floor(multiply(rational(left), { n: mine.n * asked.d, d: mine.d * asked.n })));
}
