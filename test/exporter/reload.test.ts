import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { watchDeclaration } from '../../exporter/reload.ts';
import { loadPlan } from '../../model/load.ts';
import { energyJoules, meterUnmeteredSeconds, powerWatts, siteEnergyJoules } from '../../model/metrics/energy.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import type { Plan } from '../../model/plan.ts';
import { buildInfo, eventsTotal, reloadSuccess, reloadTimestamp } from '../../model/metrics/self.ts';
import { sourceFailures } from '../../model/metrics/source.ts';
import { freePort, startExporter } from '../exporter-process.ts';
import { planFolder } from '../plan-folder.ts';

const START = Date.parse('2026-11-24T10:00:00+08:00');
const EVERY = 15_000;
const EVERY_LOOK = 20;

/** An estate of meters whose registers are text files beside it. */
function folder() {
  const { dir, remove } = planFolder('');
  const file = (id: string): string => join(dir, `${id}.prom`);
  const show = (id: string, wh: number): void => writeFileSync(file(id), `energy_wh ${wh}\nwatts ${wh}\n`);
  const declare = (meters: Readonly<Record<string, string>>, site = 's'): void =>
    writeFileSync(
      join(dir, 'estate.yaml'),
      `schema: greenflops/v1
sites: [{ id: ${site}, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
meters:
${Object.entries(meters)
  .map(
    ([id, fields]) =>
      `  - { id: ${id}, site: ${site}, ${fields}, rated_kw: 1000, every: 15s, source: { protocol: exposition, url: "file://${file(id)}", timeout: 1s }, registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: none }, power: { metric: watts, scale_to_w: 1 } } }`,
  )
  .join('\n')}
`,
    );
  return { dir, remove, show, declare, file };
}

function scene(meters: Readonly<Record<string, string>> = { one: 'role: facility', two: 'role: it' }) {
  const { dir, remove, show, declare, file } = folder();
  declare(meters);
  const time = { wall: START, mono: 5000 };
  const snapshots: { snapshot: Snapshot; plan: Plan }[] = [];
  const path = join(dir, 'ledger.db');
  const exporter = new Exporter({
    plan: loadPlan(dir),
    sites: ['s'],
    ledger: path,
    version: 'test',
    clock: { wall: () => time.wall, mono: () => time.mono },
    publish: (snapshot, plan) => snapshots.push({ snapshot, plan }),
  });
  const cycle = async (ms = EVERY): Promise<void> => {
    time.wall += ms;
    time.mono += ms;
    await exporter.beat();
  };
  const value = (metric: Metric, labels: Record<string, string> = {}): number | undefined => {
    const found = snapshots
      .at(-1)
      ?.snapshot.series(metric)
      .find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text))?.value;
    return typeof found === 'object' ? Number(found.units) / 10 ** found.digits : found;
  };
  const reload = (): Promise<boolean> => exporter.reload(loadPlan(dir));
  const end = async (): Promise<void> => {
    await exporter.stop();
    remove();
  };
  return { dir, time, path, show, file, declare, exporter, cycle, value, reload, end, snapshots };
}

let end: () => unknown;
afterEach(() => end());

test('a meter that comes is read, one that goes is not, and those that stay go on as if nothing had been', async () => {
  const { show, declare, cycle, value, reload, snapshots, ...rest } = scene();
  end = rest.end;
  for (const id of ['one', 'two', 'three']) show(id, 1000);
  await cycle();
  show('one', 1100);
  show('two', 1080);
  await cycle();
  const hash = snapshots.at(-1)?.plan.hash;
  declare({ one: 'role: facility', three: 'role: it' });
  // What was read and what was not since the last reading are both still there.
  show('one', 1150);
  expect(await reload()).toBe(true);
  show('one', 1200);
  await cycle();
  show('three', 1040);
  show('one', 1300);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(300 * 3600);
  expect(value(meterUnmeteredSeconds, { meter: 'one' })).toBe(0);
  expect(value(siteEnergyJoules, { side: 'facility' })).toBe(300 * 3600);
  expect(value(energyJoules, { meter: 'two' })).toBe(undefined);
  expect(value(energyJoules, { meter: 'three' })).toBe(40 * 3600);
  expect(snapshots.at(-1)?.plan.hash).not.toBe(hash);
  expect(value(buildInfo, { plan_hash: snapshots.at(-1)?.plan.hash ?? '' })).toBe(1);
  expect(value(eventsTotal, { kind: 'declaration' })).toBe(1);
  expect(value(reloadSuccess)).toBe(1);
  expect(value(reloadTimestamp)).toBe((START + 2 * EVERY) / 1000);
  expect(value(powerWatts, { meter: 'three' })).toBe(1040);
});

