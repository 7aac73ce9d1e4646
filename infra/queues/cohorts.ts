import { acceleratorOf } from '../../model/accelerator-of.ts';
import { CREDITS } from '../../model/queues/credits.ts';
import { poolResources } from '../../model/queues/pool-resources.ts';
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
  const queues = queuesOf(cluster);
  if (queues.length === 0) return [];
  const groups = new Set(queues.flatMap(({ tenant }) => tenant.group ?? []));
  const none = { name: CREDITS, nominalQuota: '0', borrowingLimit: '0' };
  return [
    kueueObject('Cohort', PROVINCE, { resourceGroups: spare(cluster) }),
    ...[...groups].toSorted().map((group) =>
      kueueObject('Cohort', cohortOf(group), {
        parentName: PROVINCE,
        resourceGroups: [{ coveredResources: [CREDITS], flavors: [{ name: CREDITS_FLAVOR, resources: [none] }] }],
      }),
    ),
  ];
}

/** What of each flavour no queue has as its own. */
function spare(cluster: Cluster) {
  const groups = queuesOf(cluster).flatMap((queue) => queue.groups);
  const byNames = Map.groupBy(groups, ({ resources }) => resources.join(' '));
  return [...byNames.values()].flatMap((same) => {
    const resources = same[0]?.resources ?? [];
    const flavors = Map.groupBy(
      same.flatMap((group) => group.flavors),
      ({ name }) => name,
    );
    return [
      {
        coveredResources: resources,
        flavors: [...flavors].map(([name, own]) => ({
          name,
          resources: resources.map((resource, i) => {
            const promised = own.reduce((sum, { shares }) => sum + (shares[i]?.nominal ?? 0), 0);
            const pools = new Set(own.flatMap(({ pools: of }) => of));
            const total = [...pools].reduce((sum, pool) => {
              const accelerator = acceleratorOf(cluster.plan, pool);
              const found = accelerator && poolResources(pool, accelerator).find((one) => one.name === resource);
              return sum + (found?.total ?? 0);
            }, 0);
            return { name: resource, nominalQuota: String(Math.max(0, total - promised)) };
          }),
        })),
      },
    ];
  });
}
