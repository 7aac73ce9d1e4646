import { describe, expect, test } from 'vitest';
import { ageMeter, judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { packState, unpackState, unread, type MeterState } from '../../../exporter/judge/meter/meter-state.ts';
import { fromDouble, rational } from '../../../model/rational.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';

const modbus = { protocol: 'modbus-tcp', address: 'h:502' };
const text = { protocol: 'exposition', url: 'http://h/metrics' };
const int64 = { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' };
const kilowatts = { function: 3, address: 10, type: 'float32', scale_to_w: 1000 };

const meterOf = (fields: object): Meter =>
  meterSchema.parse({ id: 'm', site: 's', role: 'it', rated_kw: 100, source: modbus, ...fields });

const raw = (value: number) => ({ value: fromDouble(value), wire: `wire of ${value}` });
const instant = (seconds: number) => ({ at: seconds * 1000, mono: seconds * 1000 + 77 });

/** Energy in joules that a row of answers comes to. */
function joules(meter: Meter, answers: readonly (readonly [seconds: number, answer: MeterAnswer])[]): number {
  let state: MeterState = unread;
  let sum = 0;
  for (const [seconds, answer] of answers) {
    const judged = judgeMeter(meter, state, answer, instant(seconds));
    // What survives a restart must be enough to go on.
    state = judged.state;
    for (const { millijoules } of judged.spans) sum += Number(millijoules) / 1000;
  }
  return sum;
}

describe('scales', () => {
  test('a register in 0.1 kWh', () => {
    const meter = meterOf({ registers: { energy: { ...int64, scale_to_wh: 100 } } });
    expect(
      joules(meter, [
        [0, { energy: raw(5) }],
        [15, { energy: raw(7) }],
      ]),
    ).toBe(720_000);
  });

  test('a register in joules with three digits', () => {
    const energy = { metric: 'e', scale_to_j: 1, modulus: 'none' };
    const meter = meterOf({ source: text, registers: { energy } });
    const at = (value: bigint) => ({ energy: { value: rational(value, 1000n), wire: '' } });
    expect(
      joules(meter, [
        [0, at(1_000_001n)],
        [15, at(1_234_567n)],
      ]),
    ).toBe(234.566);
  });

  test('the current-transformer ratio in force multiplies energy and power', () => {
    const ct_ratio = [{ from: '1970-01-01T00:00:20Z', value: 40 }];
    const meter = meterOf({ ct_ratio, registers: { energy: int64, power: kilowatts } });
    const answer = { energy: raw(0), power: raw(2) };
    expect(judgeMeter(meter, unread, answer, instant(10)).watts).toBe(2000);
    expect(judgeMeter(meter, unread, answer, instant(20)).watts).toBe(80_000);
    // Both readings by the ratio in force at the second one: only what follows a change is multiplied.
    expect(
      joules(meter, [
        [30, { energy: raw(1) }],
        [45, { energy: raw(3) }],
      ]),
    ).toBe(2 * 3600 * 40);
  });

  test('a float32 register that has grown coarse is not held for its own spacing', () => {
    // At 438 GWh a float32 of kWh steps by 32 kWh; 100 kW x 15 s are 0.4 kWh.
    const energy = { ...int64, type: 'float32', scale_to_wh: 1000 };
    const meter = meterOf({ registers: { energy } });
    const level = Math.fround(438_000_000);
    expect(
      joules(meter, [
        [0, { energy: raw(level) }],
        [15, { energy: raw(level + 32) }],
      ]),
    ).toBe(32 * 3_600_000);
  });
});

test('a first reading that no register shows is no level to begin from', () => {
  const meter = meterOf({ registers: { energy: int64 } });
  const first = judgeMeter(meter, unread, { energy: raw(-3) }, instant(0));
  expect(first).toMatchObject({ state: unread, rejected: ['below_range'], events: [{ kind: 'held' }] });
  expect(
    joules(meter, [
      [0, { energy: raw(-3) }],
      [15, { energy: raw(5) }],
      [30, { energy: raw(7) }],
    ]),
  ).toBe(7200);
});

test('first readings that are a zero, or disagree, are held with their bytes; those that disagree are counted', () => {
  const meter = meterOf({ registers: { energy: int64 } });
  let state: MeterState = unread;
  const seen = [0, 5, 9_000_000, 100, 200].map((level, index) => {
    const judged = judgeMeter(meter, state, { energy: raw(level) }, instant(index * 15));
    state = judged.state;
    return [judged.rejected, judged.events.map(({ kind, detail, wire }) => [kind, detail['reason'], wire])];
  });
  expect(seen).toEqual([
    [[], [['held', 'zero', 'wire of 0']]],
    [[], []],
    [['counter_jumped'], [['held', 'counter_jumped', 'wire of 9000000']]],
    [['counter_fell'], [['held', 'counter_fell', 'wire of 100']]],
    [[], []],
  ]);
  expect(state.register?.state.level).toEqual(rational(200n));
});

describe('an answer that is no number', () => {
  test('is counted with its bytes, and the next reading goes on', () => {
    const meter = meterOf({ registers: { energy: int64, power: kilowatts } });
    const first = judgeMeter(meter, unread, { energy: raw(10), power: raw(1) }, instant(0));
    const nan = judgeMeter(
      meter,
      first.state,
      { energy: { value: null, wire: '7fc00000' }, power: { value: null, wire: 'ff' } },
      instant(15),
    );
    expect(nan).toMatchObject({ spans: [], watts: null, rejected: ['not_a_number', 'not_a_number'] });
    expect(nan.events).toContainEqual({ kind: 'no_number', detail: { register: 'energy' }, wire: '7fc00000' });
    const next = judgeMeter(meter, nan.state, { energy: raw(20), power: raw(1) }, instant(30));
    expect(next.spans).toMatchObject([{ from: 0, to: 30_000, millijoules: 36_000_000n, kind: 'metered' }]);
  });
});

describe("a sample's own time", () => {
  const energy = { metric: 'e', scale_to_wh: 1, modulus: 'none' };
  const now = Date.parse('2026-11-24T00:00:00Z') / 1000;
  const stamped = (timestamp: number) => ({ energy: { ...raw(10), timestamp } });
  test.each([
    [now * 1000 - 299_000, 'honor', []],
    [now * 1000 - 301_000, 'honor', ['stale_timestamp']],
    [now * 1000 + 61_000, 'honor', ['future_timestamp']],
    [now * 1000 - 301_000, 'ignore', []],
    [1_606_402_000, 'honor', []],
  ] as const)('%i with %s: %j', (timestamp, timestamps, rejected) => {
    const meter = meterOf({ source: { ...text, timestamps }, registers: { energy } });
    expect(judgeMeter(meter, unread, stamped(timestamp), instant(now)).rejected).toEqual(rejected);
  });
});

describe('what is remembered', () => {
  test('survives the ledger exactly, and then the wall clock bridges', () => {
    const meter = meterOf({ registers: { energy: { ...int64, type: 'uint64' } } });
    const level = 2n ** 63n + 1n;
    const answer = { energy: { value: rational(level), wire: '' } };
    const { state } = judgeMeter(meter, judgeMeter(meter, unread, answer, instant(100)).state, answer, instant(115));
    const restored = unpackState(packState(state));
    expect(restored.register).toEqual({ state: state.register?.state, mono: null });
    const later = { at: 130_000, mono: 3 };
    const judged = judgeMeter(meter, restored, { energy: { value: rational(level + 500n), wire: '' } }, later);
    expect(judged.spans).toMatchObject([{ from: 100_000, to: 130_000, millijoules: 1_800_000_000n }]);
  });

  test('within a process the monotonic clock measures, whatever the wall clock says', () => {
    const meter = meterOf({ registers: { energy: int64 } });
    const first = judgeMeter(meter, unread, { energy: raw(1) }, { at: 1_000_000, mono: 500 });
    const { state } = judgeMeter(meter, first.state, { energy: raw(2) }, { at: 1_015_000, mono: 15_500 });
    const judged = judgeMeter(meter, state, { energy: raw(100) }, { at: 9_000_000, mono: 30_500 });
    expect(judged.spans).toMatchObject([{ from: 8_985_000, to: 9_000_000 }]);
  });

  test('silence ages a register after an hour, and power after three intervals', () => {
    const register = meterOf({ registers: { energy: int64 } });
    const first = judgeMeter(register, unread, { energy: raw(5) }, instant(0));
    const { state } = judgeMeter(register, first.state, { energy: raw(9) }, instant(15));
    expect(ageMeter(register, state, instant(3615)).unmetered).toBe(0);
    expect(ageMeter(register, state, instant(3616)).unmetered).toBe(3_601_000);
    const power = meterOf({ registers: { power: kilowatts } });
    const { state: last } = judgeMeter(power, unread, { power: raw(1) }, instant(0));
    expect(ageMeter(power, last, instant(45)).unmetered).toBe(0);
    expect(ageMeter(power, last, instant(60)).unmetered).toBe(60_000);
  });
});
