import { managerOf } from '../../../model/queues/scope.ts';
import { controllerKinds } from '../roles/controllers.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, workloads } from './workloads.ts';

/**
 * A quota that is bound to no cluster stands on every worker of a manager, and what its tenant uses in all the manager's
 * credits cap: what went round the manager would come on top. The account by which it hands jobs on stands in Kueue's
 * namespace, and so is one of the controllers.
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
