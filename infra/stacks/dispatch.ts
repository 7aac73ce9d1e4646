import { accountObjects } from '../dispatch/account.ts';
import { multiKueue } from '../dispatch/multikueue.ts';
import type { Stack } from './stack.ts';

/**
 * The two ends by which a manager hands jobs to its workers: on the manager where they are and who may have whose jobs, on
 * a worker the account that it comes as. Before the queues, which lead there, and removed after them.
 */
export const dispatch: Stack = {
  name: 'dispatch',
  on: ['worker', 'manager'],
  after: ['pools'],
  keep: false,
  objects: (cluster) => [...accountObjects(cluster), ...multiKueue(cluster)],
};
