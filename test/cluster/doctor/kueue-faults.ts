import { setTimeout } from 'node:timers/promises';
import { CREDITS } from '../../../model/queues/credits.ts';
import {
  admitted,
  condition,
  configure,
  CONTROLLER,
  deployment,
  kubeconfigOf,
  ready,
  secretOfWorker,
  status,
  usable,
  workload,
} from './kueue.ts';
import { atManager, patch, run, without, type Fault, type Tampering } from './tamper.ts';

const NAMESPACE = 'kueue-system';
const CHIP = 'huawei.com/Ascend910';

const image = (version: string) =>
  patch(['deployment', CONTROLLER, '-n', NAMESPACE], 'json', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: `registry.example/kueue:${version}` },
  ]);

/** A job of the tenant's that stands in the queue as Kueue would have written it. */
const job = (name: string, is: object, resource?: string): Tampering => ({
  make: (stage) => workload(stage, name, is, resource),
  mend: run('delete', 'workloads.kueue.x-k8s.io', name, '-n', 'copper-train'),
});
const waits = (reason: string, message: string) => ({
  conditions: [condition('QuotaReserved', 'False', reason, message)],
});
const unanswered = {
  admissionChecks: [{ name: 'copper-ai', state: 'Pending', message: '', lastTransitionTime: '2026-01-02T03:04:05Z' }],
};

const off = (kind: string, name: string, reason: string, message: string): Tampering => ({
  make: status(kind, name, { conditions: [condition('Active', 'False', reason, message)] }),
  mend: usable(kind, name),
});

const together = (...all: readonly Tampering[]): Tampering => ({
  make: async (stage) => {
    for (const { make } of all) await make(stage);
  },
  mend: async (stage) => {
    for (const { mend } of all.toReversed()) await mend(stage);
  },
});

const object = (it: object): Tampering => ({
  make: (stage) => stage.accepted(['create', '-f', '-'], it),
  mend: (stage) => stage.accepted(['delete', '-f', '-'], it),
});

/** The controller starts with what stands there; times of the API have whole seconds. */
const configured = (change: (text: string) => string): Tampering => ({
  make: configure(change),
  mend: async (stage) => {
    await configure()(stage);
    await setTimeout(1100);
    await ready(true)(stage);
  },
});

const secret = (kubeconfig: string): Tampering => {
  const write = (stringData: object) => patch(['secret', 'ward-kubeconfig', '-n', NAMESPACE], 'merge', { stringData });
  return { make: write({ kubeconfig }), mend: write(secretOfWorker().stringData) };
};

const queue = ['clusterqueue', 'copper-ai'] as const;
const selector = (label: string) =>
  patch(queue, 'merge', { spec: { namespaceSelector: { matchLabels: { 'greenflops.io/tenant': label } } } });

const door = without('localqueue', 'default', '-n', 'copper-train');
const handed = job('handed', admitted({ [CHIP]: '1', [CREDITS]: '313k' }, unanswered), CHIP);

