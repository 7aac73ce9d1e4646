/** What a tenant's queue has and holds, in PFlops: label values of greenflops_queue_pflops. A closed list. */
export const queueStates = ['nominal', 'borrowable', 'reserved', 'used', 'pending'] as const;
export type QueueState = (typeof queueStates)[number];

/** Jobs of a queue: label values of greenflops_queue_workloads. A closed list. */
export const workloadStates = ['pending', 'reserved', 'admitted'] as const;
export type WorkloadState = (typeof workloadStates)[number];
