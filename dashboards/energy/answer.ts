import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { overheadLeftJoules, pueForecastRatio } from '../../model/metrics/budget.ts';
import { pueRatio, pueTargetRatio, pueUnavailable, pueUncertaintyRatio } from '../../model/metrics/pue.ts';
import { pueReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import { stat } from '../panel.ts';
import { any, eq, everywhere, nameLabel, once, picked, withSite } from '../promql.ts';
import { instants, type Named } from '../query.ts';
import { sorted, table } from '../table.ts';
import { kinds, windows } from '../words.ts';
import { heads } from './words.ts';

const words = {
  now: { zh: '最近 12 个月', en: 'The last 12 months' },
  end: { zh: '预测的年末', en: "The year's end, as foreseen" },
  budget: { zh: '今年的预算', en: "This year's budget" },
  allWithin: { zh: '均达标', en: 'all within' },
  oneAbove: { zh: '有园区超标', en: 'a site is above' },
  noneOver: { zh: '均未超支', en: 'none overspent' },
  oneOver: { zh: '有园区超支', en: 'a site has overspent' },
  band: { zh: '误差带 ±', en: 'Band ±' },
} as const satisfies Record<string, Text>;

const target = once(pueTargetRatio, ['site'], { site: picked });

function verdicts(language: Language): Builder<Panel> {
  const year = once(pueRatio, ['site'], { site: picked, window: eq('12mo') });
  const foreseen = once(pueForecastRatio, ['site'], { site: picked, bound: eq('mid') });
  const left = once(overheadLeftJoules, ['site'], { site: picked, period: eq('year') });
  const queries: readonly (Named & { readonly yes: Text; readonly no: Text })[] = [
    {
      legend: words.now[language],
      expression: everywhere(`${year} <= bool on (site) ${target}`),
      yes: words.allWithin,
      no: words.oneAbove,
    },
    {
      legend: words.end[language],
      expression: everywhere(`${foreseen} <= bool on (site) ${target}`),
      yes: words.allWithin,
      no: words.oneAbove,
    },
    {
      legend: words.budget[language],
      expression: everywhere(`${left} >= bool 0`),
      yes: words.noneOver,
      no: words.oneOver,
    },
  ];
  const frame = {
    id: 1,
    title: { zh: '所选园区都守得住吗？', en: 'Do all picked sites keep it?' },
    description: {
      zh: '最近 12 个月的 PUE、预测的年末 PUE 各与园区自己的年度目标相比；今年的预算是至今允许的减去已用的非 IT 用电。只在所选园区全部有数时给出；不足一年时仅供参考。缺哪一个、为什么，见右表与下表。',
      en: "The PUE of the last 12 months and that of the year's end, as foreseen, each against the site's own annual target; the year's budget is the overhead energy allowed so far less what was spent. Given only where every picked site has the figure; while less than a year is metered it is a hint. Which one is missing, and why: see the tables beside and below.",
    },
    span: 6,
    height: 9,
    nothing: { zh: '无：并非每个园区都有数', en: 'none: not every site has a figure' },
  };
  const panel = stat(frame, language).unit('none').targets(instants(queries));
  for (const { legend, yes, no } of queries)
    panel.overrideByName(legend, [{ id: 'mappings', value: [judgement(yes, no, language)] }]);
  return panel;
}

function keepsYear(language: Language): Builder<Panel> {
  const which = { site: picked, window: '=~"12mo|ytd"' };
  const at = ['site', 'window'] as const;
  const ratio = once(pueRatio, [...at, 'kind'], which);
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 2,
    title: { zh: '每个园区的 PUE 守住年度目标了吗？', en: 'Does each site keep its annual target?' },
    description: {
      zh: '最近 12 个月与今年以来的 PUE = 设施电能 / IT 电能，只计双方都有计量的整点小时。误差带是电表准确度等级给出的 ±（k = 2）；有表未声明等级时不给出。目标落在误差带之内时，评判不能当作定论。“期中值”不足一年。没有 PUE 的窗口写明原因。',
      en: "PUE of the last 12 months and of this year so far = facility energy / IT energy over full hours in which both were metered. The band comes from the meters' accuracy classes (k = 2); it is absent where a meter declares none. Where the target lies inside the band the verdict settles nothing. An interim value covers less than a year. A window without a PUE says why.",
    },
    span: 18,
    height: 9,
    nothing: { zh: '没有园区给出或说明 PUE', en: 'no site gives a PUE or says why not' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      {
        title: heads.window,
        label: 'window',
        expression: row(any(once(pueRatio, at, which), once(pueUnavailable, at, which))),
        mapping: mapping(windows, language),
        width: 130,
      },
      { title: { zh: 'PUE', en: 'PUE' }, expression: row(ratio), decimals: 3, width: 70 },
      {
        title: words.band,
        // Rounded up, as on the exporter's page: a small one is not none.
        expression: row(`ceil(1000 * ${once(pueUncertaintyRatio, at, which)}) / 1000`),
        decimals: 3,
        width: 80,
      },
      {
        title: heads.target,
        expression: row(`${ratio} * 0 + on (site) group_left () ${target}`),
        decimals: 2,
        width: 110,
      },
      {
        title: heads.verdict,
        expression: row(`${ratio} <= bool on (site) group_left () ${target}`),
        judgement: judgement(heads.within, heads.above, language),
        width: 110,
      },
      { title: heads.kind, label: 'kind', mapping: mapping(kinds, language), width: 150 },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(pueUnavailable, [...at, 'reason'], which)),
        mapping: mapping(pueReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, heads.window], language);
}

/** Does each site keep its annual target? */
export const answer = (language: Language): readonly Builder<Panel>[] => [verdicts(language), keepsYear(language)];
