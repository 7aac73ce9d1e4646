import { managerOf, queueWorkers, workersOf } from '../../model/queues/scope.ts';
import type { Cluster, Estate } from '../../model/schema/estate.ts';

/** A Kueue with all the clusters whose chips its queues count: a worker its own, a manager those of its workers. */
export interface Controller {
  readonly cluster: Cluster;
  readonly workers: readonly Cluster[];
}

export const controllersOf = (estate: Estate): Controller[] => [
  ...queueWorkers(estate).map((cluster) => ({ cluster, workers: [cluster] })),
  ...estate.clusters.flatMap((cluster) =>
    cluster.role === 'manager' && cluster.kueue.enabled ? [{ cluster, workers: workersOf(estate, cluster) }] : [],
  ),
];

/** Whether one Kueue sees all that is used on these clusters: there is one of them, or they have one manager. */
export function seenByOne(estate: Estate, workers: readonly Cluster[]): boolean {
  const [first, ...others] = workers;
  if (!first || others.length === 0) return true;
  const manager = managerOf(estate, first);
  return manager !== undefined && others.every((one) => managerOf(estate, one) === manager);
}

export const listed = (clusters: readonly Cluster[]): string => clusters.map(({ id }) => id).join(', ');
