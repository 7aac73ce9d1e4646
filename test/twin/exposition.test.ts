import { describe, expect, test } from 'vitest';
import { small, type Small } from './support.ts';

async function lines({ http }: Small, pool: string): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${http}/${pool}`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  return text.trimEnd().split('\n');
}

/** Values of a metric in the order of the cards. */
const values = (text: readonly string[], name: string): number[] =>
  text.filter((line) => line.startsWith(`${name}{`)).map((line) => Number(line.split('} ')[1]?.split(' ')[0]));
const label = (line: string, name: string) => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1];

describe("dcgm-exporter's shape", () => {
  test('headers, label order, decimals', async () => {
    const text = await lines(await small(), 'a800');
    const uuid = 'GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
    const labels = `gpu="0",UUID="${uuid}",pci_bus_id="00000000:10:00.0",device="nvidia0",modelName="NVIDIA A800-SXM4-80GB",Hostname="a800-001",DCGM_FI_DRIVER_VERSION="[0-9.]+",container="(main)?",namespace="[a-z-]*",pod="[a-z0-9-]*"`;
    const shape: readonly (readonly [string, string, string])[] = [
      ['DCGM_FI_DEV_SM_CLOCK', 'gauge', '\\d+'],
      ['DCGM_FI_DEV_GPU_TEMP', 'gauge', '\\d+'],
      ['DCGM_FI_DEV_POWER_USAGE', 'gauge', '\\d+\\.\\d{6}'],
      ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'counter', '\\d+'],
      ['DCGM_FI_DEV_GPU_UTIL', 'gauge', '\\d+'],
      ['DCGM_FI_DEV_XID_ERRORS', 'gauge', '0'],
      ['DCGM_FI_DEV_FB_FREE', 'gauge', '\\d+'],
      ['DCGM_FI_DEV_FB_USED', 'gauge', '\\d+'],
      ['DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'gauge', '[01]\\.\\d{6}'],
      ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'gauge', '[01]\\.\\d{6}'],
    ];
    expect(text).toHaveLength(shape.length * (2 + 16));
    for (const [index, [name, type, value]] of shape.entries()) {
      const family = text.slice(index * 18, (index + 1) * 18);
      expect(family[0]).toMatch(new RegExp(`^# HELP ${name} [A-Z][^#]*\\.$`));
      expect(family[1]).toBe(`# TYPE ${name} ${type}`);
      expect(family[2]).toMatch(new RegExp(`^${name}{${labels}} ${value}$`));
    }
  });

  test('the energy counter is the integral of the power gauge, in mJ', async () => {
    const twin = await small();
    const counted = async () => values(await lines(twin, 'a800'), 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION');
    const before = await counted();
    const joules = before.map(() => 0);
    for (let second = 0; second < 600; second += 5) {
      twin.clock.time += 2500;
      const watts = values(await lines(twin, 'a800'), 'DCGM_FI_DEV_POWER_USAGE');
      for (const [card, power] of watts.entries()) joules[card]! += 5 * power;
      twin.clock.time += 2500;
    }
    for (const [card, end] of (await counted()).entries()) {
      const counter = (end - before[card]!) / 1000;
      // At most one edge of the job in ten minutes, seen up to 2.5 s late, of less than 340 W.
      expect(Math.abs(counter - joules[card]!)).toBeLessThan(2.5 * 340 + 1);
    }
  });
});

describe("npu-exporter's shape", () => {
  test('families and labels in order, explicit timestamps of now', async () => {
    const twin = await small();
    const text = await lines(twin, 'b3');
    expect(text.slice(0, 5)).toEqual([
      '# HELP machine_npu_nums Amount of npu installed on the machine.',
      '# TYPE machine_npu_nums gauge',
      'machine_npu_nums 12',
      "# HELP npu_chip_info_aicore_current_freq the npu ai core current frequency, unit is 'MHz'",
      '# TYPE npu_chip_info_aicore_current_freq gauge',
    ]);
    const labels =
      'container_name="(main)?",id="0",model_name="910B3-Ascend-V1",namespace="[a-z-]*",pcie_bus_info="0000:10:00.0",pod_name="[a-z0-9-]*",vdie_id="[0-9A-F]{8}(-[0-9A-F]{8}){4}"';
    expect(text[5]).toMatch(new RegExp(`^npu_chip_info_aicore_current_freq{${labels}} \\d+ ${twin.clock.time}$`));
    const names = text.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(names.join()).toBe(
      [...names]
        .map(String)
        .toSorted((a, b) => (a < b ? -1 : 1))
        .join(),
    );
    expect(names).toContain('npu_chip_info_cube_utilization');
    for (const value of values(text, 'npu_chip_info_cube_utilization')) expect(Number.isInteger(value)).toBe(true);
    const chips = text.filter((line) => line.startsWith('npu_chip_info_power')).map((line) => label(line, 'vdie_id'));
    expect(new Set(chips).size).toBe(12);
  });

  test('a 910A has no cube metric, and its occupancy never lies below the work', async () => {
    const twin = await small();
    for (let hour = 0; hour < 24; hour++) {
      twin.clock.time += 3_600_000;
      const text = await lines(twin, 'a');
      expect(text.some((line) => line.includes('cube') || line.includes('vector'))).toBe(false);
      const bound = values(text, 'npu_chip_info_utilization').reduce(
        (total, share) => total + (share / 100) * 0.256,
        0,
      );
      expect(bound).toBeGreaterThanOrEqual(twin.twin.truth().pools['a']!.delivered_pflops);
    }
  });
});

