import { controllerKinds } from '../roles/controllers.ts';
import { label } from './cel.ts';
import { holder } from './holder.ts';
import { PRIORITY, ranks, templates } from './needs.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, workloads } from './workloads.ts';

/** A job of a higher class drives others out of the queue, as a pod does on a node: no tenant goes above its own. */
export const queuePriority: PolicyOf = (cluster) =>
  cluster.cluster.kueue.enabled
    ? {
        name: 'queue-priority',
        title: { zh: '排队的优先级不高于租户的优先级', en: "no priority in the queue above the tenant's" },
        on: [...workloads, ...controllerKinds(cluster)],
        where: 'tenants',
        unless: bookkeeping(cluster),
        variables: {
          order: ranks.order,
          most: ranks.most,
          top: ranks.top,
          templates: templates(cluster),
          named: `[dyn(object), ${holder('object')}] + variables.templates`,
          above:
            `variables.named.map(one, ${label('one', PRIORITY)})` +
            ".filter(one, one != '' && !(one in variables.order && variables.order[one] <= variables.order[variables.top]))",
        },
        rules: [
          {
            allows: 'variables.above.size() == 0',
            message: {
              zh: `排队的优先级 "{class}" 不可用，本命名空间最高为 {top}：请在标签 ${PRIORITY} 写 {top} 或更低的 greenflops-* 优先级`,
              en: `priority "{class}" in the queue may not be used, the highest of this namespace is {top}: write {top} or a lower greenflops-* class into the label ${PRIORITY}`,
            },
            values: { class: 'variables.above[0]', top: 'variables.top' },
          },
        ],
      }
    : undefined;
