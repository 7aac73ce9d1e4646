import { amountOf } from '../../model/quantity.ts';
import { CREDITS } from '../../model/queues/credits.ts';
import { clusterGroups } from '../../model/queues/tenant-queues.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { cohortOf, CREDITS_FLAVOR, kueueObject, PROVINCE } from './kueue.ts';
import { queuesOf } from './queues-of.ts';

/**
 * Province, group, tenant. A tenant borrows what its group has idle, so a group gets no credits from above. Chips it may
 * take wherever they are idle, also those that nobody was promised, which the province holds: what it takes in all, its
 * credits cap.
 */
export function cohorts(cluster: Cluster): KubernetesObject[] {
  const { estate } = cluster.plan;
  const queues = queuesOf(cluster);
  if (queues.length === 0) return [];
  const groups = new Set(queues.flatMap(({ tenant }) => tenant.group ?? []));
  const none = { name: CREDITS, nominalQuota: '0', borrowingLimit: '0' };
  return [
    ...stemmingFrom(
      ['clusters', estate.clusters.indexOf(cluster.cluster)],
      [kueueObject('Cohort', PROVINCE, { resourceGroups: spare(cluster) })],
    ),
    ...[...groups].toSorted().flatMap((group) =>
      stemmingFrom(
        ['tenants', estate.tenants.findIndex((tenant) => tenant.group === group), 'group'],
        [
          kueueObject('Cohort', cohortOf(group), {
            parentName: PROVINCE,
            resourceGroups: [{ coveredResources: [CREDITS], flavors: [{ name: CREDITS_FLAVOR, resources: [none] }] }],
          }),
        ],
      ),
    ),
  ];
}

/**
 * What of each flavour no queue has as its own. The groups are those of the cluster's pools, all of them: two tenants may
 * group a name by what each of them has, and a cohort takes a name in one group only.
 */
function spare(cluster: Cluster) {
  const promised = new Map<string, number>();
  for (const { groups } of queuesOf(cluster))
    for (const { resources, flavors } of groups)
      for (const { name, shares } of flavors)
        for (const [i, resource] of resources.entries()) {
          const key = `${name} ${resource}`;
          promised.set(key, (promised.get(key) ?? 0) + (shares[i]?.nominal ?? 0));
        }
  return clusterGroups(cluster.plan, cluster.cluster, cluster.queuedPools).map(({ resources, flavors }) => ({
    coveredResources: resources,
    flavors: flavors.map(({ name, pools, shares }) => ({
      name,
      resources: resources.map((resource, i) => {
        // What pods without chips may have of hosts comes with each promise, and nothing of it is left over.
        const total = pools.length > 0 ? (shares[i]?.nominal ?? 0) : 0;
        const left = Math.max(0, total - (promised.get(`${name} ${resource}`) ?? 0));
        return { name: resource, nominalQuota: amountOf(resource, left) };
      }),
    })),
  }));
}
