import type { Fields } from '../../../infra/admission/schema.ts';

const kueue = 'kueue.x-k8s.io/v1beta2';
const monitoring = 'monitoring.coreos.com/v1';
const karmada = 'policy.karmada.io/v1alpha1';
const cluster = (apiVersion: string, kind: string, name: string, rest: Fields): Fields => ({
  apiVersion,
  kind,
  metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'greenflops' } },
  ...rest,
});
const inside = (apiVersion: string, kind: string, name: string, rest: Fields): Fields => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default', labels: { 'app.kubernetes.io/managed-by': 'greenflops' } },
  ...rest,
});
const template = {
  metadata: { labels: { app: 'train' } },
  spec: {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'main',
        image: 'registry.example/work:1',
        ports: [{ containerPort: 80 }],
        resources: { limits: { 'nvidia.com/gpu': 1, memory: '1Gi' } },
      },
    ],
    tolerations: [{ key: 'a', operator: 'Exists' }],
  },
};

/** One object or more of each kind that the house makes or may make: every API server takes them. */
export const good: readonly Fields[] = [
  cluster(kueue, 'Topology', 'dc', {
    spec: { levels: [{ nodeLabel: 'dc.example/rack' }, { nodeLabel: 'kubernetes.io/hostname' }] },
  }),
  cluster(kueue, 'ResourceFlavor', 'credits', { spec: {} }),
  cluster(kueue, 'ResourceFlavor', 'ascend-tas', {
    spec: {
      nodeLabels: { pool: 'ascend910b' },
      topologyName: 'dc',
      nodeTaints: [{ key: 'greenflops.io/pool', value: 'p-910b', effect: 'NoSchedule' }],
      tolerations: [
        { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' },
        { key: 'huawei.com/npu', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
      ],
    },
  }),
  cluster(kueue, 'Cohort', 'jiangxi', { spec: { parentName: 'root', fairSharing: { weight: '1' } } }),
  cluster(kueue, 'ClusterQueue', 'tenant-b', {
    spec: {
      cohortName: 'fleet',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tenant-b' } },
      queueingStrategy: 'BestEffortFIFO',
      preemption: {
        reclaimWithinCohort: 'Any',
        withinClusterQueue: 'LowerPriority',
        borrowWithinCohort: { policy: 'LowerPriority', maxPriorityThreshold: 100 },
      },
      flavorFungibility: {
        whenCanBorrow: 'TryNextFlavor',
        whenCanPreempt: 'TryNextFlavor',
        preference: 'BorrowingOverPreemption',
      },
      fairSharing: { weight: 1 },
      stopPolicy: 'None',
      admissionChecksStrategy: { admissionChecks: [{ name: 'to-site-2', onFlavors: ['credits'] }] },
      resourceGroups: [
        {
          coveredResources: ['huawei.com/Ascend910'],
          flavors: [{ name: 'ascend910b', resources: [{ name: 'huawei.com/Ascend910', nominalQuota: 32 }] }],
        },
        {
          coveredResources: ['nvidia.com/gpu', 'cpu'],
          flavors: [
            {
              name: 'a800',
              resources: [
                { name: 'nvidia.com/gpu', nominalQuota: '32' },
                { name: 'cpu', nominalQuota: '500m' },
              ],
            },
          ],
        },
        {
          coveredResources: ['compute/tflops'],
          flavors: [
            { name: 'credits', resources: [{ name: 'compute/tflops', nominalQuota: 5000, borrowingLimit: 2000 }] },
          ],
        },
      ],
    },
  }),
  inside(kueue, 'LocalQueue', 'main', { spec: { clusterQueue: 'tenant-b', stopPolicy: 'Hold' } }),
  cluster(kueue, 'WorkloadPriorityClass', 'gov-urgent', { value: 10_000, description: 'urgent' }),
  cluster(kueue, 'AdmissionCheck', 'to-site-2', {
    spec: {
      controllerName: 'kueue.x-k8s.io/multikueue',
      parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name: 'sites' },
    },
  }),
  cluster(kueue, 'MultiKueueConfig', 'sites', { spec: { clusters: ['site-2', 'site-3'] } }),
  cluster(kueue, 'MultiKueueCluster', 'site-2', {
    spec: { clusterSource: { kubeConfig: { locationType: 'Secret', location: 'site-2-kubeconfig' } } },
  }),
  inside(kueue, 'Workload', 'job-1', {
    spec: {
      queueName: 'main',
      priority: 7,
      priorityClassRef: { group: 'kueue.x-k8s.io', kind: 'WorkloadPriorityClass', name: 'gov-urgent' },
      podSets: [{ name: 'main', count: 4, minCount: 2, template }],
    },
  }),
  inside(monitoring, 'ServiceMonitor', 'exporter', {
    spec: {
      selector: { matchLabels: { app: 'greenflops' } },
      endpoints: [
        {
          port: 'http',
          interval: '30s',
          scrapeTimeout: '10s',
          scheme: 'http',
          honorLabels: true,
          relabelings: [
            {
              action: 'replace',
              sourceLabels: ['__address__'],
              targetLabel: 'instance',
              regex: '(.*):.*',
              replacement: '$1',
            },
          ],
          metricRelabelings: [{ action: 'labeldrop', regex: 'pod|namespace' }],
          basicAuth: {
            username: { name: 'auth', key: 'user' },
            password: { name: 'auth', key: 'password', optional: false },
          },
        },
      ],
      sampleLimit: 10_000,
    },
  }),
  inside(monitoring, 'PodMonitor', 'pods', {
    spec: {
      selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] },
      podMetricsEndpoints: [{ port: 'http', path: '/metrics', params: { q: ['1'] } }],
    },
  }),
  inside(monitoring, 'PrometheusRule', 'rules', {
    spec: {
      groups: [
        {
          name: 'power',
          interval: '1m',
          limit: 5,
          rules: [
            {
              alert: 'PueHigh',
              expr: 'greenflops_pue > 1.3',
              for: '5m',
              labels: { severity: 'page' },
              annotations: { summary: '高于目标' },
            },
            { record: 'site:power:sum', expr: 'sum(x)' },
          ],
        },
      ],
    },
  }),
  cluster('scheduling.volcano.sh/v1beta1', 'Queue', 'ascend', {
    spec: {
      weight: 4,
      parent: 'root',
      reclaimable: true,
      capability: { 'huawei.com/Ascend910': 64 },
      deserved: { 'huawei.com/Ascend910': '48' },
      guarantee: { resource: { 'huawei.com/Ascend910': 16 } },
      dequeueStrategy: 'traverse',
    },
  }),
  cluster('topology.volcano.sh/v1alpha1', 'HyperNode', 'rack1', {
    spec: {
      tier: 1,
      members: [
        { type: 'Node', selector: { labelMatch: { matchLabels: { rack: 'r1' } } } },
        { type: 'Node', selector: { exactMatch: { name: 'n-1' } } },
      ],
    },
  }),
  inside('scheduling.volcano.sh/v1beta1', 'PodGroup', 'gang', {
    spec: { minMember: 2, queue: 'ascend', minResources: { cpu: 2, memory: '4Gi' } },
  }),
  inside('batch.volcano.sh/v1alpha1', 'Job', 'train', {
    spec: {
      minAvailable: 1,
      schedulerName: 'volcano',
      queue: 'ascend',
      policies: [{ event: 'PodEvicted', action: 'RestartJob' }],
      tasks: [{ name: 'worker', replicas: 2, template }],
    },
  }),
  inside(karmada, 'PropagationPolicy', 'spread', {
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'nginx' }],
      placement: {
        clusterAffinity: { clusterNames: ['member1', 'member2'] },
        replicaScheduling: {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: { staticWeightList: [{ targetCluster: { clusterNames: ['member1'] }, weight: 2 }] },
        },
      },
    },
  }),
  cluster(karmada, 'ClusterPropagationPolicy', 'spread', {
    spec: {
      conflictResolution: 'Overwrite',
      priority: 3,
      resourceSelectors: [{ apiVersion: 'v1', kind: 'Namespace' }],
      placement: {
        clusterTolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }],
        spreadConstraints: [{ spreadByField: 'region', maxGroups: 2, minGroups: 1 }],
      },
    },
  }),
  inside(karmada, 'OverridePolicy', 'registry', {
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
      overrideRules: [
        {
          targetCluster: { clusterNames: ['member1'] },
          overriders: {
            imageOverrider: [{ component: 'Registry', operator: 'replace', value: 'registry.example' }],
            plaintext: [{ path: '/spec/replicas', operator: 'replace', value: 3 }],
          },
        },
      ],
    },
  }),
  inside(karmada, 'FederatedResourceQuota', 'tenant', {
    spec: {
      overall: { cpu: 100, 'nvidia.com/gpu': '16' },
      staticAssignments: [{ clusterName: 'member1', hard: { cpu: 50 } }],
    },
  }),
];

