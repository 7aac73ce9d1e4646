import { isCurrent } from '../pools/current.ts';
import { controllersOf } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** `resources.deviceClassMappings` of Kueue's Configuration takes no more (its validation, Kueue 0.19), and a pool needs one. */
const MOST = 16;

/** A Kueue that is given more mappings of device classes does not start. */
export const claimPools: Rule = ({ estate }) =>
  controllersOf(estate).flatMap(({ cluster, workers }): Obstacle[] => {
    const claimed = estate.pools.filter(
      (pool) =>
        pool.sharing.by === 'dra' && isCurrent(pool, Date.now()) && workers.some(({ id }) => id === pool.cluster),
    );
    const over = claimed[MOST];
    if (!over) return [];
    const manages = cluster.role === 'manager';
    return [
      {
        path: ['pools', estate.pools.indexOf(over), 'sharing'],
        detail: {
          zh: `集群 ${cluster.id} 的 Kueue 要计 ${claimed.length} 个 DRA 资源池，而它的配置最多列 ${MOST} 个（deviceClassMappings），多了就不启动：请合并同型号的池，或改用别的 sharing.by，或${manages ? '在管理集群的 kueue.workers 中少列几个集群' : '把一些池放到另一个集群'}`,
          en: `the Kueue of ${cluster.id} would count ${claimed.length} pools shared by DRA, and its configuration lists ${MOST} at most (deviceClassMappings) and does not start with more: make one pool of those of one model, share some another way (sharing.by), or ${manages ? 'list fewer clusters in kueue.workers of the manager' : 'put some on another cluster'}`,
        },
      },
    ];
  });
