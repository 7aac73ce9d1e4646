import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ageGap } from '../../../exporter/judge/meter/register-gap.ts';
import { firstReading, type RegisterState } from '../../../exporter/judge/meter/register-state.ts';
import { judgeRegister } from '../../../exporter/judge/meter/register.ts';
import type { RegisterLimits } from '../../../exporter/judge/meter/register-limits.ts';
import { rational } from '../../../model/rational.ts';

const WH = rational(3_600_000n);
const limits: RegisterLimits = {
  scale: WH,
  modulus: null,
  ratedWatts: 100_000,
  step: () => rational(1n),
  everyMs: 15_000,
};

interface Step {
  readonly level: bigint;
  readonly seconds?: number;
  readonly watts?: number | null;
}

/** Feeds readings one after the other; returns what was credited in Wh, unmetered seconds and events. */
function feed(first: bigint, steps: readonly Step[], over: Partial<RegisterLimits> = {}, idleOk = false) {
  let state: RegisterState = firstReading(rational(first), 0);
  let at = 0;
  let millijoules = 0n;
  let unmetered = 0;
  const events: string[] = [];
  for (const { level, seconds = 15, watts = null } of steps) {
    at += seconds * 1000;
    const verdict = judgeRegister(
      state,
      { level: rational(level), at, gap: at - state.at, watts, idleOk },
      { ...limits, ...over },
    );
    state = verdict.state;
    for (const span of verdict.spans) millijoules += span.millijoules;
    unmetered += verdict.unmetered / 1000;
    if (verdict.event) events.push(verdict.event.kind);
  }
  return { wh: Number(millijoules) / 3_600_000, unmetered, events, state, at };
}

