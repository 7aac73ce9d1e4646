import { managerOf } from '../../../model/queues/scope.ts';
import { dispatchedGroups } from '../../dispatch/dispatched-kinds.ts';
import { controllerKinds } from '../roles/controllers.ts';
import { texts } from './cel.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, workloads } from './workloads.ts';

/**
 * A quota that is bound to no cluster stands on every worker of a manager, and what its tenant uses in all the manager's
 * credits cap: what went round the manager would come on top. The account by which it hands jobs on stands in Kueue's
 * namespace, and so is one of the controllers. A service goes no such way: the manager hands on jobs alone.
 */
export const dispatched: PolicyOf = (view) => {
  const manager = managerOf(view.plan.estate, view.cluster);
  if (manager === undefined) return undefined;
  return {
    name: 'dispatched',
    title: { zh: '由管理集群派发的命名空间不直接提交', en: 'what a manager hands out is not submitted past it' },
    on: [...workloads, ...controllerKinds(view)].map((on) => ({ ...on, operations: ['CREATE'] })),
    where: 'dispatched',
    unless: { 'not-by-controllers': byControllers(view) },
    rules: [
      {
        allows: `request.kind.group in ${texts(dispatchedGroups({ cluster: manager }))}`,
        message: {
          zh: `命名空间 {namespace} 的配额由管理集群 ${manager.id} 统一掌握，它只转交作业，{kind} 不能在此运行：请改用 Job，提交到集群 ${manager.id} 的同名命名空间；长期服务请放在配额全部绑定到集群的租户（quota: [{ cluster: ${view.cluster.id}, pflops: <数> }]，由运维声明）`,
          en: `manager ${manager.id} keeps the quota of namespace {namespace} and hands on jobs only, a {kind} may not run here: submit a Job on cluster ${manager.id}, in the namespace of the same name; a service needs a tenant whose quotas are all bound to clusters: ask the operators for quota: [{ cluster: ${view.cluster.id}, pflops: <number> }]`,
        },
        values: { namespace: 'request.namespace', kind: 'dyn(object).kind' },
      },
      {
        allows: 'false',
        message: {
          zh: `命名空间 {namespace} 的任务由管理集群 ${manager.id} 派发，不得在此直接提交：请提交到集群 ${manager.id} 的同名命名空间`,
          en: `jobs of namespace {namespace} are handed out by the manager ${manager.id} and may not be submitted here: submit them on cluster ${manager.id}, in the namespace of the same name`,
        },
        values: { namespace: 'request.namespace' },
      },
    ],
  };
};
