import { describe, expect, test } from 'vitest';
import { agePower, judgePower, rejectPower, type PowerState } from '../../../exporter/judge/meter/power.ts';

const limits = { ratedWatts: 10_000, everyMs: 15_000, idleOk: false };

function feed(readings: readonly (readonly [seconds: number, watts: number])[]) {
  let state: PowerState | null = null;
  let joules = 0;
  let unmetered = 0;
  const events: string[] = [];
  for (const [seconds, watts] of readings) {
    const at = seconds * 1000;
    const verdict = judgePower(state, { watts, at, gap: at - (state?.at ?? at) }, limits);
    state = verdict.state;
    for (const { millijoules } of verdict.spans) joules += Number(millijoules) / 1000;
    unmetered += verdict.unmetered / 1000;
    if (verdict.event) events.push(verdict.event.kind);
  }
  return { joules, unmetered, events };
}

describe('a meter that shows power alone', () => {
  test('is integrated by trapezoids', () => {
    // (1000 + 2000) / 2 x 15 s + (2000 + 2000) / 2 x 15 s
    expect(
      feed([
        [0, 1000],
        [15, 2000],
        [30, 2000],
      ]),
    ).toEqual({ joules: 52_500, unmetered: 0, events: [] });
  });

  test('a gap of three intervals is still a trapezoid', () => {
    expect(
      feed([
        [0, 1000],
        [45, 1000],
      ]),
    ).toEqual({ joules: 45_000, unmetered: 0, events: [] });
  });

  test('a gap of more than three intervals credits nothing and is unmetered', () => {
    expect(
      feed([
        [0, 1000],
        [47, 1000],
        [62, 1000],
      ]),
    ).toEqual({ joules: 15_000, unmetered: 47, events: ['gap'] });
  });

  test('silence counts as unmetered as it goes on, and not twice', () => {
    const last = { milliwatts: 1_000_000n, at: 0, unmeteredTo: 0 };
    expect(agePower(last, 45_000, 45_000, limits).unmetered).toBe(0);
    const aged = agePower(last, 60_000, 60_000, limits);
    expect(aged.unmetered).toBe(60_000);
    expect(judgePower(aged.state, { watts: 1000, at: 75_000, gap: 75_000 }, limits).unmetered).toBe(15_000);
  });

  test.each([
    [Number.NaN, 'not_a_number'],
    [12_001, 'above_range'],
    [12_000, null],
    [-101, 'below_range'],
    [-100, null],
    [0, 'sudden_zero'],
    [5000, null],
  ])('%d W of 10 kW rated: %s', (watts, why) => expect(rejectPower(watts, limits)).toBe(why));

  test('a zero is believed where the meter may idle, and a small negative offset counts as zero', () => {
    expect(rejectPower(0, { ...limits, idleOk: true })).toBe(null);
    expect(
      feed([
        [0, -50],
        [15, -50],
      ]),
    ).toEqual({ joules: 0, unmetered: 0, events: [] });
  });
});
