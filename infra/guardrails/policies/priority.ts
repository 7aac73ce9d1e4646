import { ranks } from './needs.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, pod, workloads } from './workloads.ts';

/** A pod of a higher class drives others out: no tenant goes above its own. Where a namespace states none it is the lowest. */
export const priority: PolicyOf = (cluster) => ({
  name: 'priority',
  title: { zh: '优先级不高于租户的优先级', en: "no priority above the tenant's" },
  on: workloads,
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    pod,
    order: ranks.order,
    most: ranks.most,
    top: ranks.top,
    class: "variables.pod.spec.?priorityClassName.orValue('')",
  },
  rules: [
    {
      allows:
        "variables.class == '' || (variables.class in variables.order && " +
        'variables.order[variables.class] <= variables.order[variables.top])',
      message: {
        zh: '优先级 "{class}" 不可用，本命名空间最高为 {top}：请在 priorityClassName 写 {top} 或更低的 greenflops-* 优先级',
        en: 'priority class "{class}" may not be used, the highest of this namespace is {top}: write {top} or a lower greenflops-* class into priorityClassName',
      },
      values: { class: 'variables.class', top: 'variables.top' },
    },
  ],
});
