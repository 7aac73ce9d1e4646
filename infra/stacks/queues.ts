import { clusterQueues } from '../queues/cluster-queues.ts';
import { cohorts } from '../queues/cohorts.ts';
import { flavors } from '../queues/flavors.ts';
import { localQueues } from '../queues/local-queues.ts';
import { workloadPriorities } from '../queues/workload-priorities.ts';
import type { Stack } from './stack.ts';

/** Kueue's objects: what each tenant may use of the cluster's pools, and what goes first. */
export const queues: Stack = {
  name: 'queues',
  on: ['worker', 'manager'],
  after: ['pools'],
  keep: false,
  objects: (cluster) =>
    cluster.cluster.kueue.enabled
      ? [
          ...workloadPriorities,
          ...flavors(cluster),
          ...cohorts(cluster),
          ...clusterQueues(cluster),
          ...localQueues(cluster),
        ]
      : [],
};
