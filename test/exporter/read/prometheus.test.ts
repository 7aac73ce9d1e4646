import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Gateways, openMeter, openSamples } from '../../../exporter/read/index.ts';
import { prometheusMeter } from '../../../exporter/read/prometheus/prometheus-meter.ts';
import { aligned, prometheusQuery } from '../../../exporter/read/prometheus/prometheus-query.ts';
import { oneOf, quoted, selector } from '../../../exporter/read/prometheus/promql.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';
import { poolSource } from '../../../model/schema/sources.ts';

const never = new AbortController().signal;
const asked: URL[] = [];
let [status, answer]: [number, (response: ServerResponse) => void] = [200, (response) => response.end()];
const server = createServer((request, response) => {
  asked.push(new URL(request.url ?? '', 'http://server'));
  response.statusCode = status;
  answer(response);
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/select/0/prometheus/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

const says = (body: unknown, code = 200): void => {
  [status, answer] = [code, (response) => response.end(typeof body === 'string' ? body : JSON.stringify(body))];
};
const success = (data: unknown, more: object = {}) => ({ status: 'success', data, ...more });
const vector = (...values: [labels: Record<string, string>, text: string][]) => ({
  resultType: 'vector',
  result: values.map(([metric, text]) => ({ metric, value: [1_800_000_000.123, text] })),
});

async function query(promql: string, options: object = {}) {
  const gateways = new Gateways();
  const source = { url, headers: {}, timeout: 2000 };
  try {
    return await prometheusQuery(source, gateways).query(promql, {
      time: 1_800_000_000_000,
      signal: never,
      ...options,
    });
  } finally {
    await gateways.close();
  }
}

describe('a query', () => {
  test('asks for one instant, with the time that the server may take', async () => {
    says(success(vector([{ a: 'b' }, '1e3'])));
    expect(await query('up{a="b c"}')).toEqual({
      samples: [{ labels: { a: 'b' }, text: '1e3', at: 1_800_000_000_123 }],
      warnings: [],
      infos: [],
    });
    expect(asked[0]?.pathname).toBe('/select/0/prometheus/api/v1/query');
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      query: 'up{a="b c"}',
      time: '1800000000.000',
      timeout: '2000ms',
    });
    expect(aligned(1_800_000_014_999, 15_000)).toBe(1_800_000_000_000);
  });

  test('keeps values as text, and takes a scalar for one sample', async () => {
    says(success(vector([{ n: '1' }, 'NaN'], [{ n: '2' }, '+Inf'], [{ n: '3' }, '9007199254740993'])));
    expect((await query('x')).samples.map(({ text }) => text)).toEqual(['NaN', '+Inf', '9007199254740993']);
    says(success({ resultType: 'scalar', result: [1_800_000_000, '42'] }));
    expect((await query('42')).samples).toEqual([{ labels: {}, text: '42', at: 1_800_000_000_000 }]);
  });

  test('nothing, a part and a hint are three things', async () => {
    says(success(vector()));
    await expect(query('gone')).rejects.toMatchObject({ failure: 'empty', message: expect.stringContaining('"gone"') });
    expect((await query('gone', { mayBeEmpty: true })).samples).toEqual([]);
    says(success(vector([{}, '1']), { warnings: ['No StoreAPIs matched for this query'] }));
    await expect(query('x')).rejects.toThrow('partial answer: No StoreAPIs matched for this query');
    expect(await query('x', { mayBePartial: true })).toMatchObject({
      warnings: ['No StoreAPIs matched for this query'],
    });
    says(success(vector([{}, '1']), { isPartial: true }));
    await expect(query('x')).rejects.toThrow('partial answer: isPartial: true');
    says(success(vector([{}, '1']), { infos: ['PromQL info: metric might not be a counter'] }));
    expect(await query('x')).toMatchObject({ warnings: [], infos: ['PromQL info: metric might not be a counter'] });
  });

  const error = (errorType: string, text: string) => ({ status: 'error', errorType, error: text });
  test.each([
    [400, error('bad_data', '1:3: parse error'), 'protocol', '400 bad_data: 1:3: parse error'],
    [422, error('execution', 'query processing would load too many samples'), 'too_large', 'too many samples'],
    [422, error('execution', 'found duplicate series'), 'protocol', 'found duplicate series'],
    [503, error('timeout', 'query timed out'), 'timeout', '503 timeout: query timed out'],
    [503, '<html>busy</html>', 'http_status', 'status 503 and no JSON'],
    [200, '<html>login</html>', 'protocol', 'no JSON of the Prometheus API'],
    [200, '', 'empty', 'the text is empty'],
    [200, success({ resultType: 'matrix', result: [] }), 'protocol', 'a matrix, not a vector'],
    [200, success({ resultType: 'vector', result: [{ metric: {}, histogram: [0, {}] }] }), 'protocol', 'histogram'],
    [200, success({ resultType: 'vector', result: [{ metric: { a: 1 }, value: [0, '1'] }] }), 'protocol', '{"a":1}'],
    [200, success({ resultType: 'vector', result: [{ metric: {}, value: [0, 1] }] }), 'protocol', 'no sample: [0,1]'],
    [401, 'no', 'http_status', 'no auth is declared'],
  ])('%i %j is %s', async (code, body, failure, words) => {
    says(body, code);
    await expect(query('x')).rejects.toMatchObject({ failure, message: expect.stringContaining(words) });
  });

  test('more series than wanted are refused', async () => {
    says(success(vector([{ a: '1' }, '1'], [{ a: '2' }, '1'])));
    await expect(query('x', { maxSeries: 1 })).rejects.toMatchObject({ failure: 'too_large' });
  });
});

