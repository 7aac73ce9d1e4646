import { expect, test } from 'vitest';
import { pueCoverageRatio, pueRatio, pueUnavailable } from '../../model/metrics/pue.ts';
import { smallEstate, twinScene } from '../twin-scene.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00');

interface Seen {
  readonly ratio: number | undefined;
  readonly reason: string | undefined;
  readonly coverage: number | undefined;
}

/**
 * 49 simulated hours at 60 s over real sockets. The IT meter is silent from 10:00 to 12:30 on the first day, as in the
 * worked example of the design. Loads are such that the UPS meter's step of 0.1 kWh is far below 0.1 % of an hour. What the windows say is looked at five minutes after each full hour.
 */
test("PUE appears and vanishes as the worked example says, and is the twin's wherever it appears", async () => {
  const scene = await twinScene(smallEstate('1m', { count: 256, telemetry: false }), MIDNIGHT);
  const seen = new Map<string, Seen>();
  let fault: string | undefined;
  try {
    await scene.beat();
    for (let minute = 1; minute <= 49 * 60 + 5; minute++) {
      await scene.step(MINUTE);
      if (minute === 10 * 60) fault = (await scene.twin.fault({ target: 'ups', kind: 'silent', mode: 'refuse' })).id;
      if (minute === 12 * 60 + 29 && fault) await scene.twin.release(fault);
      if (minute % 60 !== 5) continue;
      const end = MIDNIGHT + (minute - 5) * MINUTE;
      for (const [window, hours] of [
        ['1h', 1],
        ['24h', 24],
      ] as const) {
        const labels = { site: 's', window };
        const ratio = scene.value(pueRatio, labels);
        const reason = scene.series(pueUnavailable).find((one) => one.labels['window'] === window)?.labels['reason'];
        seen.set(`${window} ${(minute - 5) / 60}`, { ratio, reason, coverage: scene.value(pueCoverageRatio, labels) });
        if (ratio === undefined) continue;
        expect(reason, 'a ratio or a reason').toBe(undefined);
        const from = scene.twin.truth(end - hours * HOUR).sites['s'];
        const to = scene.twin.truth(end).sites['s'];
        if (!from || !to) throw new Error('the twin knows no site s');
        const truth = (to.facility_j - from.facility_j) / (to.it_j - from.it_j);
        expect(
          Math.abs(ratio / truth - 1),
          `${window} ending ${(minute - 5) / 60}:00: ${ratio}, truth ${truth}`,
        ).toBeLessThan(0.001);
      }
    }
  } finally {
    await scene.close();
  }
  const at = (window: string, hour: number): Seen | undefined => seen.get(`${window} ${hour}`);
  for (let hour = 1; hour <= 49; hour++) {
    const gap = hour >= 11 && hour <= 13;
    expect([hour, at('1h', hour)?.reason]).toEqual([hour, gap ? 'coverage' : undefined]);
  }
  for (let hour = 1; hour < 24; hour++) expect([hour, at('24h', hour)?.reason]).toEqual([hour, 'young']);
  expect(at('24h', 24)).toMatchObject({ reason: undefined, coverage: 1 });
  expect(at('24h', 34)).toMatchObject({ reason: undefined });
  expect(at('24h', 35)).toMatchObject({ reason: 'coverage', ratio: undefined });
  expect(at('24h', 35)?.coverage).toBeCloseTo(22.5 / 24, 2);
  expect(at('24h', 36)).toMatchObject({ reason: undefined });
  expect(at('24h', 49)).toMatchObject({ reason: undefined, coverage: 1 });
}, 120_000);
