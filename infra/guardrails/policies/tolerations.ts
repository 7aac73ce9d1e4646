import { text } from './cel.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, pod, workloads } from './workloads.ts';

const POOL = 'greenflops.io/pool';

/** A tenant's pods tolerate the taints of the pools that it has a quota on, by name; nothing tolerates everything. */
export const tolerations: PolicyOf = (cluster) => ({
  name: 'tolerations',
  title: { zh: '只容忍本租户计算池的污点', en: "pods tolerate the taints of their tenant's pools alone" },
  on: workloads,
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    pod,
    tolerations: 'variables.pod.spec.?tolerations.orValue([])',
    pools: `variables.tolerations.filter(one, one.?key.orValue('') == ${text(POOL)})`,
    foreign:
      "variables.pools.map(one, string(one.?value.orValue('')))" +
      ".filter(pool, namespaceObject.metadata.?labels[?('pool.greenflops.io/' + pool)].orValue('') != 'true')",
  },
  rules: [
    {
      allows: "variables.tolerations.all(one, one.?key.orValue('') != '')",
      message: {
        zh: '容忍（toleration）没有 key，会容忍所有污点：请写明 key，如 key: greenflops.io/pool, value: <计算池 id>',
        en: 'a toleration without key tolerates every taint: name its key, as in key: greenflops.io/pool, value: <id of the pool>',
      },
    },
    {
      allows: "variables.pools.all(one, one.?operator.orValue('Equal') == 'Equal' && one.?value.orValue('') != '')",
      message: {
        zh: `对 ${POOL} 的容忍没有写明计算池：请写 operator: Equal 和 value: <计算池 id>`,
        en: `a toleration of ${POOL} names no pool: write operator: Equal and value: <id of the pool>`,
      },
    },
    {
      allows: 'variables.foreign.size() == 0',
      message: {
        zh: '本命名空间在计算池 {pool} 上没有配额，不得容忍其污点：请改用自己的计算池，或在声明中申请配额',
        en: 'this namespace has no quota on pool {pool} and may not tolerate its taint: use a pool of your own, or have a quota declared',
      },
      values: { pool: 'variables.foreign[0]' },
    },
  ],
});
