import type { CustomObject, Labels } from '../kubernetes.ts';
import { named } from '../labels.ts';

/** Volcano's groups, each in the version that its CRDs store. */
const versions = { Queue: 'scheduling.volcano.sh/v1beta1', HyperNode: 'topology.volcano.sh/v1alpha1' } as const;

/** An object of Volcano. */
export const volcanoObject = (
  kind: keyof typeof versions,
  name: string,
  spec: unknown,
  annotations?: Labels,
): CustomObject => ({ apiVersion: versions[kind], kind, metadata: named(name, undefined, annotations), spec });

// Groups and tenants are both Queues; a prefix also keeps clear of `root` and `default`, which are Volcano's own.
export const queueOfGroup = (group: string): string => `group-${group}`;
export const queueOfTenant = (tenant: string): string => `tenant-${tenant}`;

/** On a namespace: the queue of its gangs that name none, as Volcano's webhook for PodGroups reads it. */
export const GANG_QUEUE = 'scheduling.volcano.sh/queue-name';
