import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { fleetQueries, meanOver } from '../../../../exporter/judge/fleet/fleet-queries.ts';
import { type FleetFacts, fleetScope, unknownFacts } from '../../../../exporter/judge/fleet/fleet-scope.ts';
import { loadPlan } from '../../../../model/load.ts';
import { estate } from '../../../../model/schema/estate.ts';

const plan = loadPlan('plan');
const TENSOR = 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE';
const SM = 'DCGM_FI_PROF_SM_ACTIVE';
const CLOCK = 'DCGM_FI_DEV_SM_CLOCK';

function scope(every = '15s') {
  const [pool] = estate.shape.pools.parse([
    {
      id: 'p',
      cluster: 'c',
      accelerator: 'nvidia-a100-sxm',
      count: 8,
      nodes: { names: ['n'] },
      telemetry: { family: 'dcgm', every, source: { protocol: 'prometheus', url: 'http://p' } },
    },
  ]);
  const [family, accelerator] = [plan.families.get('dcgm'), plan.accelerators.get('nvidia-a100-sxm')];
  if (!pool || !family || !accelerator) throw new TypeError('not in the plan');
  return fleetScope(pool, family, accelerator, { cluster: 'nc"a' });
}

/** Whole cards, one pod each, with tensor activity and a clock. */
const plain: FleetFacts = {
  ...unknownFacts,
  present: [TENSOR, CLOCK],
  ids: ['UUID'],
  pod: 'exported_pod',
  namespace: 'exported_namespace',
  references: [TENSOR],
  activity: [TENSOR],
  alive: [TENSOR],
  clocked: new Set([TENSOR]),
  paired: true,
};

/** Nodes that PromQL's own grammar (Prometheus' web UI) does not understand. */
function misunderstood(promql: string): string[] {
  const found: string[] = [];
  parser.parse(promql).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push(promql.slice(Math.max(0, from - 20), to + 20));
    },
  });
  return found;
}
const ofFacts = (facts: Partial<FleetFacts>, every?: string) => fleetQueries(scope(every), { ...plain, ...facts });

const cases: [what: string, facts: Partial<FleetFacts>][] = [
  ['whole cards', {}],
  ['no pods', { pod: null, namespace: null }],
  ['shared cards', { shared: true }],
  ['slices', { profiles: ['1g.5gb', '3g.20gb', 'odd'], shared: true }],
  [
    'slices with all oddities',
    { profiles: ['1g.5gb', '3g.20gb', 'odd'], oddities: { unclear: true, overfull: true, holes: new Set([TENSOR]) } },
  ],
  ['only unknown slices', { profiles: ['odd'] }],
  ['conflicts', { conflicts: new Set([TENSOR, CLOCK]) }],
  ['two signals', { present: [TENSOR, SM, CLOCK], activity: [TENSOR, SM], clockless: new Set([TENSOR, SM]) }],
  ['other and missing names', { names: { unnamed: true, others: true } }],
  ['several references', { references: [TENSOR, CLOCK] }],
];

test.each(cases)('%s: every query is PromQL, and chooses the pool alone', (_, facts) => {
  const queries = ofFacts(facts, '60s');
  expect(queries.length).toBeGreaterThan(3);
  for (const { promql } of queries) {
    expect(misunderstood(promql), promql).toEqual([]);
    const selectors = promql.match(/\{/g) ?? [];
    expect(promql.match(/cluster="nc\\"a"/g)).toHaveLength(selectors.length);
  }
});

test('the grammar does find faults', () => expect(misunderstood('sum by (a) (b')).not.toEqual([]));

test('whole cards of one pod each need no join but that with the clock', () => {
  const joins = ofFacts({}).map(({ about, promql }) => [about, promql.split(' on (').length - 1]);
  expect(joins).toEqual([
    ['devices', 0],
    ['healthy', 0],
    ['allocated', 0],
    ['busy_devices', 0],
    ['clamped', 0],
    ['split_work', 1],
  ]);
});

test('slices without oddities fit into the first line of a request, which proxies limit to 8 KB', () => {
  const profiles = ['1g.5gb', '2g.10gb', '3g.20gb', '4g.20gb', '7g.40gb'];
  const longest = Math.max(...ofFacts({ profiles, shared: true }, '60s').map(({ promql }) => promql.length));
  expect(longest).toBeLessThan(6500);
});

test('a tier is asked for where some device has it', () => {
  const tiers = (facts: Partial<FleetFacts>) => ofFacts(facts).flatMap(({ tier }) => tier ?? []);
  expect(tiers({})).toEqual(['T1']);
  expect(tiers({ clockless: new Set([TENSOR]) })).toEqual(['T1', 'T2']);
  expect(tiers({ clocked: new Set(), clockless: new Set([TENSOR]) })).toEqual(['T2']);
  expect(tiers({ present: [TENSOR] })).toEqual(['T2']);
});

test('the mean is taken over the interval, at instants that divide it', () => {
  expect(meanOver(15_000, 'x')).toBe('x');
  expect(meanOver(10_000, 'x')).toBe('x');
  expect(meanOver(30_000, 'x')).toBe('sum_over_time((x)[29999ms:15000ms]) / 2');
  expect(meanOver(60_000, 'x')).toBe('sum_over_time((x)[59999ms:15000ms]) / 4');
  expect(meanOver(300_000, 'x')).toBe('sum_over_time((x)[299999ms:75000ms]) / 4');
});
