import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { siteInfo } from '../../model/metrics/info.ts';
import { planRequired, planTarget } from '../../model/metrics/plan.ts';
import {
  pueCoverageRatio,
  pueCoveredSeconds,
  pueEnergyJoules,
  pueRatio,
  pueTargetRatio,
} from '../../model/metrics/pue.ts';
import type { Language, Text } from '../../model/text.ts';
import { anyOf, judgement, mapping } from '../mapping.ts';
import { stat } from '../panel.ts';
import { eq, everywhere, nameLabel, ofEachSite, once, picked, series, withSite } from '../promql.ts';
import { instants, refId, type Named } from '../query.ts';
import { table } from '../table.ts';
import { categories, demo, kinds, windows } from '../words.ts';
import { actualPflops, type ComputeTarget } from './target.ts';

const words = {
  verdict: { zh: '今天', en: 'Today' },
  onPath: { zh: '达标：在路径上', en: 'on the path' },
  behind: { zh: '未达标：落后于路径', en: 'behind the path' },
  now: { zh: '现有', en: 'Now' },
  required: { zh: '今天应有', en: 'Required today' },
  warning: { zh: '注意', en: 'Note' },
  demo: { zh: '含演示数据（虚构）', en: 'with invented demo data' },
  site: { zh: '园区', en: 'Site' },
  window: { zh: '窗口', en: 'Window' },
  target: { zh: '年度目标', en: 'Annual target' },
  allWithin: { zh: '均达标', en: 'all within' },
  oneAbove: { zh: '有园区超标', en: 'a site is above' },
  state: { zh: '评判', en: 'Verdict' },
  within: { zh: '达标', en: 'within target' },
  above: { zh: '超标', en: 'above target' },
  kind: { zh: '性质', en: 'Kind' },
  coverage: { zh: '计量覆盖率', en: 'Metering coverage' },
  category: { zh: 'IT 计量类别', en: 'IT meter category' },
  isDemo: { zh: '演示', en: 'Demonstration' },
} as const satisfies Record<string, Text>;

function pflops(target: ComputeTarget, language: Language): Builder<Panel> {
  const id = { target: eq(target.id), milestone: eq(target.milestone) };
  const now = actualPflops(target);
  const required = `max(${series(planRequired, id)})`;
  const queries: Named[] = [
    { legend: words.verdict[language], expression: `${now} >= bool ${required}` },
    { legend: words.now[language], expression: now },
    { legend: words.required[language], expression: required },
    {
      legend: { zh: `${target.milestone} 年目标`, en: `Goal for ${target.milestone}` }[language],
      expression: `max(${series(planTarget, id)})`,
    },
    {
      legend: words.warning[language],
      expression: `count(${once(siteInfo, ['site'], { demo: eq('true') })})`,
    },
  ];
  const frame = {
    id: 1,
    title: { zh: '全省算力在路径上吗？', en: 'Is the computing power of the province on the path?' },
    description: {
      zh: `${target.rule.zh}“今天应有”按基线到目标的复合增长逐日计算。全省数字，不随园区选择变化。`,
      en: `${target.rule.en} 'Required today' grows day by day at a compound rate from the baseline to the goal. Of the whole province, whichever sites are picked.`,
    },
    span: 12,
    height: 8,
  };
  return stat(frame, language)
    .unit('suffix:PFlops')
    .decimals(1)
    .targets(instants(queries))
    .overrideByQuery(refId(2), [{ id: 'decimals', value: 0 }])
    .overrideByQuery(refId(3), [{ id: 'decimals', value: 0 }])
    .overrideByQuery(refId(0), [{ id: 'mappings', value: [judgement(words.onPath, words.behind, language)] }])
    .overrideByQuery(refId(4), [{ id: 'mappings', value: [anyOf(words.demo, language)] }]);
}

/** Σ facility / Σ IT: energies add up, ratios do not. Only where every picked site has both, or it would be another PUE. */
function together(window: string): string {
  const side = (name: string): string =>
    once(pueEnergyJoules, ['site'], { site: picked, window: eq(window), side: eq(name) });
  return `(sum(${side('facility')}) / sum(${side('it')})) and ${ofEachSite(side('it'))}`;
}

