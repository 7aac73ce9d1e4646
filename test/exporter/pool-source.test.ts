import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { poolEndpoints } from '../../model/pool-endpoints.ts';
import { estate } from '../../model/schema/estate.ts';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import type { Accountant } from '../../exporter/account/ledger/accountant.ts';
import type { Closure } from '../../exporter/account/closure/closure.ts';
import type { CardRow, WorkRow } from '../../exporter/account/ledger/ledger.ts';
import { PoolSource } from '../../exporter/pool-source.ts';
import { Gateways, openSamples } from '../../exporter/read/index.ts';

const plan = loadPlan('plan');

/** Two nodes of two cards each; the exporter of each counts its cards from 0, and knows no other identity. */
async function node(text: () => string) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { name: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
const npu = (id: number, activity: number, pod: string) => {
  const labels = `id="${id}",model_name="910B3-Ascend-V1",vdie_id="",pcie_bus_info="",namespace="copper-train",pod_name="${pod}"`;
  return `npu_chip_info_cube_utilization{${labels}} ${activity}\nnpu_chip_info_power{${labels}} 200\n`;
};

function poolOf(names: readonly string[], rest: object = {}): Plan['estate']['pools'][number] {
  const pool = {
    id: 'pool',
    cluster: 'c',
    accelerator: 'ascend-910b3',
    count: 4,
    nodes: { names },
    telemetry: {
      family: 'npu-exporter',
      source: { protocol: 'exposition', url_per_node: 'http://{node}/metrics' },
      ...rest,
    },
  };
  const site = { id: 's', name: { zh: 's', en: 's' }, grid: 'g', profile: 'p', it_rated_kw: 1 };
  return estate.parse({ schema: 'greenflops/v1', sites: [site], pools: [pool] }).pools[0]!;
}

test('each node has an exporter: cards are told apart by it, a silent one takes its own cards along and no others', async () => {
  const nodes = [
    await node(() => npu(0, 50, 'a') + npu(1, 0, '')),
    await node(() => npu(0, 100, 'b') + npu(1, 0, 'b')),
  ];
  const pool = poolOf(
    nodes.map(({ name }) => name),
    { per_device: true },
  );
  const [work, cards]: [WorkRow[], CardRow[]] = [[], []];
  const accountant = {
    credit: (rows: readonly WorkRow[]) => void work.push(...rows),
    draw: (rows: readonly CardRow[]) => void cards.push(...rows),
    note: () => {},
  } as unknown as Accountant;
  const observed: number[] = [];
  const closure = {
    observe: ({ judged }: { judged: { devices: readonly unknown[] } }) => void observed.push(judged.devices.length),
  } as unknown as Closure;
  const source = new PoolSource({ site: 's', pool, plan, accountant, closure });
  const gateways = new Gateways();
  const uses = poolEndpoints(pool).map((endpoint) => ({
    reader: openSamples(endpoint.source, new Set(), gateways),
    use: source.use(endpoint),
  }));
  const answer = async (at: number, of = uses) => {
    for (const { reader, use } of of) {
      const samples = await reader.read(new AbortController().signal);
      use.answered(samples, { at: Date.UTC(2026, 0, 1) + at, mono: at });
    }
  };
  const shown = (mono: number) => {
    const series: Record<string, number> = {};
    source.emit((metric, labels, value) => {
      const { step, tier, state, device } = labels as Record<string, string>;
      series[[metric.name.replace('greenflops_', ''), step ?? state ?? device, tier].join(' ').trim()] = Number(value);
    }, mono);
    return series;
  };

  await answer(0);
  expect(observed).toEqual([4]); // once, of the whole pool
  const peak = (plan.accelerators.get('ascend-910b3')?.peak_tflops.fp16 ?? 0) / 1000;
  expect(shown(1)).toMatchObject({
    'devices racked': 4,
    'devices allocated': 3,
    'devices busy': 2,
    [`device_activity_ratio ${nodes[0]!.name}/id="0" T2`]: 0.5,
  });
  await answer(15_000);
  expect(shown(15_001)['compute_pflops delivered T2']).toBeCloseTo(1.5 * peak, 6);
  // 4 cards of 200 W over 15 s: two busy, one idle, one of nobody
  const joules = (state: string) =>
    cards.reduce((sum, row) => sum + (row.state === state ? Number(row.millijoules) / 1000 : 0), 0);
  expect([joules('busy'), joules('idle'), joules('unallocated')]).toEqual([6000, 3000, 3000]);

  // The second node falls silent: after five minutes its cards are no longer shown, the others are.
  for (let at = 30_000; at <= 400_000; at += 15_000) await answer(at, uses.slice(0, 1));
  expect(shown(400_000)).toMatchObject({ 'devices racked': 2, 'devices allocated': 1 });
  expect(shown(400_000)['compute_pflops delivered T2']).toBeCloseTo(0.5 * peak, 6);
  await Promise.all(uses.map(({ reader }) => reader.close()));
  for (const one of nodes) one.close();
});

test('goes on over a reload where the pool is declared as before, and begins anew where it is not', async () => {
  const one = await node(() => npu(0, 50, 'a'));
  const work: WorkRow[] = [];
  const accountant = {
    credit: (rows: readonly WorkRow[]) => void work.push(...rows),
    draw: () => {},
    note: () => {},
  } as unknown as Accountant;
  const closure = { observe: () => {} } as unknown as Closure;
  const open = (rest: object = {}) => {
    const pool = poolOf([one.name], rest);
    const [endpoint] = poolEndpoints(pool);
    const reader = openSamples(endpoint!.source, new Set(), new Gateways());
    return { reader, use: new PoolSource({ site: 's', pool, plan, accountant, closure }).use(endpoint!) };
  };
  const answer = async ({ reader, use }: ReturnType<typeof open>, at: number) => {
    use.answered(await reader.read(new AbortController().signal), { at: Date.UTC(2026, 0, 1) + at, mono: at });
    await reader.close();
  };
  const gflop = () => work.reduce((sum, row) => sum + Number(row.gflop), 0);
  const before = open();
  await answer(before, 0);
  const after = open();
  after.use.resume(before.use);
  await answer(after, 15_000);
  // 0.5 x peak x 15 s
  const peak = plan.accelerators.get('ascend-910b3')?.peak_tflops.fp16 ?? 0;
  expect(gflop()).toBe(0.5 * peak * 15_000);
  const other = open({ per_device: true });
  other.use.resume(after.use);
  await answer(other, 30_000);
  expect(gflop()).toBe(0.5 * peak * 15_000);
  one.close();
});
