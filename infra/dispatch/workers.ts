import { clustersOfQuota, workersOf } from '../../model/queues/scope.ts';
import type { Cluster as Declared, Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';

/**
 * The workers to which a manager may hand a tenant's jobs: those on which the tenant has a quota, and thus a queue, and
 * which are cleared for the class of its data. First those that a quota names, where chips are the tenant's own: Kueue's
 * Incremental dispatcher asks them in this order.
 */
export function workersOfTenant({ plan: { estate }, cluster }: Cluster, tenant: Tenant): Declared[] {
  if (cluster.role !== 'manager') return [];
  const on = (quotas: Tenant['quota']) => new Set(quotas.flatMap((quota) => clustersOfQuota(estate, tenant, quota)));
  const named = on(tenant.quota.filter((quota) => quota.pool !== undefined || quota.cluster !== undefined));
  const any = on(tenant.quota);
  const workers = workersOf(estate, cluster).filter(
    (worker) => any.has(worker) && worker.data_classes.includes(tenant.data_class),
  );
  return [...workers.filter((one) => named.has(one)), ...workers.filter((one) => !named.has(one))];
}
