import { controllersOf } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** Queues that count CPU and memory know how much of them goes with a chip. */
export const countHosts: Rule = ({ estate }) => {
  const counting = controllersOf(estate).filter(({ cluster }) => cluster.kueue.count_hosts);
  return estate.pools.flatMap(({ cluster: of, per_chip: perChip }, i): Obstacle[] => {
    const by = counting.find(({ workers }) => workers.some(({ id }) => id === of));
    if (perChip || !by) return [];
    const { id } = by.cluster;
    return [
      {
        path: ['pools', i],
        detail: {
          zh: `集群 ${id} 写了 kueue.count_hosts: true，队列要按每卡的 CPU 和内存计：请给该池写 per_chip，或把 count_hosts 改为 false`,
          en: `cluster ${id} says kueue.count_hosts: true, and its queues count CPU and memory by the chip: give the pool its per_chip, or set count_hosts to false`,
        },
      },
    ];
  });
};
