import { texts } from './cel.ts';
import { chipsOf, offeredPools, sorted } from './chips.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, containers, pod, workloads } from './workloads.ts';

/**
 * A pod runs on one node, whose chips are of one pool. Of two pools that it asks for Kueue merges the selectors, one of them
 * wins without a word, and the pod holds quota for ever on a node that is not there.
 */
export const oneModel: PolicyOf = (view) => {
  const offered = offeredPools(view);
  const offers = offered.map((pool) => sorted(chipsOf(view, pool))).filter((names) => names.length > 0);
  if (!view.cluster.kueue.enabled || offers.length === 0) return undefined;
  const distinct = [...new Set(offers.map((names) => texts(names)))].toSorted();
  return {
    name: 'one-model',
    title: { zh: '一个 Pod 只用一种型号的卡', en: 'a pod asks for chips of one model' },
    on: workloads,
    where: 'tenants',
    unless: bookkeeping(view),
    variables: {
      pod,
      containers,
      chips: texts(sorted(offers.flat())),
      asked:
        'variables.containers.map(one, one.?resources.?limits.orValue({}).filter(name, name in variables.chips))' +
        '.filter(some, some.size() > 0)',
    },
    rules: [
      {
        allows: `[${distinct.join(', ')}].exists(pool, variables.asked.all(some, some.all(name, name in pool)))`,
        message: {
          zh: '申请的资源（{names}）不在同一个资源池里，没有节点能同时提供：一个 Pod 只申请一种型号的卡，其余请分到另一个任务',
          en: 'the resources that it asks for ({names}) are of no single pool, and no node has them all: a pod asks for chips of one model; put the others into another job',
        },
        values: { names: 'dyn(variables.asked.map(some, some.join(", "))).join(", ")' },
      },
      ...(offered.some(({ sharing }) => sharing.by === 'dra')
        ? [
            {
              allows: 'variables.asked.size() == 0 || variables.pod.spec.?resourceClaims.orValue([]).size() == 0',
              message: {
                zh: '同时申请了 {name} 和设备申领（resourceClaims），它们在不同的资源池：一个 Pod 只用其中一种',
                en: 'it asks for {name} and for claimed devices (resourceClaims), which are of different pools: a pod takes one of the two',
              },
              values: { name: 'variables.asked[0][0]' },
            },
          ]
        : []),
    ],
  };
};
