import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { computePflops } from '../../model/metrics/compute.ts';
import { meterUnmeteredSeconds, siteEnergyJoules } from '../../model/metrics/energy.ts';
import { meterInfo } from '../../model/metrics/info.ts';
import { planRequired, planRequiredLinear, planTarget } from '../../model/metrics/plan.ts';
import { sourceUp } from '../../model/metrics/source.ts';
import type { Language, Text } from '../../model/text.ts';
import { bars, lines } from '../panel.ts';
import { eq, nameLabel, once, picked, series, withSite } from '../promql.ts';
import { instants, ranges, type Named } from '../query.ts';
import { steps } from '../words.ts';
import { actualPflops, UNMEASURED, UPPER_BOUNDS, type ComputeTarget } from './target.ts';

const words = {
  delivered: { zh: '交付', en: 'Delivered' },
  bound: { zh: '交付上限', en: 'Delivered at most' },
  now: { zh: '现有', en: 'Now' },
  compound: { zh: '应有（复合增长）', en: 'Required (compound growth)' },
  linear: { zh: '应有（直线）', en: 'Required (straight line)' },
  goal: { zh: '目标', en: 'Goal' },
  facility: { zh: '设施侧', en: 'facility' },
  it: { zh: 'IT 侧', en: 'IT' },
} as const satisfies Record<string, Text>;

function waterfall({ counts: { precision } }: ComputeTarget, language: Language): Builder<Panel> {
  const pools = { site: picked, precision: eq(precision) };
  const step = (name: string): string =>
    `sum(${once(computePflops, ['site', 'pool'], { ...pools, step: eq(name), tier: eq('none') })})`;
  const delivered = (tiers: string): string =>
    `sum by (tier) (${once(computePflops, ['site', 'pool', 'tier'], { ...pools, step: eq('delivered'), tier: tiers })})`;
  const queries: Named[] = [
    ...Object.entries(steps).map(([name, text]) => ({ legend: text[language], expression: step(name) })),
    { legend: `${words.delivered[language]} {{tier}}`, expression: delivered(`!~"${UNMEASURED}"`) },
    { legend: `${words.bound[language]} {{tier}}`, expression: delivered(`=~"${UPPER_BOUNDS}"`) },
  ];
  const frame = {
    id: 4,
    title: {
      zh: `从标称到交付（稠密 ${precision.toUpperCase()}）`,
      en: `From nominal to delivered (dense ${precision.toUpperCase()})`,
    },
    description: {
      zh: '标称：已声明；上架：有设备上报；健康；已分配：被作业占用；在用：活跃度高于 1 %；交付：活跃度 × 时钟 × 稠密峰值。交付按证据分级，各级不相加：T1 由张量核活跃度与时钟测得，T2 由张量核活跃度测得，T3、T4 是上限，T5 由作业自报。没有遥测的资源池只有标称。',
      en: 'Nominal: declared. Racked: a device reports it. Healthy. Allocated: held by a job. Busy: activity above 1 %. Delivered: activity × clock × dense peak, by tier of evidence, and tiers do not add up: T1 from tensor activity and clock, T2 from tensor activity, T3 and T4 are upper bounds, T5 is reported by jobs. A pool without telemetry has a nominal figure alone.',
    },
    span: 8,
    height: 11,
  };
  return bars(frame, language).unit('suffix:PFlops').decimals(1).targets(instants(queries));
}

function glidePath(target: ComputeTarget, language: Language): Builder<Panel> {
  const id = { target: eq(target.id), milestone: eq(target.milestone) };
  const queries: Named[] = [
    { legend: words.now[language], expression: actualPflops(target) },
    { legend: words.compound[language], expression: `max(${series(planRequired, id)})` },
    { legend: words.linear[language], expression: `max(${series(planRequiredLinear, id)})` },
    { legend: words.goal[language], expression: `max(${series(planTarget, id)})` },
  ];
  const frame = {
    id: 5,
    title: { zh: '离路径有多远？', en: 'How far from the path?' },
    description: {
      zh: '全省，最近 30 天：现有算力、今天应有的算力（复合增长与直线两条路径）与目标。曲线的缺口就是没有数据。',
      en: 'The whole province over 30 days: computing power now, what the two paths require, and the goal. A gap in a line is missing data.',
    },
    span: 8,
    height: 11,
  };
  return lines(frame, language).timeFrom('30d').unit('suffix:PFlops').decimals(0).targets(ranges(queries));
}

/** Sites at which a meter of the side is silent or stuck: then nothing is credited, which is not the same as no energy. */
function troubled(side: 'facility' | 'it'): string {
  const meters = once(meterInfo, ['site', 'meter'], { site: picked, side: eq(side) });
  const down = `label_replace(${once(sourceUp, ['site', 'source'], { site: picked })} == 0, "meter", "$1", "source", "(.+)")`;
  const unmetered = series(meterUnmeteredSeconds, { site: picked });
  const stuck = `max by (site, meter) (increase(${unmetered}[$__rate_interval])) > 0`;
  return `(${meters} and on (site, meter) (${down} or ${stuck}))`;
}

function energySides(language: Language): Builder<Panel> {
  const watts = (side: 'facility' | 'it'): Named => {
    const energy = series(siteEnergyJoules, { site: picked, side: eq(side) });
    const rate = `max by (site) (rate(${energy}[$__rate_interval])) unless on (site) ${troubled(side)}`;
    return { legend: `{{${nameLabel(language)}}} ${words[side][language]}`, expression: withSite(rate, language) };
  };
  const frame = {
    id: 6,
    title: { zh: '电用在哪一侧？', en: 'On which side does the energy go?' },
    description: {
      zh: '边界电表（进线 + 自发 − 外送）与最上层 IT 电表入账电能的变化率。两线之差是制冷、供电等开销。该侧有电表无应答或卡住时不画线：没有入账不等于没有用电；恢复后补记的电能会显示为一次高峰。',
      en: 'Rate of the energy credited at the boundary (import + generation − export) and by the topmost IT meters; between the two lines lies the overhead. While a meter of the side is silent or stuck there is no line, as nothing credited is not nothing used; what is credited once it is back shows as a peak.',
    },
    span: 8,
    height: 11,
  };
  return (
    lines(frame, language)
      .unit('watt')
      // Registers count in steps: a shorter interval would show the steps.
      .interval('2m')
      .targets(ranges([watts('facility'), watts('it')]))
  );
}

/** The figures behind the answer. */
export const evidence = (target: ComputeTarget, language: Language): readonly Builder<Panel>[] => [
  waterfall(target, language),
  glidePath(target, language),
  energySides(language),
];
