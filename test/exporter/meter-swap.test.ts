import { expect, test } from 'vitest';
import { energyJoules, siteEnergyJoules } from '../../model/metrics/energy.ts';
import { pueRatio, pueUnavailable } from '../../model/metrics/pue.ts';
import { HOUR, MINUTE, meterScene, START } from './account/meter-scene.ts';

const AT = (hours: number): number => START + hours * HOUR;
const life = (key: 'valid_from' | 'valid_to', hours: number): string => `${key}: ${new Date(AT(hours)).toISOString()}`;

/** Each meter's register stands somewhere else: gate 100 kW, IT 80 kW. */
const level = (id: string, at: number): number =>
  ((id.length * 7_000_000) % 11_000_000) + ((id.startsWith('gate') ? 100_000 : 80_000) * (at - START)) / HOUR;

test('meters that are swapped by declaration: windows hold, no counter steps back, the new ones go on', async () => {
  const scene = meterScene(
    [
      { id: 'gate', role: 'facility', more: life('valid_to', 10) },
      { id: 'gate-new', role: 'facility', more: life('valid_from', 10) },
      { id: 'it', role: 'it', more: `parent: gate\n    ${life('valid_to', 12.5)}` },
      { id: 'it-second', role: 'it', more: `parent: it\n    ${life('valid_from', 12.5)}` },
    ],
    level,
  );
  try {
    const counters = () =>
      scene.series(siteEnergyJoules).map(({ value }) => (typeof value === 'object' ? value.units : 0n));
    await scene.until(START);
    let before = counters();
    let hourOfSwap: number | undefined;
    while (scene.time.wall < AT(25) + 5 * MINUTE) {
      const near = scene.time.wall >= AT(9) && scene.time.wall < AT(13);
      await scene.cycle(near ? MINUTE : 5 * MINUTE);
      const now = counters();
      for (const [i, value] of now.entries()) expect(value).toBeGreaterThanOrEqual(before[i] ?? 0n);
      before = now;
      if (scene.time.wall === AT(11) + 5 * MINUTE) hourOfSwap = scene.value(pueRatio, { site: 's', window: '1h' });
    }
    expect(hourOfSwap).toBeCloseTo(1.25, 3);
    // 23 hours; the minute after the old gate's last reading is nobody's.
    expect(scene.value(pueRatio, { site: 's', window: '24h' })).toBeCloseTo((23 * 60 - 1) / (23 * 60) / 0.8, 5);
    expect(scene.series(pueUnavailable).filter(({ labels }) => labels['window'] === '24h')).toEqual([]);
    expect(scene.value(energyJoules, { meter: 'gate' })).toBeCloseTo(100 * (10 * HOUR - MINUTE), -5);
    expect(scene.value(energyJoules, { meter: 'gate-new' })).toBeCloseTo(100 * (15 * HOUR + 5 * MINUTE), -5);
    // Only what passed between the last reading of an old meter and the first of the new one is missing.
    const facility = scene.value(siteEnergyJoules, { site: 's', side: 'facility' }) ?? 0;
    const it = scene.value(siteEnergyJoules, { site: 's', side: 'it' }) ?? 0;
    const real = 25 * HOUR + 5 * MINUTE;
    for (const [seen, kw] of [
      [facility, 100],
      [it, 80],
    ] as const) {
      expect(seen).toBeLessThanOrEqual(kw * real);
      expect(seen).toBeGreaterThan(kw * (real - 2 * MINUTE));
    }
  } finally {
    await scene.end();
  }
}, 30_000);

test('the last level of a meter whose life has ended is brought by a hand reading', async () => {
  const scene = meterScene(
    [
      { id: 'gate', role: 'facility' },
      { id: 'it', role: 'it', more: `parent: gate\n    ${life('valid_to', 3)}` },
      { id: 'it-second', role: 'it', more: `parent: it\n    ${life('valid_from', 3)}` },
    ],
    (id, at) => (id === 'it' && at > AT(1) ? null : level(id, at)),
  );
  try {
    await scene.until(AT(4) + 5 * MINUTE);
    const counter = scene.value(energyJoules, { meter: 'it' });
    const outcome = await scene.ask({ meter: 'it', at: AT(3), value: level('it', AT(3)) });
    expect(outcome).toMatchObject({ done: { from: AT(1), to: AT(3), millijoules: String(160_000n * 3_600_000n) } });
    expect(scene.value(energyJoules, { meter: 'it' })).toBe(counter);
  } finally {
    await scene.end();
  }
});
