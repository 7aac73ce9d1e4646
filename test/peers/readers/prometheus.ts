import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { judgeFleet } from '../../../exporter/judge/fleet/fleet-judge.ts';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import { openFleet } from '../../../exporter/judge/fleet/open-fleet.ts';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { prometheusMeter } from '../../../exporter/read/prometheus/prometheus-meter.ts';
import { prometheusQuery, type PrometheusServer } from '../../../exporter/read/prometheus/prometheus-query.ts';
import { prometheusSamples } from '../../../exporter/read/prometheus/prometheus-samples.ts';
import { ReadError, type Reader } from '../../../exporter/read/reader.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Plan } from '../../../model/plan.ts';
import { estate } from '../../../model/schema/estate.ts';
import { meter } from '../../../model/schema/meter.ts';
import type { Check } from '../../tally.ts';
import { type Backfilled, startBackfilled } from '../backfilled.ts';
import { agrees, COUNTED, type Fleet, randomFleets } from './fleets.ts';
import { openMetrics } from './random-fleet.ts';
import { noVictoria, startVictoria } from './victoria.ts';

const plan = resolve(import.meta.dirname, '../../../plan');
/** Seconds: a whole hour that is over. */
const BEGAN = Math.floor(Date.now() / 3_600_000) * 3600 - 3600;
const EVERY_S = 15;
const signal = new AbortController().signal;
/** So few that a selector of the small past exceeds them. */
const MAX_SAMPLES = 100;

/** Four scrapes: energy registers with odd values, two cards that work harder from scrape to scrape, and many series of one name. */
function* small(): Generator<string> {
  const line = (name: string, labels: string, values: readonly string[]): string =>
    values.map((value, scrape) => `${name}{${labels}} ${value} ${BEGAN + scrape * EVERY_S}\n`).join('');
  const registers = { gate: '9007199254740991', odd: '0.1', gone: 'NaN', over: '+Inf' };
  yield '# TYPE energy_kwh unknown\n';
  for (const [id, value] of Object.entries(registers)) yield line('energy_kwh', `id="${id}"`, Array(4).fill(value));
  yield line('energy_kwh', String.raw`id="a\"b\\c",hall="一号"`, Array(4).fill('7'));
  const card = (uuid: string): string => `UUID="${uuid}",modelName="NVIDIA A100-SXM4-80GB",namespace="train",pod="p"`;
  yield `# TYPE DCGM_FI_DEV_SM_CLOCK unknown\n${line('DCGM_FI_DEV_SM_CLOCK', card('a'), ['1410', '1410', '705', '705'])}`;
  yield '# TYPE DCGM_FI_PROF_PIPE_TENSOR_ACTIVE unknown\n';
  for (const uuid of ['a', 'b'])
    yield line('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', card(uuid), ['0.1', '0.2', '0.4', '0.8']);
  yield '# TYPE many unknown\n';
  for (let i = 0; i < 2 * MAX_SAMPLES; i++) yield line('many', `i="${i}"`, ['1', '1', '1', '1']);
  yield '# EOF\n';
}

const source = (url: string) => ({ protocol: 'prometheus', url, headers: {}, timeout: 10_000 }) as const;
const NOW = (BEGAN + 3 * EVERY_S) * 1000;

async function using<T>(work: (gateways: Gateways) => Promise<T>): Promise<T> {
  const gateways = new Gateways();
  try {
    return await work(gateways);
  } finally {
    await gateways.close();
  }
}

async function fails(reading: Promise<unknown>, failure: string, said: RegExp): Promise<void> {
  const error: unknown = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ReadError, String(error));
  assert.equal(error.failure, failure, error.message);
  assert.match(error.message, said);
}

