import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { deployNotes } from '../../infra/deployable.ts';
import { loadPlan } from '../../model/load.ts';
import { PlanError } from '../../model/plan-error.ts';
import { formatFinding } from '../../model/finding.ts';
import { planFolder } from '../plan-folder.ts';
import { replaced, stacksOf } from './estates.ts';

const shipped = readFileSync('plan/estate.yaml', 'utf8');

/** What the stacks say of a changed estate, without the folder's name. */
function refusal(change: (estate: string) => string, language: 'zh' | 'en' = 'en'): string[] {
  try {
    stacksOf(change);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.findings.map((found) => formatFinding(found, language).replace(/^.*\/(?=estate\.yaml)/, ''));
  }
  return [];
}
/** The line on which a part stands. */
function lineOf(text: string, part: string): number {
  if (!text.includes(part)) throw new Error(`the estate does not hold ${JSON.stringify(part)}`);
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

const added = (change: (estate: string) => string): number =>
  change(shipped).split('\n').length - shipped.split('\n').length;

test('the shipped estate can be deployed', () => expect(refusal((estate) => estate)).toEqual([]));

test.each([
  [
    'an image without digest',
    replaced(`@sha256:${'0'.repeat(64)}`, ':latest'),
    'telemetry: { image',
    'the image pinned by its digest',
    '用摘要固定镜像',
  ],
  [
    'an image that is no reference',
    replaced('image: "greenflops/exporter@', 'image: "Green Flops@'),
    'telemetry: { image',
    'the name in lower case without blanks',
    '小写，无空格',
  ],
  [
    'a quota without a pool where no queue hands it out',
    replaced('quota: [{ pool: py-910a, pflops: 8 }]', 'quota: [{ pool: py-910a, pflops: 7 }, { pflops: 1 }]'),
    'quota: [{ pool: py-910a, pflops: 8 }]',
    'handed out by queues of Kueue, and no cluster has it',
    '没有一个集群启用 Kueue',
  ],
  [
    'devices that are selected by no expression',
    replaced(
      'accelerator: nvidia-a800-sxm\n',
      `accelerator: nvidia-a800-sxm\n    sharing: { by: dra, driver: gpu.nvidia.com, selector: "device.driver ==" }\n`,
    ),
    'accelerator: nvidia-a800-sxm\n',
    'no expression of CEL: ',
    '不是 CEL 表达式：',
  ],
  [
    'devices that are selected by a text',
    replaced(
      'accelerator: nvidia-a800-sxm\n',
      `accelerator: nvidia-a800-sxm\n    sharing: { by: dra, driver: gpu.nvidia.com, selector: "'NVIDIA H20'" }\n`,
    ),
    'accelerator: nvidia-a800-sxm\n',
    'must give a bool and gives string',
    '它得出 string',
  ],
  [
    'a tenant of two pools that one name hands out',
    (estate) =>
      replaced(
        'quota: [{ pool: nc-910b, pflops: 20 }]',
        'quota: [{ pool: nc-910b, pflops: 20 }, { pool: nc-a800, pflops: 2 }]',
      )(replaced('accelerator: nvidia-a800-sxm\n', 'accelerator: ascend-910a\n')(estate)),
    'quota: [{ pool: nc-910b, pflops: 20 }]',
    'both pools offer huawei.com/Ascend910: Kubernetes adds the two up',
    '两个池的资源名都是 huawei.com/Ascend910',
  ],
  [
    'a quota that holds no card',
    replaced('pflops: 8 }', 'pflops: 0.2 }'),
    'pool: py-910a, pflops',
    'less than one ascend-910a (0.256 PFlops dense FP16)',
    '不足一张 ascend-910a 卡',
  ],
  [
    "a tenant in the house's own namespace",
    replaced('namespaces: [uni-lab]', 'namespaces: [greenflops]'),
    'namespaces: [uni-lab]',
    'this namespace serves something else',
    '已有它用',
  ],
  [
    "a tenant in Kueue's namespace",
    replaced('namespaces: [uni-lab]', 'namespaces: [kueue-system]'),
    'namespaces: [uni-lab]',
    'serves something else, Kueue: take another name',
    '已有它用：Kueue',
  ],
  [
    "a tenant where its cluster's Prometheus runs",
    (estate) =>
      replaced(
        'namespaces: [uni-lab]',
        'namespaces: [watch]',
      )(replaced('context: py-a,', 'context: py-a, monitoring: { namespace: watch },')(estate)),
    'namespaces: [uni-lab]',
    'the Prometheus of py-a',
    '集群 py-a 的 Prometheus',
  ],
  [
    'a tenant beside a controller that makes pods for others',
    (estate) =>
      replaced(
        'namespaces: [uni-lab]',
        'namespaces: [jobset-system]',
      )(replaced('context: nc-a,', 'context: nc-a, controllers: [jobset-system],')(estate)),
    'namespaces: [uni-lab]',
    'a controller of nc-a',
    '集群 nc-a 的控制器',
  ],
  [
    'a node that Kubernetes cannot have',
    replaced('nodes: { selector: { accelerator: nvidia-a800 } }', 'nodes: { names: [a800-1.dc, A800_2] }'),
    'nodes: { selector: { accelerator: nvidia-a800 } }',
    'nodes.names[1] "A800_2"',
    '不是 Kubernetes 节点名',
  ],
  [
    'a model that is not shared in turns',
    replaced(
      'accelerator: ascend-910b3\n',
      'accelerator: ascend-910b3\n    sharing: { by: time-slicing, replicas: 4 }\n',
    ),
    'accelerator: ascend-910b3\n',
    'no Kubernetes resource name (shared_resource)',
    '没有它的 Kubernetes 资源名（shared_resource）',
  ],
  [
    'an image from outside the registries of its cluster',
    replaced('context: nc-a,', 'context: nc-a, registries: [registry.example/jx],'),
    'telemetry: { image',
    'takes images from registry.example/jx alone',
    '只接受 registry.example/jx 中的镜像',
  ],
  [
    'a host name that a network policy cannot hold',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://dcgm.example/metrics'),
    '19400/nc-a800',
    'write the IP address',
    '请写 IP 地址',
  ],
  [
    'a password in an address',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://u:hunter2@127.0.0.1:19400/metrics'),
    '19400/nc-a800',
    'a user, a password or a token',
    '用户名、密码或令牌',
  ],
  [
    'a token in an address',
    replaced('http://127.0.0.1:19400/nc-a800/metrics', 'http://127.0.0.1:19400/metrics?access_token=x'),
    '19400/nc-a800',
    'a user, a password or a token',
    '用户名、密码或令牌',
  ],
])('%s is told with its place', (_, change, part, en, zh) => {
  const [found = '', ...more] = refusal(change);
  expect(more).toEqual([]);
  // Where a change adds a line, the place is that line.
  expect(found).toMatch(new RegExp(`^estate\\.yaml:${lineOf(shipped, part) + added(change)}:\\d+: `));
  expect(found).toContain(en);
  expect(refusal(change, 'zh')[0]).toContain(zh);
});

const twoPools = replaced('accelerator: nvidia-a800-sxm\n', 'accelerator: ascend-910a\n');
const openPool = replaced('accelerator: ascend-910b3\n', 'accelerator: ascend-910b3\n    dedicated: false\n');

test('of two pools that one name hands out each is dedicated; Kueue, another cluster and another time tell them apart', () => {
  expect(refusal(twoPools)).toEqual([]);
  const found = refusal((estate) => openPool(twoPools(estate)));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(
    new RegExp(
      `^estate\\.yaml:${lineOf(openPool(twoPools(shipped)), 'dedicated: false')}:\\d+: pools\\[1\\]\\.dedicated`,
    ),
  );
  expect(found[0]).toContain('pool nc-a800 offers huawei.com/Ascend910 too');
  const queued = replaced('context: nc-a,', 'context: nc-a, kueue: { enabled: true },');
  const oneModel = replaced('accelerator: nvidia-a800-sxm\n', 'accelerator: ascend-910b3\n    dedicated: false\n');
  expect(refusal((estate) => queued(oneModel(estate)))).toEqual([]);
  // Kueue tells the pools apart, and not what a chip of each is worth
  expect(refusal((estate) => queued(openPool(twoPools(estate))))).toEqual([
    expect.stringContaining('one huawei.com/Ascend910 of pool nc-a800 is 0.256 PFlops and one of this pool 0.313'),
  ]);
  const after = replaced('dedicated: false\n', 'dedicated: false\n    valid_from: 2026-01-01T00:00:00Z\n');
  const before = replaced(
    'accelerator: ascend-910a\n',
    'accelerator: ascend-910a\n    valid_to: 2026-01-01T00:00:00Z\n',
  );
  expect(refusal((estate) => before(after(openPool(twoPools(estate)))))).toEqual([]);
});

test('selectors of devices by functions that Kubernetes brings are left to it', () => {
  const selected = (selector: string) =>
    replaced(
      'accelerator: nvidia-a800-sxm\n',
      `accelerator: nvidia-a800-sxm\n    sharing: { by: dra, driver: gpu.nvidia.com, selector: "${selector}" }\n`,
    );
  for (const selector of [
    "device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40Gi')) >= 0",
    "device.attributes['gpu.nvidia.com'].driverVersion.isGreaterThan(semver('1.2.3'))",
    "device.attributes['gpu.nvidia.com'].mig",
  ])
    expect(refusal(selected(selector))).toEqual([]);
});

test('a tenant that no stack makes anything for is noted', () => {
  const { dir, remove } = planFolder(replaced('    quota: [{ pool: py-910a, pflops: 8 }]\n', '')(shipped));
  try {
    expect(deployNotes(loadPlan(dir)).map(({ en }) => en)).toEqual([
      expect.stringContaining('copper-ai says borrow_pflops: 10, and borrowing is done by Kueue'),
      'note: tenant rice-vision has a quota on no pool, so no namespace is made for it',
    ]);
  } finally {
    remove();
  }
});

test.each([
  [
    'a slice',
    '{ by: slices, slices: { 1g.10gb: 8 } }',
    ', slice: 1g.10gb',
    0.0445,
    'one 1g.10gb of a nvidia-a800-sxm (0.044571',
  ],
  ['a turn', '{ by: time-slicing, replicas: 4 }', '', 0.0779, 'one turn at a nvidia-a800-sxm (0.078 '],
  ['one per cent', '{ by: hami }', '', 0.00311, '1 % of a nvidia-a800-sxm (0.00312 '],
  ['a device', '{ by: dra, driver: gpu.nvidia.com }', '', 0.311, 'one nvidia-a800-sxm (0.312 '],
])('a quota holds no %s', (_, sharing, slice, pflops, words) => {
  const given = (quota: number) => (estate: string) =>
    replaced(
      '{ pool: nc-a800, pflops: 10 }',
      `{ pool: nc-a800${slice}, pflops: ${quota} }`,
    )(replaced('accelerator: nvidia-a800-sxm\n', `accelerator: nvidia-a800-sxm\n    sharing: ${sharing}\n`)(estate));
  expect(refusal(given(pflops))).toEqual([expect.stringContaining(`less than ${words}`)]);
  expect(refusal(given(pflops * 1.01))).toEqual([]);
});

test('a quota that does not reach all namespaces of its tenant is noted, not refused', () => {
  const notes = (pflops: number, change = (estate: string) => estate) => {
    const { dir, remove } = planFolder(
      change(replaced('{ pool: nc-910b, pflops: 20 }', `{ pool: nc-910b, pflops: ${pflops} }`)(shipped)),
    );
    try {
      return deployNotes(loadPlan(dir)).flatMap(({ en }) => (en.includes('is left for') ? [en] : []));
    } finally {
      remove();
    }
  };
  expect(notes(0.4)).toEqual([
    'note: counted in cards, tenant copper-ai has 1 on nc-910b, none of which is left for copper-serve: pods there would wait for ever',
  ]);
  expect(notes(0.7)).toEqual([]);
  // Kueue adds up what a tenant's namespaces use
  expect(notes(0.4, replaced('context: nc-a,', 'context: nc-a, kueue: { enabled: true },'))).toEqual([]);
});

test('a site has one exporter, where the estate says; two are refused', () => {
  const second = (fields: string) =>
    replaced(
      '\n\npools:',
      `\n  - { id: nc-b, site: nanchang, context: nc-b, ${fields}jurisdiction: jiangxi, data_classes: [general] }\n\npools:`,
    );
  const marked = replaced('context: nc-a,', 'context: nc-a, exporter: true,');
  expect(refusal((estate) => marked(second('')(estate)))).toEqual([]);
  const both = refusal((estate) => marked(second('exporter: true, ')(estate)));
  expect(both).toHaveLength(2);
  expect(both[0]).toContain('stands on one cluster, and nc-b says exporter: true too');
});

/** What synth says of an estate that nothing else is wrong with, in both languages. Each runs as a user runs it. */
async function synth(
  estate: string,
  language: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const { dir, remove } = planFolder(estate);
  const child = spawn(process.execPath, ['infra/main.ts', '--plan', dir], {
    env: { ...process.env, GREENFLOPS_LANG: language, CDKTF_OUTDIR: join(dir, 'out') },
  });
  try {
    const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    if (child.exitCode === null) await once(child, 'exit');
    return { status: child.exitCode, stdout, stderr: stderr.replaceAll(/^\S*\/(?=estate\.yaml)/gm, '') };
  } finally {
    remove();
  }
}

test.each<[name: string, change: (estate: string) => string, line: string, en: string, zh: string]>([
  [
    'an unknown model',
    replaced('accelerator: nvidia-a800-sxm', 'accelerator: nvidia-a80-sxm'),
    'accelerator: nvidia-a800-sxm',
    'pools[0].accelerator "nvidia-a80-sxm": unknown id; known: nvidia-a100-sxm',
    'pools[0].accelerator "nvidia-a80-sxm": 没有这个编号；已有：nvidia-a100-sxm',
  ],
  [
    'an id twice',
    replaced('- id: uni-lab', '- id: copper-ai'),
    '- id: uni-lab',
    `tenants[2].id "copper-ai": already used in line ${lineOf(shipped, '- id: copper-ai')}`,
    `tenants[2].id "copper-ai": 与第 ${lineOf(shipped, '- id: copper-ai')} 行重复`,
  ],
  [
    // 64 cards x 312 TFLOPS are 19.968 PFlops: 20 PFlops are 64 cards, and 10 are 32 more.
    'an over-committed quota',
    replaced(
      'quota: [{ pool: py-910a, pflops: 8 }]',
      'quota: [{ pool: py-910a, pflops: 8 }, { pool: nc-a800, pflops: 20 }]',
    ),
    'pool: nc-a800, pflops: 10 }',
    'tenants[2].quota[0].pflops 10: pool nc-a800 has 64 cards, and its quotas add up to 96: rice-vision 64 (20 PFlops), uni-lab 32 (10 PFlops)',
    'tenants[2].quota[0].pflops 10: 资源池 nc-a800 共有 64 张卡，各租户配额合计 96，超出了：rice-vision 64 (20 PFlops), uni-lab 32 (10 PFlops)',
  ],
  [
    'a conflict of classes',
    replaced(
      'class: important, jurisdiction: jiangxi, owner: smelter-works',
      'class: important, jurisdiction: jiangxi, owner: copper-ai',
    ),
    'id: smelter-logs, class: important',
    'datasets[0].owner "copper-ai": data of class important would reach copper-ai, which is cleared for general at most: smelter-logs -> copper-ai',
    'datasets[0].owner "copper-ai": important 级数据会流到 copper-ai，而那里最高只允许 general 级：smelter-logs -> copper-ai',
  ],
])('synth refuses %s with the line, in both languages', async (_, change, line, en, zh) => {
  const answers = await Promise.all(['en', 'zh'].map((language) => synth(change(shipped), language)));
  for (const [i, words] of [en, zh].entries()) {
    expect(answers[i]).toMatchObject({ status: 2, stdout: '' });
    const [told = '', ...more] = answers[i]?.stderr.trimEnd().split('\n') ?? [];
    expect(more).toEqual([]);
    expect(told.replace(/^(estate\.yaml:\d+):\d+: /, '$1 ')).toMatch(
      new RegExp(`^estate\\.yaml:${lineOf(shipped, line)} `),
    );
    expect(told).toContain(words);
  }
});

test('synth and render end with 2 and the place', () => {
  const { dir, remove } = planFolder(replaced('pflops: 8 }', 'pflops: 0.2 }')(shipped));
  try {
    for (const file of ['infra/main.ts', 'infra/render.ts']) {
      const { status, stderr, stdout } = spawnSync(process.execPath, [file, '--plan', dir], {
        encoding: 'utf8',
        env: { ...process.env, GREENFLOPS_LANG: 'zh' },
      });
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(/estate\.yaml:\d+:\d+: tenants\[1\]\.quota\[0\]\.pflops 0\.2: 不合规定：不足一张/);
    }
  } finally {
    remove();
  }
});
