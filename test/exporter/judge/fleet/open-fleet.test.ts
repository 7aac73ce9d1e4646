import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openFleet } from '../../../../exporter/judge/fleet/open-fleet.ts';
import { Gateways } from '../../../../exporter/read/gateways.ts';
import { loadPlan } from '../../../../model/load.ts';
import { estate } from '../../../../model/schema/estate.ts';

const plan = loadPlan('plan');
/** [query, time] of each request */
let asked: [string, string][] = [];
let [patience, value]: [number, string | null] = [Infinity, '0'];
/** Questions after what is odd: slices, several values, other models */
const odd = / unless |stdvar|> 1|!~|GPU_I_ID!/;
const server = createServer((request, response: ServerResponse) => {
  const { searchParams } = new URL(request.url ?? '', 'http://server');
  if (asked.length >= patience) return; // silent until the asker gives up
  asked.push([searchParams.get('query') ?? '', searchParams.get('time') ?? '']);
  const one = odd.test(searchParams.get('query') ?? '') ? null : value;
  const result = one === null ? [] : [{ metric: {}, value: [0, one] }];
  response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void ([asked, patience, value] = [[], Infinity, '0']));

function fleet(gateways: Gateways, now: () => number) {
  const source = { protocol: 'prometheus', url, headers: {}, timeout: 5000, matchers: { cluster: 'c' } } as const;
  const [pool] = estate.shape.pools.parse([
    {
      id: 'p',
      cluster: 'c',
      accelerator: 'nvidia-a100-sxm',
      count: 8,
      nodes: { names: ['n'] },
      telemetry: { family: 'dcgm', source: { ...source, timeout: '5s', aggregate: true } },
    },
  ]);
  return openFleet(pool!, plan.families.get('dcgm')!, plan.accelerators.get('nvidia-a100-sxm')!, source, gateways, now);
}

test('a look that is cut short goes on at the next read, and holds for five minutes', async () => {
  const gateways = new Gateways();
  let now = 1_800_000_014_000;
  const reader = fleet(gateways, () => now);
  value = '1';
  patience = 12;
  const first = reader.read(AbortSignal.timeout(300));
  await expect(first).rejects.toMatchObject({ failure: 'timeout' });
  expect(asked).toHaveLength(12);

  [patience, now] = [Infinity, now + 15_000];
  const { time, look } = await reader.read(new AbortController().signal);
  expect([time, look.facts.present.length]).toEqual([1_800_000_015_000, 7]);
  const looking = asked.filter(([, at]) => at === '1800000000.000').map(([query]) => query);
  expect(new Set(looking).size).toBe(looking.length);
  expect(looking.length).toBeGreaterThan(12);

  const cycle = asked.length - looking.length;
  asked = [];
  now += 15_000;
  await reader.read(new AbortController().signal);
  expect(asked).toHaveLength(cycle);
  expect(new Set(asked.map(([, at]) => at))).toEqual(new Set(['1800000030.000']));

  asked = [];
  now += 300_000;
  await reader.read(new AbortController().signal);
  expect(asked.length).toBeGreaterThan(cycle);
  await gateways.close();
});

test.each([null, '0'])('a server that has nothing of the family (%s) has no answer', async (nothing) => {
  value = nothing;
  const gateways = new Gateways();
  const reading = fleet(gateways, () => 1_800_000_000_000).read(new AbortController().signal);
  await expect(reading).rejects.toMatchObject({
    failure: 'empty',
    message: expect.stringContaining('no sample of family dcgm (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE'),
  });
  await gateways.close();
});
