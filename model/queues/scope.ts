import type { Cluster, Estate, Tenant } from '../schema/estate.ts';

/** Where Kueue admits jobs and pods run. */
export const queueWorkers = ({ clusters }: Estate): Cluster[] =>
  clusters.filter(({ role, kueue }) => role === 'worker' && kueue.enabled);

/** The clusters that a manager hands jobs to: those that it names, else every one that has Kueue. */
export const workersOf = (estate: Estate, { kueue }: Cluster): Cluster[] =>
  queueWorkers(estate).filter(({ id }) => kueue.workers?.includes(id) ?? true);

/** The manager of a worker; undefined where nobody hands jobs to it. */
export const managerOf = (estate: Estate, worker: Cluster): Cluster | undefined =>
  estate.clusters.find(
    (one) => one.role === 'manager' && one.kueue.enabled && workersOf(estate, one).some(({ id }) => id === worker.id),
  );

/**
 * The clusters on which a quota may be used: that of its pool, the one that it names, else every cluster with Kueue that is
 * cleared for the tenant's data.
 */
export function clustersOfQuota(estate: Estate, tenant: Tenant, quota: Tenant['quota'][number]): Cluster[] {
  if (quota.pool !== undefined) {
    const of = estate.pools.find(({ id }) => id === quota.pool)?.cluster;
    return estate.clusters.filter(({ id }) => id === of);
  }
  const cleared = queueWorkers(estate).filter(({ data_classes: classes }) => classes.includes(tenant.data_class));
  return quota.cluster === undefined ? cleared : cleared.filter(({ id }) => id === quota.cluster);
}

/** The clusters on which a tenant has anything, a manager that hands its jobs on among them, in the order of the estate. */
export function clustersOfTenant(estate: Estate, tenant: Tenant): Cluster[] {
  const own = new Set(tenant.quota.flatMap((quota) => clustersOfQuota(estate, tenant, quota)));
  return estate.clusters.filter(
    (one) =>
      own.has(one) ||
      (one.role === 'manager' && one.kueue.enabled && workersOf(estate, one).some((worker) => own.has(worker))),
  );
}
