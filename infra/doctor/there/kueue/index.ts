import type { Checkup } from '../../../../model/checkup.ts';
import type { Cluster } from '../../../../model/schema/estate.ts';
import type { There } from '../../context.ts';
import { account } from './account.ts';
import { configuration } from './configuration.ts';
import { controller } from './controller.ts';
import { dispatched } from './dispatched.ts';
import { enforced } from './enforced.ts';
import { queues } from './queues.ts';
import { topology } from './topology.ts';
import { waiting } from './waiting.ts';
import { workers } from './workers.ts';

/** Checks of a cluster on which Kueue admits jobs: of every one, of one that runs them, of one that hands them on. */
export const kueue = ({ role }: Cluster): readonly Checkup<There>[] => [
  controller,
  configuration,
  enforced,
  queues,
  waiting,
  ...(role === 'manager' ? [workers, dispatched] : [topology, account]),
];
