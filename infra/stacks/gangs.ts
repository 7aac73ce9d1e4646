import { hyperNodes } from '../gangs/hyper-nodes.ts';
import { gangQueues } from '../gangs/queues.ts';
import type { Stack } from './stack.ts';

/** Volcano's objects, where the estate switches it on: queues and racks by which it places what Kueue has admitted. */
export const gangs: Stack = {
  name: 'gangs',
  on: ['worker'],
  after: ['queues'],
  keep: false,
  objects: (cluster) => (cluster.cluster.volcano.enabled ? [...gangQueues(cluster), ...hyperNodes(cluster)] : []),
};
