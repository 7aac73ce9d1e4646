import { clustersOfTenant, workersOf } from '../../model/queues/scope.ts';
import { listed } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** `spec.clusters` of a MultiKueueConfig takes no more (its CRD), and a tenant has one. */
const MOST_WORKERS = 20;

/** A manager hands jobs on by its Kueue, to somebody. */
export const managers: Rule = ({ estate }) =>
  estate.clusters.flatMap((one, i): Obstacle[] => {
    if (one.role !== 'manager') return [];
    if (!one.kueue.enabled)
      return [
        {
          path: ['clusters', i, 'role'],
          detail: {
            zh: '管理集群靠 Kueue（MultiKueue）分发作业：请写 kueue: { enabled: true }',
            en: 'a manager hands jobs on by its Kueue (MultiKueue): write kueue: { enabled: true }',
          },
        },
      ];
    if (workersOf(estate, one).length > 0) return [];
    return [
      {
        path: ['clusters', i, ...(one.kueue.workers ? ['kueue', 'workers'] : ['role'])],
        detail: {
          zh: '管理集群没有 worker，作业无处可去：请至少在一个 worker 集群写 kueue: { enabled: true }，并不要把它排除在 kueue.workers 之外',
          en: 'a manager without workers keeps its jobs for ever: write kueue: { enabled: true } for one cluster at least, and do not leave it out of kueue.workers',
        },
      },
    ];
  });

/** What a manager keeps for a tenant: its jobs, which are cleared data, in one list of clusters. */
export const managedTenants: Rule = ({ estate }) =>
  estate.tenants.flatMap((tenant, i) => {
    const own = clustersOfTenant(estate, tenant);
    return own
      .filter(({ role }) => role === 'manager')
      .flatMap((manager): Obstacle[] => {
        const { data_class: dataClass, id } = tenant;
        const workers = workersOf(estate, manager).filter((one) => own.includes(one));
        if (!manager.data_classes.includes(dataClass))
          return [
            {
              path: ['tenants', i, 'data_class'],
              detail: {
                zh: `租户 ${id} 的作业经过管理集群 ${manager.id}，而它不允许 ${dataClass} 级数据：请在该集群的 data_classes 中加上，或把 ${listed(workers)} 从它的 kueue.workers 中去掉`,
                en: `jobs of ${id} pass through the manager ${manager.id}, which is not cleared for ${dataClass}: add it to the manager's data_classes, or leave ${listed(workers)} out of its kueue.workers`,
              },
            },
          ];
        if (workers.length <= MOST_WORKERS) return [];
        return [
          {
            path: ['tenants', i, 'quota'],
            detail: {
              zh: `管理集群 ${manager.id} 要把租户 ${id} 的作业分给 ${workers.length} 个集群，而 MultiKueueConfig 最多列 ${MOST_WORKERS} 个：请让配额写明 pool 或 cluster，或另设管理集群`,
              en: `the manager ${manager.id} would hand jobs of ${id} to ${workers.length} clusters, and a MultiKueueConfig lists ${MOST_WORKERS} at most: name pools or clusters in the quotas, or have a second manager`,
            },
          },
        ];
      });
  });
