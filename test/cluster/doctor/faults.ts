import { actions, allocatable, network, patch, run, served, serving, without, type Fault } from './tamper.ts';

const flannel = without('daemonset', 'cilium', '-n', 'kube-system');
const rules = without('crd', 'prometheusrules.monitoring.coreos.com');
const quotaStatus = ['resourcequota', 'accelerators', '-n', 'copper-train'];

/** Faults that are made together and found together: each by its own words, and nothing besides. */
export const rounds: readonly (readonly Fault[])[] = [
  [
    {
      name: 'a context that the kubeconfig has not',
      estate: (text) => text.replace('context: ward\n', 'context: other\n'),
      says: [/estate\.yaml:\d+:\d+: the kubeconfig has no context other; it has: closed, twin, ward, warden$/],
    },
    {
      name: 'an API server that does not answer',
      estate: (text) => text.replace('context: warden', 'context: closed'),
      says: [/estate\.yaml:\d+:\d+: .*127\.0\.0\.1:1.* refused/],
    },
  ],
  [
    {
      name: 'namespaces of another jurisdiction',
      estate: (text) => text.replace('jurisdiction: jiangxi', 'jurisdiction: hunan'),
      says: [
        /: namespace copper-train is labelled greenflops\.io\/jurisdiction=jiangxi, and the declaration says hunan$/,
      ],
    },
    {
      name: 'a CRD that is missing',
      make: async (patient) => {
        await rules.make(patient);
        await served(patient, 'monitoring.coreos.com/v1', 'PrometheusRule', false);
      },
      mend: async (patient) => {
        await rules.mend(patient);
        await served(patient, 'monitoring.coreos.com/v1', 'PrometheusRule', true);
      },
      says: [/: the cluster has no PrometheusRule of monitoring\.coreos\.com\/v1$/],
    },
    {
      name: 'a selector that no node matches',
      ...without('node', 'gpu-0'),
      says: [/ p-a800: no node is labelled accelerator=nvidia-a800$/],
    },
    {
      name: 'a label that is missing',
      make: run('label', 'node', 'npu-0', 'greenflops.io/pool-'),
      mend: run('label', 'node', 'npu-0', 'greenflops.io/pool=p-910b'),
      says: [/ p-910b: nodes npu-0 have no label greenflops\.io\/pool=p-910b$/],
    },
    {
      name: 'a network that enforces no policy',
      make: async (patient) => {
        await flannel.make(patient);
        await patient.accepted(['create', '-f', '-'], network('kube-flannel-ds'));
      },
      mend: async (patient) => {
        await patient.accepted(['delete', 'daemonset', 'kube-flannel-ds', '-n', 'kube-system']);
        await flannel.mend(patient);
      },
      says: [/^kube-system\/kube-flannel-ds: this network enforces no NetworkPolicy: tenants are not kept apart$/],
    },
    {
      name: 'a policy without its binding',
      ...without('validatingadmissionpolicybinding', 'greenflops-tolerations'),
      says: [/^ValidatingAdmissionPolicyBinding greenflops-tolerations: is not there, so this policy forbids nothing$/],
    },
    {
      name: 'a Secret that is missing',
      ...without('secret', 'greenflops-web', '-n', 'greenflops'),
      says: [/^Secret greenflops\/greenflops-web: is not there, and the exporter's pod does not start$/],
    },
    {
      name: 'no volume for the ledger',
      ...without('persistentvolume', 'ledger-0'),
      says: [
        /: StorageClass greenflops-ledger provisions nothing, and no PersistentVolume of it is there: the exporter's pod waits for ever$/,
      ],
    },
    {
      name: 'no namespace for Prometheus',
      estate: (text) => text.replace('operator: true }', 'operator: true, namespace: watch }'),
      says: [/estate\.yaml:\d+:\d+: there is no namespace watch, from which alone the exporter may be scraped$/],
    },
  ],
  [
    {
      name: 'CRDs that are too old',
      make: serving(false),
      mend: serving(true),
      says: [
        /: the CRDs of kueue\.x-k8s\.io are too old: ClusterQueue, LocalQueue, ResourceFlavor are not served as kueue\.x-k8s\.io\/v1beta2, only as v1beta1$/,
      ],
    },
    {
      name: 'a named node that is missing',
      ...without('node', 'npu-1'),
      says: [
        / p-910b: the cluster has no node npu-1$/,
        / p-910b: 16 are declared, and nodes offer 8 of huawei\.com\/Ascend910/,
        / huawei\.com\/Ascend910: the tenants' quotas go up to 9, and nodes offer 8: what is above it waits for ever$/,
        / p-910b: no node has topology\.example\/rack r2$/,
      ],
    },
    {
      name: 'no device plugin',
      make: allocatable('gpu-0', { 'nvidia.com/gpu': null }),
      mend: allocatable('gpu-0', { 'nvidia.com/gpu': '8' }),
      says: [
        / p-a800: nodes gpu-0 do not offer nvidia\.com\/gpu.*: there is no device plugin, or it has not registered$/,
      ],
    },
    {
      name: 'a taint that is missing',
      make: run('taint', 'node', 'npu-0', 'greenflops.io/pool-'),
      mend: run('taint', 'node', 'npu-0', 'greenflops.io/pool=p-910b:NoSchedule'),
      says: [/ p-910b: nodes npu-0 have no taint greenflops\.io\/pool=p-910b:NoSchedule: pods of others land on them$/],
    },
    {
      name: 'a Secret that lacks a key',
      make: patch(['secret', 'greenflops-sources', '-n', 'greenflops'], 'json', [
        { op: 'move', from: '/data/gate-community', path: '/data/other' },
      ]),
      mend: patch(['secret', 'greenflops-sources', '-n', 'greenflops'], 'json', [
        { op: 'move', from: '/data/other', path: '/data/gate-community' },
      ]),
      says: [/^Secret greenflops\/greenflops-sources: lacks gate-community$/],
    },
    {
      name: 'a StorageClass that is not there',
      estate: (text) => text.replace('telemetry:\n  {', 'telemetry:\n  {\n    ledger: { storage_class: fast },'),
      says: [/: the cluster has no StorageClass fast$/],
    },
  ],
  [
    // Alone and for one look: the controller comes round every five minutes and counts it after all.
    {
      name: 'a quota that nothing counts',
      make: patch(quotaStatus, 'merge', { status: { hard: null } }, ['--subresource=status']),
      mend: async (patient) => {
        await patient.accepted(['delete', ...quotaStatus]);
        await patient.accepted(['apply', '--server-side', '-f', patient.folder]);
      },
      says: [
        /^ResourceQuota copper-train\/accelerators: has no status\.hard: no controller counts it, Terraform waits for it in vain, and it caps nothing$/,
      ],
    },
  ],
  [
    {
      name: 'policies that only warn',
      make: actions(['Warn']),
      mend: actions(['Deny', 'Audit']),
      says: [
        /^namespace copper-train: a pod with the image greenflops-doctor\.invalid\/probe:latest \(only judged, never made\) was accepted: the policies are there and not in force$/,
      ],
    },
    {
      name: 'fewer chips than declared',
      make: allocatable('npu-1', { 'huawei.com/Ascend910': '7' }),
      mend: allocatable('npu-1', { 'huawei.com/Ascend910': '8' }),
      says: [/ p-910b: 16 are declared, and nodes offer 15 of huawei\.com\/Ascend910/],
    },
    {
      name: 'a device plugin with another name',
      make: allocatable('gpu-0', { 'nvidia.com/gpu': null, 'nvidia.com/gpu.shared': '32' }),
      mend: allocatable('gpu-0', { 'nvidia.com/gpu': '8', 'nvidia.com/gpu.shared': null }),
      says: [/ p-a800: nodes do not offer nvidia\.com\/gpu.*; they offer nvidia\.com\/gpu\.shared \(32\)$/],
    },
  ],
  [
    {
      name: 'quotas above what nodes offer',
      estate: (text) => text.replace('count: 16', 'count: 40').replace('pflops: 3', 'pflops: 9'),
      says: [
        / p-910b: 40 are declared, and nodes offer 16/,
        / huawei\.com\/Ascend910: the tenants' quotas go up to 28, and nodes offer 16: what is above it waits for ever$/,
      ],
    },
    {
      name: 'two clusters of the estate behind one API server, which was deployed as the first',
      estate: (text) =>
        text.replace(
          '\npools:',
          '\n  - { id: annex, site: nanchang, context: twin, jurisdiction: jiangxi, data_classes: [general] }\n\npools:',
        ),
      says: [
        /: context twin leads to the same cluster as that of ward \(uid [0-9a-f-]+ of kube-system\)$/,
        /: what was deployed here last is cluster ward \(site nanchang\), not annex$/,
      ],
    },
  ],
];
