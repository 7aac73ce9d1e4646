import { priorityClasses } from '../guardrails/priority-classes.ts';
import type { CustomObject } from '../kubernetes.ts';

/** The priorities of pods once more, for jobs in their queue; a job names one by kueue.x-k8s.io/priority-class. */
export const workloadPriorities: readonly CustomObject[] = priorityClasses.map(({ metadata, value, description }) => ({
  apiVersion: 'kueue.x-k8s.io/v1beta2',
  kind: 'WorkloadPriorityClass',
  metadata,
  value,
  description,
}));
