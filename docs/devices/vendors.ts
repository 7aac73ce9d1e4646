import type { Plan } from '../../model/plan.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';
import type { Family } from '../../model/schema/telemetry.ts';
import type { Language, Text } from '../../model/text.ts';
import { familyTraps } from './family-traps.ts';
import { ownRows } from './own-rows.ts';

const words = {
  title: { zh: '加速器：各家导出器说了什么', en: "Accelerators: what each vendor's exporter says" },
  other: {
    zh: '[English](vendors.md) · [其他导出器作电表](other-exporters.zh.md)',
    en: '[中文](vendors.zh.md) · [other exporters as meters](other-exporters.md)',
  },
  intro: {
    zh: '由 `npm run build` 从 `plan/telemetry.yaml` 和 `plan/accelerators.yaml` 生成，请勿手改。厂商只是数据：资源池用 `telemetry: { family: …, source: … }` 选一行，没有代码。交付算力 = 活动率 × 时钟 / 参考时钟 × 稠密峰值；时钟只在 T1 里。每一行都有一份文本和手算的 PFlops 作测试（`test/exporter/vendors/`）。',
    en: 'Generated from `plan/telemetry.yaml` and `plan/accelerators.yaml` by `npm run build`: do not edit. A vendor is data: a pool chooses a row by `telemetry: { family: …, source: … }`, and no code knows it. Delivered work = activity x clock / reference clock x dense peak; the clock enters at T1. Each row has a text with PFlops worked out by hand as its test (`test/exporter/vendors/`).',
  },
  families: { zh: '各系列读取什么', en: 'What is read, by family' },
  familyHeads: {
    zh: '系列 | 名称 | 活动率（证据等级） | 时钟 | 功率 | 电量 | 健康',
    en: 'family | name | activity (evidence tier) | clock | power | energy | health',
  },
  labelHeads: {
    zh: '设备标识 | 型号 | 容器组 | 节点 | 切片 | 标签来自',
    en: 'device | model | pod | node | slice | labels from',
  },
  declared: { zh: '按声明', en: 'as declared' },
  sentinels: { zh: '哨兵值', en: 'sentinels' },
  traps: { zh: '注意', en: 'Traps' },
  source: { zh: '出处', en: 'Source' },
  models: { zh: '型号目录', en: 'The catalogue of models' },
  modelsIntro: {
    zh: '不在目录中的型号不计算力并告警，从不套用默认值。峰值是一个封装的稠密 FP16（没有就不能声明资源池）。`verified` 在出处中读到，`secondary` 转述，`memory` 凭记忆，使用前请核对。',
    en: 'A model that stands nowhere counts no PFlops and raises an alert; it never takes a default. The peak is dense FP16 of one package. `verified`: read in the source; `secondary`: read about; `memory`: written down from memory, check before use.',
  },
  modelHeads: {
    zh: '型号 | 文本中的名称 | FP16 TFLOPS | 参考时钟 MHz | TDP W | 每封装裸片 | 可达份额 | 把握 | 出处',
    en: 'model | names in texts | FP16 TFLOPS | reference clock MHz | TDP W | dies | achievable share | confidence | source',
  },
  own: { zh: '自己写一行', en: 'A row of your own' },
  ownIntro: {
    zh: '`factor` 换算到比值 0–1、MHz、W、J；`labels` 只取某些标签值的样本（空串即没有该标签）；`info` 里的指标只取标签；`sentinels` 是“没有读数”的值；`unnamed: declared` 表示文本不写型号、按声明采信。等级：tensor 为 T2（有参考时钟为 T1），core 为 T3，busy 为 T4，reported 为 T5；互不相加。下面每一行都有测试从声明读到数字（`test/exporter/vendors/own-rows.test.ts`）。',
    en: '`factor` leads to a ratio 0 to 1, MHz, W, J; `labels` chooses samples by their labels (an empty text is a label that is not there); of a metric in `info` only the labels are read; `sentinels` are values that mean no reading; `unnamed: declared` believes the declaration where a text names no model. Tiers: tensor is T2 (T1 with a reference clock), core T3, busy T4, reported T5; they are never added up. Each row below is read from a declaration to numbers by a test (`test/exporter/vendors/own-rows.test.ts`).',
  },
} as const satisfies Record<string, Text>;

