import { expect, test } from 'vitest';
import { declaredStacks } from '../../../infra/declared.ts';
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
const notes = (estate: string, language: 'zh' | 'en' = 'en'): string[] =>
  inFolder(estate, (dir) => deployNotes(loadPlan(dir)).map((note) => note[language]));

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
    'on nc-a, py-a, 31.888 PFlops are left besides the quotas that name a pool (pools shared by HAMi and DRA aside), and those that name none add up to 32.4: small-firms 32.4',
    'nc-a, py-a 除写明资源池的配额外还剩 31.888 PFlops',
  ],
  [
    'quotas of a cluster of more than it has left',
    replaced('{ pflops: 5 }', '{ cluster: py-a, pflops: 10 }, { cluster: py-a, pflops: 4 }'),
    '4 }]\n  - id: uni-lab',
    'on py-a, 13.856 PFlops are left',
    'py-a 除写明资源池的配额外还剩 13.856 PFlops',
  ],
  [
    'important data of more than the one cluster that is cleared for it has left',
    replaced('pool: nc-910b, pflops: 12', 'pflops: 31'),
    '31 }',
    'on nc-a, 30.032 PFlops are left besides the quotas that name a pool (pools shared by HAMi and DRA aside), and those that name none add up to 31: mine-rescue 31',
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
    'the Kueue of jx-m weighs by resource name: one nvidia.com/gpu of pool nc-a800 is 0.312 PFlops and one of this pool 0.148 PFlops, and a name has one figure. Either write resource where the device plugin has a name for each model (like huawei.com/Ascend910B3), else share one of them by MIG slices, HAMi or DRA (sharing.by), or leave one of the two clusters out of kueue.workers of jx-m',
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
      (estate) => estate.replaceAll('kueue: { enabled: true', 'kueue: { enabled: true, count_hosts: true'),
      (estate) =>
        estate.replaceAll(
          /accelerator: (nvidia-a800-sxm|ascend-910b3|nvidia-h20)\n/g,
          '$&    per_chip: { cpu: 16, memory: 128Gi }\n',
        ),
    ),
    'id: py-910a',
    'cluster py-a says kueue.count_hosts: true, and its queues count CPU and memory by the chip',
    '集群 py-a 写了 kueue.count_hosts: true',
  ],
  [
    'a worker that counts CPU under a manager that does not',
    all(
      replaced(
        'data_classes: [general]\n    kueue: { enabled: true',
        'data_classes: [general]\n    kueue: { enabled: true, count_hosts: true',
      ),
      (estate) =>
        estate.replaceAll(/accelerator: (nvidia-h20|ascend-910a)\n/g, '$&    per_chip: { cpu: 16, memory: 128Gi }\n'),
    ),
    'true, manage_config: true }\n  # Hands',
    'kueue.count_hosts is true here and false for its manager jx-m: one would count CPU and memory and the other not, and a job that one lets through waits at the other. Write count_hosts: true for both, or false for both',
    '这里 kueue.count_hosts 为 true，而它的管理集群 jx-m 为 false',
  ],
  [
    'a name that counts whole on one worker and beside parts on another',
    all(
      replaced('sharing: { by: slices, slices: { 7g.96gb: 64 } }', 'sharing: { by: hami }'),
      replaced(', slice: 7g.96gb', ''),
    ),
    '{ by: hami }',
    'one nvidia.com/gpu of pool nc-a800 is 0.312 PFlops and one of this pool nothing (pods ask for it beside the parts that count), and a name has one figure. Either share one of the two by MIG slices or DRA',
    'nvidia.com/gpu 在资源池 nc-a800 值 0.312 PFlops，在这里不计 PFlops（与份额一同申请），而一个名字只能有一个系数。请让两个池之一改用 MIG 切片或 DRA',
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

/** `count` pools of nc-a, before the tenants. */
const morePools = (count: number, fields: (i: number) => string): Change =>
  replaced(
    '\ntenants:\n',
    `${Array.from({ length: count }, (_, i) => `  - { id: many-${i}, cluster: nc-a, accelerator: nvidia-a800-sxm, count: 8, nodes: { names: [many-${i}] }, ${fields(i)} }\n`).join('')}\ntenants:\n`,
  );

test('more pools of claims than a Kueue maps', () => {
  const claimed = (count: number, language?: 'zh' | 'en') =>
    refusals(morePools(count, () => 'sharing: { by: dra, driver: gpu.nvidia.com }')(province), language);
  expect(claimed(16)).toEqual([]);
  const at = morePools(
    17,
    () => 'sharing: { by: dra }',
  )(province)
    .split('\n')
    .findIndex((line) => line.includes('many-16'));
  expect(claimed(17)).toEqual([
    expect.stringContaining(
      'the Kueue of nc-a would count 17 pools shared by DRA, and its configuration lists 16 at most (deviceClassMappings) and does not start with more: make one pool of those of one model, share some another way (sharing.by), or put some on another cluster',
    ),
    expect.stringContaining('list fewer clusters in kueue.workers of the manager'),
  ]);
  for (const told of claimed(17))
    expect(told).toMatch(new RegExp(`^estate\\.yaml:${at + 1}:\\d+: pools\\[20\\]\\.sharing`));
  expect(claimed(17, 'zh')[0]).toContain('集群 nc-a 的 Kueue 要计 17 个 DRA 资源池');
});

/** What the objects of an estate are refused for, though every part of it is accepted. */
const objectsRefused = (estate: string, language: 'zh' | 'en' = 'en'): string[] => {
  expect(refusals(estate)).toEqual([]);
  return inFolder(estate, (dir) => {
    try {
      declaredStacks(dir);
      return [];
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return error.findings.map((found) => formatFinding(found, language).replace(/^.*\/(?=estate\.yaml)/, ''));
    }
  });
};
const lineOf = (estate: string, part: string): number => estate.slice(0, estate.indexOf(part)).split('\n').length;

test('more kinds of chips than a queue, or the cohort above all queues, takes', () => {
  const wide = (count: number) => morePools(count, (i) => `resource: example.com/gpu-${i}`)(province);
  // The cluster's two pools and these; a queue has credits besides
  const tooMany = wide(14);
  const told = objectsRefused(tooMany);
  expect(told).toContainEqual(
    expect.stringContaining(
      'nc-a/queues ClusterQueue small-firms spec.resourceGroups: 17 resource groups; Kueue takes at most 16. Spread the pools over more clusters, or give pools of one model one resource name; for the queue of a tenant, name pools or clusters in its quotas',
    ),
  );
  const first = told.find((line) => line.includes('nc-a/queues ClusterQueue'));
  expect(first).toMatch(new RegExp(`^estate\\.yaml:${lineOf(tooMany, 'id: small-firms')}:5: `));
  // Nobody's queue on the worker has them all; the cohort has
  const cohort = wide(15).replace('{ pflops: 5 }', '{ cluster: py-a, pflops: 5 }');
  const [spare, ...others] = objectsRefused(cohort).filter((line) => line.includes('nc-a/'));
  expect(others).toEqual([]);
  expect(spare).toMatch(new RegExp(`^estate\\.yaml:${lineOf(cohort, 'id: nc-a\n    site')}:5: `));
  expect(spare).toContain(
    'nc-a/queues Cohort province spec.resourceGroups: 17 resource groups; Kueue takes at most 16',
  );
  expect(objectsRefused(cohort, 'zh').find((line) => line.includes('nc-a/'))).toContain(
    '资源组 17 个，Kueue 最多接受 16 个。请把资源池分到更多集群',
  );
}, 60_000);

test('more pairs of a flavour and a name than a queue takes', () => {
  // 23 pools with names of their own and their hosts: one group of 25 names and, with that of hosts, 24 flavours
  const pool = (i: number) =>
    `  - { id: p${i}, cluster: nc-a, accelerator: ascend-910b3, count: 4, resource: example.com/npu-${i}, nodes: { selector: { p: p${i} } }, per_chip: { cpu: 4, memory: 20Gi } }\n`;
  const estate = (count: number) => {
    const [head = '', rest = ''] = province.split(/^pools:\n/m);
    const clusters = head
      .replace(/ {2}- id: py-a[\s\S]*$/, '')
      .replace('kueue: { enabled: true', 'kueue: { enabled: true, count_hosts: true');
    const telemetry = rest.slice(rest.indexOf('\ntelemetry:'), rest.indexOf('\n# Smelter'));
    const pools = Array.from({ length: count }, (_, i) => pool(i)).join('');
    const tenant =
      '  - { id: t1, name: { zh: 一, en: one }, namespaces: [t1], action: technological-innovation, data_class: general, quota: [{ pflops: 6 }] }\n';
    return `${clusters}pools:\n${pools}tenants:\n${tenant}${telemetry}`;
  };
  expect(objectsRefused(estate(21))).toEqual([]); // 23 x 22
  const over = estate(23);
  expect(objectsRefused(over)).toEqual([
    expect.stringContaining(
      'nc-a/queues ClusterQueue t1 spec.resourceGroups.0: 600 pairs of flavour and resource; Kueue takes at most 512',
    ),
  ]);
  expect(objectsRefused(over)[0]).toContain('where kueue.count_hosts is true, set it to false');
  expect(objectsRefused(over)[0]).toMatch(new RegExp(`^estate\\.yaml:${lineOf(over, 'id: t1')}:5: `));
  expect(objectsRefused(over, 'zh')[0]).toContain('写了 kueue.count_hosts: true 的可改为 false');
}, 60_000);

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
  const without = replaced(
    'data_classes: [general]\n    kueue: { enabled: true, manage_config: true }',
    'data_classes: [general]',
  )(lonely);
  expect(refusals(without)).toEqual([]);
  expect(notes(without)).toContainEqual(
    "note: tenant rice-vision says borrow_pflops: 2, and borrowing is done by Kueue's queues, which no cluster has on which it has a quota (py-a), so it borrows nothing: write kueue: { enabled: true } for one, or take borrow_pflops out",
  );
  expect(notes(without, 'zh')).toContainEqual(expect.stringContaining('它有配额的集群（py-a）都没有启用，借不到'));
  const greedy = replaced('borrow_pflops: 10', 'borrow_pflops: 30')(province);
  expect(refusals(greedy)).toEqual([]);
  expect(notes(greedy)).toContainEqual(
    'note: tenant copper-ai may borrow 30 PFlops from group industrial, whose other tenants have 12 on nc-a, jx-m in all (mine-rescue 12): it borrows 12 at most',
  );
  expect(notes(greedy, 'zh')).toContainEqual(
    '注意：租户 copper-ai 可从 industrial 组借 30 PFlops，而该组别的租户在 nc-a, jx-m 一共只有 12（mine-rescue 12），最多借到 12',
  );
  expect(notes(province).some((note) => note.includes('may borrow'))).toBe(false);
  const gone = replaced(open, 'quota: []')(province);
  expect(notes(gone)).toContainEqual('note: tenant small-firms has a quota on no pool, so no namespace is made for it');
  expect(notes(province).some((note) => note.includes('no namespace is made'))).toBe(false);
});

