import { dataClasses } from '../../model/schema/data-class.ts';
import type { Cluster as Declared } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { CustomObject, KubernetesObject, Labels } from '../kubernetes.ts';
import { named, names } from '../labels.ts';
import { clearedMembers, kinds, takingWorkloads, tenantsOf } from './karmada.ts';

const CLASS = 'greenflops.io/data-class';
type Kinds = keyof typeof kinds;

/** A tenant's own policy goes before that of the class. */
const priorities = { tenant: 10, class: 0 } as const;

/** All of a workload in one cluster, that which has room for it; of all else a copy in each. */
const placements: Readonly<Record<Kinds, object>> = {
  workloads: {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
    spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
  },
  objects: {},
};

/**
 * Which clusters a tenant's objects may reach, and, for whatever stands in none of its namespaces, which ones data of a
 * class may. Karmada reads an empty list of clusters as all of them, so a policy that would name none is not made: what no
 * policy selects stays where it is. There is nothing for a ClusterTaintPolicy, which goes by conditions that change, nor for
 * a ClusterOverridePolicy: an object reaches every cluster as it was written, and is judged there by that cluster's
 * admission policies.
 */
export function propagation(view: Cluster): KubernetesObject[] {
  const { estate } = view.plan;
  return [
    ...tenantsOf(view).flatMap(({ tenant, members }) =>
      stemmingFrom(
        ['tenants', estate.tenants.indexOf(tenant)],
        both((own) => {
          const takers = own === 'workloads' ? takingWorkloads(view, tenant, members) : members;
          if (takers.length === 0) return [];
          // Marked as more than its tenant's class, an object goes by the policy of that class.
          const above = dataClasses.slice(dataClasses.indexOf(tenant.data_class) + 1);
          const labelSelector = above.length > 0 && {
            labelSelector: { matchExpressions: [{ key: CLASS, operator: 'NotIn', values: above }] },
          };
          const selectors = tenant.namespaces.flatMap((namespace) =>
            kinds[own].map((kind) => ({ ...kind, namespace, ...labelSelector })),
          );
          const said = tenant.name && names(tenant.name);
          return [policy(`tenant-${own}-${tenant.id}`, 'tenant', own, selectors, takers, said)];
        }),
      ),
    ),
    ...dataClasses.flatMap((level) => {
      const members = clearedMembers(view, level);
      if (members.length === 0) return [];
      return stemmingFrom(
        ['clusters', estate.clusters.indexOf(view.cluster)],
        both((own) => {
          const selectors = kinds[own].map((kind) => ({ ...kind, labelSelector: { matchLabels: { [CLASS]: level } } }));
          return [policy(`class-${own}-${level}`, 'class', own, selectors, members)];
        }),
      );
    }),
  ];
}

const both = (of: (own: Kinds) => CustomObject[]): CustomObject[] => [...of('workloads'), ...of('objects')];

const policy = (
  name: string,
  rank: keyof typeof priorities,
  own: Kinds,
  resourceSelectors: readonly object[],
  members: readonly Declared[],
  annotations?: Labels,
): CustomObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'ClusterPropagationPolicy',
  metadata: named(name, undefined, annotations),
  spec: {
    priority: priorities[rank],
    // What a cluster holds already under that name is its own: Karmada stops, and says so.
    conflictResolution: 'Abort',
    resourceSelectors,
    placement: { clusterAffinity: { clusterNames: members.map(({ id }) => id) }, ...placements[own] },
  },
});
