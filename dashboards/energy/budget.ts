import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  overheadAllowedJoules,
  overheadCoverageRatio,
  overheadLeftJoules,
  overheadSpentJoules,
  overheadUnavailable,
  overheadWholeAllowedJoules,
  overheadWholeLeftJoules,
  pueBurnRatio,
  pueBurnUnavailable,
} from '../../model/metrics/budget.ts';
import { burnReasons, pueReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import { any, nameLabel, once, picked, withSite } from '../promql.ts';
import { sorted, table } from '../table.ts';
import { burnWindows, heads, periods, wattHours } from './words.ts';

const words = {
  period: { zh: '期间', en: 'Period' },
  spent: { zh: '已用', en: 'Spent' },
  left: { zh: '至今结余', en: 'Left so far' },
  share: { zh: '占至今允许', en: 'Of what is allowed' },
  whole: { zh: '到期末还可用', en: 'Left until its end' },
  wholeShare: { zh: '占整期允许', en: 'Of the whole period' },
  inside: { zh: '未超支', en: 'inside it' },
  over: { zh: '已超支', en: 'overspent' },
  counted: { zh: '计入小时', en: 'Hours counted' },
  burn: { zh: '消耗速度', en: 'Burn' },
  slow: { zh: '在预算内', en: 'inside the budget' },
  fast: { zh: '快于预算', en: 'faster than allowed' },
} as const satisfies Record<string, Text>;

function left(language: Language): Builder<Panel> {
  const at = ['site', 'period'] as const;
  const which = { site: picked };
  const row = (expression: string): string => withSite(expression, language);
  const so = once(overheadLeftJoules, at, which);
  const whole = once(overheadWholeLeftJoules, at, which);
  const share = (part: string, of: string): string => row(`${part} / on (site, period) (${of} > 0)`);
  const frame = {
    id: 4,
    title: { zh: '本月和今年还剩多少非 IT 用电？', en: 'How much overhead energy is left, this month and this year?' },
    description: {
      zh: '非 IT 用电 = 设施电能 − IT 电能。允许量 = 各月 IT 电能 ×（当月允许的 PUE − 1）。“至今结余”只看已过去的小时；“到期末还可用”把剩余时间按最近 28 个整日的平均 IT 功率推算。负数是超支。只计双方都有计量的整点小时，其份额在“计入小时”。月与年按北京时间。',
      en: "Overhead = facility energy − IT energy. Allowed = each month's IT energy × (the PUE allowed in it − 1). 'Left so far' looks at the hours that have passed; 'left until its end' foresees the rest at the mean IT power of the last 28 whole days. Negative is overspent. Only full hours in which both sides were metered count; their share is in 'hours counted'. Months and years are those of Beijing time.",
    },
    span: 24,
    height: 9,
    nothing: { zh: '没有园区给出或说明预算', en: 'no site gives a budget or says why not' },
  };
  const energy = { unit: 'watth', decimals: 1, width: 125 } as const;
  const percent = { unit: 'percentunit', decimals: 1, width: 150 } as const;
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      {
        title: words.period,
        label: 'period',
        expression: row(any(once(overheadCoverageRatio, at, which), once(overheadUnavailable, at, which))),
        mapping: mapping(periods, language),
        width: 95,
      },
      {
        title: heads.verdict,
        expression: row(`${so} >= bool 0`),
        judgement: judgement(words.inside, words.over, language),
        width: 100,
      },
      { title: words.spent, expression: row(wattHours(once(overheadSpentJoules, at, which))), ...energy },
      { title: words.left, expression: row(wattHours(so)), ...energy },
      { title: words.share, expression: share(so, once(overheadAllowedJoules, at, which)), ...percent },
      { title: words.whole, expression: row(wattHours(whole)), ...energy },
      { title: words.wholeShare, expression: share(whole, once(overheadWholeAllowedJoules, at, which)), ...percent },
      { title: words.counted, expression: row(once(overheadCoverageRatio, at, which)), ...percent },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(overheadUnavailable, [...at, 'reason'], which)),
        mapping: mapping(pueReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.period], language);
}

function burn(language: Language): Builder<Panel> {
  const ratio = once(pueBurnRatio, ['site', 'window'], { site: picked });
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 5,
    title: { zh: '预算现在消耗得多快？', en: 'How fast is the budget spent now?' },
    description: {
      zh: '非 IT 用电 /（IT 电能 ×（允许的 PUE − 1））：1 为恰好用完，2 为快一倍。先看最近 6 小时（设备故障），再看 1 天与 3 天（逐渐偏离）。由整点小时计；IT 负载低于额定 30 % 时不给出，因为固定损耗会抬高 PUE 而并非故障。告警按 6 小时 2.4、1 天 1.5、3 天 1.0。',
      en: 'Overhead / (IT energy × (allowed PUE − 1)): 1 spends exactly what is allowed, 2 twice that. The last 6 hours first (a fault of the plant), then a day and three (drift). Over full hours; not given below 30 % of the rated IT load, where fixed losses raise PUE without a fault. Alerts ask for 2.4 over 6 hours, 1.5 over a day, 1.0 over three.',
    },
    span: 24,
    height: 9,
    nothing: { zh: '没有园区给出或说明消耗速度', en: 'no site gives a burn or says why not' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 250 },
      {
        title: heads.window,
        label: 'window',
        expression: row(any(ratio, once(pueBurnUnavailable, ['site', 'window'], { site: picked }))),
        mapping: mapping(burnWindows, language),
        width: 160,
      },
      { title: words.burn, expression: row(ratio), decimals: 2, width: 120 },
      {
        title: heads.verdict,
        expression: row(`${ratio} <= bool 1`),
        judgement: judgement(words.slow, words.fast, language),
        width: 180,
      },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(pueBurnUnavailable, ['site', 'window', 'reason'], { site: picked })),
        mapping: mapping(burnReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  // 6h, 3d, 1d: what burns fastest first
  return sorted(panel, [heads.site, heads.window], language, [heads.window]);
}

/** What of the overhead budget is left, and how fast it goes. */
export const budget = (language: Language): readonly Builder<Panel>[] => [left(language), burn(language)];
