import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';

/** The four roles of a cluster and who has them: tenant (bound in each namespace), operator, auditor, exporter. */
export const roles = (_cluster: Cluster): KubernetesObject[] => [];
