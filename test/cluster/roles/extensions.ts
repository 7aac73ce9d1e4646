/**
 * Kinds of Kueue, JobSet and Volcano by name alone: kubectl asks for a right on a kind that the server has. Of the
 * projects' own definitions the proofs of their objects are made.
 */
const kinds = [
  ['kueue.x-k8s.io', 'localqueues', 'LocalQueue'],
  ['kueue.x-k8s.io', 'workloads', 'Workload'],
  ['jobset.x-k8s.io', 'jobsets', 'JobSet'],
  ['batch.volcano.sh', 'jobs', 'Job'],
] as const;

export const extensions = {
  apiVersion: 'v1',
  kind: 'List',
  items: kinds.map(([group, plural, kind]) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  })),
};