type Change = readonly [kind: string, path: readonly (string | number)[], value: unknown];

/** One condition broken at a time that only a CEL rule of the definition states; undefined takes the field away. */
export const broken: readonly Change[] = [
  ['Topology', ['spec', 'levels'], [{ nodeLabel: 'kubernetes.io/hostname' }, { nodeLabel: 'dc.example/rack' }]],
  ['Topology', ['spec', 'levels'], [{ nodeLabel: 'a' }, { nodeLabel: 'a' }]],
  ['ResourceFlavor', ['spec', 'topologyName'], 'dc'],
  ['ResourceFlavor', ['spec', 'nodeLabels'], {}],
  ['ResourceFlavor', ['spec', 'nodeTaints'], [{ key: 'a', effect: 'Never' }]],
  ['ResourceFlavor', ['spec', 'tolerations'], [{ value: 'x', effect: 'NoSchedule' }]],
  ['ResourceFlavor', ['spec', 'tolerations'], [{ key: 'a', operator: 'Exists', value: 'x' }]],
  ['ResourceFlavor', ['spec', 'tolerations'], [{ key: 'a', operator: 'Like' }]],
  [
    'ResourceFlavor',
    ['spec', 'tolerations'],
    [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }],
  ],
  ['ResourceFlavor', ['spec', 'tolerations'], [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }]],
  ['ClusterQueue', ['spec', 'cohortName'], undefined],
  ['ClusterQueue', ['spec', 'preemption', 'reclaimWithinCohort'], 'Never'],
  ['ClusterQueue', ['spec', 'flavorFungibility', 'whenCanBorrow'], 'Borrow'],
  ['ClusterQueue', ['spec', 'flavorFungibility', 'whenCanBorrow'], 'MayStopSearch'],
  ['ClusterQueue', ['spec', 'resourceGroups', 0, 'coveredResources'], ['huawei.com/Ascend910', 'cpu']],
  [
    'ClusterQueue',
    ['spec', 'resourceGroups', 1, 'flavors', 0, 'resources'],
    [{ name: 'nvidia.com/gpu', nominalQuota: 1 }],
  ],
  ['MultiKueueCluster', ['spec', 'clusterSource', 'kubeConfig'], undefined],
  ['MultiKueueCluster', ['spec', 'clusterSource', 'clusterProfileRef'], { name: 'x' }],
  ['MultiKueueConfig', ['spec', 'clusters'], ['a', 'b', 'a']],
  ['Workload', ['spec', 'priority'], undefined],
  ['Workload', ['spec', 'podSets', 0, 'minCount'], 5],
  ['Workload', ['spec', 'priorityClassRef', 'kind'], 'PriorityClass'],
  ['Workload', ['spec', 'priorityClassRef', 'group'], 'scheduling.k8s.io'],
  ['HyperNode', ['spec', 'members', 0, 'selector'], {}],
  ['HyperNode', ['spec', 'members', 0, 'selector', 'exactMatch'], { name: 'n-2' }],
];
