import { deployments, pods, type Fields } from '../affinity.ts';
import { patch } from '../asks.ts';
import { daemonSet } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const keyless =
  '容忍（toleration）没有 key，会容忍所有污点：请写明 key，如 key: greenflops.io/pool, value: <计算池 id> / a toleration without key tolerates every taint: name its key, as in key: greenflops.io/pool, value: <id of the pool>';
const poolless =
  '对 greenflops.io/pool 的容忍没有写明计算池：请写 operator: Equal 和 value: <计算池 id> / a toleration of greenflops.io/pool names no pool: write operator: Equal and value: <id of the pool>';
const foreign =
  '本命名空间在计算池 p-a800 上没有配额，不得容忍其污点：请改用自己的计算池，或在声明中申请配额 / this namespace has no quota on pool p-a800 and may not tolerate its taint: use a pool of your own, or have a quota declared';

const tolerates = (...tolerations: Fields[]): Fields => ({ tolerations });
const ownPool = { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' };

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
  {
    id: 'toleration-added-later',
    by: 'policy tolerations',
    denied: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates({ ...ownPool, value: 'p-a800' }, ...given) }),
    message: refusal('tolerations', 'pods "live"', foreign),
    twin: patch(lin, 'copper-train', 'Pod/live', { spec: tolerates(ownPool, ...given) }),
  },
];
