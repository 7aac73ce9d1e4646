import { tenantQueues, type TenantQueue } from '../../model/queues/tenant-queues.ts';
import type { Cluster } from '../cluster.ts';

const known = new WeakMap<Cluster, readonly TenantQueue[]>();

/** The queues of a cluster, by the pools that are valid now; made once for all who ask. */
export function queuesOf(cluster: Cluster): readonly TenantQueue[] {
  const made = known.get(cluster) ?? tenantQueues(cluster.plan, cluster.cluster, cluster.queuedPools);
  known.set(cluster, made);
  return made;
}
