import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Exporter } from '../../exporter/exporter.ts';
import { startServer } from '../../exporter/publish/server.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { protocols } from '../../exporter/read/index.ts';
import { loadPlan } from '../../model/load.ts';
import { energyJoules } from '../../model/metrics/energy.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import { clockJumps, droppedSeries, reloadSuccess } from '../../model/metrics/self.ts';
import { sourceBreakerOpen } from '../../model/metrics/source.ts';
import { planFolder } from '../plan-folder.ts';
import { tally } from '../tally.ts';
import { fakeMeter, mannerOf, servePools } from './devices.ts';
import { declare, METERS, site } from './plant.ts';

const HOUR = 3_600_000;
const STEP = 60_000;
const START = Date.parse('2026-11-24T00:00:00+08:00');
const hours = Number(process.env['GREENFLOPS_SOAK_HOURS'] ?? 1);
if (!(hours > 0)) throw new Error('GREENFLOPS_SOAK_HOURS is no number of hours');
/** Between measurements. */
const MEASURE = hours >= 4 ? HOUR : 10 * 60_000;
/** When caches are full and code is compiled: from here on nothing may grow. */
const WARM = hours >= 4 ? 2 * HOUR : (hours * HOUR) / 2;
const GROWTH = 1.1;
/** What the kernel has given: in a slice the first hour's turn, which counts windows for the first time, comes at its end. */
const RSS_GROWTH = hours >= 4 ? GROWTH : 1.3;
/** A beat here is sixty real ones at once: this is no figure of the exporter's, only a sign that it hangs. */
const BLOCK_MS = 5000;
const RELOAD_CYCLES = hours >= 4 ? 120 : 10;

interface Row {
  readonly ms: number;
  readonly rss: number;
  readonly heap: number;
  readonly fds: number;
  readonly handles: number;
  readonly series: number;
  readonly block: number;
}

let elapsed = 0;
/** The wall clock is an hour ahead for the second quarter of the run. */
const wall = (): number => START + elapsed + (elapsed > (hours * HOUR) / 4 && elapsed <= (hours * HOUR) / 2 ? HOUR : 0);

const pools = await servePools(512, () => elapsed);
const { dir, remove } = planFolder('');
declare(dir, pools.url, false);
// No Modbus server answers 1,500 meters as fast as simulated time goes.
Object.assign(protocols, { 'modbus-tcp': (meter: Parameters<typeof fakeMeter>[0]) => fakeMeter(meter, () => elapsed) });

const server = await startServer({ plan: loadPlan(dir), listen: '127.0.0.1:0' });
let snapshot: Snapshot | undefined;
const faults: string[] = [];
const exporter = new Exporter({
  plan: loadPlan(dir),
  sites: [site],
  ledger: join(dir, 'ledger.db'),
  version: 'soak',
  clock: { wall, mono: () => elapsed + 1 },
  patienceMs: 400,
  publish: (made, by) => {
    snapshot = made;
    server.publish(made, by);
  },
  appendix: () => server.appendix(),
  commitFailed: (error) => faults.push(String(error)),
  sampleRefused: (error) => faults.push(String(error)),
});

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const rows: Row[] = [];
const scraped: number[] = [];
let reloads = 0;
let reloadBlock = 0;

function measure(): Row {
  const block = delay.max / 1e6;
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  delay.reset();
  return {
    ms: elapsed,
    rss: rss / 2 ** 20,
    heap: heapUsed / 2 ** 20,
    fds: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length,
    series: snapshot?.metrics.reduce((sum, metric) => sum + [...snapshot!.read(metric)].length, 0) ?? 0,
    block,
  };
}

async function scrape(): Promise<void> {
  const begun = performance.now();
  const text = await (await fetch(`${server.url}/metrics`)).text();
  scraped.push(performance.now() - begun);
  assert.ok(text.includes('\ngreenflops_ledger_up 1\n'), 'a scrape without the ledger, or with one that is down');
  for (const path of ['/', '/api/v1/status']) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 200, path);
    await answer.arrayBuffer();
  }
}

async function reload(): Promise<void> {
  reloads += 1;
  declare(dir, pools.url, reloads % 2 === 1);
  const before = performance.now();
  const next = loadPlan(dir);
  reloadBlock = Math.max(reloadBlock, performance.now() - before);
  assert.equal(await exporter.reload(next), true);
  delay.reset();
}

const value = (metric: Metric, labels: Record<string, string> = {}): number => {
  const found =
    snapshot?.series(metric).filter((one) => Object.entries(labels).every(([k, v]) => one.labels[k] === v)) ?? [];
  return found.reduce(
    (sum, { value: one }) => sum + (typeof one === 'number' ? one : Number(one.units) / 10 ** one.digits),
    0,
  );
};

