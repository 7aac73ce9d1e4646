import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { formatFinding, type Finding } from '../../model/finding.ts';
import { PlanError } from '../../model/plan-error.ts';
import type { Language, Text } from '../../model/text.ts';
import { objectRows, type ObjectRow } from './object-rows.ts';
import { refusals, type Refusal } from './refusals.ts';
import { withEstate } from './with-estate.ts';

const text = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const words = {
  title: { zh: '部署参考：栈、策略与拒绝', en: 'Deployment reference: stacks, policies, refusals' },
  other: {
    zh: '[English](reference.md) · [部署指南](README.zh.md)',
    en: '[中文](reference.zh.md) · [guide](README.md)',
  },
  intro: {
    zh: '由 `npm run build` 从程序本身生成，请勿手改。',
    en: 'Generated from the programs themselves by `npm run build`: do not edit.',
  },
  objects: { zh: '栈与对象', en: 'Stacks and their objects' },
  objectsIntro: {
    zh: '取自一切开关都打开的声明 `test/cluster/proving/estate.yaml`（一个集群），按部署次序排列。`kubernetes_manifest` 在计划时就要连上集群。Node 从不创建或删除，只写标签。',
    en: 'Of the declaration in which everything is switched on, `test/cluster/proving/estate.yaml` (one cluster), in the order of deployment. `kubernetes_manifest` needs the cluster at plan time. A Node is never made or deleted: its labels are written.',
  },
  objectHeads: { zh: '栈 | 种类 | Terraform 资源 | 名称', en: 'stack | kind | Terraform resource | names' },
  policies: { zh: '准入策略', en: 'Admission policies' },
  policiesIntro: {
    zh: '在 API 服务器中执行（ValidatingAdmissionPolicy；补上缺项的一条是 MutatingAdmissionPolicy），谁提交都一样；每条的拒绝与对照由 `npm run test:cluster -- denials` 展示。',
    en: 'They run in the API server (ValidatingAdmissionPolicy; the one that adds what is missing is a MutatingAdmissionPolicy), whoever asks; `npm run test:cluster -- denials` shows a refusal of each, and a twin that passes.',
  },
  policyHeads: { zh: '策略 | 要求 | 对象', en: 'policy | what it asks | of' },
  refused: { zh: '声明被拒绝时', en: 'Declarations that are refused' },
  refusedIntro: {
    zh: '在示范声明 `plan/estate.yaml` 中犯下这些错误，程序就说这些话；`synth`、`render`、`diff`、`deploy` 都以退出码 2 结束，什么也不改。',
    en: "What the programs say of these mistakes in the demonstration's `plan/estate.yaml`; `synth`, `render`, `diff` and `deploy` end with exit code 2 and change nothing.",
  },
  refusedHeads: { zh: '错误 | 程序的话', en: 'mistake | what is said' },
} as const satisfies Record<string, Text>;

const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll('\n', '<br>');
const table = (heads: string, rows: readonly (readonly string[])[]): string =>
  [
    `| ${heads} |`,
    `| ${heads
      .split(' | ')
      .map(() => '---')
      .join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
const code = (value: string): string => `\`${value}\``;

/** Some names, and how many more there are. */
const some = (names: readonly string[]): string =>
  [...names.slice(0, 4).map(code), ...(names.length > 4 ? [`+${names.length - 4}`] : [])].join(' ');

const objectTable = (rows: readonly ObjectRow[], language: Language): string =>
  table(
    words.objectHeads[language],
    rows.map(({ stack, kind, resources, names }) => [stack, code(kind), resources.map(code).join(' '), some(names)]),
  );

interface PolicyObject {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly resources: readonly string[] }[] };
  };
}

function policyTable(declared: readonly DeclaredStack[], language: Language): string {
  const policies = declared
    .flatMap(({ objects }): readonly KubernetesObject[] => objects)
    .filter(({ kind }) => kind === 'ValidatingAdmissionPolicy' || kind === 'MutatingAdmissionPolicy');
  return table(
    words.policyHeads[language],
    policies.map((policy) => {
      const { spec } = policy as unknown as PolicyObject;
      const of = spec.matchConstraints.resourceRules.flatMap(({ resources }) => resources);
      const { name, annotations } = policy.metadata;
      return [code(name), annotations?.[`greenflops.io/name-${language}`] ?? '', some([...new Set(of)])];
    }),
  );
}

/** What the programs find in a mistake. Throws where they find nothing. */
function found({ what, change }: Refusal): readonly Finding[] {
  const shipped = text('plan/estate.yaml');
  const estate = change.reduce((whole, [from, to]) => {
    if (whole.split(from).length !== 2) throw new Error(`the estate does not hold once: ${from}`);
    return whole.replace(from, () => to);
  }, shipped);
  return withEstate(estate, (plan) => {
    try {
      declaredStacks(plan);
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return error.findings;
    }
    throw new Error(`nobody refuses ${what.en}`);
  });
}

/** Without the line, which another estate has elsewhere. */
const inWords = (one: Finding, language: Language): string =>
  code(formatFinding(one, language).replace(/^.*?:(\d+):\d+: /, ''));

interface Facts {
  readonly declared: readonly DeclaredStack[];
  readonly rows: readonly ObjectRow[];
  readonly refused: readonly (readonly [what: Text, found: readonly Finding[]])[];
}

const page = ({ declared, rows, refused }: Facts, language: Language): string =>
  [
    `# ${words.title[language]}`,
    words.other[language],
    words.intro[language],
    `## ${words.objects[language]}`,
    words.objectsIntro[language],
    objectTable(rows, language),
    `## ${words.policies[language]}`,
    words.policiesIntro[language],
    policyTable(declared, language),
    `## ${words.refused[language]}`,
    words.refusedIntro[language],
    table(
      words.refusedHeads[language],
      refused.map(([what, all]) => [what[language], all.map((one) => inWords(one, language)).join('\n')]),
    ),
  ]
    .join('\n\n')
    .concat('\n');

/** The reference of the stacks in each language: path from the repository's root -> text. */
export const deployPages = (): ReadonlyMap<string, string> =>
  withEstate(text('test/cluster/proving/estate.yaml'), (plan) => {
    const declared = declaredStacks(plan);
    const facts: Facts = {
      declared,
      rows: objectRows(declared),
      refused: refusals.map((one) => [one.what, found(one)]),
    };
    return new Map([
      ['docs/deploy/reference.md', page(facts, 'en')],
      ['docs/deploy/reference.zh.md', page(facts, 'zh')],
    ]);
  });
