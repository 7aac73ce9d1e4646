import { create, patch } from '../asks.ts';
import { cronJob, deployment, GENERAL, job, jobSet, pod, QUEUED, statefulSet, type Off } from '../objects.ts';
import { pair } from '../pair.ts';
import { controller, dispatch, kueue, lin } from '../people.ts';
import { refusal, type Row } from '../row.ts';

type Keys = Readonly<Record<string, string>>;
const K = (keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, to]) => [`kueue.x-k8s.io/${key}`, to]));

const KEYS =
  'queue-name,priority-class,podset-required-topology,podset-preferred-topology,podset-unconstrained-topology,podset-slice-required-topology,podset-slice-required-topology-constraints,podset-slice-size,podset-group-name,job-min-parallelism,job-completions-equal-parallelism,max-exec-time-seconds'.split(
    ',',
  );
const foreign = (key: string) =>
  `标签或注解 kueue.x-k8s.io/${key} 只由 Kueue 写：请去掉。提交者可写的是 ${KEYS.join('、')}；要成组运行的 Pod 请用 Job（parallelism）或 JobSet / ` +
  `label or annotation kueue.x-k8s.io/${key} is Kueue's alone to write: take it out. A submitter writes ${KEYS.join(', ')}; pods that run as a group are submitted as a Job (parallelism) or a JobSet`;
const lost =
  "Pod 的标签或注解 kueue.x-k8s.io/managed 是 Kueue 计数的依据，不得去掉：不再需要请删除该 Pod / Kueue counts the pod by its label or annotation kueue.x-k8s.io/managed, which may not be taken off: delete the pod where it isn't wanted any more";

const annotated = (object: object, annotations: Keys): object => {
  const { metadata, ...rest } = object as { metadata: object };
  return { ...rest, metadata: { ...metadata, annotations } };
};
const row = (id: string, key: string, bad: object, good: object): Row =>
  pair(id, { who: lin, policy: 'kueue-keys', says: foreign(key), bad, good });

/** What Kueue's webhook leaves of a pod that stands alone, in its owner's own request */
const marked = (id: string, labels: Keys = {}): object =>
  pod(id, {}, { ...QUEUED, ...K({ managed: 'true' }), ...labels });
/** What the webhooks of services leave of their templates */
const parented = (parent: string, managed = false): Off => ({
  labels: { ...QUEUED, ...(managed && K({ managed: 'true' })) },
  annotations: K({ 'pod-suspending-parent': parent }),
});
const note = (annotations: Keys) => ({ metadata: { annotations } });
const RACK = K({ 'podset-required-topology': 'kubernetes.io/hostname' });
const GROUPED = K({ 'pod-group-total-count': '2', 'role-hash': 'small' });

/** The ways to say to Kueue what Kueue says: one small pod's charge for a large one, another's workload for one's own. */
export const kueueKeyRows: readonly Row[] = [
  row(
    'pod-in-a-group-with-a-forged-role',
    'pod-group-name',
    annotated(marked('pod-in-a-group-with-a-forged-role', K({ 'pod-group-name': 'team' })), GROUPED),
    annotated(marked('pod-in-a-group-with-a-forged-role'), K({ 'role-hash': 'small' })),
  ),
  row(
    'pod-admitted-with-its-group',
    'pod-group-fast-admission',
    annotated(marked('pod-admitted-with-its-group'), K({ 'pod-group-fast-admission': 'true' })),
    annotated(marked('pod-admitted-with-its-group'), { note: 'a' }),
  ),
  row(
    'forged-role-in-a-job',
    'role-hash',
    job('forged-role-in-a-job', { annotations: K({ 'role-hash': 'small' }) }),
    job('forged-role-in-a-job', { annotations: RACK }),
  ),
  row(
    'group-in-a-deployment',
    'pod-group-name',
    deployment('group-in-a-deployment', { labels: { ...QUEUED, ...K({ 'pod-group-name': 'team' }) } }),
    deployment('group-in-a-deployment', parented('deployment', true)),
  ),
  row(
    'parent-of-another-kind-in-a-statefulset',
    'pod-suspending-parent',
    statefulSet('parent-of-another-kind-in-a-statefulset', parented('deployment')),
    statefulSet('parent-of-another-kind-in-a-statefulset', parented('statefulset')),
  ),
  row(
    'workload-of-another-in-a-cronjob',
    'prebuilt-workload-name',
    cronJob('workload-of-another-in-a-cronjob', { own: { ...QUEUED, ...K({ 'prebuilt-workload-name': 'theirs' }) } }),
    cronJob('workload-of-another-in-a-cronjob', { own: { ...QUEUED, ...K({ 'max-exec-time-seconds': '60' }) } }),
  ),
  row(
    'gate-in-a-jobset',
    'admission-gated-by',
    annotated(jobSet('gate-in-a-jobset'), K({ 'admission-gated-by': 'me' })),
    annotated(jobSet('gate-in-a-jobset'), { note: 'a' }),
  ),
  {
    id: 'origin-of-a-manager',
    by: 'policy kueue-keys',
    denied: create(
      lin,
      'copper-train',
      job('origin', { own: { ...QUEUED, ...K({ 'multikueue-origin': 'province' }) } }),
    ),
    message: refusal('kueue-keys', 'jobs.batch "origin"', foreign('multikueue-origin')),
    twin: create(
      dispatch,
      'copper-train',
      job('origin', {
        own: { ...QUEUED, ...K({ 'multikueue-origin': 'province', 'prebuilt-workload-name': 'job-a' }) },
      }),
    ),
  },
  {
    id: 'pod-of-a-job-by-hand',
    by: 'policy kueue-keys',
    denied: create(lin, 'copper-train', pod('podset', {}, { ...QUEUED, ...K({ podset: 'main' }) })),
    message: refusal('kueue-keys', 'pods "podset"', foreign('podset')),
    twin: create(
      controller('job-controller'),
      'copper-train',
      pod('podset', {}, { ...GENERAL, ...QUEUED, ...K({ podset: 'main' }) }),
    ),
  },
  {
    id: 'role-of-a-pod-forged-later',
    by: 'policy kueue-keys',
    denied: patch(lin, 'copper-train', 'Pod/counted', note(K({ 'role-hash': 'small' }))),
    message: refusal('kueue-keys', 'pods "counted"', foreign('role-hash')),
    twin: patch(kueue, 'copper-train', 'Pod/counted', note(GROUPED)),
  },
  {
    id: 'mark-of-kueue-taken-off-a-pod',
    by: 'policy kueue-keys',
    denied: patch(lin, 'copper-train', 'Pod/counted', { metadata: { labels: { 'kueue.x-k8s.io/managed': null } } }),
    message: refusal('kueue-keys', 'pods "counted"', lost),
    twin: patch(lin, 'copper-train', 'Pod/counted', note({ note: 'a' })),
  },
];
