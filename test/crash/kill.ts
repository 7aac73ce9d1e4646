import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExporter } from '../exporter-process.ts';
import type { Check } from '../tally.ts';
import { liveTotals } from './live-totals.ts';
import { Losses, losses } from './losses.ts';
import { plant } from './plant.ts';
import { random } from './random.ts';

const KILLS = Number(process.env['GREENFLOPS_EXPORTER_KILLS'] ?? 50);
const SEED = 2030;
/** Three meters and two sides. */
const TOTALS = 5;

const counters = (metrics: ReadonlyMap<string, number>): [string, number][] =>
  [...metrics].filter(([series]) => /^greenflops_(energy|site_energy)_joules_total\{/.test(series));

/** Kills the exporter at random moments of its cycles and looks whether a total stepped back, was lost or was counted twice. */
async function lane(times: number, seed: number, own: Losses): Promise<void> {
  const devices = plant();
  const path = join(devices.dir, 'ledger.db');
  const store = `sqlite:${path}`;
  const next = random(seed);
  const seen = new Map<string, number>();
  /** A total when it was first seen, and the truth then: a register begins once two readings agree. */
  const begun = new Map<string, { value: number; truth: number }>();
  const note = (metrics: ReadonlyMap<string, number>): void => {
    for (const [series, value] of counters(metrics)) {
      if (value < (seen.get(series) ?? 0)) own.stepsBack += 1;
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
    let { offsets } = liveTotals(path);
    for (let i = 0; i < times; i++) {
      const exporter = await startExporter(devices.dir, store);
      const until = Date.now() + 200 + next() * 1800;
      while (Date.now() < until) {
        note(await exporter.metrics());
        await sleep(20);
      }
      await exporter.stop('SIGKILL');
      own.kills += 1;
      const kept = liveTotals(path);
      for (const [series, value] of seen) {
        const stored = kept.joules.get(/^greenflops_energy.*meter="(\w+)"/.exec(series)?.[1] ?? '');
        if (stored !== undefined && stored < value) own.lost += BigInt(Math.round((value - stored) * 1000));
      }
      for (const [meter, offset] of kept.offsets) own.drift(offset * 1000n, (offsets.get(meter) ?? offset) * 1000n);
      offsets = kept.offsets;
    }
    const exporter = await startExporter(devices.dir, store);
    const truth = devices.freeze();
    await sleep(2500);
    const metrics = await exporter.metrics();
    const produced = devices.joules();
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
    const ofFans = (name: string) =>
      [...metrics].find(([series]) => series.startsWith(name) && series.includes('meter="fans"'));
    const [series = '', fans = Number.NaN] = ofFans('greenflops_energy_joules_total') ?? [];
    const unmetered = ofFans('greenflops_meter_unmetered_seconds_total')?.[1] ?? Number.NaN;
    const from = begun.get(series) ?? { value: Number.NaN, truth: Number.NaN };
    assert.ok(fans <= produced, 'power alone: not more than the truth');
    const missing = produced - fans - (from.truth - from.value);
    const open = 5 * devices.watts; // the cycle that is open now, on a machine that may be busy
    assert.ok(
      missing <= unmetered * devices.watts + open,
      `power alone: ${missing} J are missing, ${unmetered} s unmetered`,
    );
  } finally {
    devices.remove();
  }
}

/** Two plants side by side: a program that starts leaves a processor idle half of the time. */
async function kills(): Promise<void> {
  const own = new Losses();
  const halves = [Math.ceil(KILLS / 2), Math.floor(KILLS / 2)];
  const ends = await Promise.allSettled(halves.map((half, i) => lane(half, SEED + i, own)));
  losses.add(own);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  assert.deepEqual(
    { lost: own.lost, doubled: own.doubled, stepsBack: own.stepsBack },
    { lost: 0n, doubled: 0n, stepsBack: 0 },
  );
}

export const killChecks: readonly Check[] = [
  [
    `${KILLS} kills of the whole exporter at random moments (seed ${SEED}): nothing lost, nothing doubled, no total steps back`,
    kills,
  ],
];
