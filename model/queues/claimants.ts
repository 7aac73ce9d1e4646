import type { Cluster, Estate, Tenant } from '../schema/estate.ts';
import { clustersOfQuota } from './scope.ts';

/** A tenant with those of its quotas that count on a cluster. */
export interface Claimant {
  readonly tenant: Tenant;
  readonly quotas: Tenant['quota'];
}

const known = new WeakMap<Estate, Map<string, readonly Claimant[]>>();

/** Who has a quota that counts on the cluster, in the order of the estate; looked up once for all who ask. */
export function claimants(estate: Estate, cluster: Cluster): readonly Claimant[] {
  const byCluster = known.get(estate) ?? new Map<string, readonly Claimant[]>();
  known.set(estate, byCluster);
  const found =
    byCluster.get(cluster.id) ??
    estate.tenants.flatMap((tenant): Claimant[] => {
      const quotas = tenant.quota.filter((quota) => clustersOfQuota(estate, tenant, quota).includes(cluster));
      return quotas.length > 0 ? [{ tenant, quotas }] : [];
    });
  byCluster.set(cluster.id, found);
  return found;
}