const begun = performance.now();
console.log('simulated   RSS MiB  heap MiB  fds  handles  series  loop held ms  real s');
const cycles = Math.round((hours * HOUR) / STEP);
for (let cycle = 0; cycle <= cycles; cycle++) {
  elapsed = cycle * STEP;
  await exporter.beat();
  if (cycle % 10 === 3) await scrape();
  if (cycle % RELOAD_CYCLES === 5) await reload();
  if (elapsed % MEASURE !== 0 || cycle === 0) continue;
  const row = measure();
  rows.push(row);
  const cells = [row.rss.toFixed(0), row.heap.toFixed(0), row.fds, row.handles, row.series, row.block.toFixed(0)];
  console.log(
    [
      `${(row.ms / HOUR).toFixed(1)} h`.padStart(9),
      ...cells.map((cell, i) => String(cell).padStart([10, 10, 5, 9, 8, 14][i] ?? 0)),
    ].join('') + ((performance.now() - begun) / 1000).toFixed(0).padStart(8),
  );
}

const warm = rows.find(({ ms }) => ms >= WARM) ?? rows[0]!;
const later = rows.filter(({ ms }) => ms > warm.ms);
const most = (of: (row: Row) => number): number => Math.max(...later.map(of));
const at = (ms: number): string => `${(ms / HOUR).toFixed(1)} h`;
const sound = Array.from({ length: METERS }, (_, index) => index).filter((index) => mannerOf(index) === 'sound');
const dead = Array.from({ length: METERS }, (_, index) => index).filter((index) =>
  ['dead', 'throwing'].includes(mannerOf(index)),
);

await tally('soak', [
  [
    `${cycles} cycles of about 40,000 series, none dropped, and nothing failed that should not`,
    () => {
      assert.deepEqual(faults, []);
      assert.ok(Math.abs(warm.series / 40_000 - 1) < 0.1, `${warm.series} series`);
      assert.equal(value(droppedSeries), 0);
    },
  ],
  [
    `memory after a collection is flat from ${at(warm.ms)} on: heap within 10 %, RSS within ${Math.round((RSS_GROWTH - 1) * 100)} %`,
    () => {
      console.log(
        `  RSS ${warm.rss.toFixed(0)} MiB at ${at(warm.ms)}, at most ${most(({ rss }) => rss).toFixed(0)} MiB later`,
      );
      assert.ok(later.length > 1);
      assert.ok(most(({ rss }) => rss) <= RSS_GROWTH * warm.rss);
      assert.ok(most(({ heap }) => heap) <= GROWTH * warm.heap);
    },
  ],
  [
    'file descriptors, sockets and timers do not grow',
    () => {
      // A scrape's connection may be open or not.
      assert.ok(most(({ fds }) => fds) <= warm.fds + 8, `${warm.fds}, then ${most(({ fds }) => fds)}`);
      assert.ok(
        most(({ handles }) => handles) <= warm.handles + 8,
        `${warm.handles}, then ${most(({ handles }) => handles)}`,
      );
    },
  ],
  [
    `the event loop is held for less than ${BLOCK_MS} ms, collections by hand and reloads aside`,
    () => {
      const slowest = scraped.toSorted((a, b) => b - a)[0] ?? NaN;
      console.log(
        `  at most ${most(({ block }) => block).toFixed(0)} ms; ${scraped.length} scrapes, the slowest ${slowest.toFixed(0)} ms; a declaration is read in ${reloadBlock.toFixed(0)} ms`,
      );
      assert.ok(most(({ block }) => block) < BLOCK_MS);
    },
  ],
  [
    `what ${sound.length} sound meters used is on their counters to the joule, over ${reloads} reloads and two jumps of the clock`,
    () => {
      assert.ok(reloads > 0);
      assert.equal(value(reloadSuccess), 1);
      assert.equal(value(clockJumps), 2);
      for (const index of sound)
        assert.equal(value(energyJoules, { meter: `m-${index}` }), (elapsed / 1000) * 3600, `m-${index}`);
    },
  ],
  [
    `the breakers of ${dead.length} dead sources are open`,
    () => {
      for (const index of dead) assert.equal(value(sourceBreakerOpen, { source: `m-${index}` }), 1, `m-${index}`);
    },
  ],
  [
    'it ends',
    async () => {
      await exporter.stop();
      await server.close();
      await pools.stop();
    },
  ],
]);
remove();
// Nothing may keep it alive but what is idle in fetch's pool.
setTimeout(() => process.exit(), 5000).unref();
