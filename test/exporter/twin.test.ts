import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computePflops, computePflopSeconds } from '../../model/metrics/compute.ts';
import { energyJoules, meterUnmeteredSeconds, powerWatts, siteEnergyJoules } from '../../model/metrics/energy.ts';
import type { Truth } from '../../twin/truth.ts';
import { twinScene, type TwinScene } from '../twin-scene.ts';

const EVERY = 15_000;
const BEATS = 40;

/** The shipped declaration, ten minutes on the twin's clock, no fault. */
describe('ten minutes of the demonstration', () => {
  let scene: TwinScene;
  let first: Truth;
  let last: Truth;
  /** pool -> Σ |change of delivered PFlops| x interval: what one interval for each job edge can hide */
  const edges = new Map<string, number>();

  beforeAll(async () => {
    scene = await twinScene();
    first = scene.twin.truth();
    await scene.beat();
    let before = first;
    for (let i = 0; i < BEATS; i++) {
      await scene.step(EVERY);
      const now = scene.twin.truth();
      for (const [id, { delivered_pflops: pflops }] of Object.entries(now.pools)) {
        const change = Math.abs(pflops - (before.pools[id]?.delivered_pflops ?? 0));
        edges.set(id, (edges.get(id) ?? 0) + (change * EVERY) / 1000);
      }
      before = now;
    }
    last = before;
  });
  afterAll(() => scene.close());

  /** Meters that the twin plays; a calculated one is no device. */
  const devices = () => scene.plan.estate.meters.filter(({ source }) => source.protocol !== 'calculated');

  test('the calculated backup of the gate comes near it', () => {
    const used = (last.meters['nc-gate']?.joules ?? Number.NaN) - (first.meters['nc-gate']?.joules ?? Number.NaN);
    const counted = scene.value(energyJoules, { meter: 'nc-gate-calc', evidence: 'calculated' }) ?? 0;
    expect(Math.abs(counted / used - 1), `${counted} J of ${used} J`).toBeLessThan(0.03);
  });

  test('energy is what the twin used', () => {
    for (const { id, registers } of devices()) {
      const used = (last.meters[id]?.joules ?? Number.NaN) - (first.meters[id]?.joules ?? Number.NaN);
      const step = registers.energy ? (last.meters[id]?.step_j ?? 0) : 0;
      const counted = scene.value(energyJoules, { meter: id }) ?? 0;
      expect(Math.abs(counted - used), `${id}: ${counted} J of ${used} J`).toBeLessThanOrEqual(0.001 * used + step);
      expect(scene.value(meterUnmeteredSeconds, { meter: id })).toBe(0);
    }
  });

  test('the energy of each side is what the twin used', () => {
    for (const [site, truth] of Object.entries(last.sites)) {
      const begun = first.sites[site];
      for (const [side, used] of [
        ['facility', truth.facility_j - (begun?.facility_j ?? Number.NaN)],
        ['it', truth.it_j - (begun?.it_j ?? Number.NaN)],
      ] as const) {
        const counted = scene.value(siteEnergyJoules, { site, side }) ?? 0;
        // Three registers of 0.1 kWh at most, each one step late, and their last interval.
        expect(Math.abs(counted - used), `${site} ${side}: ${counted} J of ${used} J`).toBeLessThanOrEqual(
          0.001 * used + 3 * 360_000 * 8,
        );
        expect(counted).toBeGreaterThan(0.9 * used);
      }
    }
  });

  test('power is what the twin draws', () => {
    for (const { id, site } of devices()) {
      const watts = last.meters[id]?.watts ?? Number.NaN;
      // 0.1 W registers and float32
      expect(scene.value(powerWatts, { site, meter: id }), id).toBeCloseTo(watts, -1);
    }
  });

  test('work is what the twin executed', () => {
    const seconds = (BEATS * EVERY) / 1000;
    for (const { id } of scene.plan.estate.pools) {
      const truth = last.pools[id];
      expect(scene.value(computePflops, { pool: id, step: 'nominal' }), id).toBeCloseTo(
        truth?.nominal_pflops ?? Number.NaN,
        9,
      );
      const rows = scene.series(computePflopSeconds).filter(({ labels }) => labels['pool'] === id);
      const counted = rows.reduce(
        (sum, { value }) => sum + (typeof value === 'number' ? value : Number(value.units) / 1e6),
        0,
      );
      const executed = Object.entries(truth?.pflop_seconds ?? {}).reduce(
        (sum, [tenant, work]) => sum + work - (first.pools[id]?.pflop_seconds[tenant] ?? Number.NaN),
        0,
      );
      const tier = rows[0]?.labels['tier'];
      // Whole per cents are half a point of peak off at most; core activity is an upper bound.
      const percent = tier === 'T1' ? 0 : 0.005 * (truth?.nominal_pflops ?? 0) * seconds;
      const slack = 0.001 * executed + (edges.get(id) ?? 0) + percent;
      expect(executed, `${id} works`).toBeGreaterThan(0);
      expect(counted, `${id} ${tier}: ${counted} of ${executed} PFlop-seconds`).toBeGreaterThanOrEqual(
        executed - slack,
      );
      const most = tier === 'T3' ? Infinity : executed + slack;
      expect(counted, `${id} ${tier}: ${counted} of ${executed} PFlop-seconds`).toBeLessThanOrEqual(most);
    }
  });
});
