import type { Rejection } from '../../../model/reasons.ts';

/** One pod's claim on the chips of a node, or on one device where the source knows which. */
export interface Hold {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  /** The device's own identity, e.g. a UUID; null: only the node is known */
  readonly device: string | null;
  /** As Kubernetes names it, e.g. nvidia.com/gpu; null where the source names none */
  readonly resource: string | null;
  /** Of the resource, or parts of one device (0.3: a third of it); more than 0 */
  readonly chips: number;
}

/** A node as its cluster sees it. */
export interface ClusterNode {
  readonly name: string;
  /** Those labels that pools select by */
  readonly labels: Readonly<Record<string, string>>;
  /** Resource -> chips that the device plugin found; sick ones among them */
  readonly capacity: ReadonlyMap<string, number>;
  /** Resource -> chips that may be given to pods */
  readonly allocatable: ReadonlyMap<string, number>;
  /** Whether new pods may come (false: cordoned) */
  readonly schedulable: boolean;
  /** null: the node does not say */
  readonly ready: boolean | null;
}

/** Which pod holds how many chips of which node, wherever it was read. */
export interface Allocations {
  readonly holds: readonly Hold[];
  /** null: the source speaks of pods alone */
  readonly nodes: readonly ClusterNode[] | null;
  /** Samples that were not believed, by reason */
  readonly rejected: ReadonlyMap<Rejection, number>;
}

/** What is looked for in a cluster: the rest is not even kept. */
export interface Wanted {
  /** Names of resources, e.g. nvidia.com/gpu */
  readonly resources: ReadonlySet<string>;
  /** Names of node labels that pools select by */
  readonly labels: ReadonlySet<string>;
}
