import { acceleratorOf } from '../../model/accelerator-of.ts';
import { poolResources } from '../../model/queues/pool-resources.ts';
import { controllersOf } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** Kueue leaves out whatever begins with an open resource's name: chips that do would be used without being counted. */
export const openResources: Rule = (plan) => {
  const { estate } = plan;
  const controllers = controllersOf(estate);
  return estate.clusters.flatMap(({ id, resources }, i) => {
    const counted = controllers.filter(({ cluster, workers }) => [cluster, ...workers].some((one) => one.id === id));
    const ids = new Set(counted.flatMap(({ workers }) => workers.map((worker) => worker.id)));
    const chips = estate.pools
      .filter(({ cluster }) => ids.has(cluster))
      .flatMap((pool) => {
        const accelerator = acceleratorOf(plan, pool);
        return (accelerator ? poolResources(pool, accelerator) : []).map(({ name }) => ({ name, pool }));
      });
    return resources.flatMap((resource, j): Obstacle[] => {
      const chip = chips.find(({ name }) => name.startsWith(resource));
      if (!chip) return [];
      return [
        {
          path: ['clusters', i, 'resources', j],
          detail: {
            zh: `Kueue 不计名字以它开头的资源，而资源池 ${chip.pool.id} 的卡叫 ${chip.name}：请去掉，卡的申请由配额放行`,
            en: `Kueue counts nothing whose name begins so, and chips of pool ${chip.pool.id} are called ${chip.name}: take it out, chips are let in by quotas`,
          },
        },
      ];
    });
  });
};