test('reloading at every reading, no total ever steps back and all come to what they would have been', async () => {
  const steady = scene();
  const shaken = scene();
  end = async () => {
    await steady.end();
    await shaken.end();
  };
  let before = -1;
  let refused = 0;
  for (let i = 0; i < 24; i++) {
    for (const one of [steady, shaken]) {
      one.show('one', 1000 + 37 * i);
      one.show('two', 1000 + 29 * i);
      one.show('guest', 5000 + i);
    }
    shaken.declare({
      one: 'role: facility',
      two: 'role: it',
      ...(i % 2 === 0 && { guest: 'role: cooling, parent: one' }),
    });
    if (i % 3 > 0) refused += (await shaken.reload()) ? 0 : 1;
    for (const one of [steady, shaken]) await one.cycle();
    const now = shaken.value(siteEnergyJoules, { side: 'it' }) ?? 0;
    expect(now).toBeGreaterThanOrEqual(before);
    before = now;
  }
  expect(refused).toBe(0);
  for (const meter of ['one', 'two']) {
    expect(shaken.value(energyJoules, { meter })).toBe(steady.value(energyJoules, { meter }));
    expect(shaken.value(meterUnmeteredSeconds, { meter })).toBe(0);
  }
  for (const side of ['facility', 'it'])
    expect(shaken.value(siteEnergyJoules, { side })).toBe(steady.value(siteEnergyJoules, { side }));
  expect(steady.value(energyJoules, { meter: 'one' })).toBe(23 * 37 * 3600);
});

test('a first level that nothing has settled yet is remembered, and a wall clock that jumps meanwhile moves no energy', async () => {
  const { show, declare, cycle, value, reload, time, ...rest } = scene();
  end = rest.end;
  show('one', 1000);
  show('two', 1000);
  await cycle();
  declare({ one: 'role: facility', two: 'role: it', three: 'role: cooling, parent: one' });
  expect(await reload()).toBe(true);
  time.wall += 3_600_000;
  show('one', 1004);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(4 * 3600);
  show('one', 1008);
  declare({ one: 'role: facility', two: 'role: it' });
  expect(await reload()).toBe(true);
  time.wall -= 3_600_000;
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(8 * 3600);
});

test('failures that were counted stay counted', async () => {
  const { show, declare, cycle, value, reload, ...rest } = scene();
  end = rest.end;
  show('one', 1000);
  for (let i = 0; i < 3; i++) await cycle();
  expect(value(sourceFailures, { source: 'two' })).toBe(3);
  declare({ one: 'role: facility', two: 'role: it', three: 'role: other, parent: one' });
  expect(await reload()).toBe(true);
  await cycle();
  expect(value(sourceFailures, { source: 'two' })).toBe(4);
  expect(value(eventsTotal, { kind: 'silent' })).toBe(2);
});

test('while the ledger refuses, nothing changes; then it does', async () => {
  const { show, declare, cycle, value, reload, path, snapshots, ...rest } = scene();
  end = rest.end;
  show('one', 1000);
  await cycle();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  show('one', 1200);
  await cycle();
  declare({ one: 'role: facility' });
  const hash = snapshots.at(-1)?.plan.hash;
  expect(await reload()).toBe(false);
  expect(snapshots.at(-1)?.plan.hash).toBe(hash);
  other.exec('ROLLBACK');
  other.close();
  expect(await reload()).toBe(true);
  show('one', 1300);
  await cycle();
  expect(snapshots.at(-1)?.plan.hash).not.toBe(hash);
  expect(value(energyJoules, { meter: 'one' })).toBe(300 * 3600);
});

test('a declaration without the site that is read is refused, and the one before goes on', async () => {
  const { dir, show, declare, cycle, value, exporter, ...rest } = scene();
  end = rest.end;
  show('one', 1000);
  await cycle();
  declare({ one: 'role: facility' }, 'elsewhere');
  await expect(exporter.reload(loadPlan(dir))).rejects.toThrow('site s is declared no more');
  exporter.reloadRefused();
  show('one', 1100);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(100 * 3600);
  expect(value(reloadSuccess)).toBe(0);
  expect(value(reloadTimestamp)).toBe(START / 1000);
});

/** A watcher of a folder whose exporter only writes down what it gets. */
function watched(dir: string, takes: (plan: Plan) => boolean = () => true) {
  const taken: string[] = [];
  const lines: string[] = [];
  let refused = 0;
  const log = (what: object, message: string): void => void lines.push(`${message} ${JSON.stringify(what)}`);
  const reload = watchDeclaration({
    dir,
    everyMs: EVERY_LOOK,
    log: { info: log, error: log },
    exporter: {
      reload: async (plan) => {
        if (!takes(plan)) return false;
        taken.push(plan.hash);
        return true;
      },
      reloadRefused: () => (refused += 1),
    },
  });
  return { taken, lines, reload, refused: () => refused };
}
const soon = { timeout: 5000, interval: 5 };

