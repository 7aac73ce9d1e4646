import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import { energyJoules, meterUnmeteredSeconds } from '../../model/metrics/energy.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import { clockJumps, eventsTotal } from '../../model/metrics/self.ts';
import { sourceBreakerOpen, sourceUp } from '../../model/metrics/source.ts';
import { planFolder } from '../plan-folder.ts';

const START = Date.parse('2026-11-24T10:00:00+08:00');
const HOUR = 3_600_000;

/** Meters behind one HTTP server; those of which `hangs` is true are never answered. */
async function scene(
  count: number,
  {
    readsAtOnce,
    hangs = () => false,
    patienceMs = 300,
  }: { readsAtOnce?: number; patienceMs?: number; hangs?: (id: number) => boolean } = {},
) {
  const time = { wall: START, mono: 5000 };
  const state = { open: 0, most: 0, order: [] as number[], wh: 1000, isDead: false, delay: 20 };
  const server: Server = createServer((request, response) => {
    const id = Number(request.url?.slice(1));
    const { wh } = state;
    state.order.push(id);
    state.most = Math.max(state.most, ++state.open);
    response.once('close', () => (state.open -= 1));
    if (state.isDead) request.socket.destroy();
    else if (!hangs(id)) setTimeout(() => response.end(`energy_wh ${wh}\n`), state.delay);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { dir, remove } = planFolder('');
  const { port } = server.address() as AddressInfo;
  const declare = (meters: number): void =>
    writeFileSync(
      join(dir, 'estate.yaml'),
      `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
meters:
${Array.from({ length: meters }, (_, id) => `  - { id: m-${id}, site: s, role: ${id === 0 ? 'facility' : 'other, parent: m-0'}, rated_kw: 1000, every: 15s, source: { protocol: exposition, url: "http://127.0.0.1:${port}/${id}", timeout: 10s }, registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: none } } }`).join('\n')}
`,
    );
  declare(count);
  let last: Snapshot | undefined;
  const exporter = new Exporter({
    plan: loadPlan(dir),
    sites: ['s'],
    ledger: join(dir, 'ledger.db'),
    version: 'test',
    clock: { wall: () => time.wall, mono: () => time.mono },
    patienceMs,
    ...(readsAtOnce !== undefined && { readsAtOnce }),
    publish: (snapshot) => (last = snapshot),
  });
  const value = (metric: Metric, labels: Record<string, string> = {}): number | undefined => {
    const found = last
      ?.series(metric)
      .find((one) => Object.entries(labels).every(([k, v]) => one.labels[k] === v))?.value;
    return typeof found === 'object' ? Number(found.units) / 10 ** found.digits : found;
  };
  const pass = async (ms: number): Promise<void> => {
    time.wall += ms;
    time.mono += ms;
    await exporter.beat();
  };
  const end = async (): Promise<void> => {
    await exporter.stop();
    server.closeAllConnections();
    server.close();
    remove();
  };
  return { time, state, exporter, value, pass, end, declare, dir, seen: () => last };
}

let end: () => Promise<void>;
afterEach(() => end());

test('so many reads at once, in the order of the declaration, and none twice', async () => {
  const { state, pass, value, ...rest } = await scene(40, { readsAtOnce: 5, patienceMs: 10_000 });
  end = rest.end;
  await pass(1000);
  expect(state.most).toBe(5);
  expect(new Set(state.order)).toEqual(new Set(Array.from({ length: 40 }, (_, i) => i)));
  expect(state.order).toHaveLength(40);
  expect(state.order.slice(0, 5).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  expect(value(sourceUp, { source: 'm-39' })).toBe(1);
});

test('reads that hang hold up neither a publication nor a reload, and are no failures of theirs', async () => {
  const { pass, value, exporter, declare, dir, ...rest } = await scene(3, { hangs: (id) => id === 1 });
  end = rest.end;
  await pass(1000);
  expect(value(sourceUp, { source: 'm-0' })).toBe(1);
  declare(4);
  const begun = performance.now();
  expect(await exporter.reload(loadPlan(dir))).toBe(true);
  expect(performance.now() - begun).toBeLessThan(3000);
  await pass(1000);
  expect(value(sourceUp, { source: 'm-3' })).toBe(1);
  expect(value(sourceUp, { source: 'm-1' })).toBe(undefined);
  expect(value(eventsTotal, { kind: 'silent' })).toBe(undefined);
});

test('an answer that comes while another declaration is taken into use is booked and committed, once', async () => {
  const { state, pass, value, exporter, declare, dir, ...rest } = await scene(1, { patienceMs: 800 });
  end = rest.end;
  await pass(15_000);
  await pass(15_000);
  state.wh += 100;
  state.delay = 1200;
  // The beat does not wait for it, the change does.
  await pass(15_000);
  expect(value(energyJoules, { meter: 'm-0' })).toBe(0);
  declare(2);
  state.wh += 10;
  expect(await exporter.reload(loadPlan(dir))).toBe(true);
  expect(value(energyJoules, { meter: 'm-0' })).toBe(100 * 3600);
  state.delay = 20;
  await pass(15_000);
  expect(value(energyJoules, { meter: 'm-0' })).toBe(110 * 3600);
});

test.each([-HOUR, HOUR])(
  'a wall clock that jumps by %i ms: an event, the same readings, the same energy, and a breaker that closes in time',
  async (jump) => {
    const { time, state, pass, value, ...rest } = await scene(1);
    end = rest.end;
    const meter = { meter: 'm-0' };
    for (let i = 0; i < 4; i++) {
      await pass(15_000);
      state.wh += 100;
    }
    expect(value(energyJoules, meter)).toBe(300 * 3600);
    time.wall += jump;
    for (let i = 0; i < 4; i++) {
      await pass(15_000);
      state.wh += 100;
    }
    expect(value(clockJumps)).toBe(1);
    expect(value(eventsTotal, { kind: 'clock_jump' })).toBe(1);
    expect(value(energyJoules, meter)).toBe(700 * 3600);
    expect(value(meterUnmeteredSeconds, meter)).toBe(0);

    state.isDead = true;
    for (let i = 0; i < 8; i++) await pass(15_000);
    expect(value(sourceBreakerOpen)).toBe(1);
    time.wall -= jump;
    state.isDead = false;
    state.wh += 800;
    const before = state.order.length;
    for (let i = 0; i < 21; i++) await pass(15_000);
    expect(state.order.length).toBeGreaterThan(before);
    expect(value(sourceBreakerOpen)).toBe(0);
    expect(value(clockJumps)).toBe(2);
    expect(value(energyJoules, meter)).toBe((state.wh - 1000) * 3600);
  },
);