/** Faults of Kueue on the cluster and on its manager, in rounds as the others. */
export const queueRounds: readonly (readonly Fault[])[] = [
  [
    {
      name: 'a Kueue that is too old',
      make: image('v0.18.1'),
      mend: image('v0.19.2'),
      says: [
        /^Deployment kueue-system\/kueue-controller-manager: Kueue 0\.18\.1 is too old: 0\.19\.2 or newer is needed$/,
      ],
    },
    {
      name: "a manager's Kueue that does not run",
      ...atManager({ make: ready(false), mend: ready(true) }),
      says: [/^Deployment kueue-system\/kueue-controller-manager: has no pod that is ready: no job is admitted$/],
    },
    {
      name: 'jobs that are charged nothing, or another figure',
      ...together(
        job('free', admitted({ [CHIP]: '4' }), CHIP),
        job('cheap', admitted({ [CHIP]: '2', [CREDITS]: '2k' }), CHIP),
      ),
      says: [
        /^ClusterQueue copper-ai: the quota is not in force: copper-train\/free has chips and is charged no greenflops\.io\/gflops-fp16, since 2026-01-02T03:04:05Z$/,
        /^ClusterQueue copper-ai: copper-train\/cheap is charged by another coefficient: 2000 greenflops\.io\/gflops-fp16, which by the declaration is 626000, since /,
      ],
    },
    {
      name: 'a queue that admits nothing',
      ...off('clusterqueue', 'copper-ai', 'TopologyNotFound', 'there is no Topology "p-910b"'),
      says: [
        /^ClusterQueue copper-ai: admits nothing: a Topology of it is missing \(TopologyNotFound: there is no Topology "p-910b"\)$/,
      ],
    },
    {
      name: 'jobs that wait in vain',
      ...together(
        job('giant', waits('ExceedsMaxQuota', '… current podset request (400) > maximum capacity (16)'), CHIP),
        job('lost', waits('TopologyPlacementFailed', 'no topology domains at level: kubernetes.io/hostname'), CHIP),
        job('mute', waits('PendingEvaluation', 'Waiting'), 'nvidia.com/gpu'),
        job('patient', waits('WaitingForQuota', 'insufficient unused quota'), CHIP),
      ),
      says: [
        /^Workload copper-train\/giant: asks for more than its queue can ever get \(… current podset request/,
        /^Workload copper-train\/lost: the pool's nodes lack their topology labels, so no pod has a place \(no topology/,
        /^Workload copper-train\/mute: waits without a word: it asks for nvidia\.com\/gpu, which ClusterQueue copper-ai does not cover$/,
      ],
    },
    {
      name: 'nodes without labels of topology, and racks that are not there',
      ...together(
        {
          make: run('label', 'node', 'gpu-0', 'kubernetes.io/hostname-'),
          mend: run('label', 'node', 'gpu-0', 'kubernetes.io/hostname=gpu-0'),
        },
        {
          make: run('label', 'node', 'npu-1', 'topology.example/rack=r9', '--overwrite'),
          mend: run('label', 'node', 'npu-1', 'topology.example/rack=r2', '--overwrite'),
        },
      ),
      says: [
        / p-a800: nodes gpu-0 have no topology label kubernetes\.io\/hostname: queues look active, and no job has a place on them$/,
        / p-910b: no node has topology\.example\/rack r2$/,
        / p-910b: racks\.values does not list what nodes have as topology\.example\/rack: npu-1 \(r9\)$/,
      ],
    },
    {
      name: "a manager's account without its rights",
      ...without('clusterrolebinding', 'greenflops-dispatch'),
      says: [
        /^ServiceAccount kueue-system\/greenflops-dispatch: may not get\/list\/watch\/create\/delete workloads, get\/patch\/update workloads\/status, .*jobs/,
      ],
    },
    {
      name: 'a Secret of a worker that is missing, which is told once and not by all that hang on it',
      ...atManager(
        together(
          without('secret', 'ward-kubeconfig', '-n', NAMESPACE),
          off('multikueuecluster', 'ward', 'BadKubeConfig', 'Secret "ward-kubeconfig" not found'),
          off('admissioncheck', 'copper-ai', 'NoUsableClusters', 'Inactive clusters: [ward]'),
          off(
            'clusterqueue',
            'copper-ai',
            'AdmissionCheckInactive',
            'references inactive AdmissionCheck(s): copper-ai',
          ),
        ),
      ),
      says: [/^Secret kueue-system\/ward-kubeconfig: is not there: the manager cannot enter that worker$/],
    },
    {
      name: 'a queue that only the manager has',
      ...atManager(
        object({
          apiVersion: 'kueue.x-k8s.io/v1beta2',
          kind: 'LocalQueue',
          metadata: { name: 'extra', namespace: 'copper-train' },
          spec: { clusterQueue: 'copper-ai' },
        }),
      ),
      says: [
        /^LocalQueue copper-train\/extra: is on manager warden and not here: jobs that are handed here wait for ever/,
      ],
    },
    {
      name: 'a policy that adds what jobs lack, missing',
      ...without('mutatingadmissionpolicy', 'greenflops-queue-defaults'),
      says: [
        /^MutatingAdmissionPolicy greenflops-queue-defaults: is not there, so nothing adds what a job lacks, and it waits for ever$/,
      ],
    },
  ],
  [
    {
      name: "another configuration of Kueue's, written while it runs",
      ...configured((text) =>
        text
          .replace(/ +- input: nvidia\.com\/gpu\n.*\n.*\n.*\n/, '')
          .replace('"313000"', '"300000"')
          .replace('    - memory\n', '')
          .replace('    - statefulset\n', '')
          .replace('enableClusterQueueResources: true', 'enableClusterQueueResources: false')
          .replace('UnadmittedWorkloadsExplicitStatus: true', 'UnadmittedWorkloadsExplicitStatus: false')
          .replace('key: greenflops.io/tenant', 'key: team'),
      ),
      says: [
        /^ConfigMap kueue-system\/kueue-manager-config: resources\.transformations turns no nvidia\.com\/gpu into greenflops\.io\/gflops-fp16: the quota caps nothing$/,
        /: coefficients are not the declared ones: huawei\.com\/Ascend910 300000 \(313000\), which should be those in brackets$/,
        /: resources\.excludeResourcePrefixes lacks memory: a pod that asks for them waits for ever without a word$/,
        /: integrations\.frameworks lacks statefulset: such jobs neither wait nor are they counted$/,
        /: metrics\.enableClusterQueueResources is not true: there are no metrics of quota and use$/,
        /: featureGates should hold UnadmittedWorkloadsExplicitStatus: true: a job that waits may show no reason without$/,
        /: managedJobsNamespaceSelector leaves out copper-train of tenants: jobs there neither wait nor are they counted$/,
        /: was written after the controller had started: kueue-controller-manager-\S+ runs with what stood there then$/,
      ],
    },
    {
      name: 'a second controller',
      ...atManager(object(deployment('old-kueue-controller-manager', 'v0.19.2', 'default'))),
      says: [
        /: there are 2 controllers of Kueue: default\/old-kueue-controller-manager, kueue-system\/kueue-controller-manager, which overwrite each other's status of queues$/,
        /^Deployment default\/old-kueue-controller-manager: has no pod that is ready: no job is admitted$/,
      ],
    },
    {
      name: 'a namespace without its door, and a job of the manager that finds none there',
      make: async (patient) => {
        await door.make(patient);
        await handed.make(patient.manager);
      },
      mend: async (patient) => {
        await handed.mend(patient.manager);
        await door.mend(patient);
      },
      says: [
        /^LocalQueue copper-train\/default: is not there: jobs that name no queue run uncounted, and those that name it wait for ever$/,
        /^Workload copper-train\/handed: holds the manager's quota and no cluster takes it; worker ward: it has no LocalQueue default in namespace copper-train$/,
      ],
    },
    {
      name: 'a worker that does not answer its manager',
      ...atManager(off('multikueuecluster', 'ward', 'ClientConnectionFailed', 'dial tcp: i/o timeout')),
      says: [
        /^MultiKueueCluster ward: gets no jobs: it does not answer, or refuses what Kueue asks \(ClientConnectionFailed: dial tcp: i\/o timeout\)$/,
      ],
    },
    {
      name: 'a worker that hands jobs on itself',
      ...object({
        apiVersion: 'kueue.x-k8s.io/v1beta2',
        kind: 'AdmissionCheck',
        metadata: { name: 'onward' },
        spec: {
          controllerName: 'kueue.x-k8s.io/multikueue',
          parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name: 'onward' },
        },
      }),
      says: [/^AdmissionCheck onward: this worker hands jobs on itself \(MultiKueue\): they go round and never run$/],
    },
    {
      name: 'no account for the manager',
      ...without('serviceaccount', 'greenflops-dispatch', '-n', NAMESPACE),
      says: [/^ServiceAccount kueue-system\/greenflops-dispatch: is not there: manager warden cannot come in$/],
    },
  ],
  [
    {
      name: 'a kubeconfig of a worker that has ended and names a file',
      ...atManager(
        secret(
          kubeconfigOf({ ends: Date.parse('2026-02-03') / 1000, cluster: { 'certificate-authority': '/etc/ca.crt' } }),
        ),
      ),
      says: [
        /^Secret kueue-system\/ward-kubeconfig: its kubeconfig names files \(certificate-authority\), which Kueue refuses: what they hold must stand inline$/,
        /^Secret kueue-system\/ward-kubeconfig: its credentials ended on 2026-02-03: the manager cannot enter that worker$/,
      ],
    },
    {
      name: 'Volcano, which is declared and not there',
      estate: (text) => text.replace('manage_config: true }', 'manage_config: true }\n    volcano: { enabled: true }'),
      says: [
        /: the cluster has no Queue of scheduling\.volcano\.sh\/v1beta1$/,
        /: the cluster has no HyperNode of topology\.volcano\.sh\/v1alpha1$/,
      ],
    },
    {
      name: 'a queue that leaves its namespace out',
      make: selector('other'),
      mend: selector('copper-ai'),
      says: [
        /^LocalQueue copper-train\/default: namespaceSelector of ClusterQueue copper-ai leaves this namespace out: it looks active, and its jobs wait for ever$/,
      ],
    },
    {
      name: 'a job that the manager holds room for and no worker ever has',
      ...atManager(job('huge', admitted({ [CHIP]: '400', [CREDITS]: String(400 * 313_000) }, unanswered), CHIP)),
      says: [
        /^Workload copper-train\/huge: holds the manager's quota and no cluster takes it; worker ward: its ClusterQueue copper-ai may never hold that much: greenflops\.io\/gflops-fp16 125200000 > 3000000, huawei\.com\/Ascend910 400 > 16$/,
      ],
    },
    {
      name: 'a check whose configuration is not there',
      ...atManager(off('admissioncheck', 'copper-ai', 'BadConfig', 'Cannot load the AdmissionChecks parameters')),
      says: [
        /^AdmissionCheck copper-ai: is not active, and its queue admits nothing \(BadConfig: Cannot load the AdmissionChecks parameters\)$/,
      ],
    },
  ],
];
