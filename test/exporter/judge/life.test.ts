import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../exporter/judge/verdict.ts';
import { judgeLife, meterOf, RATED_W } from './life.ts';
import { integrate, live, type Fault, type Moment, type Register, type Tick } from './oracle.ts';

const WH = 3_600_000n;
const HOUR = 3_600_000;
const plain = { metric: 'e', scale_to_wh: 1, modulus: 'none' };

/** Rows of like ticks, as faults come in the field: they last, and silence may last for hours. */
const rows = (faults: readonly Fault[], jumps: readonly number[] = [0]) =>
  fc
    .array(
      fc.record({
        fault: fc.constantFrom('none', 'none', ...faults),
        reads: fc.integer({ min: 1, max: 6 }),
        ms: fc.constantFrom(14_500, 15_000, 15_700, 44_000, 600_000, 5 * HOUR),
        watts: fc.constantFrom(2000, 10_000, 50_000, RATED_W),
        jump: fc.constantFrom(0, 0, 0, ...jumps),
        tariff: fc.constantFrom(0, 1, 2),
      }),
      { maxLength: 14 },
    )
    .map((list) => list.flatMap(({ reads, jump, ...tick }) => row(reads, tick, jump)));

function row(reads: number, tick: Omit<Tick, 'jump'>, jump: number): Tick[] {
  return Array.from({ length: reads }, (_, index) => ({ ...tick, jump: index === 0 ? jump : 0 }));
}

const honest = (reads: number): Tick[] => row(reads, { ms: 15_000, watts: 50_000, fault: 'none' }, 0);
const starts = fc.constantFrom(0n, 50n, 1000n, 1_000_000n, 2n ** 53n, 2n ** 63n + 11n);

/** Never more than the truth and the register's one step, at any moment; and never less than before. */
function below(credited: readonly bigint[], moments: readonly Moment[], step: bigint): void {
  for (const [index, sum] of credited.entries()) {
    expect(sum, `after moment ${index}`).toBeLessThanOrEqual(moments[index]!.truth + step);
    expect(sum).toBeGreaterThanOrEqual(credited[index - 1] ?? 0n);
  }
}

const lasts = ({ from, to }: Span): number => to - from;
const total = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + lasts(span), 0);
const LIES = ['silent', 'zero', 'spike', 'creep', 'stuck', 'reset'] as const;
const JUMPS = [-7 * HOUR, -90_000, 90_000, 7 * HOUR];