test('a job runs on what is there now, and on parts of chips as on whole ones', () => {
  const largest = (estate: string) => notes(estate).filter((note) => note.includes('a single job'));
  const over = replaced('id: nc-a800\n', 'id: nc-a800\n    valid_to: 2026-01-01T00:00:00Z\n')(province);
  // Its 10 PFlops of a pool that is gone count nowhere, and the other 4 are on one cluster
  expect(largest(over)).toEqual([]);
  // 64 x 0.148 PFlops of parts: more than the 4 that the tenant has there
  const parts = all(
    replaced('sharing: { by: slices, slices: { 7g.96gb: 64 } }', 'sharing: { by: hami }'),
    replaced(', slice: 7g.96gb, pflops: 4', ', pflops: 9'),
    replaced('{ pool: nc-a800, pflops: 10 }', '{ pool: nc-910b, pflops: 2 }'),
    replaced(
      '    accelerator: nvidia-a800-sxm\n',
      '    accelerator: nvidia-a800-sxm\n    sharing: { by: slices, slices: { 1g.10gb: 8 } }\n',
    ),
  )(province);
  expect(refusals(parts)).toEqual([]);
  expect(largest(parts)).toEqual([
    'note: tenant uni-lab may use 11 PFlops on 2 clusters, and a job runs on one of them: a single job has 9 PFlops at most (on py-a), and a larger one waits for ever',
  ]);
  // Claims bear no credits
  const claims = all(
    replaced(
      '    sharing: { by: slices, slices: { 7g.96gb: 64 } }',
      '    sharing: { by: dra, driver: gpu.nvidia.com }',
    ),
    replaced(', slice: 7g.96gb', ''),
  )(province);
  expect(largest(claims)).toEqual([]);
});
