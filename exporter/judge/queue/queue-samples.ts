import type { QueueState, WorkloadState } from '../../../model/queue-states.ts';
import type { Rejection } from '../../../model/reasons.ts';
import { ReadError, type ExpositionSample } from '../../read/reader.ts';

/** Kueue's own metrics (pkg/metrics/metrics.go) of which something is made; only with enableClusterQueueResources. */
const amounts = {
  kueue_cluster_queue_nominal_quota: 'nominal',
  kueue_cluster_queue_borrowing_limit: 'borrowable',
  kueue_cluster_queue_resource_reservation: 'reserved',
  kueue_cluster_queue_resource_usage: 'used',
  kueue_cluster_queue_resource_pending: 'pending',
} as const satisfies Record<string, QueueState>;

/** Always there. Jobs that Kueue's last look found no room for are `inadmissible`, others that wait `active`: both are pending. */
const workloads = {
  kueue_pending_workloads: 'pending',
  kueue_reserving_active_workloads: 'reserved',
  kueue_admitted_active_workloads: 'admitted',
} as const satisfies Record<string, WorkloadState>;

/** There from a queue's first admission on. */
const totals = {
  kueue_admission_wait_time_seconds_sum: 'waited',
  kueue_admission_wait_time_seconds_count: 'admissions',
} as const;
export type QueueTotal = (typeof totals)[keyof typeof totals];

/** Every Kueue has it, also one without queues. */
const PRESENT = 'kueue_build_info';
/** When the process began, Unix seconds: tells a counter that fell from another process's. */
const BEGUN = 'process_start_time_seconds';

const names = new Set([...Object.keys(amounts), ...Object.keys(workloads), ...Object.keys(totals), PRESENT, BEGUN]);
/** What is kept of the text: histograms have a dozen buckets for each queue besides. */
export const isOfQueues = (name: string): boolean => names.has(name);

/** What Kueue says of one tenant's queue: samples as they stood. */
export interface QueueSamples {
  readonly amounts: ReadonlyMap<QueueState, readonly ExpositionSample[]>;
  readonly workloads: ReadonlyMap<WorkloadState, readonly ExpositionSample[]>;
  readonly totals: ReadonlyMap<QueueTotal, readonly ExpositionSample[]>;
}

export interface QueuesAnswer {
  /** Tenant -> its queue, which has the tenant's id for its name */
  readonly queues: ReadonlyMap<string, QueueSamples>;
  /** Text of when the process began; '' where it does not say */
  readonly process: string;
}

/**
 * Sorts what Kueue says by tenant.
 * @throws ReadError 'empty' where it is not Kueue that answers
 */
export function queueSamples(
  samples: readonly ExpositionSample[],
  tenants: ReadonlySet<string>,
  refuse: (reason: Rejection) => void,
): QueuesAnswer {
  if (!samples.some(({ name }) => name.startsWith('kueue_')))
    throw new ReadError('empty', `no sample of ${PRESENT} nor of any queue: is it the metrics endpoint of Kueue?`);
  const own = new Map<string, ExpositionSample[]>();
  for (const sample of samples) {
    const queue = sample.labels['cluster_queue'];
    if (queue === undefined) continue;
    if (!tenants.has(queue)) refuse('unknown_queue');
    else if (!own.get(queue)?.push(sample)) own.set(queue, [sample]);
  }
  const queues = new Map(
    [...own].map(([tenant, all]) => {
      const of = led(all);
      return [
        tenant,
        { amounts: byState(amounts, of), workloads: byState(workloads, of), totals: byState(totals, all) },
      ];
    }),
  );
  // Queues are there and what they hold is not: the setting is off, which is not the same as nothing held.
  if (queues.size > 0 && ![...queues.values()].some((queue) => queue.amounts.size > 0)) refuse('queue_resources_off');
  return { queues, process: samples.find(({ name }) => name === BEGUN)?.text ?? '' };
}

const byState = <S extends string>(
  rows: Readonly<Record<string, S>>,
  samples: readonly ExpositionSample[],
): ReadonlyMap<S, readonly ExpositionSample[]> =>
  Map.groupBy(
    samples.filter(({ name }) => Object.hasOwn(rows, name)),
    ({ name }): S => rows[name]!,
  );

/** A replica that has just come to lead may still show what it held as a follower: the same once more. */
function led(samples: readonly ExpositionSample[]): readonly ExpositionSample[] {
  const leading = samples.filter(({ labels }) => labels['replica_role'] !== 'follower');
  return leading.length > 0 ? leading : samples;
}
