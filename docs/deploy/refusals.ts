import type { Text } from '../../model/text.ts';

/** A mistake in the shipped estate; the page shows what the programs say of it. */
export interface Refusal {
  readonly what: Text;
  /** Text of the estate that stands there once, and what stands there instead */
  readonly change: readonly (readonly [from: string, to: string])[];
}

const rice = 'namespaces: [rice-vision]\n    data_class: general';
const egress = (cidr: string, dataClass: string, jurisdiction: string) =>
  `quota: [{ pool: nc-910b, pflops: 20 }]
    egress: [{ cidr: ${cidr}, ports: [443], data_class: ${dataClass}, jurisdiction: ${jurisdiction}, reason: { zh: 对端, en: the other side } }]`;

/** Kueue on the cluster of the first two pools. */
const kueue: readonly [string, string] = [
  'data_classes: [general, important] }',
  'data_classes: [general, important], kueue: { enabled: true } }',
];

export const refusals: readonly Refusal[] = [
  {
    what: { zh: '不认识的型号', en: 'a model that nobody knows' },
    change: [['accelerator: ascend-910b3\n', 'accelerator: ascend-910b33\n']],
  },
  {
    what: { zh: '一个 id 用了两次', en: 'an id that stands twice' },
    change: [['- id: nc-910b\n', '- id: nc-a800\n']],
  },
  {
    what: { zh: '配额超过资源池所有', en: 'more quota than the pool has' },
    change: [['pool: nc-910b, pflops: 20', 'pool: nc-910b, pflops: 200']],
  },
  {
    what: { zh: '配额不足一张卡', en: 'less quota than one chip' },
    change: [['pool: py-910a, pflops: 8', 'pool: py-910a, pflops: 0.01']],
  },
  {
    what: { zh: '租户的数据级别高于集群', en: 'a tenant whose data are above the cluster' },
    change: [[rice, rice.replace('general', 'important')]],
  },
  {
    what: { zh: '数据集放在级别不够的集群', en: 'a data set on a cluster that may not hold its class' },
    change: [['owner: smelter-works, clusters: [nc-a] }', 'owner: smelter-works, clusters: [nc-a, py-a] }']],
  },
  {
    what: { zh: '读取者的级别低于数据集', en: 'a reader below the data set' },
    change: [
      ['owner: smelter-works, clusters: [nc-a] }', 'owner: smelter-works, clusters: [nc-a], readers: [copper-ai] }'],
    ],
  },
  {
    what: { zh: '出口的许可低于租户的数据', en: "egress with less clearance than the tenant's data" },
    change: [
      [
        'namespaces: [copper-train, copper-serve]\n    data_class: general',
        'namespaces: [copper-train, copper-serve]\n    data_class: important',
      ],
      ['quota: [{ pool: nc-910b, pflops: 20 }]', egress('10.8.0.0/24', 'general', 'jiangxi')],
    ],
  },
  {
    what: { zh: '低于 restricted 而不说理由', en: 'a pool below restricted without a reason' },
    change: [['count: 128\n', 'count: 128\n    pod_security: { level: baseline }\n']],
  },
  {
    what: { zh: '镜像没有摘要', en: 'an image without digest' },
    change: [[`@sha256:${'0'.repeat(64)}`, ':1.0']],
  },
  {
    what: { zh: '同一园区两处采集器', en: 'two exporters for one site' },
    change: [
      ['context: nc-a,', 'context: nc-a, exporter: true,'],
      [
        '\npools:\n',
        '  - { id: nc-b, site: nanchang, context: nc-b, jurisdiction: jiangxi, data_classes: [general], exporter: true }\n\npools:\n',
      ],
    ],
  },
  {
    what: {
      zh: '有 Kueue 的集群上，两种型号共用一个资源名',
      en: 'two models under one resource name on a cluster with Kueue',
    },
    change: [kueue, ['cluster: py-a\n    accelerator: nvidia-h20', 'cluster: nc-a\n    accelerator: nvidia-h20']],
  },
  {
    what: { zh: '借用而没有组', en: 'borrowing without a group' },
    change: [['    group: industrial\n', '']],
  },
  {
    what: { zh: '配额不写资源池，而没有 Kueue', en: 'a quota that names no pool, without Kueue' },
    change: [['quota: [{ pool: py-910a, pflops: 8 }]', 'quota: [{ pflops: 8 }]']],
  },
  {
    what: { zh: '没有集群获准存放的数据级别', en: 'a class of data for which no cluster is cleared' },
    change: [
      kueue,
      [rice, rice.replace('general', 'core')],
      ['quota: [{ pool: py-910a, pflops: 8 }]', 'quota: [{ pflops: 8 }]'],
    ],
  },
  {
    what: { zh: '承诺之和超过实有', en: 'more promised in all than there is' },
    change: [kueue, ['quota: [{ pool: py-910a, pflops: 8 }]', 'quota: [{ cluster: nc-a, pflops: 40 }]']],
  },
  {
    what: { zh: '有 Kueue 的资源池写了不会有节点的机架', en: 'a rack that never has a node of the pool, with Kueue' },
    change: [
      kueue,
      [
        'nodes: { selector: { accelerator: ascend-910b3 } }',
        'nodes: { selector: { rack: r1 } }\n    racks: { label: rack, values: [r1, r2] }',
      ],
    ],
  },
];
