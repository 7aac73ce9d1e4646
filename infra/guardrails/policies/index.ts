import type { Cluster } from '../../cluster.ts';
import type { KubernetesObject } from '../../kubernetes.ts';

/** A cluster's ValidatingAdmissionPolicies, each with its binding. */
export const policies = (_cluster: Cluster): KubernetesObject[] => [];
