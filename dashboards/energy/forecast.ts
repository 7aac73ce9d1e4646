import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { overheadYearEndJoules, pueForecastRatio, pueForecastUnavailable } from '../../model/metrics/budget.ts';
import { pueTargetRatio } from '../../model/metrics/pue.ts';
import { pueReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import { any, eq, nameLabel, once, picked, withSite } from '../promql.ts';
import { sorted, table } from '../table.ts';
import { forecastBases, heads, wattHours } from './words.ts';

const words = {
  low: { zh: '预测下限', en: 'Forecast, low' },
  mid: { zh: '预测', en: 'Forecast' },
  high: { zh: '预测上限', en: 'Forecast, high' },
  basis: { zh: '依据', en: 'Basis' },
  left: { zh: '年末结余', en: "Left at the year's end" },
} as const satisfies Record<string, Text>;

const target = once(pueTargetRatio, ['site'], { site: picked });

const at = (bound: 'low' | 'mid' | 'high'): string =>
  once(pueForecastRatio, ['site', 'basis'], { site: picked, bound: eq(bound) });

/** Where does each site's year end, if it goes on as it does? */
export function forecast(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 3,
    title: { zh: '年末会落在哪里？', en: 'Where will the year end?' },
    description: {
      zh: '年末 PUE =（今年至今的电能 + 推算的电能）之比，不是比率的平均。IT 功率按最近 28 个整日的平均继续；非 IT 份额按去年同月的走势（有去年时）或这 28 天推算。上下限来自这四周中最低与最高的一周，不是置信区间。年末结余为负即超支。',
      en: "The year's PUE at its end = (energies counted so far + energies foreseen), divided: no mean of ratios. IT power goes on as in the last 28 whole days; the overhead's share follows last year's months, or these 28 days where there is no last year. The bounds are what the lowest and the highest of these four weeks give: no confidence interval. Negative at the year's end is overspent.",
    },
    span: 24,
    height: 7,
    nothing: { zh: '没有园区给出或说明预测', en: 'no site gives a forecast or says why not' },
  };
  const panel = table(
    frame,
    [
      {
        title: heads.site,
        label: nameLabel(language),
        expression: row(
          any(
            once(pueForecastRatio, ['site'], { site: picked, bound: eq('mid') }),
            once(pueForecastUnavailable, ['site'], { site: picked }),
          ),
        ),
        width: 235,
      },
      { title: words.mid, expression: row(at('mid')), decimals: 3, width: 100 },
      { title: words.low, expression: row(at('low')), decimals: 3, width: 120 },
      { title: words.high, expression: row(at('high')), decimals: 3, width: 120 },
      {
        title: heads.target,
        expression: row(`${at('mid')} * 0 + on (site) group_left () ${target}`),
        decimals: 2,
        width: 120,
      },
      {
        title: heads.verdict,
        expression: row(`${at('mid')} <= bool on (site) group_left () ${target}`),
        judgement: judgement(heads.within, heads.above, language),
        width: 120,
      },
      {
        title: words.left,
        expression: row(wattHours(once(overheadYearEndJoules, ['site'], { site: picked, bound: eq('mid') }))),
        unit: 'watth',
        decimals: 1,
        width: 170,
      },
      { title: words.basis, label: 'basis', mapping: mapping(forecastBases, language) },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(pueForecastUnavailable, ['site', 'reason'], { site: picked })),
        mapping: mapping(pueReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site], language);
}
