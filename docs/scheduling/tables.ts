import { clusters } from '../../infra/cluster.ts';
import type { DeclaredStack } from '../../infra/declared.ts';
import { rounding, type RoundingRow } from '../../infra/queues/rounding.ts';
import type { Plan } from '../../model/plan.ts';
import { transformations } from '../../model/queues/transformations.ts';
import type { Language, Text } from '../../model/text.ts';
import { fields } from './fields.ts';
import { reasons } from './reasons.ts';
import type { Step } from './walk.ts';

const heads = {
  rounding: {
    zh: '集群 | 租户 | 配额 | 承诺 PFlops | 折成 | 编译 PFlops | 少 PFlops | 算力额度 GFLOPS | 可借 PFlops',
    en: 'cluster | tenant | quota on | promised, PFlops | comes to | compiled, PFlops | short by | credits, GFLOPS | may borrow, PFlops',
  },
  weights: {
    zh: '集群 | 资源名 | 每个值多少算力额度（GFLOPS） | 资源池',
    en: 'cluster | resource name | credits of one, GFLOPS | pools',
  },
  objects: { zh: '集群 | 栈 | 种类 | 名称', en: 'cluster | stack | kind | names' },
  walk: {
    zh: '声明中的一行 | 集群上的对象 | 其中写着',
    en: 'line of the estate | object on the cluster | what stands there',
  },
  fields: { zh: '键 | 含义', en: 'key | meaning' },
  reasons: { zh: '原因 | 意思 | 怎么办', en: 'reason | what it means | what to do' },
} as const satisfies Record<string, Text>;
const anyPool: Text = { zh: '任何可用的资源池', en: 'any pool that may be used' };
const inCredits: Text = { zh: '只有算力额度', en: 'credits alone' };
const none = '–';
const MOST = 6;

const code = (value: string): string => `\`${value}\``;
const cell = (value: string): string => value.replaceAll('|', '\\|');
const table = (names: string, rows: readonly (readonly string[])[]): string => {
  const columns = names.split(' | ');
  return [
    `| ${columns.map((name) => name.trim()).join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  ].join('\n');
};
/** Names, and how many more there are. */
const some = (names: readonly string[]): string =>
  [...names.slice(0, MOST).map(code), ...(names.length > MOST ? [`+${names.length - MOST}`] : [])].join(' ');
/** Digits in threes, which both languages read. */
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const quotaOf = ({ pool, slice }: RoundingRow, language: Language): string =>
  pool === undefined ? anyPool[language] : code(slice === undefined ? pool : `${pool} ${slice}`);

/** What the declaration promises on its clusters where pods run, and what whole chips and whole credits make of it. */
export function roundingTable(plan: Plan, language: Language): string {
  const views = clusters(plan, () => ({})).filter(({ cluster }) => cluster.role === 'worker');
  return table(
    heads.rounding[language],
    views.flatMap((view) =>
      rounding(view).map((row) => [
        row.cluster,
        row.tenant,
        quotaOf(row, language),
        String(row.promised),
        row.units === undefined ? inCredits[language] : `${row.units} ${row.unit?.[language] ?? ''}`.trim(),
        row.compiled,
        row.short,
        row.credits === undefined ? none : grouped(row.credits),
        String(row.borrow),
      ]),
    ),
  );
}

export const weightTable = (declared: readonly DeclaredStack[], language: Language): string =>
  table(
    heads.weights[language],
    [...new Set(declared.map(({ view }) => view))].flatMap(({ plan, cluster, queuedPools }) =>
      transformations(plan, queuedPools).rows.map(({ resource, credits, pools }) => [
        cluster.id,
        code(resource),
        grouped(credits),
        pools.map(({ id }) => code(id)).join(' '),
      ]),
    ),
  );

/** Objects of scheduling alone: those of Kueue's, Volcano's and Karmada's groups. */
const ofScheduling = /(kueue\.x-k8s|volcano\.sh|karmada\.io)/;

export const objectTable = (declared: readonly DeclaredStack[], language: Language): string =>
  table(
    heads.objects[language],
    declared.flatMap(({ cluster, stack, objects }) => {
      const own = objects.filter(({ apiVersion }) => ofScheduling.test(apiVersion));
      return [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, all]) => [
        cluster.id,
        stack.name,
        kind,
        some(all.map(({ metadata: { name, namespace } }) => (namespace === undefined ? name : `${namespace}/${name}`))),
      ]);
    }),
  );

export const walkTable = (steps: readonly Step[], language: Language): string =>
  table(
    heads.walk[language],
    steps.map(({ line, object, holds }) => [line === '' ? '' : code(line), object, holds.map(code).join('<br>')]),
  );

export const fieldTable = (language: Language): string =>
  table(
    heads.fields[language],
    fields.map(([key, meaning]) => [code(key), meaning[language]]),
  );

export const reasonTable = (language: Language): string =>
  table(
    heads.reasons[language],
    reasons.map(({ reason, means, cure }) => [code(reason), means[language], cure[language]]),
  );