describe('any life of a register', () => {
  const kinds = {
    'that tells nothing of its resets': {},
    'that tells of its resets': { restart: { metric: 'r' } },
    'with power beside it': { power: { metric: 'p', scale_to_w: 1 } },
  };
  test.each(Object.entries(kinds))('%s: never above the truth, never back, every second accounted for', (_, more) => {
    const meter = meterOf({ energy: plain, ...more });
    fc.assert(
      fc.property(starts, fc.integer({ min: 0, max: 2 }), rows(LIES, JUMPS), (start, lies, ticks) => {
        const first = row(lies, { ms: 15_000, watts: 50_000, fault: 'spike' }, 0);
        const moments = live([{ unit: WH, start, modulus: null }], [...first, ...honest(4), ...ticks]);
        // The lies come first: the life is read from them on.
        const read = moments.slice(lies === 0 ? 0 : 1);
        const { spans, credited, state } = judgeLife(meter, read);
        below(credited, read, WH);
        const kept = state.register;
        if (kept === null) return;
        const open = (read.at(-1)?.mono ?? 0) - (kept.mono ?? 0);
        const begun = read.find(({ levels }) => spans.length > 0 && levels !== null);
        expect(total(spans) + open).toBeLessThanOrEqual((read.at(-1)?.mono ?? 0) - (begun?.mono ?? 0));
        expect(spans.every((span) => lasts(span) >= 0)).toBe(true);
      }),
      { seed: 2030, numRuns: 700 },
    );
  });

  test('metered, bridged and unmetered spans lie end to end from the first reading to the gap that is open', () => {
    const meter = meterOf({ energy: plain });
    fc.assert(
      fc.property(starts, rows(LIES), (start, ticks) => {
        const moments = live([{ unit: WH, start: start + 1n, modulus: null }], [...honest(3), ...ticks]);
        const { spans, state, unmetered } = judgeLife(meter, moments);
        const [begin, end] = [moments[0]!, moments.at(-1)!];
        const elapsed = end.at - begin.at;
        const open = end.at - state.register!.state.at;
        expect(total(spans) + open).toBe(elapsed);
        expect(spans.every((span, index) => span.from === (spans[index - 1]?.to ?? begin.at))).toBe(true);
        const lost = total(spans.filter(({ kind }) => kind === 'unmetered'));
        expect(unmetered).toBeGreaterThanOrEqual(lost);
        expect(unmetered).toBeLessThanOrEqual(elapsed);
      }),
      { seed: 2030, numRuns: 700 },
    );
  });

  test('an honest register is credited to the last step, over silence, jitter, clock jumps and rollovers', () => {
    const meter = (modulus: bigint | null) =>
      meterOf({ energy: { ...plain, modulus: modulus === null ? 'none' : Number(modulus) } });
    const moduli = fc.constantFrom(null, 10_000_000n);
    fc.assert(
      fc.property(
        moduli,
        fc.oneof(starts, fc.constant(9_900_000n)),
        rows(['silent'], JUMPS),
        (modulus, start, ticks) => {
          const register: Register = { unit: WH, start, modulus };
          const moments = live([register], [...honest(3), ...ticks, ...honest(3)]);
          // More hours without two readings side by side than the modulus bears are ambiguous: that is another test's.
          let [silence, longest] = [0, 0];
          for (const [index, { levels, mono }] of moments.entries()) {
            const gap = mono - (moments[index - 1]?.mono ?? mono);
            silence += gap;
            longest = Math.max(longest, silence);
            if (levels !== null && gap <= HOUR) silence = 0;
          }
          fc.pre(modulus === null || longest < 60 * HOUR);
          const begin = moments.slice(moments.findIndex(({ levels }) => levels?.[0] !== 0n));
          expect(judgeLife(meter(modulus), begin).credited.at(-1)).toBe(integrate(register, begin));
        },
      ),
      { seed: 2030, numRuns: 500 },
    );
  });

  test('the same hours later, or in another unit, it comes to the same', () => {
    const kwh = meterOf({ energy: { ...plain, scale_to_wh: 1000 } });
    const wh = meterOf({ energy: plain });
    fc.assert(
      fc.property(starts, rows(LIES), fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (start, ticks, shift) => {
        const moments = live([{ unit: WH, start, modulus: null }], [...honest(2), ...ticks]);
        const judged = judgeLife(wh, moments);
        const later = judgeLife(
          wh,
          moments.map((moment) => ({ ...moment, at: moment.at + shift })),
        );
        expect(later.spans.map((span) => ({ ...span, from: span.from - shift, to: span.to - shift }))).toEqual(
          judged.spans,
        );
        expect([later.unmetered, later.events]).toEqual([judged.unmetered, judged.events]);
        // 12345 Wh are 12.345 kWh: the same step.
        const { credited, unmetered, events } = judgeLife(kwh, moments, { digits: 1000n });
        expect([credited, unmetered, events]).toEqual([judged.credited, judged.unmetered, judged.events]);
      }),
      { seed: 2030, numRuns: 400 },
    );
  });

  test('of a process that reads once in each of its lives, hours apart, nothing is lost once it reads twice', () => {
    const lone = row(9, { ms: 5 * HOUR, watts: 50_000, fault: 'none' }, 0);
    const moments = live([{ unit: WH, start: 1000n, modulus: null }], [...honest(3), ...lone, ...honest(1)]);
    const every = new Set(moments.keys());
    const { credited, events } = judgeLife(meterOf({ energy: plain }), moments, { restarts: every });
    expect(credited.at(-2)).toBe(credited[3]);
    // 45 h and a minute at 50 kW
    expect(credited.at(-1)).toBe(2_250_833n * WH);
    expect(events).toEqual([...lone.map(() => 'held'), 'bridged']);
  });

  test('a process that begins anew after any readings credits the same', () => {
    const meter = meterOf({ energy: plain, restart: { metric: 'r' }, power: { metric: 'p', scale_to_w: 1 } });
    fc.assert(
      fc.property(starts, rows(LIES), fc.uniqueArray(fc.nat({ max: 60 })), (start, ticks, anew) => {
        const moments = live([{ unit: WH, start, modulus: null }], [...honest(2), ...ticks]);
        const whole = judgeLife(meter, moments);
        const parted = judgeLife(meter, moments, { restarts: new Set(anew) });
        expect(parted.credited).toEqual(whole.credited);
        expect(parted.spans).toEqual(whole.spans);
        expect(parted.unmetered).toBe(whole.unmetered);
      }),
      { seed: 2030, numRuns: 400 },
    );
  });
});

describe('any life of three tariffs', () => {
  const units = [WH, 10n * WH, WH / 10n];
  // A register that was reset near its top looks as if it had rolled over: such a life needs evidence of resets.
  test.each([
    ['that never roll over', null, LIES],
    ['of which one rolls over', 30_000_000n, LIES.filter((lie) => lie !== 'reset')],
  ] as const)('%s: never above the truth, never back', (_, modulus, lies) => {
    const last = { ...plain, scale_to_wh: 0.1, modulus: modulus === null ? 'none' : Number(modulus) };
    const meter = meterOf({ energy: [plain, { ...plain, scale_to_wh: 10 }, last] });
    fc.assert(
      fc.property(starts, rows(lies, JUMPS), (start, ticks) => {
        const registers = units.map((unit, index) =>
          index === 2 ? { unit, start: 29_999_000n, modulus } : { unit, start, modulus: null },
        );
        const moments = live(registers, [...honest(3), ...ticks]);
        const { credited } = judgeLife(meter, moments);
        below(
          credited,
          moments,
          units.reduce((sum, unit) => sum + unit, 0n),
        );
      }),
      { seed: 2030, numRuns: 500 },
    );
  });

  test('what all of them counted is credited, whichever counts, and though one rolls over', () => {
    const [one, two, three] = [0, 1, 2].map((tariff) =>
      row(20, { ms: 15_000, watts: 90_000, fault: 'none', tariff }, 0),
    );
    const registers = units.map((unit) => ({ unit, start: 29_999_000n, modulus: 30_000_000n }));
    const meter = meterOf({
      energy: [1, 10, 0.1].map((scale_to_wh) => ({ ...plain, scale_to_wh, modulus: 30_000_000 })),
    });
    const moments = live(registers, [...one!, ...two!, ...three!]);
    const { credited, events } = judgeLife(meter, moments);
    // 15 minutes at 90 kW
    expect(credited.at(-1)).toBe(22_500n * WH);
    expect(events).toEqual([]);
  });
});