describe('a register', () => {
  test('credits what it rose by', () => {
    expect(feed(1000n, [{ level: 1200n }, { level: 1400n }])).toMatchObject({ wh: 400, unmetered: 0, events: [] });
  });

  test('rises by no more than 1.2 times rated power and two steps', () => {
    // 100 kW x 15 s x 1.2 = 500 Wh, and two steps of 1 Wh
    expect(feed(0n, [{ level: 502n }]).wh).toBe(502);
    expect(feed(0n, [{ level: 503n }])).toMatchObject({ wh: 0, events: ['held'] });
  });

  test('one zero, or one spike, costs nothing', () => {
    expect(feed(1000n, [{ level: 0n }, { level: 1800n }])).toMatchObject({ wh: 800, events: ['held', 'transient'] });
    expect(feed(1000n, [{ level: 99_000n }, { level: 1800n }])).toMatchObject({
      wh: 800,
      events: ['held', 'transient'],
    });
  });

  test('zeros without end are no new level: nothing is credited, and the old level is waited for', () => {
    const zeros = Array.from({ length: 20 }, () => ({ level: 0n }));
    expect(feed(1_000_000n, [...zeros, { level: 1_008_000n }])).toMatchObject({ wh: 8000, unmetered: 0 });
  });

  test('a reset is rebased when two further readings agree, and credited from zero', () => {
    const { wh, unmetered, events } = feed(1_000_000n, [
      { level: 100n },
      { level: 300n },
      { level: 500n },
      { level: 700n },
    ]);
    expect({ wh, unmetered, events }).toEqual({ wh: 700, unmetered: 15, events: ['held', 'held', 'reset'] });
  });

  test('another level far from zero is rebased and credits nothing', () => {
    const { wh, unmetered, events } = feed(1_000_000n, [
      { level: 5000n },
      { level: 5200n },
      { level: 5400n },
      { level: 5600n },
    ]);
    expect({ wh, unmetered, events }).toEqual({ wh: 200, unmetered: 45, events: ['held', 'held', 'rebased'] });
  });

  test('near zero is what two intervals bring, however long the register was silent', () => {
    // After 10 h a register stands at 90 kWh: less than the gap could bring, but it may be another meter.
    const steps = [{ level: 90_000n, seconds: 36_000 }, { level: 90_100n }, { level: 90_200n }];
    expect(feed(1_000_000n, steps)).toMatchObject({ wh: 0, events: ['held', 'held', 'rebased'] });
  });

  test('rolls over its modulus', () => {
    const over = { modulus: 1_000_000n };
    expect(feed(999_900n, [{ level: 200n }], over)).toMatchObject({ wh: 300, unmetered: 0, events: ['rollover'] });
  });

  test('a gap that could hide a rollover credits nothing', () => {
    // 100 kW x 1.2 x 10 h = 1.2 MWh > 1 MWh
    const answer = feed(10_000n, [{ level: 20_000n, seconds: 36_000 }], { modulus: 1_000_000n });
    expect(answer).toMatchObject({ wh: 0, unmetered: 36_000, events: ['ambiguous_rollover'] });
  });

  test('across more than an hour the rise is bridged and its time is unmetered', () => {
    expect(feed(0n, [{ level: 150_000n, seconds: 9000 }, { level: 150_200n }])).toMatchObject({
      wh: 150_200,
      unmetered: 9000,
      events: ['held', 'bridged'],
    });
    expect(feed(0n, [{ level: 50_000n, seconds: 3600 }])).toMatchObject({ wh: 50_000, unmetered: 0, events: [] });
  });

  test('is stuck when it should have moved, from its first unchanged reading', () => {
    // 50 kW: two steps of 1 Wh take 0.14 s, so five intervals decide
    const still = Array.from({ length: 8 }, () => ({ level: 1000n, watts: 50_000 }));
    expect(feed(1000n, still)).toMatchObject({ wh: 0, unmetered: 120, events: ['stuck'] });
    expect(feed(1000n, [...still, { level: 2800n }])).toMatchObject({
      wh: 1800,
      unmetered: 120,
      events: ['stuck', 'unstuck'],
    });
  });

  test('a coarse register that steps rarely is not stuck', () => {
    // 0.1 MWh steps at 20 kW: one step in 5 h
    const over = { scale: rational(360_000_000_000n) };
    const still = Array.from({ length: 8 }, () => ({ level: 1000n, seconds: 3000, watts: 20_000 }));
    expect(feed(1000n, still, over)).toMatchObject({ unmetered: 0, events: [] });
  });

  test('an idle meter is metered at nothing: at 0 W, or where it may idle', () => {
    const still = Array.from({ length: 50 }, () => ({ level: 1000n, watts: 0 }));
    expect(feed(1000n, still)).toMatchObject({ unmetered: 0, events: [], at: 750_000, state: { at: 750_000 } });
    expect(
      feed(
        1000n,
        still.map(({ level }) => ({ level })),
        {},
        true,
      ),
    ).toMatchObject({ unmetered: 0, state: { at: 750_000 } });
  });

  test('refuses negative levels and levels beyond the modulus', () => {
    expect(feed(10n, [{ level: -5n }]).events).toEqual(['held']);
    expect(feed(10n, [{ level: 2000n }], { modulus: 1000n, ratedWatts: 10_000 })).toMatchObject({
      wh: 0,
      events: ['held'],
    });
  });

  test('never goes on from a level that no register of its modulus shows, however often it is read', () => {
    const over = { modulus: 1_000_000n };
    for (const level of [-5n, 1_500_000n]) {
      const steps = [{ level }, { level }, { level }, { level }, { level: 200_100n }];
      const events = ['held', 'held', 'held', 'held', 'transient'];
      expect(feed(200_000n, steps, over)).toMatchObject({ wh: 100, unmetered: 0, events });
    }
    // The declaration had a larger modulus before: the fall from there is no rollover.
    expect(feed(1_500_000n, [{ level: 200_000n }], over)).toMatchObject({ wh: 0, events: ['held'] });
  });

  test('silence counts as unmetered after an hour, once', () => {
    const state = firstReading(rational(0n), 0);
    expect(ageGap(state, 3_600_000, 3_600_000).unmetered).toBe(0);
    const aged = ageGap(state, 3_615_000, 3_615_000);
    expect(aged.unmetered).toBe(3_615_000);
    const reading = { level: rational(10n), watts: null, idleOk: false };
    const first = judgeRegister(aged.state, { ...reading, at: 3_630_000, gap: 3_630_000 }, limits);
    expect(first).toMatchObject({ spans: [], unmetered: 0 });
    const bridged = judgeRegister(first.state, { ...reading, at: 3_645_000, gap: 3_645_000 }, limits);
    expect(bridged.unmetered).toBe(15_000);
    expect(bridged.spans).toMatchObject([
      { from: 0, to: 3_630_000, millijoules: 36_000_000n, kind: 'bridged', levels: { from: '0/1', to: '10/1' } },
      { from: 3_630_000, to: 3_645_000, millijoules: 0n, kind: 'metered' },
    ]);
  });
});

