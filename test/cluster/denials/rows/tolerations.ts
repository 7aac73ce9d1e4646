import { deployments, pods, type Fields } from '../affinity.ts';
import { create, patch } from '../asks.ts';
import { CLASS, daemonSet, pod, QUEUED } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const keyless =
  '容忍（toleration）没有 key，会容忍所有污点：请写明 key，如 key: greenflops.io/pool, value: <资源池 id> / a toleration without key tolerates every taint: name its key, as in key: greenflops.io/pool, value: <id of the pool>';
const poolless =
  '对 greenflops.io/pool 的容忍没有写明资源池：请写 operator: Equal 和 value: <资源池 id> / a toleration of greenflops.io/pool names no pool: write operator: Equal and value: <id of the pool>';
const foreign =
  '本命名空间在资源池 p-a800 上没有配额，不得容忍其污点：请改用自己的资源池，或在声明中申请配额 / this namespace has no quota on pool p-a800 and may not tolerate its taint: use a pool of your own, or have a quota declared';

const undeclared = (key: string) =>
  `污点 ${key} 不是本租户资源池声明的（其值也须一致），不得容忍：请去掉；节点确有此污点的，请运维写入该资源池的 taints / taint ${key} is none that this tenant's pools declare (with the same value) and may not be tolerated: leave it out; where its nodes do carry it, the operators declare it in the pool's taints`;

const tolerates = (...tolerations: Fields[]): Fields => ({ tolerations });
const ownPool = { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' };

/** Of p-910b, declared without a value */
const vendor = { key: 'huawei.com/npu', operator: 'Exists', effect: 'NoSchedule' };
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const CORDONED = 'node.kubernetes.io/unschedulable';
const IMPORTANT = { ...QUEUED, [CLASS]: 'important' };

/** What Kubernetes gives every pod; a merge patch replaces the whole list. */
const given = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

export const tolerationRows: readonly Row[] = [
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
  pods(
    'control-plane-tolerated',
    'tolerations',
    undeclared(CONTROL_PLANE),
    tolerates({ ...vendor, key: CONTROL_PLANE }),
    tolerates(vendor, { ...vendor, key: CONTROL_PLANE, effect: 'PreferNoSchedule' }),
  ),
  deployments(
    'cordoned-node-tolerated-in-a-template',
    'tolerations',
    undeclared(CORDONED),
    tolerates({ ...vendor, key: CORDONED }),
    tolerates(...given),
  ),
  pods(
    'vendor-taint-of-another-value-tolerated',
    'tolerations',
    undeclared('huawei.com/npu'),
    tolerates({ ...vendor, operator: 'Equal', value: 'x' }),
    tolerates({ ...vendor, operator: 'Equal', value: '' }),
  ),
  {
    // The same toleration, by whose pool declares that taint and by whose does not
    ...pair('vendor-taint-of-anothers-pool-tolerated', {
      who: ore,
      namespace: 'ore-vault',
      policy: 'tolerations',
      says: undeclared('huawei.com/npu'),
      bad: pod('vendor-taint-of-anothers-pool-tolerated', tolerates(vendor), IMPORTANT),
      good: pod('vendor-taint-of-anothers-pool-tolerated', {}, IMPORTANT),
    }),
    twin: create(lin, 'copper-train', pod('vendor-taint-of-anothers-pool-tolerated', tolerates(vendor))),
  },
  {
    id: 'toleration-added-later',
    by: 'policy tolerations',
    denied: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates({ ...ownPool, value: 'p-a800' }, ...given) }),
    message: refusal('tolerations', 'pods "live"', foreign),
    twin: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates(ownPool, ...given) }),
  },
];
