import { expect, test } from 'vitest';
import { windows, windowStart, type WindowName } from '../../exporter/account/pue/window.ts';
import { energyJoules } from '../../model/metrics/energy.ts';
import {
  pueCoverageRatio,
  pueEnergyJoules,
  pueImportedSeconds,
  pueRatio,
  pueUnavailable,
} from '../../model/metrics/pue.ts';
import { twinScene, type TwinScene } from '../twin-scene.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T10:20:00+08:00');
const TEN = Date.parse('2026-11-24T10:00:00+08:00');

/** Of a side, by the twin's own account; each meter's register may stand up to one step away at either end. */
function truth({ twin }: TwinScene, site: string, from: number, to: number) {
  const [a, b] = [twin.truth(from).sites[site], twin.truth(to).sites[site]];
  if (!a || !b) throw new Error(`the twin knows no site ${site}`);
  return { facility: b.facility_j - a.facility_j, it: b.it_j - a.it_j };
}

const reasonOf = (scene: TwinScene, site: string, window: string): string | undefined =>
  scene.series(pueUnavailable).find(({ labels }) => labels['site'] === site && labels['window'] === window)?.labels[
    'reason'
  ];

function expectTruth(scene: TwinScene, window: WindowName, end: number): void {
  for (const site of ['nanchang', 'poyang']) {
    const real = truth(scene, site, windowStart(window, end), end);
    for (const side of ['facility', 'it'] as const) {
      const seen = scene.value(pueEnergyJoules, { site, window, side });
      // Two meters a side, 0.1 kWh a step at most.
      expect(Math.abs((seen ?? Number.NaN) - real[side]), `${site} ${window} ${side}: ${seen}`).toBeLessThan(
        4 * 360_000,
      );
    }
    const ratio = scene.value(pueRatio, { site, window });
    expect(Math.abs((ratio ?? Number.NaN) / (real.facility / real.it) - 1)).toBeLessThan(
      window === '1h' ? 0.03 : 0.002,
    );
  }
}

test('a year that was imported, the first readings after it, and a time off', async () => {
  const scene = await twinScene(undefined, START, Date.parse('2025-10-24T10:20:00+08:00'));
  try {
    await scene.beat();
    for (const window of windows) {
      expectTruth(scene, window, TEN);
      expect(scene.value(pueCoverageRatio, { site: 'nanchang', window })).toBe(1);
      const kind = window === '12mo' ? 'annual' : 'interim';
      expect(scene.value(pueRatio, { site: 'nanchang', window, kind }), `${window} is ${kind}`).toBeDefined();
    }
    // The first reading is credited from the imported level on: twenty minutes, and nothing of the year before.
    const gate = scene.value(energyJoules, { meter: 'nc-gate' });
    const since =
      (scene.twin.truth(START).meters['nc-gate']?.joules ?? 0) - (scene.twin.truth(TEN).meters['nc-gate']?.joules ?? 0);
    expect(Math.abs((gate ?? Number.NaN) - since)).toBeLessThanOrEqual(2 * 3600);

    for (let minute = 1; minute <= 43; minute++) await scene.step(60_000);
    expectTruth(scene, '1h', TEN + HOUR);
    expect(scene.value(pueImportedSeconds, { site: 'poyang', window: '1h', side: 'it' })).toBe(0);
    expect(scene.value(pueImportedSeconds, { site: 'poyang', window: '24h', side: 'it' })).toBe(23 * 3600);

    // Off from 11:03 to 14:33: windows that begin within it have a reason, those that hold it whole have a ratio.
    await scene.off(3.5 * HOUR);
    await scene.beat();
    expect(reasonOf(scene, 'nanchang', '1h')).toBe('coverage');
    for (let minute = 1; minute <= 30; minute++) await scene.step(60_000);
    expectTruth(scene, '24h', TEN + 5 * HOUR);
    expectTruth(scene, '12mo', TEN + 5 * HOUR);
  } finally {
    await scene.close();
  }
}, 60_000);

test('an import beside a running exporter is seen with its next cycle, and moves no counter', async () => {
  const scene = await twinScene(undefined, START);
  try {
    await scene.beat();
    await scene.step(60_000);
    expect(reasonOf(scene, 'nanchang', '24h')).toBe('young');
    const ids = scene.plan.estate.meters.map(({ id }) => id);
    const before = ids.flatMap((id) => {
      const joules = scene.value(energyJoules, { meter: id });
      return joules === undefined ? [] : [[id, joules] as const];
    });
    expect(before.length).toBeGreaterThan(0);
    scene.importPast(TEN - 30 * HOUR, TEN);
    await scene.step(60_000);
    expectTruth(scene, '1h', TEN);
    expectTruth(scene, '24h', TEN);
    for (const [id, joules] of before) {
      const rise = (scene.value(energyJoules, { meter: id }) ?? Number.NaN) - joules;
      // A minute at the power of the site; an hour of the past would be sixty times that.
      expect(rise, id).toBeLessThan(200_000 * 60);
    }
  } finally {
    await scene.close();
  }
}, 60_000);
