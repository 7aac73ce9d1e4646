import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import {
  type Credit,
  type Integration,
  type Observation,
  beginning,
  integrate,
} from '../../../exporter/account/compute/integration.ts';
import type { Device } from '../../../exporter/judge/device/device.ts';

const S = 1000;
const options = {
  maxGap: 45 * S,
  holderOf: (namespace: string) =>
    namespace === 'a' ? { tenant: 'copper', action: 'industrial-production' } : holders([])(namespace),
};

/** A card of 1000 TFLOPS held by one pod of namespace a: 1 s of full activity is 1 PFlop-second, 1e6 gflop. */
function card(activity: number | null, rest: Partial<Device> = {}): Device {
  const fixed = { id: 'GPU-1', model: 'm', healthy: true, signal: 'tensor', clockRatio: 1, tier: 'T1' } as const;
  const allocations = [{ namespace: 'a', pod: 'p', share: 1, activity }];
  return { ...fixed, peakTflops: 1000, powerW: null, activity, allocations, at: Math.random(), ...rest };
}

/** Credits of a run of observations, summed by 'tenant/action/tier'. */
function run(observations: readonly Observation[]): { totals: Record<string, number>; state: Integration } {
  const totals: Record<string, number> = {};
  let state = beginning;
  for (const observation of observations) {
    const next = integrate(state, observation, options);
    state = next.state;
    for (const credit of next.credits)
      totals[seriesOf(credit)] = (totals[seriesOf(credit)] ?? 0) + Number(credit.gflop);
  }
  return { totals, state };
}
const seriesOf = ({ tenant, action, tier, precision }: Credit) => `${tenant}/${action}/${precision}/${tier}`;
const COPPER = 'copper/industrial-production/fp16/T1';
const UNASSIGNED = 'unassigned/none/fp16/T1';

describe('work between two readings of a card of 1 PFlops', () => {
  test('is the trapezoid: 0.2 to 0.4 over 10 s at 1.1 of the reference clock', () => {
    const { totals } = run([
      { at: 0, devices: [card(0.2, { clockRatio: 1.1 })] },
      { at: 10 * S, devices: [card(0.4, { clockRatio: 1.1 })] },
    ]);
    expect(totals).toEqual({ [COPPER]: 3_300_000 });
  });

  test('is nothing at the first reading, but its series begins at 0', () => {
    expect(integrate(beginning, { at: 5, devices: [card(1)] }, options).credits).toEqual([
      { tenant: 'copper', action: 'industrial-production', precision: 'fp16', tier: 'T1', gflop: 0n },
    ]);
  });

  test('bridges a device that is missing once, and nothing beyond the longest gap', () => {
    const full = { devices: [card(1)] };
    const missing = { at: 15 * S, devices: [card(null, { tier: null })] };
    expect(run([{ at: 0, ...full }, missing, { at: 30 * S, devices: [card(1)] }]).totals).toEqual({ [COPPER]: 30e6 });
    expect(
      run([
        { at: 0, ...full },
        { at: 46 * S, devices: [card(1)] },
      ]).totals,
    ).toEqual({ [COPPER]: 0 });
  });

  test('does not take an old reading, repeated with its old time, for a new one', () => {
    const repeated = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ at: i * 15 * S, devices: [card(1, { at: 7 })] }));
    expect(run(repeated(20)).totals).toEqual({ [COPPER]: 0 });
    expect(run([...repeated(2), { at: 30 * S, devices: [card(1)] }]).totals).toEqual({ [COPPER]: 30e6 });
    expect(run([...repeated(7), { at: 105 * S, devices: [card(1)] }]).totals).toEqual({ [COPPER]: 0 });
  });

  test('of an exporter that refreshes once a minute is counted whole, once its cadence is known', () => {
    const polls = Array.from({ length: 81 }, (_, i) => ({
      at: i * 15 * S,
      devices: [card(1, { at: Math.floor(i / 4) })],
    }));
    // 20 minutes; of the first one nobody knew that it would take so long
    expect(run(polls).totals).toEqual({ [COPPER]: 19 * 60e6 });
    // A freeze of five minutes is no refresh.
    const frozen = polls.map(({ at, devices: [one] }) => ({
      at,
      devices: [{ ...one!, at: at < 300 * S ? one!.at : Math.max(one!.at, 99) }],
    }));
    expect(run(frozen).totals[COPPER]).toBeLessThan(6 * 60e6);
  });

  test('goes half to who holds the card before a change, half to who holds it after', () => {
    const free = card(0.5, { allocations: [] });
    const { totals } = run([
      { at: 0, devices: [card(1)] },
      { at: 10 * S, devices: [free] },
      { at: 20 * S, devices: [card(0.3, { allocations: [{ namespace: 'x', pod: 'p', share: 1, activity: 0.3 }] })] },
    ]);
    expect(totals).toEqual({ [COPPER]: 5e6, [UNASSIGNED]: 5e6, 'undeclared/none/fp16/T1': 1.5e6 });
  });

  test('goes half to the tier before a change of evidence, half to the one after', () => {
    const { totals } = run([
      { at: 0, devices: [card(0.4)] },
      { at: 10 * S, devices: [card(0.8, { tier: 'T3', signal: 'core', clockRatio: null })] },
    ]);
    expect(totals).toEqual({ [COPPER]: 2e6, 'copper/industrial-production/fp16/T3': 4e6 });
  });

  test('of the free part of a sliced card is unassigned, and so is that of an unhealthy card', () => {
    const held = [{ namespace: 'a', pod: 'p', share: 0.5, activity: 0.25 }];
    const sliced = () => card(0.35, { allocations: held });
    const { totals } = run(
      [0, 10 * S].map((at) => ({ at, devices: [sliced(), card(1, { id: 'GPU-2', healthy: false })] })),
    );
    expect(totals).toEqual({ [COPPER]: 2.5e6, [UNASSIGNED]: 11e6 });
  });

  test('of a card without an FP16 figure is not known', () => {
    expect(run([0, S].map((at) => ({ at, devices: [card(1, { peakTflops: undefined })] }))).totals).toEqual({});
  });

  test('keeps what is less than a gflop: 1000 steps of a third lose nothing but the last fraction', () => {
    const { totals, state } = run(
      Array.from({ length: 1001 }, (_, at) => ({ at, devices: [card(1, { peakTflops: 1 / 3 })] })),
    );
    expect(totals).toEqual({ [COPPER]: 333 });
    expect([...state.remainders.values()][0]).toBeCloseTo(1 / 3, 9);
  });

  test('a state that was handed in is not changed', () => {
    const { state } = integrate(beginning, { at: 0, devices: [card(1)] }, options);
    const first = integrate(state, { at: 10 * S, devices: [card(0.123456789)] }, options);
    const again = integrate(state, { at: 10 * S, devices: [card(0.123456789)] }, options);
    expect(again.credits).toEqual(first.credits);
  });
});