test('free cards have no pod, no activity and draw less', async () => {
  const twin = await small();
  const seen = { free: 0, held: 0 };
  for (let hour = 0; hour < 48; hour++) {
    twin.clock.time += 3_600_000;
    const text = await lines(twin, 'a800');
    const powers = values(text, 'DCGM_FI_DEV_POWER_USAGE');
    const pods = text.filter((line) => line.startsWith('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{'));
    expect(pods.filter((line) => label(line, 'pod') !== '')).toHaveLength(
      twin.twin.truth().pools['a800']!.allocated_devices,
    );
    for (const [card, line] of pods.entries()) {
      const free = label(line, 'pod') === '';
      expect(line.endsWith(' 0.000000')).toBe(free);
      expect(label(line, 'namespace') === '').toBe(free);
      expect(powers[card]! < 61).toBe(free);
      expect(powers[card]).toBeLessThan(400);
      seen[free ? 'free' : 'held'] += 1;
    }
  }
  expect(seen.free).toBeGreaterThan(0);
  expect(seen.held).toBeGreaterThan(0);
});

test('delivered PFlops are reported activity x clock over reference x dense peak, at every instant', async () => {
  const twin = await small();
  for (let hour = 0; hour < 24; hour++) {
    twin.clock.time += 3_600_000;
    const { a800, b3 } = twin.twin.truth().pools;
    const text = await lines(twin, 'a800');
    const clocks = values(text, 'DCGM_FI_DEV_SM_CLOCK');
    const tensor = values(text, 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE');
    const exact = tensor.reduce((total, share, card) => total + share * (clocks[card]! / 1410) * 0.312, 0);
    expect(exact).toBeCloseTo(a800!.delivered_pflops, 9);
    // No reference clock is known for a 910B3; whole per cents are half a point off at most.
    const cube = values(await lines(twin, 'b3'), 'npu_chip_info_cube_utilization');
    const rounded = cube.reduce((total, share) => total + (share / 100) * 0.313, 0);
    expect(Math.abs(rounded - b3!.delivered_pflops)).toBeLessThanOrEqual(12 * 0.005 * 0.313 + 1e-9);
    expect(a800!.nominal_pflops).toBeCloseTo(16 * 0.312, 9);
    expect(b3!.nominal_pflops).toBeCloseTo(12 * 0.313, 9);
  }
});

test('PFlop-seconds are the integral of reported activity x clock / 1410 MHz x 312 TFLOPS, by tenant', async () => {
  const twin = await small();
  const done = (tenant: string) => twin.twin.truth().pools['a800']!.pflop_seconds[tenant]!;
  const before = { red: done('red'), blue: done('blue') };
  const sums = { red: 0, blue: 0 };
  const edges = { red: 0, blue: 0 };
  const step = 20;
  let pods: (string | undefined)[] = [];
  for (let second = 0; second < 6 * 3600; second += step) {
    twin.clock.time += 500 * step;
    const text = await lines(twin, 'a800');
    const clocks = values(text, 'DCGM_FI_DEV_SM_CLOCK');
    const tensor = text.filter((line) => line.startsWith('DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{'));
    for (const [card, line] of tensor.entries()) {
      const tenant = label(line, 'namespace')?.startsWith('red') ? 'red' : 'blue';
      sums[tenant] += step * Number(line.split('} ')[1]) * (clocks[card]! / 1410) * 0.312;
      if (pods.length > 0 && pods[card] !== label(line, 'pod'))
        for (const each of ['red', 'blue'] as const) edges[each] += 1;
    }
    pods = tensor.map((line) => label(line, 'pod'));
    twin.clock.time += 500 * step;
  }
  expect(edges.red).toBeGreaterThan(0);
  for (const tenant of ['red', 'blue'] as const) {
    const truth = done(tenant) - before[tenant];
    expect(truth).toBeGreaterThan(0);
    // Each card's edge is seen up to one step away, at less than its peak.
    expect(Math.abs(sums[tenant] - truth)).toBeLessThan(1e-6 * truth + edges[tenant] * step * 0.312 * 0.7);
  }
});

test('other paths and methods are turned away', async () => {
  const { http } = await small();
  expect((await fetch(`http://127.0.0.1:${http}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${http}/a800`, { method: 'POST', body: 'x' })).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${http}//`)).status).toBe(404);
});
