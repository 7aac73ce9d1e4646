import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import { energyJoules, meterUnmeteredSeconds } from '../../model/metrics/energy.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import { clockJumps, eventsTotal, ledgerUp } from '../../model/metrics/self.ts';
import { sourceFailures, sourceUp } from '../../model/metrics/source.ts';
import { planFolder } from '../plan-folder.ts';

const START = Date.parse('2026-11-24T10:00:00+08:00');

/** Two meters whose registers are text files, and a clock that the test moves. */
function scene(options: { twoAddress?: string } = {}) {
  const { dir, remove } = planFolder('');
  const file = (id: string): string => join(dir, `${id}.prom`);
  const show = (id: string, wh: number): void => writeFileSync(file(id), `energy_wh ${wh}\n`);
  const meter = (id: string, url: string): string => `
  - id: ${id}
    site: s
    role: facility
    rated_kw: 1000
    every: 15s
    source: { protocol: exposition, url: "${url}", timeout: 1s }
    registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: none } }`;
  writeFileSync(
    join(dir, 'estate.yaml'),
    `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1000 }]
meters:${meter('one', `file://${file('one')}`)}${meter('two', options.twoAddress ?? `file://${file('two')}`)}
`,
  );
  show('one', 1000);
  show('two', 1000);
  const time = { wall: START, mono: 5000 };
  const snapshots: Snapshot[] = [];
  const path = join(dir, 'ledger.db');
  const open = (): Exporter =>
    new Exporter({
      plan: loadPlan(dir),
      sites: ['s'],
      ledger: path,
      version: 'test',
      clock: { wall: () => time.wall, mono: () => time.mono },
      publish: (snapshot) => snapshots.push(snapshot),
    });
  let exporter = open();
  const restart = async (downMs: number): Promise<void> => {
    await exporter.stop();
    time.wall += downMs;
    time.mono = 1;
    exporter = open();
  };
  const cycle = async (ms = 15_000): Promise<void> => {
    time.wall += ms;
    time.mono += ms;
    await exporter.beat();
  };
  const value = (metric: Metric, labels: Record<string, string>): string | undefined => {
    const found = snapshots
      .at(-1)
      ?.series(metric)
      .find((sample) => Object.entries(labels).every(([key, text]) => sample.labels[key] === text));
    const number = found?.value;
    return typeof number === 'object' ? String(Number(number.units) / 10 ** number.digits) : number?.toString();
  };
  const end = async (): Promise<void> => {
    await exporter.stop();
    remove();
  };
  return { time, path, cycle, value, show, end, restart, publish: () => exporter.publish() };
}

let end: () => Promise<void>;
afterEach(() => end());

test('a total is published when it is committed, and not before', async () => {
  const { cycle, value, show, path, publish, ...rest } = scene();
  end = rest.end;
  await cycle();
  show('one', 1500);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(String(500 * 3600));
  expect(value(ledgerUp, {})).toBe('1');

  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  show('one', 2000);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(String(500 * 3600));
  expect(value(ledgerUp, {})).toBe('0');
  other.exec('ROLLBACK');
  other.close();
  await publish();
  expect(value(energyJoules, { meter: 'one' })).toBe(String(1000 * 3600));
  expect(value(ledgerUp, {})).toBe('1');
});

test('a busy ledger is tried again by itself', async () => {
  const { cycle, value, show, path, ...rest } = scene();
  end = rest.end;
  await cycle();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  show('one', 1400);
  await cycle();
  other.exec('ROLLBACK');
  other.close();
  await expect.poll(() => value(energyJoules, { meter: 'one' }), { timeout: 3000 }).toBe(String(400 * 3600));
});

test('a source that is not there is marked down by cause, leaves an event, and the other one goes on', async () => {
  const { cycle, value, show, ...rest } = scene({ twoAddress: 'http://127.0.0.1:1/metrics' });
  end = rest.end;
  await cycle();
  show('one', 1300);
  await cycle();
  expect(value(sourceUp, { source: 'two' })).toBe('0');
  expect(value(sourceFailures, { source: 'two', failure: 'refused' })).toBe('2');
  expect(value(eventsTotal, { site: 's', kind: 'silent' })).toBe('1');
  expect(value(energyJoules, { meter: 'two' })).toBe(undefined);
  expect(value(sourceUp, { source: 'one' })).toBe('1');
  expect(value(energyJoules, { meter: 'one' })).toBe(String(300 * 3600));
});

test('a jump of the wall clock is an event, and energy is spread over the time that passed', async () => {
  const { cycle, value, show, time, ...rest } = scene();
  end = rest.end;
  await cycle();
  time.wall += 3 * 3_600_000;
  show('one', 1100);
  await cycle();
  expect(value(clockJumps, {})).toBe('1');
  expect(value(energyJoules, { meter: 'one' })).toBe(String(100 * 3600));
  time.wall -= 5 * 3_600_000;
  show('one', 1200);
  await cycle();
  expect(value(clockJumps, {})).toBe('2');
  expect(value(energyJoules, { meter: 'one' })).toBe(String(200 * 3600));
});

test.each([
  [10 * 60_000, 0],
  [2 * 3_600_000, 2 * 3600 + 15],
])('a restart after %i ms goes on from the ledger and bridges by the register', async (downMs, unmetered) => {
  const { cycle, value, show, restart, ...rest } = scene();
  end = rest.end;
  await cycle();
  show('one', 1100);
  await cycle();
  await restart(downMs);
  show('one', 1700);
  await cycle();
  // After more than an hour one reading alone is not believed.
  show('one', 1800);
  await cycle();
  expect(value(energyJoules, { meter: 'one' })).toBe(String(800 * 3600));
  expect(value(meterUnmeteredSeconds, { meter: 'one' })).toBe(String(unmetered));
});
