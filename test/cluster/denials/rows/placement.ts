import { create, patch } from '../asks.ts';
import { cronJob, daemonSet, deployment, pod, QUEUED } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin, scheduler } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const elsewhere = (what: string, have: string) =>
  `集群 prove 属 jiangxi 管辖，${what} 写的是 "${have}"：请写 greenflops.io/jurisdiction: jiangxi，或去掉 / cluster prove is under the jurisdiction jiangxi, and ${what} says "${have}": write greenflops.io/jurisdiction: jiangxi, or leave it out`;
const affinityElsewhere =
  '集群 prove 属 jiangxi 管辖，nodeAffinity 选了其他管辖地：greenflops.io/jurisdiction 只能用 operator: In、values: [jiangxi] / cluster prove is under the jurisdiction jiangxi, and nodeAffinity asks for another one: with greenflops.io/jurisdiction use operator: In, values: [jiangxi]';
const named = (path: string) =>
  `${path}spec.nodeName 指定了节点 npu-0：请去掉，由调度器选择节点 / ${path}spec.nodeName names node npu-0: leave it out, the scheduler chooses the node`;
const selected = (path: string) =>
  `${path}spec.nodeSelector 以 kubernetes.io/hostname 指定了节点：请去掉，改选池的标签 / ${path}spec.nodeSelector names a node by kubernetes.io/hostname: leave it out, and select a pool's label instead`;
const wanted =
  "spec.affinity.nodeAffinity 以 kubernetes.io/hostname 或 matchFields 指定了节点：请去掉，改选池的标签 / spec.affinity.nodeAffinity names nodes by kubernetes.io/hostname or matchFields: leave it out, and select a pool's label instead";
const keyless =
  '容忍（toleration）没有 key，会容忍所有污点：请写明 key，如 key: greenflops.io/pool, value: <计算池 id> / a toleration without key tolerates every taint: name its key, as in key: greenflops.io/pool, value: <id of the pool>';
const poolless =
  '对 greenflops.io/pool 的容忍没有写明计算池：请写 operator: Equal 和 value: <计算池 id> / a toleration of greenflops.io/pool names no pool: write operator: Equal and value: <id of the pool>';
const foreign =
  '本命名空间在计算池 p-a800 上没有配额，不得容忍其污点：请改用自己的计算池，或在声明中申请配额 / this namespace has no quota on pool p-a800 and may not tolerate its taint: use a pool of your own, or have a quota declared';

type Fields = Readonly<Record<string, unknown>>;
const JURISDICTION = 'greenflops.io/jurisdiction';
const affinity = (term: Fields): Fields => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
});
const expression = (key: string, ...values: string[]) =>
  affinity({ matchExpressions: [{ key, operator: 'In', values }] });
const preferred = (key: string, value: string): Fields => ({
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key, operator: 'In', values: [value] }] } },
      ],
    },
  },
});
const tolerates = (...tolerations: Fields[]): Fields => ({ tolerations });
const ownPool = { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' };

/** Pods of copper-ai, in copper-train, that differ in their specification alone. */
const pods = (id: string, policy: string, says: string, bad: Fields, good: Fields): Row =>
  pair(id, { who: lin, policy, says, bad: pod(id, bad), good: pod(id, good) });
const deployments = (id: string, policy: string, says: string, bad: Fields, good: Fields): Row =>
  pair(id, { who: lin, policy, says, bad: deployment(id, { spec: bad }), good: deployment(id, { spec: good }) });

const binding = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name },
  target: { apiVersion: 'v1', kind: 'Node', name: 'npu-0' },
});
const noScheduler =
  '用户 root 不是调度器，不得把 Pod 绑定到节点：请让调度器选择节点 / user root is no scheduler and may not bind pods to nodes: leave it to the scheduler';

const labelled = (jurisdiction: string) => ({ ...QUEUED, [JURISDICTION]: jurisdiction });
/** What Kubernetes gives every pod; a merge patch replaces the whole list. */
const given = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

