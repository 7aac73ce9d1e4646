import { expect, test } from 'vitest';
import { deployNotes, requireDeployable } from '../../../infra/deployable.ts';
import { formatFinding } from '../../../model/finding.ts';
import { loadPlan } from '../../../model/load.ts';
import { PlanError } from '../../../model/plan-error.ts';
import { replaced } from '../estates.ts';
import { inFolder, province } from './province.ts';

type Change = (estate: string) => string;

/** What synth refuses of the province, without the folder's name. */
const refusals = (estate: string, language: 'zh' | 'en' = 'en'): string[] =>
  inFolder(estate, (dir) => {
    try {
      requireDeployable(dir, loadPlan(dir));
      return [];
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return error.findings.map((found) => formatFinding(found, language).replace(/^.*\/(?=estate\.yaml)/, ''));
    }
  });
const notes = (estate: string): string[] => inFolder(estate, (dir) => deployNotes(loadPlan(dir)).map(({ en }) => en));

const all =
  (...changes: Change[]): Change =>
  (estate) =>
    changes.reduce((text, change) => change(text), estate);

/** The province without its manager. */
const managerless = (estate: string): string =>
  estate.replace(/ {2}# Hands jobs to both[^#]*(?= {2}# The API server)/, '');
const borrowers = 'quota: [{ pool: nc-910b, pflops: 20 }]';
const open = 'quota: [{ pflops: 5 }]';

test('the province can be deployed', () => {
  expect(refusals(province)).toEqual([]);
});

test.each<[name: string, change: Change, at: string, en: string, zh: string]>([
  [
    'a manager without Kueue',
    all(
      replaced('role: manager\n    kueue: { enabled: true, manage_config: true }', 'role: manager'),
      replaced(open, 'quota: [{ cluster: py-a, pflops: 5 }]'),
    ),
    'manager\n',
    'a manager hands jobs on by its Kueue (MultiKueue): write kueue: { enabled: true }',
    '管理集群靠 Kueue（MultiKueue）分发作业',
  ],
  [
    'an open resource with which the name of chips begins',
    replaced('    volcano: { enabled: true }', '    volcano: { enabled: true }\n    resources: [nvidia.com/g]'),
    'nvidia.com/g]',
    'Kueue counts nothing whose name begins so, and chips of pool nc-a800 are called nvidia.com/gpu',
    'Kueue 不计名字以它开头的资源',
  ],
  [
    'a manager without workers',
    all(
      (estate) => estate.replaceAll('kueue: { enabled: true, manage_config: true }\n    volcano', 'volcano'),
      replaced('data_classes: [general]\n    kueue: { enabled: true, manage_config: true }', 'data_classes: [general]'),
      replaced(open, 'quota: [{ pool: py-910a, pflops: 5 }]'),
    ),
    'manager\n',
    'a manager without workers keeps its jobs for ever',
    '管理集群没有 worker',
  ],
  [
    'a tenant whose class its manager is not cleared for',
    replaced('data_classes: [general, important]\n    role: manager', 'data_classes: [general]\n    role: manager'),
    'important\n    group: industrial\n    priority: urgent',
    "jobs of mine-rescue pass through the manager jx-m, which is not cleared for important: add it to the manager's data_classes, or leave nc-a out",
    '租户 mine-rescue 的作业经过管理集群 jx-m，而它不允许 important 级数据',
  ],
  [
    'a class that no cluster with Kueue is cleared for',
    all(
      replaced(
        'data_classes: [general, important]\n    kueue: { enabled: true, manage_config: true }\n    volcano: { enabled: true }',
        'data_classes: [general, important]',
      ),
      replaced('pool: nc-910b, pflops: 12', 'pflops: 2'),
    ),
    '{ pflops: 2 }',
    'no cluster with Kueue (py-a) is cleared for important data',
    '启用 Kueue 的集群（py-a）没有一个允许 important 级数据',
  ],
  [
    'a quota of several clusters that no manager has',
    managerless,
    '{ pflops: 5 }',
    'this quota may be used on nc-a, py-a, and no manager (role: manager) has them all as its workers',
    '这份配额可在 nc-a, py-a 使用，而没有一个管理集群',
  ],
  [
    'a quota without a pool where chips are claimed',
    all(
      replaced('resource: huawei.com/Ascend910A\n', 'sharing: { by: dra, driver: npu.example }\n'),
      replaced(
        '    sharing: { by: slices, slices: { 7g.96gb: 64 } }',
        '    sharing: { by: dra, driver: gpu.nvidia.com }',
      ),
      replaced(', slice: 7g.96gb', ''),
      replaced(open, 'quota: [{ cluster: py-a, pflops: 5 }]'),
    ),
    '{ cluster: py-a, pflops: 5 }',
    'py-a: no pool there could give it a chip',
    'py-a 没有资源池能给它卡',
  ],
  [
    'a quota without a pool of less than any chip',
    replaced('{ pflops: 5 }', '{ pflops: 0.1 }'),
    '{ pflops: 0.1 }',
    'less than one nvidia.com/mig-7g.96gb (pool py-h20, 0.148 PFlops dense FP16), the least that nc-a, py-a hand out',
    '不足一个 nvidia.com/mig-7g.96gb',
  ],
  [
    // 64 x 0.312 + 128 x 0.313 + 64 x 0.148 + 64 x 0.256, less 63 + 38 chips of nc-910b, 31 of py-910a, 32 of nc-a800, 27 of py-h20
    'quotas without a pool of more than all the clusters have left',
    replaced('{ pflops: 5 }', '{ pflops: 32.4 }'),
    '32.4 }',
    'on nc-a, py-a, 32.359 PFlops are left besides the quotas that name a pool (pools shared by HAMi and DRA aside), and those that name none add up to 32.4: small-firms 32.4',
    'nc-a, py-a 除写明资源池的配额外还剩 32.359 PFlops',
  ],
  [
    'quotas of a cluster of more than it has left',
    replaced('{ pflops: 5 }', '{ cluster: py-a, pflops: 10 }, { cluster: py-a, pflops: 4 }'),
    '4 }]\n  - id: uni-lab',
    'on py-a, 13.924 PFlops are left',
    'py-a 除写明资源池的配额外还剩 13.924 PFlops',
  ],
  [
    'important data of more than the one cluster that is cleared for it has left',
    replaced('pool: nc-910b, pflops: 12', 'pflops: 31'),
    '31 }',
    'on nc-a, 30.329 PFlops are left besides the quotas that name a pool (pools shared by HAMi and DRA aside), and those that name none add up to 31: mine-rescue 31',
    '合计 31：mine-rescue 31',
  ],
  [
    'borrowing on two clusters that no manager has',
    all(
      managerless,
      replaced(open, 'quota: [{ cluster: py-a, pflops: 5 }]'),
      replaced(borrowers, 'quota: [{ pool: nc-910b, pflops: 20 }, { pool: py-910a, pflops: 1 }]'),
    ),
    '10\n',
    'the tenant has queues on nc-a, py-a, and no manager',
    '该租户在 nc-a, py-a 都有队列，而没有一个管理集群',
  ],
  [
    'borrowing of what is claimed',
    all(
      replaced('resource: huawei.com/Ascend910A\n', 'sharing: { by: dra, driver: npu.example }\n'),
      replaced('{ pool: py-910a, pflops: 8 }]', '{ pool: py-910a, pflops: 8 }]\n    borrow_pflops: 2'),
    ),
    '2\n  # The emergency',
    'devices of pools shared by DRA are counted one by one and not in PFlops',
    'DRA 资源池的设备按个数计',
  ],
  [
    'two models of one name on one cluster',
    replaced('accelerator: nvidia-a800-sxm', 'accelerator: ascend-910a\n    resource: huawei.com/Ascend910B3'),
    'ascend-910b3\n',
    'the Kueue of nc-a weighs by resource name: one huawei.com/Ascend910B3 of pool nc-a800 is 0.256 PFlops and one of this pool 0.313',
    '集群 nc-a 的 Kueue 按资源名折算：huawei.com/Ascend910B3 在资源池 nc-a800 值 0.256 PFlops，在这里值 0.313',
  ],
  [
    "two models of one name among a manager's workers",
    all(
      replaced(
        '    sharing: { by: slices, slices: { 7g.96gb: 64 } } # whole cards as MIG slices, which gives them a name of their own\n',
        '',
      ),
      replaced(', slice: 7g.96gb', ''),
    ),
    'nvidia-h20\n',
    'the Kueue of jx-m weighs by resource name: one nvidia.com/gpu of pool nc-a800 is 0.312 PFlops and one of this pool 0.148, and a name has one figure. Either write resource where the device plugin has a name for each model (like huawei.com/Ascend910B3), else share one of them by MIG slices, HAMi or DRA (sharing.by), or leave one of the two clusters out of kueue.workers of jx-m',
    '或在管理集群 jx-m 的 kueue.workers 中只留两个集群之一',
  ],
  [
    'a flavour of credits that is a pool',
    (estate) => estate.replaceAll('nc-910b', 'greenflops-hosts'),
    'greenflops-hosts\n    name: { zh: 南昌昇腾',
    'a flavour of Kueue is named after the pool, and greenflops-hosts is one that the toolkit makes for itself',
    '以资源池命名，而 greenflops-hosts 已有它用',
  ],
  [
    'a flavour of every node',
    all(
      replaced('{ selector: { accelerator: nvidia-h20 } }', '{ selector: {} }'),
      replaced('{ selector: { accelerator: ascend-910a } }', '{ names: [npu-1] }'),
    ),
    '{}',
    'an empty selector means every node of the cluster',
    '空的 selector 会选中集群的所有节点',
  ],
  [
    'more nodes than chips',
    all(
      replaced('{ selector: { accelerator: nvidia-h20 } }', '{ names: [a, b, c] }'),
      replaced('count: 64\n    nodes: { names', 'count: 2\n    nodes: { names'),
      replaced('7g.96gb: 64', '7g.96gb: 2'),
      replaced('slice: 7g.96gb, pflops: 4', 'slice: 7g.96gb, pflops: 0.2'),
    ),
    '[a, b, c]',
    '3 nodes are listed and the pool has 2 cards, so some have none',
    '列出了 3 个节点，而资源池只有 2 张卡',
  ],
  [
    'racks in which no node of the pool can stand',
    replaced(
      '{ selector: { accelerator: ascend-910b3 } }',
      '{ selector: { accelerator: ascend-910b3, topology.jiangxi/rack: r2 } }',
    ),
    '[r1, r2]',
    'nodes.selector takes nodes of topology.jiangxi/rack=r2 alone, so the racks r1 never have a node',
    '机架 r1 里永远没有该池的节点',
  ],
  [
    'queues that count CPU without knowing how much',
    all(
      replaced(
        'data_classes: [general]\n    kueue: { enabled: true',
        'data_classes: [general]\n    kueue: { enabled: true, count_hosts: true',
      ),
      replaced('accelerator: nvidia-h20\n', 'accelerator: nvidia-h20\n    per_chip: { cpu: 16, memory: 128Gi }\n'),
    ),
    'id: py-910a',
    'cluster py-a says kueue.count_hosts: true, and its queues count CPU and memory by the chip',
    '集群 py-a 写了 kueue.count_hosts: true',
  ],
  [
    "a tenant where its cluster's Kueue runs",
    all(
      replaced(
        'data_classes: [general]\n    kueue: { enabled: true',
        'data_classes: [general]\n    kueue: { enabled: true, namespace: queueing',
      ),
      replaced('[rice-vision]', '[queueing]'),
    ),
    'queueing]',
    'this namespace serves something else, Kueue',
    '已有它用：Kueue',
  ],
])('%s is told with its place', (_, change, at, en, zh) => {
  const estate = change(province);
  const told = refusals(estate);
  expect(told).toHaveLength(1);
  if (!estate.includes(at)) throw new Error(`the estate does not hold ${at}`);
  const before = estate.slice(0, estate.indexOf(at)).split('\n');
  expect(told[0]).toMatch(new RegExp(`^estate\\.yaml:${before.length}:${(before.at(-1) ?? '').length + 1}: `));
  expect(told[0]).toContain(en);
  expect(refusals(estate, 'zh')[0]).toContain(zh);
});

test('more workers than a MultiKueueConfig lists', () => {
  const worker = (i: number) =>
    `  - { id: w-${i}, site: poyang, context: w-${i}, jurisdiction: jiangxi, data_classes: [general], kueue: { enabled: true } }\n`;
  const more = (count: number): Change =>
    replaced('\npools:\n', `${Array.from({ length: count }, (_, i) => worker(i)).join('')}\npools:\n`);
  expect(refusals(more(18)(province))).toEqual([]);
  expect(refusals(more(19)(province))).toEqual([
    expect.stringContaining(
      'the manager jx-m would hand jobs of small-firms to 21 clusters, and a MultiKueueConfig lists 20 at most',
    ),
  ]);
});

test('more kinds of chips than a queue takes', () => {
  const pool = (i: number) =>
    `  - { id: many-${i}, cluster: nc-a, accelerator: nvidia-a800-sxm, resource: example.com/gpu-${i}, count: 8, nodes: { names: [many-${i}] } }\n`;
  const more = (count: number): Change =>
    replaced('\ntenants:\n', `${Array.from({ length: count }, (_, i) => pool(i)).join('')}\ntenants:\n`);
  // The cluster's two pools, these, and credits
  expect(refusals(more(13)(province))).toEqual([]);
  expect(refusals(more(14)(province))).toEqual([
    expect.stringContaining(
      'the queue of small-firms on nc-a would have 17 groups of resource names, and Kueue takes 16 at most',
    ),
  ]);
});

test('what is accepted and may surprise is noted', () => {
  expect(notes(province)).toContainEqual(
    'note: tenant uni-lab may use 14 PFlops on 2 clusters, and a job runs on one of them: a single job has 10 PFlops at most (on nc-a), and a larger one waits for ever',
  );
  const lonely = replaced('pool: py-910a, pflops: 8 }]', 'pool: py-910a, pflops: 8 }]\n    borrow_pflops: 2')(province);
  expect(refusals(lonely)).toEqual([]);
  expect(notes(lonely)).toContainEqual(
    'note: tenant rice-vision may borrow 2 PFlops from group agricultural, which has no other tenant on py-a, jx-m: there is nobody to borrow from',
  );
  expect(notes(province).some((note) => note.includes('nobody to borrow'))).toBe(false);
  const gone = replaced(open, 'quota: []')(province);
  expect(notes(gone)).toContainEqual('note: tenant small-firms has a quota on no pool, so no namespace is made for it');
  expect(notes(province).some((note) => note.includes('no namespace is made'))).toBe(false);
});