describe('for any devices and readings', () => {
  const namespaces = ['a', 'x', 'y'];
  const device = fc
    .record({
      id: fc.constantFrom('1', '2', '3'),
      activity: fc.double({ min: 0, max: 1, noNaN: true }),
      clockRatio: fc.constantFrom(null, 0.5, 1, 1.2),
      peakTflops: fc.constantFrom(256, 312, 989),
      tier: fc.constantFrom('T1' as const, 'T3' as const),
      healthy: fc.boolean(),
      pods: fc.array(fc.constantFrom(...namespaces), { maxLength: 3 }),
    })
    .map(({ pods, ...rest }) =>
      card(rest.activity, {
        ...rest,
        allocations: pods.map((namespace) => ({ namespace, pod: 'p', share: 1 / 4, activity: rest.activity / 4 })),
      }),
    );
  const devices = fc.uniqueArray(device, { selector: ({ id }) => id, maxLength: 3 });
  const observations = fc
    .array(fc.record({ step: fc.integer({ min: 1, max: 60 * S }), devices }), { maxLength: 8 })
    .map((steps) => {
      let at = 0;
      return steps.map(({ step, devices: seen }) => ({ at: (at += step), devices: seen }));
    });

  test('the credits of all tenants make up the trapezoids of all devices, to the gflop', () => {
    fc.assert(
      fc.property(observations, (seen) => {
        const { totals, state } = run(seen);
        let expected = 0;
        const last = new Map<string, { at: number; rate: number }>();
        for (const { at, devices: now } of seen) {
          for (const { id, activity, clockRatio, peakTflops } of now) {
            const rate = (activity ?? 0) * (clockRatio ?? 1) * (peakTflops ?? 0);
            const before = last.get(id);
            if (before && at - before.at <= options.maxGap) expected += ((before.rate + rate) / 2) * (at - before.at);
            last.set(id, { at, rate });
          }
        }
        const kept = [...state.remainders.values()].reduce((sum, rest) => sum + rest, 0);
        const credited = Object.values(totals).reduce((sum, gflop) => sum + gflop, 0);
        expect(Math.abs(credited + kept - expected)).toBeLessThan(1e-3);
        for (const rest of state.remainders.values()) expect(rest >= 0 && rest < 1).toBe(true);
      }),
      { seed: 20_301_231, numRuns: 200 },
    );
  });

  test('no credit is negative, and the order of the devices makes no difference', () => {
    fc.assert(
      fc.property(observations, (seen) => {
        const forward = run(seen).totals;
        const backward = run(seen.map(({ at, devices: now }) => ({ at, devices: now.toReversed() }))).totals;
        expect(Object.keys(backward).sort()).toEqual(Object.keys(forward).sort());
        for (const [series, gflop] of Object.entries(forward)) {
          expect(gflop).toBeGreaterThanOrEqual(0);
          expect(Math.abs((backward[series] ?? NaN) - gflop)).toBeLessThanOrEqual(1);
        }
      }),
      { seed: 20_301_231, numRuns: 200 },
    );
  });

  test('constant activity read twice as often gives the same work', () => {
    fc.assert(
      fc.property(
        device,
        fc.integer({ min: 2, max: 45 * S }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seen, ms, cut) => {
          const reading = (at: number) => ({ at, devices: [{ ...seen, at }] });
          const once = run([reading(0), reading(ms)]).totals;
          const twice = run(
            [reading(0), reading(Math.ceil(ms * cut) || 1), reading(ms)].toSorted((a, b) => a.at - b.at),
          ).totals;
          expect(Object.keys(twice)).toEqual(Object.keys(once));
          for (const [series, gflop] of Object.entries(once)) {
            expect(Math.abs((twice[series] ?? NaN) - gflop)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { seed: 20_301_231, numRuns: 200 },
    );
  });
});
