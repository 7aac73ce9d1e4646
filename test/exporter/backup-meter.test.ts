import { expect, test } from 'vitest';
import { energyJoules } from '../../model/metrics/energy.ts';
import { maintenance } from '../../model/metrics/info.ts';
import { pueCoveredSeconds, pueRatio, pueSubstitutedSeconds, pueUnavailable } from '../../model/metrics/pue.ts';
import { HOUR, MINUTE, meterScene, START } from './account/meter-scene.ts';

const DAY = 24 * HOUR;
/** it 80 kW, chiller 15 kW, and 5 kW that only the gate counts. */
const kilowatts: Readonly<Record<string, number>> = { gate: 100, it: 80, chiller: 15 };
const level = (id: string, at: number): number => 1_000_000 + ((kilowatts[id] ?? 0) * 1000 * (at - START)) / HOUR;

const meters = [
  { id: 'gate', role: 'facility', more: 'backup: gate-calc' },
  { id: 'gate-calc', role: 'other', formula: 'it + chiller + 5 kW' },
  { id: 'it', role: 'it', more: 'parent: gate' },
  { id: 'chiller', role: 'cooling', more: 'parent: gate' },
] as const;

test('a backup stands in for a boundary meter that is dead for 20 days, and gives way when its register is back', async () => {
  const dead = { from: START + 2 * DAY, to: START + 22 * DAY };
  const scene = meterScene(meters, (id, at) =>
    id === 'gate' && at > dead.from && at < dead.to ? null : level(id, at),
  );
  const month = { site: 's', window: '30d' };
  const day = { site: 's', window: '24h', side: 'facility' };
  try {
    await scene.until(START);
    await scene.until(START + 10 * DAY + 5 * MINUTE, HOUR);
    expect(scene.value(pueRatio, { site: 's', window: '24h' })).toBeCloseTo(1.25, 3);
    expect(scene.value(pueSubstitutedSeconds, day)).toBe(86_400);
    expect(scene.value(pueCoveredSeconds, day)).toBe(86_400);
    expect(scene.value(pueSubstitutedSeconds, { ...day, side: 'it' })).toBe(0);
    const ytd = { site: 's', window: 'ytd', side: 'facility' };
    expect(scene.value(pueSubstitutedSeconds, ytd)).toBe(8 * 86_400);
    expect(scene.events('substituted')).toMatchObject([{ source: 'gate', state: 'begins', backup: '+it +chiller' }]);
    // A restart says it no second time.
    await scene.restart();
    await scene.until(START + 30 * DAY + 5 * MINUTE, HOUR);
    expect(scene.events('substituted')).toMatchObject([{ state: 'begins' }, { state: 'ends' }]);
    // The month holds the whole gap, which the register bridged: nothing is calculated in it.
    expect(scene.value(pueRatio, month)).toBeCloseTo(1.25, 4);
    expect(scene.value(pueSubstitutedSeconds, { ...month, side: 'facility' })).toBe(0);
    expect(scene.value(energyJoules, { meter: 'gate' })).toBeCloseTo(100 * (30 * DAY + 5 * MINUTE), -8);
    await scene.until(START + 35 * DAY + 5 * MINUTE, HOUR);
    // Begins within the gap: its hours are calculated again, and the one in which the register came back.
    expect(scene.value(pueRatio, month)).toBeCloseTo(1.25, 3);
    expect(scene.value(pueSubstitutedSeconds, { ...month, side: 'facility' })).toBe(17 * 86_400 + 3600);
  } finally {
    await scene.end();
  }
}, 60_000);

test('where the backup is dead too there is no PUE', async () => {
  const scene = meterScene(meters, (id, at) => (id !== 'it' && at > START + 20 * HOUR ? null : level(id, at)));
  try {
    await scene.until(START + 30 * HOUR + 5 * MINUTE, 30 * MINUTE);
    const reasons = scene.series(pueUnavailable).filter(({ labels }) => labels['window'] === '24h');
    expect(reasons.map(({ labels }) => labels['reason'])).toEqual(['coverage']);
    expect(scene.events('substituted')).toEqual([]);
  } finally {
    await scene.end();
  }
});

test('a maintenance window is a metric while it is open, and removes no data', async () => {
  const span = [1, 2].map((hours) => new Date(START + hours * HOUR).toISOString());
  const scene = meterScene(meters, level, {
    extra: `maintenance: [{ site: s, from: ${span[0]}, to: ${span[1]}, reason: { zh: 检修, en: works } }]\n`,
  });
  try {
    const seen: (number | undefined)[] = [];
    for (const minutes of [50, 60, 110, 120]) {
      await scene.until(START + minutes * MINUTE);
      seen.push(scene.value(maintenance, { site: 's' }));
    }
    expect(seen).toEqual([undefined, 1, 1, undefined]);
    expect(scene.value(energyJoules, { meter: 'gate' })).toBeCloseTo(100 * 2 * HOUR, -4);
  } finally {
    await scene.end();
  }
});
