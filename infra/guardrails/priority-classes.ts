import { named, names } from '../labels.ts';
import type { PriorityClass } from '../kubernetes.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';

type Priority = Tenant['priority'];

/** Pods of a lower class make way; far below the cluster's own classes (2,000,000,000), above pods that name none (0). */
const values: Readonly<Record<Priority, { readonly value: number; readonly what: Text }>> = {
  low: { value: 1000, what: { zh: '可让位的工作', en: 'work that makes way' } },
  normal: { value: 10_000, what: { zh: '一般工作', en: 'ordinary work' } },
  high: { value: 100_000, what: { zh: '优先工作', en: 'work that goes first' } },
  urgent: { value: 1_000_000, what: { zh: '政府紧急任务', en: 'urgent government work' } },
};

export const priorities = Object.keys(values) as readonly Priority[];
export const priorityClassOf = (priority: Priority): string => `greenflops-${priority}`;

export const priorityClasses: readonly PriorityClass[] = priorities.map((priority) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: named(priorityClassOf(priority), undefined, names(values[priority].what)),
  value: values[priority].value,
  description: values[priority].what.en,
  globalDefault: false,
  preemptionPolicy: 'PreemptLowerPriority',
}));