const tierOf = { tensor: 'T1/T2', core: 'T3', busy: 'T4', reported: 'T5' } as const;
const none = '–';

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const table = (heads: string, rows: readonly string[]): string =>
  [`| ${heads} |`, row(heads.split(' | ').map(() => '---')), ...rows].join('\n');
const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ') || none;

/** A metric as it is chosen and scaled: `mx_board_power` × 0.001. */
function metric(
  quantity: { metric: string; factor: number; labels: Family['activity'][number]['labels'] } | undefined,
) {
  if (!quantity) return none;
  const chosen = Object.entries(quantity.labels).map(([label, values]) => `${label}="${values.join('|')}"`);
  const name = chosen.length === 0 ? quantity.metric : `${quantity.metric}{${chosen.join(',')}}`;
  return quantity.factor === 1 ? `\`${name}\`` : `\`${name}\` × ${quantity.factor}`;
}

function familyRow(family: Family, language: Language): string {
  const { id, name, activity, clock, power, energy, health } = family;
  return row([
    `[${id}](#${id})`,
    name[language],
    activity.map((one) => `${metric(one)} (${tierOf[one.signal]})`).join('<br>'),
    metric(clock),
    metric(power),
    metric(energy),
    health ? `${metric(health)} = ${health.healthy.join(', ')}` : none,
  ]);
}

function section(family: Family, language: Language): string {
  const { id, identity, model, pod, node, slice, info, unnamed, sentinels, source } = family;
  const values =
    sentinels.length > 0
      ? [
          `${words.sentinels[language]}: ${code(sentinels.map((value) => (Number.isInteger(value) ? BigInt(value) : value).toString()))}`,
        ]
      : [];
  return [
    `### ${id}`,
    table(words.labelHeads[language], [
      row([
        identity.map((labels) => code(labels)).join('<br>'),
        unnamed === 'declared'
          ? [...model.map((label) => `\`${label}\``), words.declared[language]].join(' ')
          : code(model),
        code(pod),
        code(node),
        slice ? code([slice.label, slice.profile]) : none,
        code(info.map((one) => one.metric)),
      ]),
    ]),
    ...values,
    [`${words.traps[language]}:`, '', ...(familyTraps[id] ?? []).map((trap) => `- ${trap[language]}`)].join('\n'),
    `${words.source[language]}: ${source}`,
  ].join('\n\n');
}

function modelRow(one: Accelerator): string {
  const { id, reported_as, peak_tflops, clock_ref_mhz, tdp_w, dies_per_package, achievable, confidence, source } = one;
  return row([
    id,
    code(reported_as),
    String(peak_tflops.fp16 ?? none),
    String(clock_ref_mhz ?? none),
    String(tdp_w ?? none),
    String(dies_per_package),
    String(achievable?.share ?? none),
    confidence,
    source,
  ]);
}

function page({ families, accelerators }: Plan, language: Language): string {
  const rows = [...families.values()];
  return [
    `# ${words.title[language]}`,
    words.other[language],
    words.intro[language],
    `## ${words.families[language]}`,
    table(
      words.familyHeads[language],
      rows.map((family) => familyRow(family, language)),
    ),
    ...rows.map((family) => section(family, language)),
    `## ${words.models[language]}`,
    words.modelsIntro[language],
    table(words.modelHeads[language], [...accelerators.values()].map(modelRow)),
    `## ${words.own[language]}`,
    words.ownIntro[language],
    ...ownRows.map(({ title, why, yaml }) =>
      [`### ${title[language]}`, why[language], `\`\`\`yaml\n${yaml}\`\`\``].join('\n\n'),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/** What exporters of accelerators say, as a page in each language: path from the repository's root -> text. */
export const vendorPages = (plan: Plan): ReadonlyMap<string, string> =>
  new Map([
    ['docs/devices/vendors.md', page(plan, 'en')],
    ['docs/devices/vendors.zh.md', page(plan, 'zh')],
  ]);
