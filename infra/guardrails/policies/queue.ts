import { label } from './cel.ts';
import { controllerKinds } from '../roles/controllers.ts';
import { holder, holderPath } from './holder.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, ending, pausing, workloads } from './workloads.ts';

const QUEUE = 'kueue.x-k8s.io/queue-name';

/** That nothing of it runs yet, so that it may still go to another queue. */
const waiting = [
  "dyn(object).kind == 'CronJob'",
  '(dyn(object).?spec.?suspend.orValue(false) && dyn(oldObject).?spec.?suspend.orValue(false))',
  "(dyn(object).kind == 'Pod' && dyn(object).spec.?schedulingGates.orValue([]).size() > 0)",
  '(dyn(object).?spec.?replicas.orValue(1) == 0 && dyn(oldObject).?spec.?replicas.orValue(1) == 0)',
].join(' || ');

/**
 * Kueue passes over a workload that names no queue. The label stands on what the user submits and Kueue looks at (holder.ts),
 * a declared controller's kind among them. What controllers make of that is let be: Kueue holds its owner, whose queue
 * JobSet's jobs for one do not carry. So nobody else may say that a controller made it. And a pod that waits at Kueue's gate
 * is let in by Kueue: whoever could take the gate off would pass over every quota.
 */
export const queue: PolicyOf = (cluster) =>
  cluster.cluster.kueue.enabled
    ? {
        name: 'queue',
        title: { zh: '提交的工作负载写明队列', en: 'workloads that are submitted name their queue' },
        on: [...workloads, ...controllerKinds(cluster)],
        where: 'tenants',
        unless: { 'not-by-controllers': byControllers(cluster), 'not-ending': ending, 'not-pausing': pausing },
        variables: {
          holder: holder('object'),
          path: `${holderPath('.')} + 'metadata.labels'`,
          have: label('variables.holder', QUEUE),
          before: `request.operation == 'UPDATE' ? ${holder('oldObject')} : dyn(object)`,
          // kubectl create job --from names a CronJob, which Kueue does not hold.
          owners:
            "object.metadata.?ownerReferences.orValue([]).filter(one, one.?controller.orValue(false) && one.kind != 'CronJob')",
          gates:
            "request.operation == 'UPDATE' && dyn(object).kind == 'Pod' ? " +
            "dyn(oldObject).spec.?schedulingGates.orValue([]).filter(one, one.name.startsWith('kueue.x-k8s.io/') && " +
            '!dyn(object).spec.?schedulingGates.orValue([]).exists(left, left.name == one.name)) : []',
          had: `request.operation == 'UPDATE' ? ${label('variables.before', QUEUE)} : ''`,
        },
        rules: [
          {
            allows: "variables.have != ''",
            message: {
              zh: `没有写明队列：请在 {path} 写 ${QUEUE}: <本命名空间的 LocalQueue>`,
              en: `no queue is named: write ${QUEUE}: <a LocalQueue of this namespace> into {path}`,
            },
            values: { path: 'variables.path' },
          },
          {
            allows: `variables.had in ['', variables.have] || ${waiting}`,
            message: {
              zh: '已在队列 {had} 中运行，不得改到 {have}：请先暂停（spec.suspend: true 或 replicas: 0），或删除后重新提交',
              en: 'it runs from queue {had} and may not go to {have}: suspend it first (spec.suspend: true, or replicas: 0), or delete it and submit it anew',
            },
            values: { had: 'variables.had', have: 'variables.have' },
          },
          {
            allows:
              'variables.owners.size() == 0 || ' +
              "(request.operation == 'UPDATE' && object.metadata.?ownerReferences == oldObject.metadata.?ownerReferences)",
            message: {
              zh: 'metadata.ownerReferences 称由 {owner} 控制（controller: true），Kueue 会因此放行：请去掉，只有控制器可以写',
              en: 'metadata.ownerReferences says that {owner} controls it (controller: true), and Kueue would let it pass: leave that out, controllers alone write it',
            },
            values: { owner: "variables.owners[0].kind + ' ' + variables.owners[0].name" },
          },
          {
            allows: 'variables.gates.size() == 0',
            message: {
              zh: '调度门 {gate} 由 Kueue 在接纳时去掉：请等待其排队，不得自行放行',
              en: 'Kueue takes the scheduling gate {gate} off when it admits the pod: wait for its turn, nobody else may let it in',
            },
            values: { gate: 'variables.gates[0].name' },
          },
        ],
      }
    : undefined;
