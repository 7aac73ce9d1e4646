import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../tally.ts';
import type { Proving } from '../proving.ts';
import { house } from './run.ts';

/** An edit of the proving estate, and the lines that diff must say of it in both languages. */
interface Case {
  readonly title: string;
  readonly edit: readonly (readonly [from: string, to: string])[];
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

const digest = '0'.repeat(64);
const image = `registry.example/jiangxi/greenflops@sha256:${digest}`;
const newer = image.replace(digest, '1'.repeat(64));

/** Those of a row are made at once, as each says lines of its own. */
const cases: readonly (readonly Case[])[] = [
  [
    {
      title: 'a larger quota, in PFlops and chips',
      edit: [['{ pool: p-910b, pflops: 3 }', '{ pool: p-910b, pflops: 4 }']],
      en: [
        '  quota: copper-ai on p-910b: 3 → 4 PFlops promised, 9 → 12 cards = 3.756 PFlops, 0.244 short (less than a card)',
      ],
      zh: ['  配额：copper-ai（p-910b）：承诺 3 → 4 PFlops，9 → 12 张卡 = 3.756 PFlops，少 0.244（不足一张卡）'],
    },
    {
      title: 'more chips in a pool, and other nodes',
      edit: [
        ['count: 16\n    nodes: { names: [npu-0, npu-1] }', 'count: 24\n    nodes: { names: [npu-0, npu-1, npu-2] }'],
      ],
      en: [
        '  pool: p-910b: 16 × ascend-910b3, 5.008 PFlops → 24 × ascend-910b3, 7.512 PFlops',
        '  pool: nodes of p-910b: npu-0 npu-1 → npu-0 npu-1 npu-2',
      ],
      zh: [
        '  资源池：p-910b：16 × ascend-910b3, 5.008 PFlops → 24 × ascend-910b3, 7.512 PFlops',
        '  资源池：p-910b 的节点：npu-0 npu-1 → npu-0 npu-1 npu-2',
      ],
    },
    {
      title: 'another port of an egress',
      edit: [['ports: [443]', 'ports: [8443]']],
      en: [
        '  egress: copper-ai → 10.8.0.0/24:8443 (general, jiangxi)',
        '  egress: copper-ai no longer → 10.8.0.0/24:443 (general, jiangxi)',
      ],
      zh: ['  网络出口：copper-ai → 10.8.0.0/24:8443 (general, jiangxi)'],
    },
    {
      title: 'another registry, whose policy changes',
      edit: [
        ['registries: [registry.example/jiangxi]', 'registries: [registry.example/jiangxi, registry.example/base]'],
      ],
      en: [
        '  registries: registries allowed: registry.example/jiangxi → registry.example/jiangxi registry.example/base',
        '  policies: 1 changes: images (+registry.example/base)',
      ],
      zh: [
        '  镜像仓库：允许的镜像仓库：registry.example/jiangxi → registry.example/jiangxi registry.example/base',
        '  准入策略：改变 1 条：images (+registry.example/base)',
      ],
    },
    {
      title: 'another image of the exporter',
      edit: [[image, newer]],
      en: [`  exporter: image ${image} → ${newer}`, '  declaration: the exporter gets another estate.yaml'],
      zh: [`  采集器：镜像 ${image} → ${newer}`, '  声明：采集器将读取新的 estate.yaml'],
    },
    {
      title: 'other operators',
      edit: [['controllers: [jobset-system]', 'controllers: [jobset-system]\n    access: { operators: [ops] }']],
      en: ['  groups: greenflops-operator: +ops −greenflops:operators'],
      zh: ['  用户组：greenflops-operator: +ops −greenflops:operators'],
    },
    {
      title: 'a weaker Pod Security level',
      edit: [
        [
          'count: 16\n    nodes: { selector: { accelerator: nvidia-a800 } }',
          "count: 16\n    nodes: { selector: { accelerator: nvidia-a800 } }\n    pod_security: { level: baseline, reason: { zh: '理由', en: reason } }",
        ],
      ],
      en: ['! pod security: ore-vault: pod-security.kubernetes.io/enforce restricted → baseline'],
      zh: ['! Pod 安全级别：ore-vault: pod-security.kubernetes.io/enforce restricted → baseline'],
    },
  ],
  [
    {
      title: 'a new namespace with its class and level, and a new egress of its tenant',
      edit: [
        ['namespaces: [copper-train, copper-serve]', 'namespaces: [copper-train, copper-serve, copper-lab]'],
        ['    egress:\n', '    egress:\n      - { tenant: shared-lab, ports: [8080] }\n'],
      ],
      en: [
        '  namespace: copper-lab (tenant copper-ai) is made, data class general, pod security baseline',
        '  egress: copper-ai → shared-lab:8080',
      ],
      zh: ['  命名空间：新建 copper-lab（租户 copper-ai），数据级别 general，Pod 安全级别 baseline'],
    },
  ],
  [
    {
      title: 'a namespace less',
      edit: [['namespaces: [copper-train, copper-serve]', 'namespaces: [copper-train]']],
      en: ['! namespace: copper-serve (tenant copper-ai) is deleted with all that is in it'],
      zh: ['! 命名空间：删除 copper-serve（租户 copper-ai），连同其中的一切'],
    },
    {
      title: 'a class lowered',
      edit: [
        [
          'data_class: important\n    group: industrial\n    priority: urgent',
          'data_class: general\n    group: industrial\n    priority: urgent',
        ],
        ['datasets:\n  - { id: smelter-logs, class: important', 'datasets:\n  - { id: smelter-logs, class: general'],
      ],
      en: ['! data class: ore-vault: greenflops.io/data-class important → general'],
      zh: ['! 数据级别：ore-vault: greenflops.io/data-class important → general'],
    },
    {
      title: 'another priority',
      edit: [['priority: urgent', 'priority: high']],
      en: ['  priority: ore-vault: greenflops.io/priority urgent → high'],
      zh: ['  优先级：ore-vault: greenflops.io/priority urgent → high'],
    },
  ],
  [
    {
      title: 'a renamed pool, with where to say so',
      edit: [
        ['  - id: p-910b\n', '  - id: p-ascend\n'],
        ['pool: p-910b,', 'pool: p-ascend,'],
      ],
      en: [
        '! rename: the pool p-910b seems to be p-ascend now: if so, write moved_from: p-910b beside id: p-ascend at ',
      ],
      zh: ['! 改名：资源池 p-910b 似乎改名为 p-ascend：若是，请在 '],
    },
  ],
  [
    {
      title: 'a renamed cluster, with where to say so',
      edit: [
        ['  - id: prove\n', '  - id: main\n'],
        ['cluster: prove', 'cluster: main'],
        ['clusters: [prove]', 'clusters: [main]'],
      ],
      en: ['! rename: the cluster prove seems to be main now: if so, write moved_from: prove beside id: main at '],
      zh: ['! 改名：集群 prove 似乎改名为 main：若是，请在 '],
    },
  ],
  [
    {
      title: 'a rename that is said is no loss',
      edit: [
        ['  - id: p-910b\n', '  - id: p-ascend\n    moved_from: p-910b\n'],
        ['pool: p-910b,', 'pool: p-ascend,'],
      ],
      en: [
        '  rename: pool p-910b is called p-ascend from now on: pods submitted before tolerate greenflops.io/pool=p-910b, submit them anew with p-ascend; after the deploy run nodes/label-and-taint.sh, which render writes',
        '  namespace: copper-train: +p-ascend −p-910b (its pools)',
      ],
      zh: [
        '  改名：资源池 p-910b 改名为 p-ascend：已提交的 Pod 仍容忍 greenflops.io/pool=p-910b，请改为 p-ascend 并重新提交；部署后运行 render 生成的 nodes/label-and-taint.sh',
      ],
    },
  ],
  [
    {
      title: 'a renamed cluster that is said',
      edit: [
        ['  - id: prove\n', '  - id: main\n    moved_from: prove\n'],
        ['cluster: prove', 'cluster: main'],
        ['clusters: [prove]', 'clusters: [main]'],
      ],
      en: ['  rename: cluster prove is called main from now on'],
      zh: ['  改名：集群 prove 改名为 main'],
    },
  ],
];

/** `diff` in a language, which says the lines among others; `estate` is the text that it read. */
async function says(stage: Proving, language: 'en' | 'zh', lines: readonly string[], estate: string): Promise<void> {
  const { plan, plane } = stage;
  const { code, stdout, stderr } = await house(['diff'], { plan, kubeconfig: plane.kubeconfig, language });
  assert.equal(code, 3, `exit code ${code}\n${stdout}${stderr}`);
  const said = stdout.split('\n');
  for (const line of lines) {
    // Where the line ends with the place of the file, that is this machine's.
    const found = said.find((one) => (line.endsWith(' ') ? one.startsWith(line) : one === line));
    assert.ok(found !== undefined, `diff says:\n${line}\nand not only:\n${stdout}`);
    if (line.endsWith(' ')) {
      const at = /estate\.yaml:(\d+)/.exec(found)?.[1];
      const id = /id: ([\w-]+)/.exec(found)?.[1] ?? '';
      assert.ok(estate.split('\n')[Number(at) - 1]?.includes(`id: ${id}`), `${found}\npoints at the new id`);
    }
  }
}

/** Every edit of the table: diff ends with 3 and says the lines; nothing is written. */
export const tellChecks = (stage: Proving): Check[] =>
  cases.map((row): Check => [
    `diff says ${row.map(({ title }) => title).join('; ')}`,
    async () => {
      const path = join(stage.plan, 'estate.yaml');
      const before = readFileSync(path, 'utf8');
      let after = before;
      for (const [from, to] of row.flatMap(({ edit }) => edit)) {
        assert.ok(after.includes(from), `the proving estate holds ${from}`);
        after = after.replaceAll(from, to);
      }
      writeFileSync(path, after);
      const [en, zh] = [row.flatMap((one) => one.en), row.flatMap((one) => one.zh)];
      try {
        await Promise.all([says(stage, 'en', en, after), says(stage, 'zh', zh, after)]);
      } finally {
        writeFileSync(path, before);
      }
    },
  ]);
