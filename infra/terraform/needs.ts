import type { KubernetesObject } from '../kubernetes.ts';

interface Spec {
  readonly parent?: string;
  readonly topologyName?: string;
  readonly clusterQueue?: string;
  readonly resourceGroups?: readonly { readonly flavors: readonly { readonly name: string }[] }[];
  readonly admissionChecksStrategy?: { readonly admissionChecks: readonly { readonly name: string }[] };
}

const named = (kind: string, names: readonly (string | undefined)[]): string[] =>
  names.flatMap((name) => (name === undefined ? [] : [`${kind} ${name}`]));

/**
 * What must be there before, and may go only after, by kind. Volcano refuses a queue without its parent, and the end of a
 * parent before its children's. Kueue lets a flavour, a topology or a check go when no queue uses it any more (a finalizer):
 * Terraform, which removes ten at a time, would wait for flavours while the queues wait for their turn.
 */
const rows: Readonly<Record<string, (spec: Spec) => string[]>> = {
  Queue: ({ parent }) => named('Queue', [parent]),
  ResourceFlavor: ({ topologyName }) => named('Topology', [topologyName]),
  ClusterQueue: ({ resourceGroups = [], admissionChecksStrategy: { admissionChecks = [] } = {} }) => [
    ...named(
      'ResourceFlavor',
      resourceGroups.flatMap(({ flavors }) => flavors.map(({ name }) => name)),
    ),
    ...named(
      'AdmissionCheck',
      admissionChecks.map(({ name }) => name),
    ),
  ],
  LocalQueue: ({ clusterQueue }) => named('ClusterQueue', [clusterQueue]),
};

/** Objects that another one of the same stack needs, as `Kind name`; none of them stands in a namespace. */
export const needsOf = (object: KubernetesObject): string[] =>
  rows[object.kind]?.((object as { spec?: Spec }).spec ?? {}) ?? [];

/**
 * What queues use: a new one is made, the queues go over to it, and then the old one goes. In Terraform's own order the old
 * one would go first, and wait for the queues for ever.
 */
export const isUsed = ({ kind }: KubernetesObject): boolean =>
  kind === 'ResourceFlavor' || kind === 'Topology' || kind === 'AdmissionCheck';
