import type { PolicyOf } from './policy.ts';
import { byControllers } from './workloads.ts';

/** A scheduler of a tenant's own would be a way round taints and queues. */
export const bindings: PolicyOf = (cluster) => ({
  name: 'bindings',
  title: { zh: '只有调度器可以把 Pod 绑定到节点', en: 'schedulers alone bind pods to nodes' },
  on: [{ group: '', resources: ['pods/binding', 'bindings'], operations: ['CREATE'] }],
  where: 'tenants',
  unless: { 'not-by-controllers': byControllers(cluster) },
  rules: [
    {
      allows: 'false',
      message: {
        zh: '用户 {user} 不是调度器，不得把 Pod 绑定到节点：请让调度器选择节点',
        en: 'user {user} is no scheduler and may not bind pods to nodes: leave it to the scheduler',
      },
      values: { user: 'request.userInfo.username' },
    },
  ],
});