/** A meter that counts truly, behind a display that lies now and then. */
const fault = fc.constantFrom('none', 'none', 'none', 'zero', 'spike', 'stuck', 'silent', 'reset', 'swap');

describe('any sequence of faults', () => {
  test('never credits more than the truth, and never steps back', () => {
    const step = fc.record({
      fault,
      watts: fc.integer({ min: 3000, max: 100_000 }),
      seconds: fc.integer({ min: 1, max: 7200 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.bigInt({ min: 0n, max: 2n ** 50n }), (steps, start) => {
        let truth = 0; // Wh since the start
        let base = start; // what the register showed at its last reset, less the truth then
        let state = firstReading(rational(start), 0);
        let at = 0;
        let credited = 0n;
        let shown = start;
        for (const { fault: kind, watts, seconds } of steps) {
          at += seconds * 1000;
          truth += (watts * seconds) / 3600;
          if (kind === 'reset') base = -BigInt(Math.floor(truth));
          const level = base + BigInt(Math.floor(truth));
          if (kind === 'silent') continue;
          if (kind !== 'stuck') shown = level;
          const answer =
            { zero: 0n, spike: level + 10n ** 9n, swap: (level << 16n) & (2n ** 60n - 1n) }[kind as string] ?? shown;
          const reading = { level: rational(answer), at, gap: at - state.at, watts: null, idleOk: false };
          const verdict = judgeRegister(state, reading, limits);
          state = verdict.state;
          for (const { millijoules } of verdict.spans) {
            expect(millijoules >= 0n).toBe(true);
            credited += millijoules;
          }
          // One step of the register is the resolution of the truth itself.
          expect(Number(credited) / 3_600_000).toBeLessThanOrEqual(truth + 1);
        }
      }),
      { seed: 2030, numRuns: 2000 },
    );
  });
});

describe('faults that last, on registers young and old', () => {
  test('credit no more than the truth and one step', () => {
    const phase = fc.record({
      fault: fc.constantFrom('none', 'none', 'zero', 'zero and no power', 'spike', 'stuck', 'silent', 'reset', 'gap'),
      reads: fc.integer({ min: 1, max: 8 }),
      share: fc.constantFrom(0.02, 0.1, 0.5, 0.9),
    });
    const meter = fc.record({
      wh: fc.constantFrom(1, 10, 100),
      start: fc.constantFrom(50, 1000, 1_000_000),
      everyMs: fc.constantFrom(5000, 15_000, 60_000),
    });
    fc.assert(
      fc.property(meter, fc.array(phase, { minLength: 1, maxLength: 20 }), ({ wh, start, everyMs }, phases) => {
        const scaled = { ...limits, everyMs, scale: rational(BigInt(wh) * 3_600_000n) };
        let [truth, base, at, credited] = [0, start, 0, 0n];
        let state = firstReading(rational(BigInt(start)), 0);
        let shown = BigInt(start);
        for (const { fault: kind, reads, share } of [{ fault: 'none', reads: 3, share: 0.5 }, ...phases]) {
          const watts = share * limits.ratedWatts;
          if (kind === 'reset') base = -truth / wh;
          for (let i = 0; i < (kind === 'gap' ? 1 : reads); i++) {
            const ms = kind === 'gap' ? reads * 3_600_000 : everyMs;
            at += ms;
            truth += (watts * ms) / 3_600_000;
            const level = BigInt(Math.floor(base + truth / wh + 1e-9));
            if (kind === 'silent') continue;
            if (kind !== 'stuck') shown = level;
            const zero = kind === 'zero' || kind === 'zero and no power';
            const answer = zero ? 0n : kind === 'spike' ? level + 10_000_000n : shown;
            const reading = {
              level: rational(answer),
              at,
              gap: at - state.at,
              watts: kind === 'zero and no power' ? 0 : watts,
              idleOk: false,
            };
            const verdict = judgeRegister(state, reading, scaled);
            state = verdict.state;
            for (const { millijoules } of verdict.spans) credited += millijoules;
            expect(Number(credited) / 3_600_000).toBeLessThanOrEqual(truth + wh);
          }
        }
      }),
      { seed: 2030, numRuns: 3000 },
    );
  });
});
