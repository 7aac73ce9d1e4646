import { isRecord } from '../../../infra/change/record.ts';
import type { Identified } from '../objects.ts';

/** A merge patch that somebody might make by hand: it weakens or breaks what the object is there for. */
type Edit = (object: Identified & { readonly spec?: { readonly hard?: object }; readonly data?: object }) => object;

const spec =
  (patch: object): Edit =>
  () => ({ spec: patch });

/** One for each kind that the proving estate has; a kind that is missing here fails the proof. */
export const edits: Readonly<Record<string, Edit>> = {
  Namespace: () => ({ metadata: { labels: { 'pod-security.kubernetes.io/audit': 'privileged' } } }),
  ResourceQuota: ({ spec: of }) => ({ spec: { hard: { [Object.keys(of?.hard ?? {})[0] ?? '']: '9999' } } }),
  LimitRange: spec({ limits: [{ type: 'Container', default: { cpu: '64' } }] }),
  // A token by default would be refused by the house's own policy.
  ServiceAccount: () => ({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } }),
  NetworkPolicy: spec({ podSelector: { matchLabels: { nobody: 'here' } } }),
  ConfigMap: ({ data }) => ({ data: { [Object.keys(data ?? {})[0] ?? '']: 'edited' } }),
  Service: spec({ selector: { 'app.kubernetes.io/name': 'another' } }),
  PersistentVolumeClaim: () => ({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } }),
  StorageClass: () => ({ allowVolumeExpansion: false }),
  StatefulSet: spec({ replicas: 3 }),
  ClusterRole: () => ({ rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
  ClusterRoleBinding: () => ({
    subjects: [{ kind: 'Group', name: 'everybody', apiGroup: 'rbac.authorization.k8s.io' }],
  }),
  RoleBinding: () => ({ subjects: [{ kind: 'Group', name: 'everybody', apiGroup: 'rbac.authorization.k8s.io' }] }),
  PriorityClass: () => ({ description: 'edited' }),
  PodDisruptionBudget: spec({ minAvailable: 0 }),
  RuntimeClass: () => ({ scheduling: { nodeSelector: { edited: 'true' } } }),
  DeviceClass: spec({ selectors: [] }),
  ValidatingAdmissionPolicy: spec({ failurePolicy: 'Ignore' }),
  // A set, which an apply would merge to what the server refuses: Deny beside Warn
  ValidatingAdmissionPolicyBinding: spec({ validationActions: ['Warn'] }),
  MutatingAdmissionPolicy: spec({ failurePolicy: 'Ignore' }),
  MutatingAdmissionPolicyBinding: spec({ matchResources: { namespaceSelector: { matchLabels: { nobody: 'here' } } } }),
  ServiceMonitor: spec({ endpoints: [] }),
  WorkloadPriorityClass: () => ({ description: 'edited' }),
  // Of these the first object states too little, or what it states may not change
  ResourceFlavor: () => ({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } }),
  Topology: () => ({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } }),
  LocalQueue: () => ({ metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } }),
  Cohort: spec({ resourceGroups: [] }),
  ClusterQueue: spec({ preemption: { reclaimWithinCohort: 'Never' } }),
  PrometheusRule: spec({ groups: [] }),
};

/** kubectl's arguments that make the edit of an object. */
export function editOf(object: Identified): readonly string[] {
  const edit = edits[object.kind];
  if (!edit) throw new Error(`test/cluster/change/edits.ts has no edit for a ${object.kind}`);
  const { name, namespace } = object.metadata;
  const patch = JSON.stringify(edit(object));
  const where = namespace === undefined ? [] : ['-n', namespace];
  return ['patch', object.kind, name, ...where, '--type=merge', '-p', patch];
}

/** The first object of each kind; not the records of what was deployed, without which nothing is known of what was taken away. */
export const oneOfEach = (objects: readonly Identified[]): readonly Identified[] => [
  ...new Map(
    objects
      .filter((object) => !isRecord(object))
      .toReversed()
      .map((object) => [object.kind, object]),
  ).values(),
];