test('a label value cannot end its string', () => {
  expect(quoted('a"} or up{b="\\\n')).toBe(String.raw`"a\"} or up{b=\"\\\n"`);
  expect(selector(['a.b', 'c'], [])).toBe(String.raw`{__name__=~"a\\.b|c"}`);
  expect(oneOf(['A(1)', ''])).toBe(String.raw`A\(1\)|`);
});

describe('a meter', () => {
  const declared = (registers: object) =>
    meter.parse({ id: 'm-1', site: 's', role: 'it', rated_kw: 9, source: { protocol: 'prometheus', url }, registers });
  const energy = (promql: string) => ({ query: promql, scale_to_wh: 1000, modulus: 'none' });

  async function read(registers: object): Promise<MeterAnswer> {
    const gateways = new Gateways();
    const reader = prometheusMeter(declared(registers), gateways, () => 1_800_000_014_000);
    try {
      return await reader.read(never);
    } finally {
      await reader.close();
      await gateways.close();
    }
  }

  test('reads all numbers exactly, of one instant', async () => {
    says(success(vector([{}, '9007199254740993.5'])));
    const raw = {
      value: { n: 90_071_992_547_409_935n, d: 10n },
      wire: '9007199254740993.5',
      timestamp: 1_800_000_000_123,
    };
    const registers = { energy: energy('kwh{id="1"}'), power: { query: 'kw', scale_to_w: 1000 } };
    expect(await read(registers)).toEqual({ energy: raw, power: raw });
    expect(asked.map(({ searchParams }) => searchParams.get('time'))).toEqual(['1800000000.000', '1800000000.000']);
  });

  test('NaN is an answer without a number', async () => {
    says(success(vector([{}, 'NaN'])));
    expect(await read({ energy: energy('kwh') })).toMatchObject({ energy: { value: null, wire: 'NaN' } });
  });

  test('several samples are none', async () => {
    says(success(vector([{ id: '1' }, '1'], [{ id: '2' }, '2'])));
    await expect(read({ energy: energy('kwh') })).rejects.toThrow(
      'energy of meter m-1: 2 samples instead of 1 for kwh: {"id":"1"} {"id":"2"}',
    );
  });

  test.each(['increase(kwh[1h])', ' rate (kwh[5m])', '(delta(kwh[1h]))'])('%s is no register', async (promql) => {
    says(success(vector([{}, '1'])));
    await expect(read({ energy: energy(promql) })).rejects.toThrow('gives a change, not the register');
    expect(asked).toEqual([]);
  });

  test('power may be a rate, and a metric may be named like one', async () => {
    says(success(vector([{}, '1'])));
    const registers = { energy: energy('increased_kwh'), power: { query: 'rate(j[1m])', scale_to_w: 1 } };
    expect(await read(registers)).toMatchObject({ energy: { wire: '1' }, power: { wire: '1' } });
  });

  test('is in the list of protocols', async () => {
    says(success(vector([{}, '7'])));
    const gateways = new Gateways();
    expect(await openMeter(declared({ energy: energy('kwh') }), gateways).read(never)).toMatchObject({
      energy: { wire: '7' },
    });
    await gateways.close();
  });
});

test('samples of a pool: one query for all metrics, matchers escaped', async () => {
  const gateways = new Gateways();
  const source = poolSource.parse({ protocol: 'prometheus', url, matchers: { cluster: 'nc"a' } });
  if (source.protocol !== 'prometheus') throw new TypeError('no Prometheus');
  const reader = openSamples(source, new Set(['A_b', 'C']), gateways);
  says(success(vector([{ __name__: 'A_b', UUID: 'x' }, '0.5'], [{ __name__: 'C' }, 'NaN'])));
  expect(await reader.read(never)).toEqual([
    { name: 'A_b', labels: { UUID: 'x' }, text: '0.5', timestamp: null },
    { name: 'C', labels: {}, text: 'NaN', timestamp: null },
  ]);
  expect(asked[0]?.searchParams.get('query')).toBe(String.raw`{__name__=~"A_b|C",cluster="nc\"a"}`);
  says(success(vector()));
  await expect(reader.read(never)).rejects.toMatchObject({ failure: 'empty' });
  await gateways.close();
});
