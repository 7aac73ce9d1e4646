import { label, text, texts } from './cel.ts';
import { offeredPools } from './chips.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, pod, workloads } from './workloads.ts';

const POOL = 'greenflops.io/pool';
/** What the API server gives every pod, and what the daemon set controller gives its own besides */
const GIVEN = ['not-ready', 'unreachable'].map((condition) => `node.kubernetes.io/${condition}`);
const DAEMONS = 'system:serviceaccount:kube-system:daemon-set-controller';

/**
 * A tenant's pods tolerate the taints of the pools that it has a quota on, by name, and none besides: neither control
 * planes, nor nodes that were cordoned, nor another pool by its vendor's taint. A running pod is judged again only where its
 * tolerations change.
 */
export const tolerations: PolicyOf = (cluster) => ({
  name: 'tolerations',
  title: { zh: '只容忍本租户资源池的污点', en: "pods tolerate the taints of their tenant's pools alone" },
  on: workloads,
  where: 'tenants',
  unless: {
    ...bookkeeping(cluster),
    'not-tolerated-already':
      "request.operation == 'UPDATE' && dyn(object).kind == 'Pod' && " +
      'dyn(object).spec.?tolerations == dyn(oldObject).spec.?tolerations',
  },
  variables: {
    pod,
    tolerations: 'variables.pod.spec.?tolerations.orValue([])',
    pools: `variables.tolerations.filter(one, one.?key.orValue('') == ${text(POOL)})`,
    foreign:
      "variables.pools.map(one, string(one.?value.orValue('')))" +
      ".filter(pool, namespaceObject.metadata.?labels[?('pool.greenflops.io/' + pool)].orValue('') != 'true')",
    // As key=value: a toleration of every value (Exists) has none, and is that of a taint without value.
    own: [
      '[]',
      ...offeredPools(cluster)
        .filter(({ taints }) => taints.length > 0)
        .map(
          ({ id, taints }) =>
            `(${label('namespaceObject', `pool.greenflops.io/${id}`)} == 'true' ? ` +
            `${texts(taints.map(({ key, value }) => `${key}=${value}`))} : [])`,
        ),
    ].join(' + '),
    others:
      `variables.tolerations.filter(one, !(one.?key.orValue('') in ${texts([POOL, ...GIVEN])}) && ` +
      "one.?effect.orValue('') != 'PreferNoSchedule' && " +
      "!(one.?key.orValue('') + '=' + one.?value.orValue('') in variables.own) && " +
      `!(request.userInfo.username == ${text(DAEMONS)} && one.?key.orValue('').startsWith('node.kubernetes.io/')))`,
  },
  rules: [
    {
      allows: "variables.tolerations.all(one, one.?key.orValue('') != '')",
      message: {
        zh: '容忍（toleration）没有 key，会容忍所有污点：请写明 key，如 key: greenflops.io/pool, value: <资源池 id>',
        en: 'a toleration without key tolerates every taint: name its key, as in key: greenflops.io/pool, value: <id of the pool>',
      },
    },
    {
      allows: "variables.pools.all(one, one.?operator.orValue('Equal') == 'Equal' && one.?value.orValue('') != '')",
      message: {
        zh: `对 ${POOL} 的容忍没有写明资源池：请写 operator: Equal 和 value: <资源池 id>`,
        en: `a toleration of ${POOL} names no pool: write operator: Equal and value: <id of the pool>`,
      },
    },
    {
      allows: 'variables.foreign.size() == 0',
      message: {
        zh: '本命名空间在资源池 {pool} 上没有配额，不得容忍其污点：请改用自己的资源池，或在声明中申请配额',
        en: 'this namespace has no quota on pool {pool} and may not tolerate its taint: use a pool of your own, or have a quota declared',
      },
      values: { pool: 'variables.foreign[0]' },
    },
    {
      allows: 'variables.others.size() == 0',
      message: {
        zh: '污点 {key} 不是本租户资源池声明的（其值也须一致），不得容忍：请去掉；节点确有此污点的，请运维写入该资源池的 taints',
        en: "taint {key} is none that this tenant's pools declare (with the same value) and may not be tolerated: leave it out; where its nodes do carry it, the operators declare it in the pool's taints",
      },
      values: { key: 'variables.others[0].key' },
    },
  ],
});
