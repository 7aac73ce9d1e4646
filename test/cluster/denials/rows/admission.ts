import { create, patch } from '../asks.ts';
import {
  container,
  cronJob,
  CLASS,
  deployment,
  GENERAL,
  job,
  jobSet,
  pod,
  PRIORITY,
  QUEUE,
  QUEUED,
} from '../objects.ts';
import { pair } from '../pair.ts';
import { dispatch, firm, kueue, lab, lin } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const ranked = { [CLASS]: 'general', [QUEUE]: 'main' };
export const ANYWHERE = { 'kueue.x-k8s.io/podset-unconstrained-topology': 'true' };
export const asks = (...limits: readonly Readonly<Record<string, string>>[]) => ({
  containers: limits.map((some, i) => container({ name: `c${i}`, resources: { limits: some } })),
});
const CHIPS = asks({ 'huawei.com/Ascend910B3': '2' });

const unranked = (path: string) =>
  `没有写明排队的优先级，会排在所有人之后：请在 ${path} 写 ${PRIORITY}: greenflops-normal / its priority in the queue is not named, and it would come after everybody's: write ${PRIORITY}: greenflops-normal into ${path}`;
const nowhere =
  '申请了加速卡的 Pod 模板没有写明拓扑，Kueue 不会接纳：请在其 metadata.annotations 写 kueue.x-k8s.io/podset-unconstrained-topology: "true"；要放在同一机架的改写 podset-required-topology 或 podset-preferred-topology / a pod template that asks for chips names no topology, and Kueue would not admit it: write kueue.x-k8s.io/podset-unconstrained-topology: "true" into its metadata.annotations, or podset-required-topology or podset-preferred-topology to keep its pods in one rack';
const unclassed =
  'Pod 模板的数据分级不是本命名空间的 "general"：请在每个 Pod 模板的 metadata.labels 写 greenflops.io/data-class: general / a pod template\'s data class is not this namespace\'s "general": write greenflops.io/data-class: general into metadata.labels of each pod template';
const tooHigh =
  `排队的优先级 "greenflops-urgent" 不可用，本命名空间最高为 greenflops-normal：请在标签 ${PRIORITY} 写 greenflops-normal 或更低的 greenflops-* 优先级 / ` +
  `priority "greenflops-urgent" in the queue may not be used, the highest of this namespace is greenflops-normal: write greenflops-normal or a lower greenflops-* class into the label ${PRIORITY}`;
const twoModels =
  '申请的资源（nvidia.com/gpu.shared, hygon.com/dcu）不在同一个资源池里，没有节点能同时提供：一个 Pod 只申请一种型号的卡，其余请分到另一个任务 / the resources that it asks for (nvidia.com/gpu.shared, hygon.com/dcu) are of no single pool, and no node has them all: a pod asks for chips of one model; put the others into another job';
const claimsToo =
  '同时申请了 nvidia.com/gpu.shared 和设备申领（resourceClaims），它们在不同的资源池：一个 Pod 只用其中一种 / it asks for nvidia.com/gpu.shared and for claimed devices (resourceClaims), which are of different pools: a pod takes one of the two';
const handedOut =
  '命名空间 small-firms 的任务由管理集群 province 派发，不得在此直接提交：请提交到集群 province 的同名命名空间 / jobs of namespace small-firms are handed out by the manager province and may not be submitted here: submit them on cluster province, in the namespace of the same name';
const unhanded =
  '命名空间 small-firms 的配额由管理集群 province 统一掌握，它只转交作业，Deployment 不能在此运行：请改用 Job，提交到集群 province 的同名命名空间；长期服务请放在配额全部绑定到集群的租户（quota: [{ cluster: prove, pflops: <数> }]，由运维声明） / manager province keeps the quota of namespace small-firms and hands on jobs only, a Deployment may not run here: submit a Job on cluster province, in the namespace of the same name; a service needs a tenant whose quotas are all bound to clusters: ask the operators for quota: [{ cluster: prove, pflops: <number> }]';
const gate =
  '调度门 kueue.x-k8s.io/admission 由 Kueue 在接纳时去掉：请等待其排队，不得自行放行 / Kueue takes the scheduling gate kueue.x-k8s.io/admission off when it admits the pod: wait for its turn, nobody else may let it in';

