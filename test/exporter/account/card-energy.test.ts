import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardEnergy, noCards } from '../../../exporter/account/compute/card-energy.ts';
import type { Device } from '../../../exporter/judge/device/device.ts';
import { cardStates } from '../../../model/card-states.ts';

const S = 1000;
const GAP = 45 * S;

/** A card of 400 W; pods hold `shares` of it, each with its own activity. */
function card(
  powerW: number | null,
  pods: readonly (readonly [share: number, activity: number | null])[] = [],
): Device {
  const fixed = { id: 'GPU-1', model: 'm', healthy: true, signal: 'tensor', clockRatio: 1, tier: 'T1' } as const;
  const allocations = pods.map(([share, activity], i) => ({ namespace: 'a', pod: `p${i}`, share, activity }));
  return { ...fixed, peakTflops: 1000, powerW, activity: 0.5, allocations, at: 0 };
}

function run(readings: readonly (readonly [at: number, ...devices: Device[]])[]): Record<string, bigint> {
  const sums = { busy: 0n, idle: 0n, unallocated: 0n };
  let state = noCards;
  for (const [at, ...devices] of readings) {
    const next = cardEnergy(state, { at, devices }, GAP);
    state = next.state;
    for (const name of cardStates) sums[name] += next.millijoules[name];
  }
  return sums;
}

test('the trapezoid, each half by the state at its end: 100 W idle, then 400 W busy, over 10 s', () => {
  expect(
    run([
      [0, card(100, [[1, 0.005]])],
      [10 * S, card(400, [[1, 0.9]])],
    ]),
  ).toEqual({
    busy: 2_000_000n, // 400 W x 5 s in mJ
    idle: 500_000n, // 100 W x 5 s
    unallocated: 0n,
  });
});

test('a card of nobody is unallocated; one of which a pod holds 3 of 7 slices is divided', () => {
  expect(
    run([
      [0, card(70)],
      [10 * S, card(70)],
    ]),
  ).toEqual({ busy: 0n, idle: 0n, unallocated: 700_000n });
  const sliced = card(70, [[3 / 7, 0.2]]);
  expect(
    run([
      [0, sliced],
      [10 * S, sliced],
    ]),
  ).toEqual({ busy: 300_000n, idle: 0n, unallocated: 400_000n });
});

test("what an unhealthy card draws is nobody's, and without a known activity nothing is called idle", () => {
  const sick = { ...card(100, [[1, 0]]), healthy: false };
  expect(
    run([
      [0, sick],
      [S, sick],
    ]),
  ).toEqual({ busy: 0n, idle: 0n, unallocated: 100_000n });
  const unknown = card(100, [[1, null]]);
  expect(
    run([
      [0, unknown],
      [S, unknown],
    ]),
  ).toEqual({ busy: 100_000n, idle: 0n, unallocated: 0n });
});

test("the card's own counter says how much it was, unless it was reset or counts in another unit", () => {
  const counting = (joules: number) => ({ ...card(100), energyJ: { n: BigInt(joules), d: 1n } });
  const drawn = (from: number, to: number) =>
    run([
      [0, counting(from)],
      [10 * S, counting(to)],
    ])['unallocated'];
  expect(drawn(5000, 6100)).toBe(1_100_000n); // 100 W x 10 s would be 1000 J
  expect(drawn(5000, 0)).toBe(1_000_000n);
  expect(drawn(5_000_000, 6_100_000)).toBe(1_000_000n);
});

test('nothing is credited over a gap, nor for a card that says no power', () => {
  expect(
    run([
      [0, card(100)],
      [GAP + 1, card(100)],
      [GAP + 2, card(null)],
    ]),
  ).toEqual({
    busy: 0n,
    idle: 0n,
    unallocated: 0n,
  });
});

test('parts add up to the integral, whatever the pods do, within the one millijoule a state that is still to come', () => {
  const reading = fc.record({
    watts: fc.double({ min: 0, max: 1000, noNaN: true }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    activity: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    ms: fc.integer({ min: 1, max: GAP }),
  });
  fc.assert(
    fc.property(fc.array(reading, { minLength: 2, maxLength: 30 }), (readings) => {
      let at = 0;
      let exact = 0;
      const told = readings.map(({ watts, share, activity, ms }, i) => {
        at += ms;
        exact += i === 0 ? 0 : (ms * (watts + (readings[i - 1]?.watts ?? 0))) / 2;
        return [at, card(watts, [[share, activity === null ? null : activity * share]])] as const;
      });
      const sums = run(told);
      const whole = Number((sums['busy'] ?? 0n) + (sums['idle'] ?? 0n) + (sums['unallocated'] ?? 0n));
      expect(Math.abs(exact - whole)).toBeLessThan(3.001 + exact * 1e-9);
    }),
  );
});
