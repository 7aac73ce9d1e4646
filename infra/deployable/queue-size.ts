import { tenantQueues } from '../../model/queues/tenant-queues.ts';
import { controllersOf } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** maxItems of resourceGroups, and of flavors and coveredResources in one of them (the CRD of ClusterQueue, v1beta2). */
const MOST_GROUPS = 16;
const MOST_IN_A_GROUP = 64;

/** A ClusterQueue takes so many kinds of chips and no more. */
export const queueSize: Rule = (plan) =>
  controllersOf(plan.estate).flatMap(({ cluster }) =>
    tenantQueues(plan, cluster).flatMap(({ tenant, groups, credits }): Obstacle[] => {
      const own = (credits ? 1 : 0) + (cluster.kueue.count_hosts ? 1 : 0);
      const most = Math.max(0, ...groups.flatMap(({ resources, flavors }) => [resources.length, flavors.length]));
      const many = groups.length + own > MOST_GROUPS;
      if (!many && most <= MOST_IN_A_GROUP) return [];
      const [has, limit] = many ? [groups.length + own, MOST_GROUPS] : [most, MOST_IN_A_GROUP];
      return [
        {
          path: ['tenants', plan.estate.tenants.indexOf(tenant), 'quota'],
          detail: {
            zh: `租户 ${tenant.id} 在集群 ${cluster.id} 的队列有 ${has} ${many ? '组资源名' : '个同名资源的池或型号'}，而 Kueue 最多 ${limit}：请让配额写明 pool 或 cluster，或把资源池分到更多集群`,
            en: `the queue of ${tenant.id} on ${cluster.id} would have ${has} ${many ? 'groups of resource names' : 'pools or models under one name'}, and Kueue takes ${limit} at most: name pools or clusters in the quotas, or spread the pools over more clusters`,
          },
        },
      ];
    }),
  );
