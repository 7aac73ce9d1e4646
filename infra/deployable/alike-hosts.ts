import { managerOf } from '../../model/queues/scope.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/**
 * A manager and its workers count the same. What a worker counts and its manager does not, the manager promises without
 * end: it hands a job to a worker whose queue has no CPU left for it, where the job waits without a word on the manager.
 * The other way round a job waits on the manager for CPU that no worker caps.
 */
export const alikeHosts: Rule = ({ estate }) =>
  estate.clusters.flatMap((worker, i): Obstacle[] => {
    const manager = managerOf(estate, worker);
    if (!manager || worker.kueue.count_hosts === manager.kueue.count_hosts) return [];
    const has = worker.kueue.count_hosts;
    return [
      {
        path: ['clusters', i, 'kueue', ...(has ? ['count_hosts'] : [])],
        detail: {
          zh: `这里 kueue.count_hosts 为 ${has}，而它的管理集群 ${manager.id} 为 ${!has}：一个计 CPU 和内存而另一个不计，作业会在其中一处无故等待。请在两处都写 count_hosts: ${has}，或都写 ${!has}`,
          en: `kueue.count_hosts is ${has} here and ${!has} for its manager ${manager.id}: one would count CPU and memory and the other not, and a job that one lets through waits at the other. Write count_hosts: ${has} for both, or ${!has} for both`,
        },
      },
    ];
  });