test('a changed file is taken once; one with faults is told with all of them, once, and a mended one is taken again', async () => {
  const { dir, declare, remove } = folder();
  declare({ one: 'role: facility' });
  const { taken, lines, reload, refused } = watched(dir);
  end = () => {
    reload.close();
    remove();
  };
  await new Promise((wait) => setTimeout(wait, 100));
  expect([taken, lines]).toEqual([[], []]);
  declare({ one: 'role: facility', two: 'role: it' });
  await expect.poll(() => taken.length, soon).toBe(1);
  declare({ one: 'role: boss', two: 'role: king' });
  await expect.poll(refused, soon).toBe(1);
  expect(lines.filter((line) => line.startsWith('declaration_fault'))).toHaveLength(2);
  expect(lines.some((line) => line.includes('boss') && line.includes('estate.yaml:4'))).toBe(true);
  await new Promise((wait) => setTimeout(wait, 150));
  expect(refused()).toBe(1);
  declare({ one: 'role: facility' });
  await expect.poll(() => taken.length, soon).toBe(2);
  expect(taken[1]).toBe(loadPlan(dir).hash);
  await reload.now();
  expect(taken).toHaveLength(3);
});

test("a ConfigMap's folder, which is swapped by a symbolic link, is seen", async () => {
  const { dir, declare, remove } = folder();
  declare({ one: 'role: facility' });
  const mount = join(dir, 'mount');
  const names = readdirSync(dir).filter((name) => name.endsWith('.yaml'));
  const put = (version: string): void => {
    mkdirSync(join(mount, version), { recursive: true });
    for (const name of names) writeFileSync(join(mount, version, name), readFileSync(join(dir, name)));
    symlinkSync(version, join(mount, '..data_tmp'));
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
  };
  put('..v1');
  for (const name of names) symlinkSync(join('..data', name), join(mount, name));
  const { taken, reload } = watched(mount);
  end = () => {
    reload.close();
    remove();
  };
  declare({ one: 'role: facility', two: 'role: it' });
  put('..v2');
  rmSync(join(mount, '..v1'), { recursive: true });
  await expect.poll(() => taken.length, soon).toBe(1);
  expect(taken[0]).toBe(loadPlan(mount).hash);
});

test('a file that is half written when it is looked at is not taken for a change', async () => {
  const { dir, declare, remove } = folder();
  declare({ one: 'role: facility' });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { taken, reload, refused } = watched(dir);
  end = () => {
    vi.useRealTimers();
    reload.close();
    remove();
  };
  declare({ one: 'role: facility', two: 'role: i' });
  await vi.advanceTimersByTimeAsync(EVERY_LOOK);
  declare({ one: 'role: facility', two: 'role: it' });
  await vi.advanceTimersByTimeAsync(2 * EVERY_LOOK);
  await expect.poll(() => taken.length, soon).toBe(1);
  expect(refused()).toBe(0);
});

test('a declaration that only the ledger kept from being used is tried again', async () => {
  const { dir, declare, remove } = folder();
  declare({ one: 'role: facility' });
  let isBusy = true;
  const { taken, reload, refused } = watched(dir, () => !isBusy);
  end = () => {
    reload.close();
    remove();
  };
  declare({ one: 'role: facility', two: 'role: it' });
  await expect.poll(refused, soon).toBeGreaterThan(1);
  isBusy = false;
  await expect.poll(() => taken.length, soon).toBe(1);
});

test('SIGHUP: a running exporter takes another declaration into use, and goes on with it where the next one is broken', async () => {
  const { dir, declare, show, remove } = folder();
  declare({ one: 'role: facility' });
  show('one', 1000);
  show('two', 1000);
  const exporter = await startExporter(dir, `sqlite:${join(dir, 'ledger.db')}`, { port: await freePort() });
  end = async () => {
    await exporter.stop('SIGKILL');
    remove();
  };
  const wait = { timeout: 15_000, interval: 100 };
  const up = (id: string): string => `greenflops_source_up{site="s",source="${id}"}`;
  const value = async (series: string): Promise<number | undefined> =>
    (await exporter.metrics().catch(() => new Map<string, number>())).get(series);
  await expect.poll(() => value(up('one')), wait).toBe(1);
  declare({ one: 'role: facility', two: 'role: it' });
  exporter.child.kill('SIGHUP');
  await expect.poll(() => value(up('two')), wait).toBe(1);
  expect(await value(up('one'))).toBe(1);
  declare({ one: 'role: facility', two: 'role: boss' });
  exporter.child.kill('SIGHUP');
  await expect.poll(() => value('greenflops_reload_success'), wait).toBe(0);
  expect(await value(up('two'))).toBe(1);
  const page = (await (await fetch(`${exporter.url}/api/v1/status`)).json()) as { planHash: string };
  declare({ one: 'role: facility', two: 'role: it' });
  expect(page.planHash).toBe(loadPlan(dir).hash);
  expect(await exporter.stop()).toBe(0);
}, 40_000);
