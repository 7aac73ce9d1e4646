import { catalogue } from '../../model/metrics/index.ts';
import { recorded } from '../../model/metrics/recorded.ts';
import { filledIn, labelValues, type BoardJson } from './board-json.ts';
import { readQuery, type Selector } from './promql.ts';
import type { Problem, Rule } from './rules.ts';

const metrics = new Map([...catalogue, ...recorded].map((metric) => [metric.name, metric]));
const RATES = ['rate', 'irate'];
/** Adding over these makes no sense: each value of theirs is the whole, seen another way (DESIGN.md section 6). */
const WHOLES = ['step', 'tier', 'window', 'period', 'bound'];

/** A rule that looks at each selector of each panel's queries. */
const bySelector =
  (wrong: (selector: Selector) => string | null): Rule =>
  ({ panels }: BoardJson) =>
    panels.flatMap(({ id, targets }) =>
      targets.flatMap(({ refId, expr }): Problem[] =>
        readQuery(filledIn(expr)).selectors.flatMap((selector) => {
          const said = wrong(selector);
          return said === null ? [] : [{ panel: id, refId, said: `${selector.metric}: ${said}` }];
        }),
      ),
    );

function wholesAdded({ metric, matchers, around }: Selector): string | null {
  const pinned = new Set(matchers.flatMap(({ label, operator }) => (operator === '=' ? label : [])));
  const loose = WHOLES.filter((label) => metrics.get(metric)?.labels.includes(label) && !pinned.has(label));
  const lost = loose.filter((label) => around.some(({ keeps }) => keeps !== null && !keeps(label)));
  return lost.length === 0 ? null : `aggregated over ${lost.join(', ')}`;
}

/** Rules about PromQL: `target-*` and `template-label-promql-rule` of grafana/dashboard-linter, and the house's own. */
export const queryRules = {
  'target-promql': ({ panels }) =>
    panels.flatMap(({ id, targets }) =>
      targets.flatMap(({ refId, expr }) =>
        readQuery(filledIn(expr)).broken ? [{ panel: id, refId, said: `no PromQL: ${expr}` }] : [],
      ),
    ),
  'target-rate-interval': ({ panels }) =>
    panels.flatMap(({ id, targets }) =>
      targets.flatMap(({ refId, expr }) =>
        readQuery(filledIn(expr, { rate: '11m' })).selectors.flatMap(({ around, range }) =>
          range !== '11m' && around.some(({ name }) => RATES.includes(name))
            ? [{ panel: id, refId, said: `a rate over ${range} and not over $__rate_interval` }]
            : [],
        ),
      ),
    ),
  'target-counter-agg': bySelector(({ metric, around: [inner] }) => {
    const counts = inner !== undefined && [...RATES, 'increase'].includes(inner.name);
    if (counts === (metrics.get(metric)?.type === 'counter')) return null;
    return counts ? 'a rate of what is no counter' : 'a counter outside rate, irate and increase';
  }),
  'template-label-promql': ({ templating }) =>
    templating.list.flatMap((variable): Problem[] => {
      if (variable.type !== 'query') return [];
      const asked = labelValues(variable);
      const known = asked !== null && metrics.get(asked.metric)?.labels.includes(asked.label);
      return known ? [] : [{ said: `${variable.name}: ${variable.query} asks for no label of the catalogue` }];
    }),
  'metric-in-catalogue': bySelector(({ metric }) =>
    metrics.has(metric) ? null : 'neither in the catalogue nor recorded',
  ),
  'label-of-metric': bySelector(({ metric, matchers }) => {
    const unknown = matchers.filter(({ label }) => !metrics.get(metric)?.labels.includes(label));
    return unknown.length === 0 ? null : `has no label ${unknown.map(({ label }) => label).join(', ')}`;
  }),
  'no-mean-of-ratios': bySelector(({ metric, around }) =>
    metrics.get(metric)?.unit === 'ratio' && around.some(({ name }) => /^(avg|sum)(_over_time)?$/.test(name))
      ? 'a ratio is neither averaged nor added'
      : null,
  ),
  'no-sum-over-wholes': bySelector(wholesAdded),
} as const satisfies Record<string, Rule>;
