import { affinity, deployments, expression, pods, preferred } from '../affinity.ts';
import { create } from '../asks.ts';
import { cronJob } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin, scheduler } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const named = (path: string) =>
  `${path}spec.nodeName 指定了节点 npu-0：请去掉，由调度器选择节点 / ${path}spec.nodeName names node npu-0: leave it out, the scheduler chooses the node`;
const selected = (path: string) =>
  `${path}spec.nodeSelector 以 kubernetes.io/hostname 指定了节点：请去掉，改选池的标签 / ${path}spec.nodeSelector names a node by kubernetes.io/hostname: leave it out, and select a pool's label instead`;
const wanted =
  "spec.affinity.nodeAffinity 以 kubernetes.io/hostname 或 matchFields 指定了节点：请去掉，改选池的标签 / spec.affinity.nodeAffinity names nodes by kubernetes.io/hostname or matchFields: leave it out, and select a pool's label instead";
const binding = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name },
  target: { apiVersion: 'v1', kind: 'Node', name: 'npu-0' },
});
const noScheduler =
  '用户 root 不是调度器，不得把 Pod 绑定到节点：请让调度器选择节点 / user root is no scheduler and may not bind pods to nodes: leave it to the scheduler';

export const nodeRows: readonly Row[] = [
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
];