async function words(server: PrometheusServer): Promise<void> {
  const ask = (promql: string, more: object = {}) => server.query(promql, { time: NOW, signal, ...more });
  await fails(ask('nobody'), 'empty', /no sample: absent is not zero/);
  await fails(ask('sum(nobody)'), 'empty', /absent is not zero/);
  assert.deepEqual((await ask('nobody', { mayBeEmpty: true })).samples, []);
  // Lookback: a series whose target is gone without a stale marker shows for five minutes, and not longer.
  const later = (seconds: number) => server.query('energy_kwh{id="odd"}', { time: NOW + seconds * 1000, signal });
  assert.equal((await later(299)).samples[0]?.at, NOW + 299_000, 'the time is that of the evaluation');
  await fails(later(301), 'empty', /not older than 5 minutes/);
  await fails(ask('quantile(2, energy_kwh)'), 'protocol', /partial answer: PromQL warning: quantile value/);
  const told = await ask('quantile(2, energy_kwh)', { mayBePartial: true });
  assert.equal(told.warnings.length, 1);
  const hinted = await ask('rate(energy_kwh{id="odd"}[1m])');
  assert.match(hinted.infos.join(), /might not be a counter/);
  assert.deepEqual(hinted.warnings, []);
  await fails(ask('sum by ('), 'protocol', /400 bad_data: .*parse error/);
  await fails(ask('energy_kwh[1m]'), 'protocol', /a matrix, not a vector/);
  await fails(ask('many'), 'too_large', /422 execution: .*too many samples/);
  await fails(ask('energy_kwh', { maxSeries: 2 }), 'too_large', /5 series, more than 2/);
  await fails(ask('energy_kwh * on() energy_kwh'), 'protocol', /422 execution: .*many-to-many|found duplicate series/);
  assert.deepEqual(await ask('1e3'), { samples: [{ labels: {}, text: '1000', at: NOW }], warnings: [], infos: [] });
}

async function meters(url: string): Promise<void> {
  const read = async (query: string) =>
    using(async (gateways) => {
      const registers = { energy: { query, scale_to_wh: 1000, modulus: 'none' } };
      const declared = meter.parse({
        id: 'm',
        site: 's',
        role: 'it',
        rated_kw: 1,
        source: { protocol: 'prometheus', url },
        registers,
      });
      return prometheusMeter(declared, gateways, () => NOW + 14_000).read(signal);
    });
  assert.deepEqual(await read('energy_kwh{id="gate"}'), {
    energy: { value: { n: 9_007_199_254_740_991n, d: 1n }, wire: '9007199254740991', timestamp: NOW },
  });
  assert.equal((await read('energy_kwh{id="odd"}')).energy?.wire, '0.1');
  for (const [id, wire] of [
    ['gone', 'NaN'],
    ['over', '+Inf'],
  ])
    assert.deepEqual((await read(`energy_kwh{id="${id}"}`)).energy, { value: null, wire, timestamp: NOW });
  await fails(read('energy_kwh'), 'protocol', /5 samples instead of 1 for energy_kwh: .*"id":"gate"/);
  await fails(read('increase(energy_kwh{id="gate"}[1h])'), 'protocol', /gives a change, not the register/);
}

async function samples(url: string): Promise<void> {
  const read = async (matchers: Record<string, string>, ...names: string[]) =>
    using(async (gateways) =>
      prometheusSamples({ ...source(url), matchers }, new Set(names), gateways, () => NOW + 999).read(signal),
    );
  const heard = await read({}, 'energy_kwh', 'DCGM_FI_DEV_SM_CLOCK', 'not_there');
  assert.equal(heard.length, 6);
  assert.deepEqual(
    heard.find(({ name }) => name === 'DCGM_FI_DEV_SM_CLOCK'),
    {
      name: 'DCGM_FI_DEV_SM_CLOCK',
      labels: { UUID: 'a', modelName: 'NVIDIA A100-SXM4-80GB', namespace: 'train', pod: 'p' },
      text: '705',
      timestamp: null,
    },
  );
  const [odd, ...others] = await read({ id: String.raw`a"b\c` }, 'energy_kwh');
  assert.deepEqual([odd?.labels['hall'], others], ['一号', []]);
  await fails(read({ id: '"} or many{i="1' }, 'energy_kwh'), 'empty', /absent is not zero/);
}

