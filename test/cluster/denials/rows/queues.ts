import { patch } from '../asks.ts';
import { cronJob, daemonSet, deployment, GENERAL, job, pod, QUEUE, replicaSet, statefulSet } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin } from '../people.ts';
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
    ['cronjob', cronJob, lin, 'spec.jobTemplate.metadata.labels'],
    ['replicaset', replicaSet, admin, 'spec.template.metadata.labels'],
    ['daemonset', daemonSet, admin, 'spec.template.metadata.labels'],
  ] as const
).map(([kind, make, who, path]): Row => {
  const id = `${kind}-without-queue`;
  const bad = make(id, { own: GENERAL, labels: GENERAL });
  return pair(id, { who, policy: 'queue', says: unnamed(path), bad, good: make(id) });
});

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
