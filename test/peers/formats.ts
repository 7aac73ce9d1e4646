import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { openMetricsSamples, promtoolCheckMetrics } from './exposition.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';

/** The whole page of metrics, the process's own ones included, as a client with this Accept header gets it. */
async function page({ exporter }: Run, accept: string): Promise<{ type: string; text: string }> {
  const signal = AbortSignal.timeout(5000);
  const response = await fetch(`${exporter.url}/metrics`, { headers: { accept }, signal });
  assert.equal(response.status, 200);
  const text = await response.text();
  assert.match(text, /^process_resident_memory_bytes /m, 'the self-metrics are there');
  return { type: response.headers.get('content-type') ?? '', text };
}

async function plainText(run: Run): Promise<void> {
  const { type, text } = await page(run, 'text/plain;version=0.0.4');
  assert.match(type, /^text\/plain; version=0\.0\.4/);
  await promtoolCheckMetrics(text);
  console.log(`  ${text.split('\n').length} lines`);
}

async function openMetrics(run: Run): Promise<void> {
  const { type, text } = await page(run, 'application/openmetrics-text;version=1.0.0');
  assert.match(type, /^application\/openmetrics-text; version=1\.0\.0/);
  const read = await openMetricsSamples(text);
  const written = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  assert.equal(read, written, 'samples read and written');
  console.log(`  ${read} samples`);
}

/** Units stand only in OpenMetrics: which format a job really got. */
async function unitIn(stage: Stage, job: string): Promise<string | undefined> {
  const query = new URLSearchParams({
    match_target: `{job="${job}",instance="${stage.instance('run')}"}`,
    metric: 'greenflops_power_watts',
  });
  const response = await fetch(`${stage.prometheus.url}/api/v1/targets/metadata?${query.toString()}`);
  const { data } = (await response.json()) as { data: readonly { readonly unit: string }[] };
  return data[0]?.unit;
}

async function scraped(stage: Stage, { to: at }: Run, job: string, unit: string): Promise<void> {
  const target = `job="${job}",instance="${stage.instance('run')}"`;
  const [up] = await stage.prometheus.query(`up{${target}}`, at);
  assert.equal(up?.points[0]?.[1], '1', `${job}: up`);
  const [samples] = await stage.prometheus.query(`scrape_samples_scraped{${target}}`, at);
  assert.ok(Number(samples?.points[0]?.[1]) > 300, `${job}: samples of the last scrape`);
  assert.equal(await unitIn(stage, job), unit, `${job}: unit of power`);
}

export const formatChecks = (stage: Stage, run: () => Promise<Run>): Check[] => [
  ['promtool check metrics is silent on the text format', async () => plainText(await run())],
  ["Python's parser accepts the OpenMetrics format", async () => openMetrics(await run())],
  [
    'Prometheus scrapes OpenMetrics with its own Accept header',
    async () => scraped(stage, await run(), 'greenflops', 'watts'),
  ],
  ['Prometheus scrapes plain text where it asks for that', async () => scraped(stage, await run(), 'text', '')],
];