const defaults = (id: string, says: string, bad: object, good: object): Row =>
  pair(id, { who: lin, policy: 'queue-defaults', says, bad, good });
const priority = (id: string, make: typeof job): Row =>
  pair(id, {
    who: lin,
    policy: 'queue-priority',
    says: tooHigh,
    bad: make(id, { own: { ...QUEUED, [PRIORITY]: 'greenflops-urgent' } }),
    good: make(id, { own: { ...QUEUED, [PRIORITY]: 'greenflops-low' } }),
  });

const SHARED = { 'nvidia.com/gpu.shared': '1' };
const annotated = (object: object) => {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, annotations: ANYWHERE } };
};
const claimed = { resourceClaims: [{ name: 'card', resourceClaimName: 'card' }] };
const models = (id: string, says: string, bad: object, good: object): Row =>
  pair(id, {
    who: lab,
    namespace: 'share-lab',
    policy: 'one-model',
    says,
    bad: annotated(pod(id, bad as typeof SHARED)),
    good: annotated(pod(id, good as typeof SHARED)),
  });

const handed = job('handed-out');
/** As Kueue admits a pod that it places: past the gate, and onto the node that it chose. */
const admitted = { spec: { schedulingGates: null, nodeSelector: { 'kubernetes.io/hostname': 'npu-0' } } };

/** What Kueue needs besides a queue, and what would pass it by. */
export const admissionRows: readonly Row[] = [
  defaults(
    'pod-without-queue-priority',
    unranked('metadata.labels'),
    pod('pod-without-queue-priority', {}, ranked),
    pod('pod-without-queue-priority'),
  ),
  defaults(
    'cronjob-without-queue-priority',
    unranked('spec.jobTemplate.metadata.labels'),
    cronJob('cronjob-without-queue-priority', { own: ranked }),
    // A class of pods says it too.
    cronJob('cronjob-without-queue-priority', { own: ranked, spec: { priorityClassName: 'greenflops-low' } }),
  ),
  defaults(
    'job-without-topology',
    nowhere,
    job('job-without-topology', { spec: CHIPS }),
    job('job-without-topology', { spec: CHIPS, annotations: ANYWHERE }),
  ),
  defaults(
    'jobset-without-topology',
    nowhere,
    jobSet('jobset-without-topology', { spec: CHIPS }),
    jobSet('jobset-without-topology', {
      spec: CHIPS,
      annotations: { 'kueue.x-k8s.io/podset-required-topology': 'kubernetes.io/hostname' },
    }),
  ),
  defaults(
    'jobset-of-pods-without-class',
    unclassed,
    jobSet('jobset-of-pods-without-class', { labels: {} }),
    jobSet('jobset-of-pods-without-class', { labels: GENERAL }),
  ),
  priority('job-above-the-tenant-in-the-queue', job),
  priority('jobset-above-the-tenant-in-the-queue', jobSet),
  models('chips-of-two-models', twoModels, asks(SHARED, { 'hygon.com/dcu': '1' }), asks(SHARED, { cpu: '1' })),
  models('chips-beside-claims', claimsToo, { ...asks(SHARED), ...claimed }, { ...asks({ cpu: '1' }), ...claimed }),
  {
    id: 'job-past-its-manager',
    by: 'policy dispatched',
    denied: create(firm, 'small-firms', handed),
    message: refusal('dispatched', 'jobs.batch "handed-out"', handedOut),
    twin: create(dispatch, 'small-firms', handed),
  },
  {
    id: 'service-where-a-manager-hands-out',
    by: 'policy dispatched',
    denied: create(firm, 'small-firms', deployment('handed-out')),
    message: refusal('dispatched', 'deployments.apps "handed-out"', unhanded),
    twin: create(lin, 'copper-train', deployment('handed-out')), // its quota is bound to a pool
  },
  {
    id: 'gate-of-kueue-taken-off',
    by: 'policy queue',
    denied: patch(lin, 'copper-train', 'Pod/gated', { spec: { schedulingGates: null } }),
    message: refusal('queue', 'pods "gated"', gate),
    twin: patch(kueue, 'copper-train', 'Pod/gated', admitted),
  },
];
