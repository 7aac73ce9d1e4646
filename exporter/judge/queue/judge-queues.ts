import { queueStates, workloadStates, type QueueState, type WorkloadState } from '../../../model/queue-states.ts';
import type { Rejection } from '../../../model/reasons.ts';
import { amountOf, queuePflops, sumOf } from './queue-amounts.ts';
import type { QueuesAnswer } from './queue-samples.ts';
import type { QueueWorth } from './queue-worth.ts';
import { quotaEnforced } from './quota-enforced.ts';

/** What a tenant's queue has and holds. What is not known is left out. */
export interface JudgedQueue {
  readonly pflops: ReadonlyMap<QueueState, number>;
  readonly workloads: ReadonlyMap<WorkloadState, number>;
  /** Whether every chip in use is charged; null where nothing runs, or that cannot be told */
  readonly enforced: boolean | null;
}

const known = <S>(states: readonly S[], figure: (state: S) => number | null): Map<S, number> =>
  new Map(
    states.flatMap((state): [S, number][] => {
      const value = figure(state);
      return value === null ? [] : [[state, value]];
    }),
  );

/** Tenant -> its queue, in PFlops and jobs. */
export function judgeQueues(
  { queues }: QueuesAnswer,
  worth: QueueWorth,
  refuse: (reason: Rejection) => void,
): ReadonlyMap<string, JudgedQueue> {
  return new Map(
    [...queues].map(([tenant, { amounts, workloads }]): [string, JudgedQueue] => [
      tenant,
      {
        pflops: known(queueStates, (state) => {
          const samples = amounts.get(state);
          return samples ? queuePflops(state, samples, worth, refuse) : null;
        }),
        workloads: known(workloadStates, (state) => {
          const samples = workloads.get(state);
          const sum = samples && sumOf(samples.map((sample) => amountOf(sample, refuse)));
          return sum ? Number(sum.n) / Number(sum.d) : null;
        }),
        enforced: quotaEnforced(amounts.get('used') ?? [], worth),
      },
    ]),
  );
}
