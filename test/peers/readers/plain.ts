import assert from 'node:assert/strict';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';
import type { Check } from '../../tally.ts';
import { startPrometheus } from '../prometheus.ts';

/** Reads one power register of a meter from a source, once. */
async function read(source: object, register: object): Promise<MeterAnswer> {
  const fixed = { id: 'm', site: 's', role: 'it', rated_kw: 1 };
  const gateways = new Gateways();
  const reader = openMeter(
    meter.parse({ ...fixed, source, registers: { power: { ...register, scale_to_w: 1 } } }),
    gateways,
  );
  try {
    return await reader.read(AbortSignal.timeout(10_000));
  } finally {
    await reader.close();
    await gateways.close();
  }
}

/** A real Prometheus as somebody else's exporter and as somebody else's JSON: its own metrics and its own API. */
async function prometheusIsRead(): Promise<void> {
  const prometheus = await startPrometheus([]);
  try {
    const name = 'prometheus_tsdb_head_chunks_created_total';
    const { power: series } = await read(
      { protocol: 'exposition', url: `${prometheus.url}/metrics` },
      { metric: 'prometheus_build_info' },
    );
    assert.deepEqual(series?.value, { n: 1n, d: 1n });
    const { power: chunks } = await read(
      { protocol: 'exposition', url: `${prometheus.url}/metrics` },
      { metric: name },
    );
    assert.ok(chunks?.value && chunks.value.n >= 0n);
    const url = `${prometheus.url}/api/v1/query?query=${encodeURIComponent('vector(12.25)')}`;
    const { power: exact } = await read(
      { protocol: 'http-json', url },
      { pointer: '/data/result/0/value/1', time: '/data/result/0/value/0' },
    );
    assert.equal(Number(exact?.value?.n) / Number(exact?.value?.d), 12.25);
    assert.ok(Math.abs((exact?.timestamp ?? 0) - Date.now()) < 60_000, 'the time of the sample');
    const info = `${prometheus.url}/api/v1/status/runtimeinfo`;
    const { power: runtime } = await read({ protocol: 'http-json', url: info }, { pointer: '/data/GOMAXPROCS' });
    assert.ok(runtime?.value && runtime.value.n >= 1n);
    await assert.rejects(read({ protocol: 'http-json', url: info }, { pointer: '/data/noSuchKey' }), /noSuchKey/);
  } finally {
    await prometheus.stop();
  }
}

export const plainChecks = (): Check[] => [
  ["a Prometheus' own metrics and its own JSON are read as those of any other program", prometheusIsRead],
];
