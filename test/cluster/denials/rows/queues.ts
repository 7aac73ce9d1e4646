import { create, patch } from '../asks.ts';
import {
  cronJob,
  daemonSet,
  deployment,
  GENERAL,
  job,
  jobSet,
  pod,
  QUEUE,
  replicaSet,
  statefulSet,
} from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, jobSetController, lin, operator } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const unnamed = (path: string) =>
  `没有写明队列：请在 ${path} 写 kueue.x-k8s.io/queue-name: <本命名空间的 LocalQueue> / no queue is named: write kueue.x-k8s.io/queue-name: <a LocalQueue of this namespace> into ${path}`;
const running = (had: string, have: string) =>
  `已在队列 ${had} 中运行，不得改到 ${have}：请先暂停（spec.suspend: true 或 replicas: 0），或删除后重新提交 / it runs from queue ${had} and may not go to ${have}: suspend it first (spec.suspend: true, or replicas: 0), or delete it and submit it anew`;

const queueless = (
  [
    ['deployment', deployment, lin, 'metadata.labels'],
    ['statefulset', statefulSet, lin, 'metadata.labels'],
    ['job', job, lin, 'metadata.labels'],
    ['jobset', jobSet, lin, 'metadata.labels'],
    ['cronjob', cronJob, lin, 'spec.jobTemplate.metadata.labels'],
    ['replicaset', replicaSet, admin, 'spec.template.metadata.labels'],
    ['daemonset', daemonSet, admin, 'spec.template.metadata.labels'],
  ] as const
).map(([kind, make, who, path]): Row => {
  const id = `${kind}-without-queue`;
  const bad = make(id, { own: GENERAL, labels: GENERAL });
  return pair(id, { who, policy: 'queue', says: unnamed(path), bad, good: make(id) });
});

const forged =
  'metadata.ownerReferences 称由 JobSet decoy 控制（controller: true），Kueue 会因此放行：请去掉，只有控制器可以写 / metadata.ownerReferences says that JobSet decoy controls it (controller: true), and Kueue would let it pass: leave that out, controllers alone write it';
const owned = (object: object, apiVersion = 'jobset.x-k8s.io/v1', kind = 'JobSet') => {
  const { metadata, ...rest } = object as { metadata: object };
  const owner = { apiVersion, kind, name: 'decoy', uid: '00000000-0000-4000-8000-000000000000', controller: true };
  return { ...rest, metadata: { ...metadata, ownerReferences: [owner] } };
};

const to = (queue: string | null) => ({ metadata: { labels: { [QUEUE]: queue } } });

export const queueRows: readonly Row[] = [
  pair('pod-without-queue', {
    who: lin,
    policy: 'queue',
    says: unnamed('metadata.labels'),
    bad: pod('pod-without-queue', {}, GENERAL),
    good: pod('pod-without-queue'),
  }),
  ...queueless,
  {
    id: 'job-said-to-be-of-a-jobset',
    by: 'policy queue',
    denied: create(lin, 'copper-train', owned(job('job-said-to-be-of-a-jobset'))),
    message: refusal('queue', 'jobs.batch "job-said-to-be-of-a-jobset"', forged),
    // JobSet gives its jobs no queue of their own.
    twin: create(jobSetController, 'copper-train', owned(job('job-said-to-be-of-a-jobset', { own: GENERAL }))),
  },
  pair('job-said-to-be-of-a-jobset-not-of-a-cronjob', {
    who: lin,
    policy: 'queue',
    says: forged,
    bad: owned(job('from')),
    good: owned(job('from'), 'batch/v1', 'CronJob'), // as kubectl create job --from does
  }),
  pair('pod-said-to-be-of-a-jobset', {
    who: lin,
    policy: 'queue',
    says: forged,
    bad: owned(pod('pod-said-to-be-of-a-jobset')),
    good: pod('pod-said-to-be-of-a-jobset'),
  }),
  {
    id: 'old-job-without-queue-widened',
    by: 'policy queue',
    denied: patch(operator, 'copper-train', 'Job/months', { spec: { parallelism: 2 } }),
    message: refusal('queue', 'jobs.batch "months"', unnamed('metadata.labels')),
    twin: patch(operator, 'copper-train', 'Job/months', { spec: { suspend: true } }),
  },
  {
    id: 'queue-taken-off',
    by: 'policy queue',
    denied: patch(lin, 'copper-train', 'Deployment/live', to(null)),
    message: refusal('queue', 'deployments.apps "live"', unnamed('metadata.labels')),
    twin: patch(lin, 'copper-train', 'Deployment/live', to('main')),
  },
  {
    id: 'queue-of-a-running-job-changed',
    by: 'policy queue',
    denied: patch(lin, 'copper-train', 'Job/live', to('other')),
    message: refusal('queue', 'jobs.batch "live"', running('main', 'other')),
    twin: patch(lin, 'copper-train', 'Job/waiting', to('other')),
  },
  {
    id: 'queue-of-a-running-deployment-changed',
    by: 'policy queue',
    denied: patch(lin, 'copper-train', 'Deployment/live', to('other')),
    message: refusal('queue', 'deployments.apps "live"', running('main', 'other')),
    twin: patch(lin, 'copper-train', 'Deployment/none', to('other')),
  },
];