/** The window of an annual target, and whether each picked site keeps its own in it; no answer where one has no PUE or no target. */
const YEAR = '12mo';
function allWithin(): string {
  const ratio = once(pueRatio, ['site'], { site: picked, window: eq(YEAR) });
  return everywhere(`${ratio} <= bool on (site) ${once(pueTargetRatio, ['site'], { site: picked })}`);
}

function allSites(language: Language): Builder<Panel> {
  const frame = {
    id: 2,
    title: { zh: '用电绿色吗？所选园区合计 PUE', en: 'Is it green? PUE of the picked sites together' },
    description: {
      zh: '各园区设施电能之和 / IT 电能之和，不是各园区 PUE 的平均。只在所选园区全部有 PUE 时给出；没有的原因见“为什么没有 PUE”。评判是各园区最近 12 个月与其年度目标相比；计量不足一年时仅供参考。',
      en: 'Sum of facility energies / sum of IT energies, never a mean of PUEs. Given only where every picked site has a PUE; where not, see "Why is there no PUE?". The word judges each site\'s last 12 months by its own annual target; while less than a year is metered it is a hint.',
    },
    span: 12,
    height: 8,
    nothing: { zh: '无：并非每个园区都有 PUE', en: 'none: not every site has a PUE' },
  };
  const queries: Named[] = [
    { legend: words.target[language], expression: allWithin() },
    ...Object.entries(windows)
      .toReversed()
      .map(([window, text]) => ({ legend: text[language], expression: together(window) })),
  ];
  return stat(frame, language)
    .unit('none')
    .decimals(3)
    .targets(instants(queries))
    .overrideByQuery(refId(0), [{ id: 'mappings', value: [judgement(words.allWithin, words.oneAbove, language)] }]);
}

function bySite(language: Language): Builder<Panel> {
  const ratio = once(pueRatio, ['site', 'window', 'kind', 'category'], { site: picked });
  const target = once(pueTargetRatio, ['site'], { site: picked });
  const row = (expression: string): string => withSite(expression, language);
  // The longest window first: a target is annual. The first query orders the rows.
  const covered = once(pueCoveredSeconds, ['site', 'window'], { site: picked, side: eq('it') });
  const longestFirst = `sort_desc(${row(`${covered} and on (site, window) ${ratio}`)})`;
  const frame = {
    id: 3,
    title: { zh: '各园区的 PUE 达标吗？', en: 'Is the PUE of each site within its target?' },
    description: {
      zh: '只计双方都有计量的整点小时。“期中值”不足一年，与年度目标相比仅供参考。没有 PUE 的窗口不列出，原因见“为什么没有 PUE”。',
      en: 'Over the full hours in which both sides were metered. An interim value covers less than a year: held against the annual target it is a hint. Windows without a PUE are not listed; see "Why is there no PUE?".',
    },
    span: 24,
    height: 12,
    nothing: { zh: '没有可给出的 PUE', en: 'no PUE to show' },
  };
  return table(
    frame,
    [
      { title: words.site, label: nameLabel(language), width: 250 },
      {
        title: words.window,
        label: 'window',
        expression: longestFirst,
        mapping: mapping(windows, language),
        width: 140,
      },
      { title: { zh: 'PUE', en: 'PUE' }, expression: row(ratio), decimals: 3, width: 80 },
      {
        title: words.target,
        expression: row(`${ratio} * 0 + on (site) group_left () ${target}`),
        decimals: 2,
        width: 120,
      },
      {
        title: words.state,
        expression: row(`${ratio} <= bool on (site) group_left () ${target}`),
        judgement: judgement(words.within, words.above, language),
        width: 120,
      },
      { title: words.kind, label: 'kind', mapping: mapping(kinds, language) },
      {
        title: words.coverage,
        expression: row(
          `${once(pueCoverageRatio, ['site', 'window'], { site: picked })} and on (site, window) ${ratio}`,
        ),
        unit: 'percentunit',
        decimals: 1,
        width: 150,
      },
      { title: words.category, label: 'category', mapping: mapping(categories, language) },
      { title: words.isDemo, label: 'demo', mapping: mapping(demo, language) },
    ],
    ['site'],
    language,
  );
}

/** The first row and the one below it: is it enough, and is it green? */
export const answer = (target: ComputeTarget, language: Language): readonly Builder<Panel>[] => [
  pflops(target, language),
  allSites(language),
  bySite(language),
];
