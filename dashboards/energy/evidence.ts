import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  gb40879Grade,
  gb40879Ratio,
  pueBridgedSeconds,
  pueCoverageRatio,
  pueCoveredSeconds,
  pueImportedSeconds,
  pueManualSeconds,
  puePartialRatio,
  puePartialUnavailable,
  pueRatio,
  pueSubstitutedSeconds,
  pueWindowSeconds,
} from '../../model/metrics/pue.ts';
import { pueReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { mapping } from '../mapping.ts';
import { any, nameLabel, once, picked, withSite } from '../promql.ts';
import { sorted, table } from '../table.ts';
import { categories, windows } from '../words.ts';
import { gbBases, gbGrades, heads } from './words.ts';

const words = {
  length: { zh: '窗口长度', en: 'Length' },
  bridged: { zh: '跨缺口补记', en: 'Bridged' },
  manual: { zh: '人工抄表', en: 'By hand' },
  imported: { zh: '导入', en: 'Imported' },
  substituted: { zh: '后备表代替', en: 'Substituted' },
  ratio: { zh: '电能比', en: 'Ratio' },
  grade: { zh: '等级', en: 'Grade' },
  basis: { zh: '性质', en: 'Basis' },
  hall: { zh: '机房模块', en: 'Hall' },
  partial: { zh: '部分 PUE', en: 'Partial PUE' },
} as const satisfies Record<string, Text>;

const which = { site: picked };

function counted(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const ratio = once(pueRatio, ['site', 'window', 'category', 'edition'], which);
  /** The side that has more of it speaks for the window, as on the exporter's page. */
  const share = (seconds: typeof pueBridgedSeconds): string => {
    const side = ['site', 'window', 'side'] as const;
    const of = `${once(seconds, side, which)} / on (site, window, side) (${once(pueCoveredSeconds, side, which)} > 0)`;
    return row(`max by (site, window) (${of})`);
  };
  const percent = { unit: 'percentunit', decimals: 1, width: 110 } as const;
  const frame = {
    id: 6,
    title: { zh: '这些 PUE 是由什么数出来的？', en: 'What were these PUEs counted from?' },
    description: {
      zh: '覆盖率：窗口内有计量的份额，取两侧中较低者，低于 95 % 的小时不足则没有 PUE。其余各列是计入的时间中不由实时读数得来的份额，取较多的一侧：跨越一小时以上缺口补记的、人工抄表或账单补足的、导入的、由后备表推算代替的。窗口长度短于名称，说明计量开始得晚。类别与版本出自 ISO/IEC 30134-2。',
      en: 'Coverage: the metered share of the window, the lower of its two sides; there is no PUE unless 95 % of the hours count. The other columns are the shares of the counted time that no live reading gave, of the side that has more: bridged across gaps of more than an hour, closed by a hand reading or a bill, imported, and calculated from a backup meter. A length below the name means that metering began later. Category and edition are those of ISO/IEC 30134-2.',
    },
    span: 24,
    height: 11,
    nothing: { zh: '没有可查证的 PUE', en: 'no PUE to look into' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      { title: heads.window, label: 'window', mapping: mapping(windows, language), width: 140 },
      {
        title: heads.coverage,
        expression: row(once(pueCoverageRatio, ['site', 'window'], which)),
        ...percent,
        width: 140,
      },
      { title: words.bridged, expression: share(pueBridgedSeconds), ...percent },
      { title: words.manual, expression: share(pueManualSeconds), ...percent },
      { title: words.imported, expression: share(pueImportedSeconds), ...percent },
      { title: words.substituted, expression: share(pueSubstitutedSeconds), ...percent },
      {
        title: words.length,
        // In figures alone: the words of other units are English in every board.
        expression: row(once(pueWindowSeconds, ['site', 'window'], which)),
        unit: 'dthms',
        width: 140,
      },
      { title: heads.category, label: 'category', expression: row(ratio), mapping: mapping(categories, language) },
      { title: heads.edition, label: 'edition' },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.length], language);
}

function gb40879(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 7,
    title: { zh: 'GB 40879 能效等级是多少？', en: 'Which grade of GB 40879?' },
    description: {
      zh: 'GB 40879-2021 自己的数：只计电力，满一整年才是 R_M2，之前只作参考。它不是换了名字的 PUE：含其他能源的园区两者不同。不适用于边缘站点。',
      en: 'The number of GB 40879-2021 itself: electricity alone, R_M2 after a full year and indicative before. It is no PUE under another name: they differ at a site that uses other energy. Edge sites are not covered.',
    },
    span: 12,
    height: 8,
    nothing: { zh: '没有园区给出 GB 40879 电能比', en: 'no site gives a ratio of GB 40879' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      {
        title: words.ratio,
        expression: row(once(gb40879Ratio, ['site', 'basis'], which)),
        decimals: 3,
        width: 90,
      },
      {
        title: words.grade,
        expression: row(once(gb40879Grade, ['site', 'basis'], which)),
        mapping: mapping(gbGrades, language),
        width: 180,
      },
      { title: words.basis, label: 'basis', mapping: mapping(gbBases, language) },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site], language);
}

function halls(language: Language): Builder<Panel> {
  const at = ['site', 'hall', 'window'] as const;
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 8,
    title: { zh: '哪个机房模块用电多？', en: 'Which hall uses more?' },
    description: {
      zh: '部分 PUE = 该模块各表的全部电能 / 该模块 IT 电能（ISO/IEC 30134-2 的 pPUE）。只含模块内的表，不能与园区的 PUE 或其目标相比，只在模块之间比较。没有声明模块的园区不列出。',
      en: "Partial PUE = all energy of the hall's meters / its IT energy (pPUE of ISO/IEC 30134-2). It holds only what the hall's meters see: compare halls with each other, never with the site's PUE or its target. Sites that declare no halls are not listed.",
    },
    span: 12,
    height: 8,
    nothing: { zh: '没有声明机房模块，或尚无部分 PUE', en: 'no hall is declared, or none has figures yet' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      {
        title: words.hall,
        label: 'hall',
        expression: row(any(once(puePartialRatio, at, which), once(puePartialUnavailable, at, which))),
        width: 100,
      },
      { title: heads.window, label: 'window', mapping: mapping(windows, language), width: 130 },
      { title: words.partial, expression: row(once(puePartialRatio, at, which)), decimals: 3, width: 100 },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(puePartialUnavailable, [...at, 'reason'], which)),
        mapping: mapping(pueReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.hall, heads.window], language);
}

/** What an auditor asks of the figures above. */
export const evidence = (language: Language): readonly Builder<Panel>[] => [
  counted(language),
  gb40879(language),
  halls(language),
];
