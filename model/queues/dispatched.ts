import type { Cluster, Estate, Tenant } from '../schema/estate.ts';
import { clustersOfTenant, managerOf, workersOf } from './scope.ts';

/**
 * Whether a tenant's jobs come to a worker from its manager alone, since only the manager sees the sum. So it is with a
 * quota that is bound to no cluster, which counts on each of them; and in a group that lends on several clusters, with
 * whoever borrows and whoever lends: what one leaves idle lies idle on each of its clusters, and could be borrowed on each.
 */
export function isDispatched(estate: Estate, worker: Cluster, { quota, group }: Tenant): boolean {
  const manager = managerOf(estate, worker);
  if (!manager) return false;
  if (quota.some(({ pool, cluster }) => pool === undefined && cluster === undefined)) return true;
  const members = group === undefined ? [] : estate.tenants.filter((one) => one.group === group);
  if (members.every(({ borrow_pflops: borrow }) => borrow === 0)) return false;
  const on = new Set(members.flatMap((one) => clustersOfTenant(estate, one)));
  return workersOf(estate, manager).filter((one) => on.has(one)).length > 1;
}
