import { label } from './cel.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, ending, workloads } from './workloads.ts';

const QUEUE = 'kueue.x-k8s.io/queue-name';

/**
 * Kueue passes over a workload that names no queue. The label stands on what the user submits and Kueue looks at: a
 * CronJob's job, the pods of a set that Kueue does not know as such, else the object itself. What controllers make of
 * that carries its owner's queue.
 */
const SETS = "['ReplicaSet', 'ReplicationController', 'DaemonSet']";
const holder = (object: string) =>
  `(dyn(object).kind == 'CronJob' ? dyn(${object}).spec.jobTemplate : ` +
  `dyn(object).kind in ${SETS} ? dyn(${object}).spec.template : dyn(${object}))`;

/** That nothing of it runs yet, so that it may still go to another queue. */
const waiting = [
  "dyn(object).kind == 'CronJob'",
  "(dyn(object).kind == 'Job' && dyn(object).spec.?suspend.orValue(false) && dyn(oldObject).spec.?suspend.orValue(false))",
  "(dyn(object).kind == 'Pod' && dyn(object).spec.?schedulingGates.orValue([]).size() > 0)",
  '(has(dyn(object).spec.replicas) && dyn(object).spec.replicas == 0 && dyn(oldObject).spec.?replicas.orValue(1) == 0)',
].join(' || ');

export const queue: PolicyOf = (cluster) =>
  cluster.cluster.kueue.enabled
    ? {
        name: 'queue',
        title: { zh: '提交的工作负载写明队列', en: 'workloads that are submitted name their queue' },
        on: workloads,
        where: 'tenants',
        unless: { 'not-by-controllers': byControllers(cluster), 'not-ending': ending },
        variables: {
          holder: holder('object'),
          path:
            "(dyn(object).kind == 'CronJob' ? 'spec.jobTemplate.' : " +
            `dyn(object).kind in ${SETS} ? 'spec.template.' : '') + 'metadata.labels'`,
          have: label('variables.holder', QUEUE),
          before: `request.operation == 'UPDATE' ? ${holder('oldObject')} : dyn(object)`,
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
        ],
      }
    : undefined;
