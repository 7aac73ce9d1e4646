import { controllerKinds } from '../roles/controllers.ts';
import { map, texts } from './cel.ts';
import { templates } from './needs.ts';
import type { PolicyOf } from './policy.ts';
import { byControllers, workloads } from './workloads.ts';

const own = (...names: readonly string[]) => names.map((name) => `kueue.x-k8s.io/${name}`);

/** What Kueue documents for whoever submits (its pages on queues, topology, partial admission and execution time). */
const submitted = own(
  'queue-name',
  'priority-class',
  'podset-required-topology',
  'podset-preferred-topology',
  'podset-unconstrained-topology',
  'podset-slice-required-topology',
  'podset-slice-required-topology-constraints',
  'podset-slice-size',
  'podset-group-name',
  'job-min-parallelism',
  'job-completions-equal-parallelism',
  'max-exec-time-seconds',
);

/**
 * What Kueue's mutating webhooks write into the submitter's own request, by kind. They run before this policy, which cannot
 * tell who wrote it; each value is the one that Kueue would write anyway.
 */
const written: Readonly<Record<string, readonly string[]>> = {
  Pod: own('managed=true'),
  Deployment: own('managed=true', 'pod-suspending-parent=deployment'),
  StatefulSet: own('pod-suspending-parent=statefulset'),
  LeaderWorkerSet: own(
    'pod-suspending-parent=leaderworkerset.x-k8s.io/leaderworkerset',
    'pod-group-serving=true',
    'pod-index-offset=1',
  ),
  MPIJob: own('pod-index-offset=1'),
};

/** Of a pod: any hash. Kueue writes it too, and counts by it in groups alone, which nobody makes by hand. */
const [HASH = ''] = own('role-hash');
const hashed = `request.operation == 'CREATE' && dyn(object).kind == 'Pod'`;

const OURS = "key.contains('kueue.x-k8s.io/')";

/** CEL of the labels and the annotations of an object, of a cron job's jobs, and of all pod templates. */
const maps = (places: string) =>
  ['labels', 'annotations'].map((one) => `${places}.map(one, one.?metadata.?${one}.orValue({}))`).join(' + ');

/**
 * Kueue believes what it finds: pods of a group that carry one role hash are counted as the first of them, whatever each
 * asks for, and a workload that is named as made beforehand is not made from its job. So a submitter writes what is a
 * submitter's, and groups of pods are left to the controllers: a Job or a JobSet is a gang too, counted from its templates.
 * Nobody takes Kueue's mark off a pod either, for what is not marked is not looked after.
 */
export const kueueKeys: PolicyOf = (cluster) => {
  if (!cluster.cluster.kueue.enabled) return undefined;
  const places =
    "([dyn(object)] + (dyn(object).kind == 'CronJob' ? [dyn(object).spec.jobTemplate] : []) + " +
    `(${templates(cluster)}))`;
  return {
    name: 'kueue-keys',
    title: {
      zh: 'Kueue 自己的标签和注解不由提交者写',
      en: "Kueue's own labels and annotations are not the submitter's",
    },
    on: [...workloads, ...controllerKinds(cluster)],
    where: 'tenants',
    unless: { 'not-by-controllers': byControllers(cluster) },
    variables: {
      maps: maps(places),
      had: `request.operation == 'UPDATE' ? ${maps(places.replaceAll('dyn(object)', 'dyn(oldObject)'))} : []`,
      submitted: texts(submitted),
      written: `${map(Object.entries(written).map(([kind, pairs]) => [kind, texts(pairs)]))}[?dyn(object).kind].orValue([])`,
      foreign:
        `variables.maps.map(some, some.filter(key, ${OURS} && !(key in variables.submitted) && ` +
        `!((key + '=' + some[key]) in variables.written) && !(key == '${HASH}' && ${hashed}) && ` +
        '!variables.had.exists(before, key in before && before[key] == some[key]))).filter(some, some.size() > 0)',
      lost:
        "dyn(object).kind == 'Pod' ? " +
        `variables.had.map(before, before.filter(key, ${OURS} && !(key in variables.submitted) && ` +
        '!variables.maps.exists(some, key in some))).filter(some, some.size() > 0) : []',
    },
    rules: [
      {
        allows: 'variables.foreign.size() == 0',
        message: {
          zh: `标签或注解 {key} 只由 Kueue 写：请去掉。提交者可写的是 ${submitted.map(short).join('、')}；要成组运行的 Pod 请用 Job（parallelism）或 JobSet`,
          en: `label or annotation {key} is Kueue's alone to write: take it out. A submitter writes ${submitted.map(short).join(', ')}; pods that run as a group are submitted as a Job (parallelism) or a JobSet`,
        },
        values: { key: 'variables.foreign[0][0]' },
      },
      {
        allows: 'variables.lost.size() == 0',
        message: {
          zh: 'Pod 的标签或注解 {key} 是 Kueue 计数的依据，不得去掉：不再需要请删除该 Pod',
          en: "Kueue counts the pod by its label or annotation {key}, which may not be taken off: delete the pod where it isn't wanted any more",
        },
        values: { key: 'variables.lost[0][0]' },
      },
    ],
  };
};

const short = (key: string): string => key.replace(/^.*\//, '');
