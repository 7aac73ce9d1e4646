import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';

type Role = Cluster['cluster']['role'];

/** One kind of stack: each cluster has one where it holds anything. */
export interface Stack {
  /** `<cluster>-<name>` is the stack's id */
  readonly name: string;
  /** Of clusters of which roles */
  readonly on: readonly Role[];
  /** Stacks of the same cluster that must be there before this one */
  readonly after: readonly string[];
  /** True where losing the objects loses data: Terraform refuses to destroy them, and `npm run destroy` leaves them out. */
  readonly keep: boolean;
  /** The objects in the order in which they can be made; none: the cluster has no such stack. */
  readonly objects: (cluster: Cluster) => readonly KubernetesObject[];
}