export const placementRows: readonly Row[] = [
  pair('pod-of-another-jurisdiction', {
    who: lin,
    policy: 'jurisdiction',
    says: elsewhere('metadata.labels', 'hunan'),
    bad: pod('pod-of-another-jurisdiction', {}, labelled('hunan')),
    good: pod('pod-of-another-jurisdiction', {}, labelled('jiangxi')),
  }),
  pair('template-of-another-jurisdiction', {
    who: lin,
    policy: 'jurisdiction',
    says: elsewhere('template.metadata.labels', 'hunan'),
    bad: deployment('template-of-another-jurisdiction', { labels: labelled('hunan') }),
    good: deployment('template-of-another-jurisdiction', { labels: labelled('jiangxi') }),
  }),
  pods(
    'selector-of-another-jurisdiction',
    'jurisdiction',
    elsewhere('nodeSelector', 'hunan'),
    { nodeSelector: { [JURISDICTION]: 'hunan' } },
    { nodeSelector: { [JURISDICTION]: 'jiangxi' } },
  ),
  pods(
    'affinity-to-another-jurisdiction',
    'jurisdiction',
    affinityElsewhere,
    expression(JURISDICTION, 'jiangxi', 'hunan'),
    expression(JURISDICTION, 'jiangxi'),
  ),
  deployments(
    'preference-for-another-jurisdiction',
    'jurisdiction',
    affinityElsewhere,
    preferred(JURISDICTION, 'hunan'),
    preferred(JURISDICTION, 'jiangxi'),
  ),
  pods('node-named', 'node-binding', named(''), { nodeName: 'npu-0' }, {}),
  deployments('node-named-in-a-template', 'node-binding', named('spec.template.'), { nodeName: 'npu-0' }, {}),
  pair('node-named-in-a-cronjob', {
    who: lin,
    policy: 'node-binding',
    says: named('spec.jobTemplate.spec.template.'),
    bad: cronJob('node-named-in-a-cronjob', { spec: { nodeName: 'npu-0' } }),
    good: cronJob('node-named-in-a-cronjob'),
  }),
  pods(
    'node-selected-by-its-name',
    'node-binding',
    selected(''),
    { nodeSelector: { 'kubernetes.io/hostname': 'npu-0' } },
    { nodeSelector: { 'greenflops.io/pool': 'p-910b' } },
  ),
  pods(
    'node-wanted-by-its-name',
    'node-binding',
    wanted,
    expression('kubernetes.io/hostname', 'npu-0'),
    expression('greenflops.io/pool', 'p-910b'),
  ),
  pods(
    'node-preferred-by-its-name',
    'node-binding',
    wanted,
    preferred('kubernetes.io/hostname', 'npu-0'),
    preferred('greenflops.io/pool', 'p-910b'),
  ),
  pods(
    'node-wanted-by-its-field',
    'node-binding',
    wanted,
    affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['npu-0'] }] }),
    expression('greenflops.io/pool', 'p-910b'),
  ),
  {
    id: 'pod-bound-by-hand',
    by: 'policy bindings',
    denied: {
      who: admin,
      verb: 'create',
      path: '/api/v1/namespaces/copper-train/pods/live/binding',
      body: binding('live'),
    },
    message: refusal('bindings', 'pods "live"', noScheduler),
    twin: {
      who: scheduler,
      verb: 'create',
      path: '/api/v1/namespaces/copper-train/pods/live/binding',
      body: binding('live'),
    },
  },
  {
    id: 'pod-bound-by-hand-the-old-way',
    by: 'policy bindings',
    denied: create(admin, 'copper-train', binding('live')),
    message: refusal('bindings', 'bindings "live"', noScheduler),
    twin: {
      who: scheduler,
      verb: 'create',
      path: '/api/v1/namespaces/copper-train/pods/live/binding',
      body: binding('live'),
    },
  },
  pods('everything-tolerated', 'tolerations', keyless, tolerates({ operator: 'Exists' }), tolerates(ownPool)),
  deployments(
    'everything-tolerated-in-a-template',
    'tolerations',
    keyless,
    tolerates({ operator: 'Exists' }),
    tolerates(ownPool),
  ),
  pair('everything-tolerated-in-a-daemonset', {
    who: admin,
    policy: 'tolerations',
    says: keyless,
    bad: daemonSet('everything-tolerated-in-a-daemonset', { spec: tolerates({ operator: 'Exists' }) }),
    good: daemonSet('everything-tolerated-in-a-daemonset', { spec: tolerates(ownPool) }),
  }),
  pods(
    'every-pool-tolerated',
    'tolerations',
    poolless,
    tolerates({ key: 'greenflops.io/pool', operator: 'Exists' }),
    tolerates(ownPool),
  ),
  pods(
    'pool-of-another-tenant-tolerated',
    'tolerations',
    foreign,
    tolerates({ ...ownPool, value: 'p-a800' }),
    tolerates(ownPool),
  ),
  {
    id: 'toleration-added-later',
    by: 'policy tolerations',
    denied: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates({ ...ownPool, value: 'p-a800' }, ...given) }),
    message: refusal('tolerations', 'pods "live"', foreign),
    twin: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates(ownPool, ...given) }),
  },
];
