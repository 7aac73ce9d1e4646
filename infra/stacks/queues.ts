import { admissionChecks } from '../dispatch/multikueue.ts';
import { clusterQueues } from '../queues/cluster-queues.ts';
import { cohorts } from '../queues/cohorts.ts';
import { managerConfig } from '../queues/config/config-map.ts';
import { flavors } from '../queues/flavors.ts';
import { localQueues } from '../queues/local-queues.ts';
import { workloadPriorities } from '../queues/workload-priorities.ts';
import type { Stack } from './stack.ts';

/**
 * Kueue's objects: what each tenant may use of the cluster's pools, and what goes first. Kueue itself (its CRDs, and for
 * all that its webhooks fill in, its controller) is not of the house and must be there before.
 */
export const queues: Stack = {
  name: 'queues',
  on: ['worker', 'manager'],
  after: ['pools', 'dispatch'],
  keep: false,
  objects: (cluster) =>
    cluster.cluster.kueue.enabled
      ? [
          ...managerConfig(cluster),
          ...workloadPriorities,
          ...flavors(cluster),
          ...cohorts(cluster),
          ...admissionChecks(cluster),
          ...clusterQueues(cluster),
          ...localQueues(cluster),
        ]
      : [],
};
