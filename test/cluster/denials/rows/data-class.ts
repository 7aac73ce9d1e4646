import { create } from '../asks.ts';
import {
  claim,
  claimSpec,
  CLASS,
  configMap,
  cronJob,
  daemonSet,
  deployment,
  GENERAL,
  job,
  pod,
  QUEUE,
  QUEUED,
  replicaSet,
  replicationController,
  secret,
  service,
  statefulSet,
} from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin } from '../people.ts';
import type { Row } from '../row.ts';

export const says = (have: string, path: string) =>
  `数据分级为 "${have}"，本命名空间为 "general"：请在 ${path} 写 greenflops.io/data-class: general / data class is "${have}", this namespace's is "general": write greenflops.io/data-class: general into ${path}`;
const own = (have: string, path = 'metadata.labels') =>
  `数据分级为 "${have}"，本命名空间为 "general"：请在 ${path} 写 greenflops.io/data-class: general，或去掉该标签 / data class is "${have}", this namespace's is "general": write greenflops.io/data-class: general into ${path}, or leave the label out`;
const claims =
  '卷声明模板的数据分级与本命名空间的 "general" 不一致：请在每个 volumeClaimTemplate 的 metadata.labels 写 greenflops.io/data-class: general / a volume claim template\'s data class is not this namespace\'s "general": write greenflops.io/data-class: general into metadata.labels of each volumeClaimTemplate';
export const carried = (have: string) =>
  `数据分级为 "${have}"，本命名空间为 "general"：请在 metadata.labels 写 greenflops.io/data-class: general；不同分级的数据不得带入 / data class is "${have}", this namespace's is "general": write greenflops.io/data-class: general into metadata.labels; data of another class may not be brought here`;

const queueAlone = { [QUEUE]: 'main' };
const IMPORTANT = { [CLASS]: 'important' };

/** A workload of each kind whose pods say no class. */
const unclassed = (
  [
    ['deployment', deployment, lin],
    ['statefulset', statefulSet, lin],
    ['daemonset', daemonSet, admin],
    ['replicaset', replicaSet, admin],
    ['replicationcontroller', replicationController, admin],
    ['job', job, lin],
    ['cronjob', cronJob, lin],
  ] as const
).map(([kind, make, who]): Row => {
  const id = `${kind}-without-class`;
  const path = `${kind === 'cronjob' ? 'spec.jobTemplate.' : ''}spec.template.metadata.labels`;
  return pair(id, {
    who,
    policy: 'data-class',
    says: says('', path),
    bad: make(id, { labels: queueAlone }),
    good: make(id),
  });
});

const scratch = (labels: Readonly<Record<string, string>>) => ({
  volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { metadata: { labels }, spec: claimSpec() } } }],
});
const withClaims = (labels: Readonly<Record<string, string>>) => ({
  fields: { volumeClaimTemplates: [{ metadata: { name: 'data', labels }, spec: claimSpec() }] },
});

export const dataClassRows: readonly Row[] = [
  pair('pod-without-class', {
    who: lin,
    policy: 'data-class',
    says: says('', 'metadata.labels'),
    bad: pod('pod-without-class', {}, queueAlone),
    good: pod('pod-without-class'),
  }),
  {
    ...pair('namespace-without-class', {
      who: admin,
      namespace: 'bare',
      policy: 'data-class',
      says: "命名空间 bare 没有标签 greenflops.io/data-class，其中不能新建或修改工作负载：请联系集群运维 / namespace bare has no label greenflops.io/data-class, so nothing may be made or changed in it: ask the cluster's operators",
      bad: pod('namespace-without-class', {}, queueAlone),
      good: pod('namespace-without-class'),
    }),
    twin: create(admin, 'copper-train', pod('namespace-without-class')),
  },
  pair('pod-of-another-class', {
    who: lin,
    policy: 'data-class',
    says: says('important', 'metadata.labels'),
    bad: pod('pod-of-another-class', {}, { ...QUEUED, ...IMPORTANT }),
    good: pod('pod-of-another-class'),
  }),
  ...unclassed,
  pair('deployment-of-another-class', {
    who: lin,
    policy: 'data-class',
    says: own('important'),
    bad: deployment('deployment-of-another-class', { own: { ...QUEUED, ...IMPORTANT } }),
    good: deployment('deployment-of-another-class'),
  }),
  pair('jobs-of-a-cronjob-of-another-class', {
    who: lin,
    policy: 'data-class',
    says: own('important', 'spec.jobTemplate.metadata.labels'),
    bad: cronJob('jobs-of-a-cronjob-of-another-class', { own: { ...QUEUED, ...IMPORTANT } }),
    good: cronJob('jobs-of-a-cronjob-of-another-class'),
  }),
  pair('claim-without-class', {
    who: lin,
    policy: 'data-class',
    says: says('', 'metadata.labels'),
    bad: claim('claim-without-class', {}),
    good: claim('claim-without-class'),
  }),
  pair('claim-of-another-class', {
    who: lin,
    policy: 'data-class',
    says: says('important', 'metadata.labels'),
    bad: claim('claim-of-another-class', IMPORTANT),
    good: claim('claim-of-another-class'),
  }),
  pair('claim-template-without-class', {
    who: lin,
    policy: 'data-class',
    says: claims,
    bad: statefulSet('claim-template-without-class', withClaims({})),
    good: statefulSet('claim-template-without-class', withClaims(GENERAL)),
  }),
  pair('scratch-volume-without-class', {
    who: lin,
    policy: 'data-class',
    says: claims,
    bad: pod('scratch-volume-without-class', scratch({})),
    good: pod('scratch-volume-without-class', scratch(GENERAL)),
  }),
  pair('secret-of-another-class', {
    who: lin,
    policy: 'data-class-labels',
    says: carried('important'),
    bad: secret('secret-of-another-class', IMPORTANT),
    good: secret('secret-of-another-class', GENERAL),
  }),
  pair('configmap-of-another-class', {
    who: lin,
    policy: 'data-class-labels',
    says: carried('important'),
    bad: configMap('configmap-of-another-class', IMPORTANT),
    good: configMap('configmap-of-another-class', GENERAL),
  }),
  pair('service-of-another-class', {
    who: lin,
    policy: 'data-class-labels',
    says: carried('core'),
    bad: service('service-of-another-class', {}, { [CLASS]: 'core' }),
    good: service('service-of-another-class', {}, GENERAL),
  }),
];
