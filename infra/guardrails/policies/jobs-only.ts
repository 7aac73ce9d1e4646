import { dispatchedGroups } from '../../dispatch/dispatched-kinds.ts';
import { controllerKinds } from '../roles/controllers.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, workloads } from './workloads.ts';

/**
 * A manager runs no pods and its Kueue knows jobs alone: whatever stays, or is a pod already, would wait there for ever, its
 * pods refused one by one by a quota of 0 that only an event tells of.
 */
export const jobsOnly: PolicyOf = (view) => {
  const { cluster } = view;
  if (cluster.role !== 'manager' || !cluster.kueue.enabled) return undefined;
  const handedOn = dispatchedGroups(view);
  return {
    name: 'jobs-only',
    title: { zh: '管理集群只转交作业', en: 'a manager hands on jobs alone' },
    on: [...workloads, ...controllerKinds(view)]
      .filter(({ group }) => !handedOn.includes(group))
      .map((on) => ({ ...on, operations: ['CREATE'] })),
    where: 'tenants',
    unless: { 'not-by-controllers': byControllers(view) },
    rules: [
      {
        allows: 'false',
        message: {
          zh: `集群 ${cluster.id} 是管理集群，只转交作业，{kind} 在此不会运行：请改用 Job；长期服务需要绑定到集群的配额，请运维写 quota: [{ cluster: <集群>, pflops: <数> }]，再提交到那个集群`,
          en: `cluster ${cluster.id} is a manager and hands on jobs only, a {kind} never runs here: submit a Job; a service needs a quota on a cluster: ask the operators for quota: [{ cluster: <cluster>, pflops: <number> }], and submit it there`,
        },
        values: { kind: 'dyn(object).kind' },
      },
    ],
  };
};
