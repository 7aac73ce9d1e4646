import { queueParts } from '../../model/queues/tenant-queues.ts';
import { workersOf } from '../../model/queues/scope.ts';
import type { Pool, Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';

/**
 * The pools whose chips a tenant may get on a cluster: with Kueue those that its queue gives, also where its quota names
 * none, and on a manager its workers'; without it those on which it has a quota.
 */
export function poolsOf({ plan, cluster, pools, queuedPools }: Cluster, tenant: Tenant): Pool[] {
  if (!cluster.kueue.enabled) return pools.filter(({ id }) => tenant.quota.some(({ pool }) => pool === id));
  const workers = cluster.role === 'manager' ? workersOf(plan.estate, cluster) : [cluster];
  return [
    ...new Set(workers.flatMap((worker) => queueParts(plan, tenant, worker, queuedPools)).map((part) => part.pool)),
  ];
}
