import { catalogue } from '../model/metrics/index.ts';
import type { Metric } from '../model/metrics/metric.ts';
import type { Language, Text } from '../model/text.ts';

const words = {
  title: { zh: '指标参考', en: 'Metric reference' },
  other: { zh: '[English](metrics.md)', en: '[中文](metrics.zh.md)' },
  intro: {
    zh: '由 `npm run build` 从指标目录（`model/metrics/`）生成，请勿手改。计数器用 `rate()` 或 `increase()` 读取；比率从不平均，省级比率是分子之和除以分母之和；`step`、`tier`、`window` 三个标签下的值不可相加。没有读数就没有序列，不是零。',
    en: "Generated from the metric catalogue (`model/metrics/`) by `npm run build`: do not edit. Read counters with `rate()` or `increase()`; ratios are never averaged, a province's ratio is the sum of numerators over the sum of denominators; never sum over `step`, `tier` or `window`. Where there is no reading there is no series, not a zero.",
  },
  heads: { zh: '名称 | 类型 | 标签 | 含义', en: 'name | type | labels | meaning' },
  counter: { zh: '计数器', en: 'counter' },
  gauge: { zh: '瞬时值', en: 'gauge' },
  experimental: { zh: '（试行，可能改名）', en: ' (experimental: may be renamed)' },
} as const satisfies Record<string, Text>;

function row({ name, type, labels, help, stability }: Metric, language: Language): string {
  const mark = stability === 'experimental' ? words.experimental[language] : '';
  const cells = [
    `\`${name}\``,
    words[type][language],
    labels.map((label) => `\`${label}\``).join(' '),
    help[language] + mark,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function page(language: Language): string {
  return [
    `# ${words.title[language]}`,
    words.other[language],
    words.intro[language],
    [`| ${words.heads[language]} |`, '| --- | --- | --- | --- |', ...catalogue.map((one) => row(one, language))].join(
      '\n',
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The catalogue as a page in each language: path from the repository's root -> text. */
export const metricReference = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/metrics.md', page('en')],
    ['docs/metrics.zh.md', page('zh')],
  ]);
