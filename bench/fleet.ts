import { fleetQueries } from '../exporter/judge/fleet/fleet-queries.ts';
import { lookAt } from '../exporter/judge/fleet/fleet-look.ts';
import { fleetScope } from '../exporter/judge/fleet/fleet-scope.ts';
import { parseAnswer, type QuerySample } from '../exporter/read/prometheus/prometheus-answer.ts';
import { equal, selector } from '../exporter/read/prometheus/promql.ts';
import { loadPlan } from '../model/load.ts';
import { estate } from '../model/schema/estate.ts';
import { startBackfilled } from '../test/peers/backfilled.ts';
import { quantile, type Result } from './entry.ts';

const DEVICES = 80_000;
const NAMESPACES = 300;
const CARDS_OF_A_NODE = 8;
const METRICS = {
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: (i: number, at: number) => ((i % 97) + at) / 100,
  DCGM_FI_DEV_SM_CLOCK: (i: number) => 1410 - 15 * (i % 5),
  DCGM_FI_DEV_POWER_USAGE: (i: number) => 300 + (i % 100),
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: (i: number, at: number) => 1e9 + i + 300 * at,
};
const RUNS = 5;
/** Seconds between two scrapes, and ms between two answers */
const SCRAPE_S = 15;
const EVERY = 15_000;

/** What DCGM exporters of 10,000 nodes said, scraped twice; a fifth of the cards is free. */
function* past(began: number): Generator<string> {
  for (const [metric, value] of Object.entries(METRICS)) {
    yield `# TYPE ${metric} unknown\n`;
    for (let i = 0; i < DEVICES; i++) {
      const node = Math.floor(i / CARDS_OF_A_NODE);
      const labels = [
        `UUID="GPU-${i.toString(16).padStart(8, '0')}-1b2c-4d5e-8f90-a1b2c3d4e5f6"`,
        `gpu="${i % CARDS_OF_A_NODE}",device="nvidia${i % CARDS_OF_A_NODE}",modelName="NVIDIA A100-SXM4-80GB"`,
        `hostname="node-${node}",instance="node-${node}:9400",job="dcgm",cluster="nc-a"`,
        ...(i % 5 === 0 ? [] : [`exported_namespace="team-${node % NAMESPACES}",exported_pod="train-${node}"`]),
      ].join(',');
      yield [0, 1].map((at) => `${metric}{${labels}} ${value(i, at)} ${began + at * SCRAPE_S}\n`).join('');
    }
  }
  yield '# EOF\n';
}

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** A pool of 80,000 accelerators in one real Prometheus: what its server adds up, beside fetching every series. */
export async function fleetBench(): Promise<Result[]> {
  const plan = loadPlan('plan');
  const [family, accelerator] = [plan.families.get('dcgm'), plan.accelerators.get('nvidia-a100-sxm')];
  const matchers = { cluster: 'nc-a' };
  const source = { protocol: 'prometheus', url: 'http://127.0.0.1', matchers, aggregate: true };
  const [pool] = estate.shape.pools.parse([
    {
      id: 'fleet',
      cluster: 'nc-a',
      accelerator: 'nvidia-a100-sxm',
      count: DEVICES,
      nodes: { selector: { gpu: 'a100' } },
      telemetry: { family: 'dcgm', source, every: `${EVERY}ms` },
    },
  ]);
  if (!family || !accelerator || !pool) throw new TypeError('the plan has no dcgm or no A100');
  const began = Math.floor(Date.now() / 3_600_000) * 3600 - 3600;
  const server = await startBackfilled(past(began));

  async function fetched(promql: string): Promise<Cost & { samples: readonly QuerySample[] }> {
    const query = new URLSearchParams({ query: promql, time: String(began + SCRAPE_S) });
    const start = performance.now();
    const text = await (await fetch(`${server.url}/api/v1/query?${query.toString()}`)).text();
    const { samples } = parseAnswer(text, 200, DEVICES);
    return { seconds: (performance.now() - start) / 1000, bytes: Buffer.byteLength(text), samples };
  }
  async function cost(promql: string): Promise<Cost> {
    await fetched(promql);
    const costs: Cost[] = [];
    for (let run = 0; run < RUNS; run++) costs.push(await fetched(promql));
    return {
      seconds: quantile(
        costs.map(({ seconds }) => seconds),
        0.5,
      ),
      bytes: costs[0]?.bytes ?? Number.NaN,
    };
  }

  try {
    const scope = fleetScope(pool, family, accelerator, matchers);
    const start = performance.now();
    let asked = 0;
    const look = await lookAt(scope, async (promql) => {
      asked += 1;
      return (await fetched(promql)).samples;
    });
    const looked = (performance.now() - start) / 1000;
    const queries = fleetQueries(scope, look.facts);
    const costs: (Cost & { what: string })[] = [];
    for (const { about, tier, promql } of queries)
      costs.push({ ...(await cost(promql)), what: [about, tier].filter(Boolean).join(' ') });
    const raw: Cost[] = [];
    for (const metric of Object.keys(METRICS)) raw.push(await cost(selector([metric], equal(matchers))));
    const sum = (all: readonly Cost[], of: keyof Cost): number => all.reduce((total, one) => total + one[of], 0);
    const most = (all: readonly Cost[], of: keyof Cost): number => Math.max(...all.map((one) => one[of]));
    const slowest = costs.find(({ seconds }) => seconds === most(costs, 'seconds'))?.what;
    const peer = 'raw query';
    return [
      {
        name: `slowest of ${queries.length} sums of ${DEVICES} accelerators (${slowest})`,
        unit: 's',
        value: most(costs, 'seconds'),
        peer: { name: `${peer}, one metric`, value: most(raw, 'seconds') },
        budget: { at: 'most', limit: 1 },
      },
      {
        name: 'largest of these answers',
        unit: 'KB',
        value: most(costs, 'bytes') / 1000,
        peer: { name: `${peer}, one metric`, value: most(raw, 'bytes') / 1000 },
        budget: { at: 'most', limit: 100 },
      },
      {
        name: 'all of these answers',
        unit: 'KB',
        value: sum(costs, 'bytes') / 1000,
        peer: { name: `${peer}, ${raw.length} metrics`, value: sum(raw, 'bytes') / 1000 },
      },
      {
        name: 'all sums of one cycle',
        unit: 's',
        value: sum(costs, 'seconds'),
        peer: { name: `${peer}, ${raw.length} metrics`, value: sum(raw, 'seconds') },
      },
      { name: `look at the series, every five minutes (${asked} queries)`, unit: 's', value: looked },
    ];
  } finally {
    await server.stop();
  }
}
