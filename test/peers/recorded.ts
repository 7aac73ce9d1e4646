import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../tally.ts';
import { estate, pool } from './estate.ts';
import { eventsOf, greenflops } from './greenflops.ts';
import type { Stage } from './stage.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(resolve(root, process.env['GREENFLOPS_SHARED'] ?? '../shared'), 'recordings');
const npu = join(folder, 'npu/npu_exporter_910.prom');
const h100 = join(folder, 'nvidia-smi/linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load.prom');

const SITE = 'real';
const PATIENCE_MS = 20_000;
/** Eight Ascend 910A at 256 TFLOPS of dense FP16. */
const PFLOPS = 2.048;

/** Serves the texts of real exporters on loopback until the stage ends; gives the address. */
async function serve(stage: Stage, texts: ReadonlyMap<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(texts.get(request.url ?? ''));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.ends.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An exporter that reads both recordings, scraped by Prometheus: its values, one by a selector, as they are now. */
async function record(stage: Stage) {
  const texts = new Map([npu, h100].map((path, index) => [`/${index}`, readFileSync(path, 'utf8')]));
  const address = await serve(stage, texts);
  const pools = [
    pool('npu', SITE, 'ascend-910a', 8, { family: 'npu-exporter', url: `${address}/0` }),
    pool('h100', SITE, 'nvidia-h100-sxm', 8, { family: 'dcgm', url: `${address}/1` }),
  ];
  const plan = stage.plan(estate([SITE], [], pools));
  const store = `sqlite:${join(plan, 'ledger.db')}`;
  await stage.exporter('recorded', plan, store);
  const all = async (selector: string) => {
    const labels = `{job="greenflops",instance="${stage.instance('recorded')}",`;
    return stage.prometheus.query(selector.replace('{', labels));
  };
  const value = async (selector: string) => Number((await all(selector))[0]?.points[0]?.[1] ?? Number.NaN);
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const seen = [
      await value('greenflops_source_up{source="npu"}'),
      await value('greenflops_source_up{source="h100"}'),
    ];
    if (!seen.some(Number.isNaN)) return { store, all, value };
    assert.ok(Date.now() < until, `Prometheus has not seen both sources: ${seen.join(', ')}`);
  }
}
type Recorded = Awaited<ReturnType<typeof record>>;

async function npuIsCounted({ store, value }: Recorded): Promise<void> {
  for (const step of ['nominal', 'racked', 'healthy'])
    assert.equal(await value(`greenflops_compute_pflops{pool="npu",step="${step}",tier="none"}`), PFLOPS, step);
  // No pod holds a chip: delivered is a measured 0, by core activity at best.
  assert.equal(await value('greenflops_compute_pflops{pool="npu",step="delivered",tier="T3"}'), 0);
  const refused = 'greenflops_source_rejected_samples_total{source="npu",reason="impossible_timestamp"}';
  assert.ok((await value(refused)) > 0, 'its stamps of 1970 are counted');
  const told = (await eventsOf(store, 'npu')).filter(({ kind }) => kind === 'timestamps');
  assert.ok(
    told.some(({ detail, wire }) => detail['reason'] === 'impossible_timestamp' && wire.includes('1606402000')),
    `an event with the stamp among ${JSON.stringify(told)}`,
  );
}

async function h100IsRefused({ store, all, value }: Recorded): Promise<void> {
  assert.equal(await value('greenflops_source_up{source="h100"}'), 0);
  assert.ok((await value('greenflops_source_failures_total{source="h100",failure="protocol"}')) > 0);
  const steps = await all('greenflops_compute_pflops{pool="h100"}');
  assert.deepEqual(
    steps.map(({ labels }) => labels['step']),
    ['nominal'],
    'nothing but what is declared',
  );
  const said = (await eventsOf(store, 'h100')).map(({ detail }) => String(detail['message']));
  assert.ok(
    said.some((text) => text.includes('nvidia_smi_') && text.includes('family dcgm')),
    `an event names what came and what was declared, among ${JSON.stringify(said)}`,
  );
}

/** Whoever declares the family of that text is told which ones there are. */
async function familyIsUnknown(stage: Stage): Promise<void> {
  const url = 'http://127.0.0.1:1/metrics';
  const plan = stage.plan(
    estate([SITE], [], [pool('h100', SITE, 'nvidia-h100-sxm', 8, { family: 'nvidia-sml', url })]),
  );
  const { code, stderr } = await greenflops(['check', '--plan', plan]);
  assert.equal(code, 2);
  assert.match(stderr, /estate\.yaml:\d+:\d+\b.*nvidia-sml.*dcgm, .*nvidia-smi/);
}

export function recordedChecks(stage: Stage): Check[] {
  const declared: Check = [
    'a family that has no row is refused by file, line, column and the known ones',
    () => familyIsUnknown(stage),
  ];
  const absent = [npu, h100].find((path) => !existsSync(path));
  if (absent !== undefined) {
    console.log(
      `skipped: recordings of real exporters; there is no ${absent} (GREENFLOPS_SHARED names the folder above)`,
    );
    return [declared];
  }
  let begun: Promise<Recorded> | undefined;
  const recorded = () => (begun ??= record(stage));
  return [
    ['the recording of eight Ascend 910A is counted, its old stamps aloud', async () => npuIsCounted(await recorded())],
    ['the H100 text is refused by name', async () => h100IsRefused(await recorded())],
    declared,
  ];
}
