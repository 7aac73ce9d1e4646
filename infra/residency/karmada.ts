import { isDispatched } from '../../model/queues/dispatched.ts';
import { clustersOfTenant } from '../../model/queues/scope.ts';
import type { DataClass } from '../../model/schema/data-class.ts';
import type { Cluster as Declared, Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';

/**
 * Kinds that are handed on as they are. Jobs are not among them: a manager of Kueue hands those on, when there is quota, and
 * the settings, secrets and claims that they need are there already. Nor are a service's scalers, which would quarrel with
 * the division of its replicas.
 */
export const kinds = {
  /** Of these one cluster gets all: their Service leads to pods of its own cluster, and a set counts its pods from 0 in each */
  workloads: [
    { apiVersion: 'apps/v1', kind: 'Deployment' },
    { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  ],
  /** Of these each cluster gets a copy */
  objects: [
    { apiVersion: 'v1', kind: 'Service' },
    { apiVersion: 'v1', kind: 'ConfigMap' },
    { apiVersion: 'v1', kind: 'Secret' },
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  ],
} as const;

/** The members that may hold data of a class: cleared for it, and for more than general data under the same law as Karmada. */
export const clearedMembers = ({ plan, cluster }: Cluster, level: DataClass): Declared[] =>
  plan.estate.clusters.filter(
    ({ role, data_classes: classes, jurisdiction }) =>
      role === 'worker' && classes.includes(level) && (level === 'general' || jurisdiction === cluster.jurisdiction),
  );

/** Those of them on which the tenant has a quota, and thus its namespaces. */
function membersOfTenant(view: Cluster, tenant: Tenant): Declared[] {
  const own = clustersOfTenant(view.plan.estate, tenant);
  return clearedMembers(view, tenant.data_class).filter((one) => own.includes(one));
}

/** The tenants that have anything to hand on, with where to. */
export const tenantsOf = (view: Cluster): { readonly tenant: Tenant; readonly members: readonly Declared[] }[] =>
  view.plan.estate.tenants.flatMap((tenant) => {
    const members = membersOfTenant(view, tenant);
    return members.length > 0 ? [{ tenant, members }] : [];
  });

/**
 * Those of a tenant's members that take its workloads from here. Where its jobs come from a manager alone, nothing else is
 * let in: only that manager sees what the tenant uses in all.
 */
export const takingWorkloads = (
  { plan: { estate } }: Cluster,
  tenant: Tenant,
  members: readonly Declared[],
): readonly Declared[] => members.filter((one) => !isDispatched(estate, one, tenant));
