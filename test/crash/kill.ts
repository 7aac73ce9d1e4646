import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExporter } from '../exporter-process.ts';
import type { Check } from '../tally.ts';
import { plant } from './plant.ts';

const KILLS = Number(process.env['GREENFLOPS_KILLS'] ?? 50);
const SEED = 2030;
/** Three meters and two sides. */
const TOTALS = 5;

/** A small generator (mulberry32), so that a failing run can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const counters = (metrics: ReadonlyMap<string, number>): [string, number][] =>
  [...metrics].filter(([series]) => /^greenflops_(energy|site_energy)_joules_total\{/.test(series));

/** Kills the exporter at random moments of its cycles and looks whether a total stepped back, was lost or was counted twice. */
async function kills(): Promise<void> {
  const devices = plant();
  const store = `sqlite:${join(devices.dir, 'ledger.db')}`;
  const next = random(SEED);
  const seen = new Map<string, number>();
  /** A total when it was first seen, and the truth then: a register begins once two readings agree. */
  const begun = new Map<string, { value: number; truth: number }>();
  const note = (metrics: ReadonlyMap<string, number>): void => {
    for (const [series, value] of counters(metrics)) {
      assert.ok(value >= (seen.get(series) ?? 0), `${series} stepped back from ${seen.get(series)} to ${value}`);
      seen.set(series, value);
      if (!begun.has(series)) begun.set(series, { value, truth: devices.joules() });
    }
  };
  try {
    // All meters begin before the first kill: what is lost from there on is lost by a kill.
    const first = await startExporter(devices.dir, store);
    for (const until = Date.now() + 15_000; begun.size < TOTALS && Date.now() < until; await sleep(20))
      note(await first.metrics());
    assert.equal(begun.size, TOTALS, `totals: ${[...begun.keys()].join(' ')}`);
    await first.stop('SIGKILL');
    for (let i = 0; i < KILLS; i++) {
      const exporter = await startExporter(devices.dir, store);
      const until = Date.now() + 200 + next() * 1800;
      while (Date.now() < until) {
        note(await exporter.metrics());
        await sleep(20);
      }
      await exporter.stop('SIGKILL');
    }
    const exporter = await startExporter(devices.dir, store);
    const truth = devices.freeze();
    await sleep(2500);
    const metrics = await exporter.metrics();
    note(metrics);
    assert.equal(await exporter.stop(), 0, 'SIGTERM ends with 0');
    for (const meter of ['gate', 'load']) {
      const series = [...seen.keys()].find(
        (one) => one.includes(`energy_joules_total{`) && one.includes(`meter="${meter}"`),
      );
      const from = begun.get(series ?? '') ?? { value: Number.NaN, truth: Number.NaN };
      const counted = (seen.get(series ?? '') ?? Number.NaN) - from.value;
      const used = truth - from.truth;
      // The register goes on through every kill. The total is seen up to a cycle after the device was read, so that
      // somewhat more is counted than was used since; less than was used would be lost: two register steps at most.
      assert.ok(
        used - counted >= -2.5 * devices.watts && used - counted <= 7200,
        `${meter}: ${counted} J counted of ${used} J`,
      );
    }
    const fans = [...metrics].find(
      ([series]) => series.startsWith('greenflops_energy_joules_total') && series.includes('meter="fans"'),
    )?.[1];
    const unmetered = [...metrics].find(
      ([series]) => series.startsWith('greenflops_meter_unmetered_seconds_total') && series.includes('meter="fans"'),
    )?.[1];
    assert.ok(fans !== undefined && unmetered !== undefined);
    assert.ok(fans <= devices.joules(), 'power alone: not more than the truth');
    const open = 5 * devices.watts; // first reading, and the cycle that is open now
    assert.ok(
      devices.joules() - fans <= unmetered * devices.watts + open,
      `power alone: ${fans} J and ${unmetered} s unmetered of ${devices.joules()} J`,
    );
  } finally {
    devices.remove();
  }
}

export const killChecks: readonly Check[] = [
  [`${KILLS} kills at random moments (seed ${SEED}): nothing lost, nothing doubled, no total steps back`, kills],
];