/** Of a minute, not of its last scrape: 0.1, 0.2, 0.4 and 0.8 at 1410, 1410, 705 and 705 of 1410 MHz; the second card has no clock. */
async function means(url: string): Promise<void> {
  const { families, accelerators } = loadPlan(plan);
  const [family, accelerator] = [families.get('dcgm'), accelerators.get('nvidia-a100-sxm')];
  const matched = { ...source(url), matchers: { namespace: 'train' } };
  const [pool] = estate.shape.pools.parse([
    {
      id: 'p',
      cluster: 'c',
      accelerator: 'nvidia-a100-sxm',
      count: 2,
      nodes: { names: ['n'] },
      telemetry: { family: 'dcgm', every: '60s', source: { ...matched, timeout: '10s', aggregate: true } },
    },
  ]);
  assert.ok(family && accelerator && pool);
  const end = Math.ceil(NOW / 60_000) * 60_000;
  assert.equal(end, NOW + 15_000);
  const judged = await using(async (gateways) => {
    const reader: Reader<Parameters<typeof judgeFleet>[0]> = openFleet(
      pool,
      family,
      accelerator,
      matched,
      gateways,
      () => end,
    );
    return judgeFleet(await reader.read(signal), family, accelerator, modelIndex(accelerators.values()));
  });
  assert.equal(judged.racked, 2);
  const work = Object.fromEntries(judged.work.map(({ tier, all, held }) => [tier, [all, held.get('train')]]));
  const at = (looks: readonly number[]) => looks.reduce((sum, value) => sum + value, 0) / looks.length;
  // At the ends of the minute's quarters: the last scrape is looked at twice.
  for (const [tier, wanted] of [
    ['T1', at([0.2, 0.4 / 2, 0.8 / 2, 0.8 / 2])],
    ['T2', at([0.2, 0.4, 0.8, 0.8])],
  ] as const)
    for (const got of work[tier] ?? [Number.NaN])
      assert.ok(Math.abs((got ?? Number.NaN) - wanted) < 1e-12, `${tier}: ${got} instead of ${wanted}`);
}

/** Every fleet on both ways. */
async function fleetsAgree(): Promise<void> {
  const declared = loadPlan(plan);
  const fleets = randomFleets(declared, 2);
  const server = await startBackfilled(openMetrics(fleets, (instant) => BEGAN + instant * EVERY_S));
  try {
    const { devices, faults } = await compared(server, declared, fleets);
    assert.deepEqual(faults.map(String), [], `${faults.length} of ${fleets.length} fleets`);
    assert.ok(devices > fleets.length, `${devices} devices`);
    console.log(`  ${fleets.length} fleets, ${devices} devices: each figure within 1e-9 on both ways`);
  } finally {
    await server.stop();
  }
}

async function compared(
  server: Backfilled,
  declared: Plan,
  fleets: readonly Fleet[],
  reasons = COUNTED,
): Promise<{ devices: number; faults: unknown[] }> {
  const faults: unknown[] = [];
  let devices = 0;
  for (const fleet of fleets) {
    const times = fleet.instants.map((_, instant) => (BEGAN + instant * EVERY_S) * 1000);
    try {
      devices += await agrees(declared, server, fleet, times, reasons);
    } catch (error) {
      faults.push(error);
    }
  }
  return { devices, faults };
}

/**
 * VictoriaMetrics keeps no NaN: none is refused, and the value before it goes on, so one instant is compared. It takes no
 * query of more than 16 KB (-search.maxQueryLen).
 */
async function victoriaAgrees(): Promise<void> {
  const declared = loadPlan(plan);
  const fleets = randomFleets(declared, 1);
  const text = [...openMetrics(fleets, () => BEGAN * 1000)].join('').replace('# EOF\n', '');
  const server = await startVictoria(text);
  try {
    const reasons = COUNTED.filter((reason) => reason !== 'not_a_number');
    const { devices, faults } = await compared(server, declared, fleets, reasons);
    const tooLong = faults.filter((error) => error instanceof ReadError && /too long query/.test(error.message));
    const others = faults.filter((error) => !tooLong.includes(error));
    assert.deepEqual(others.map(String), [], `${others.length} of ${fleets.length} fleets`);
    assert.ok(tooLong.length < fleets.length / 4, `${tooLong.length} of ${fleets.length} fleets have too long queries`);
    console.log(
      `  ${fleets.length} fleets, ${devices} devices within 1e-9; ${tooLong.length} have a query above 16 KB`,
    );
  } finally {
    await server.stop();
  }
}

/** Each check has a server of its own. */
const served =
  (work: (url: string) => Promise<void>, ...flags: string[]) =>
  async (): Promise<void> => {
    const server = await startBackfilled(small(), flags);
    try {
      await work(server.url);
    } finally {
      await server.stop();
    }
  };

export const prometheusChecks = (): Check[] => [
  [
    'a real Prometheus: nothing, a warning, a hint, a bad query, too many samples',
    served(
      (url) => using((gateways) => words(prometheusQuery(source(url), gateways))),
      `--query.max-samples=${MAX_SAMPLES}`,
    ),
  ],
  ['meters by query: exact registers, NaN is no number, several samples are none', served(meters)],
  ['samples of a pool by one query, whatever its matchers hold', served(samples)],
  ['work of a fleet is the mean over its interval, by tier', served(means)],
  ['random fleets added up by the server are what their devices make one by one', fleetsAgree],
  ['the same fleets, added up by a real VictoriaMetrics', victoriaAgrees, noVictoria()],
];
