/**
 * The account that Kueue's controller acts as, with the rights that its own manifests give it for jobs, pods, deployments,
 * sets and JobSets, and no others: what the house's policies let pass is then what they let pass in the field.
 */
export const ACCOUNT = 'kueue-controller-manager';

const READ = ['get', 'list', 'watch'];
const STATUS = ['get', 'patch', 'update'];
const JOB = [...READ, 'delete', 'patch', 'update'];
const KUEUE = 'kueue.x-k8s.io';

const rules: readonly (readonly [group: string, resources: readonly string[], verbs: readonly string[]])[] = [
  ['', ['limitranges', 'namespaces', 'nodes'], READ],
  ['', ['pods'], JOB],
  ['', ['pods/status', 'pods/finalizers'], STATUS],
  ['', ['podtemplates'], [...READ, 'create', 'delete', 'update']],
  ['apps', ['deployments', 'replicasets', 'statefulsets'], READ],
  ['batch', ['jobs'], JOB],
  ['batch', ['jobs/status', 'jobs/finalizers'], STATUS],
  ['jobset.x-k8s.io', ['jobsets'], JOB],
  ['jobset.x-k8s.io', ['jobsets/status', 'jobsets/finalizers'], STATUS],
  ['events.k8s.io', ['events'], ['create', 'patch', 'update', 'watch']],
  [
    'admissionregistration.k8s.io',
    ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    ['list', 'watch'],
  ],
  ['apiextensions.k8s.io', ['customresourcedefinitions'], ['list', 'watch']],
  ['node.k8s.io', ['runtimeclasses'], READ],
  ['scheduling.k8s.io', ['priorityclasses'], READ],
  ['resource.k8s.io', ['deviceclasses', 'resourceclaims', 'resourceclaimtemplates', 'resourceslices'], READ],
  [KUEUE, ['admissionchecks', 'clusterqueues', 'resourceflavors', 'topologies'], [...READ, 'update']],
  [
    KUEUE,
    ['admissionchecks', 'clusterqueues', 'resourceflavors', 'topologies', 'workloads'].map(
      (one) => `${one}/finalizers`,
    ),
    ['update'],
  ],
  [
    KUEUE,
    ['admissionchecks', 'clusterqueues', 'cohorts', 'localqueues', 'multikueueclusters', 'workloads'].map(
      (one) => `${one}/status`,
    ),
    STATUS,
  ],
  [
    KUEUE,
    [
      'cohorts',
      'localqueues',
      'multikueueclusters',
      'multikueueconfigs',
      'provisioningrequestconfigs',
      'workloadpriorityclasses',
    ],
    READ,
  ],
  [KUEUE, ['workloads'], [...JOB, 'create']],
  // Who scrapes its metrics is asked of the API server.
  ['authentication.k8s.io', ['tokenreviews'], ['create']],
  ['authorization.k8s.io', ['subjectaccessreviews'], ['create']],
];

const rbac = 'rbac.authorization.k8s.io';

export function controllerAccount(namespace: string): object[] {
  const subjects = [{ kind: 'ServiceAccount', name: ACCOUNT, namespace }];
  const bound = (kind: string, metadata: object, roleKind: string, name: string) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata,
    subjects,
    roleRef: { apiGroup: rbac, kind: roleKind, name },
  });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'kueue-manager-role' },
      rules: rules.map(([group, resources, verbs]) => ({ apiGroups: [group], resources, verbs })),
    },
    bound('ClusterRoleBinding', { name: 'kueue-manager-rolebinding' }, 'ClusterRole', 'kueue-manager-role'),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'kueue-manager-secrets-role', namespace },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: [...READ, 'update'] }],
    },
    bound('RoleBinding', { name: 'kueue-manager-secrets', namespace }, 'Role', 'kueue-manager-secrets-role'),
  ];
}
