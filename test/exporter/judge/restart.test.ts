import { describe, expect, test } from 'vitest';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { packState, unpackState, unread, type MeterState } from '../../../exporter/judge/meter/meter-state.ts';
import { rational } from '../../../model/rational.ts';
import { meterOf } from './life.ts';

const energy = { metric: 'e', scale_to_wh: 1, modulus: 'none' };
const evident = meterOf({ energy, restart: { metric: 'r' } });
const raw = (value: bigint) => ({ value: rational(value), wire: String(value) });

/** Reads levels and restart counters 15 s apart after three good readings at 100,000 Wh with counter 7. */
function feed(readings: readonly (readonly [level: bigint, restart: bigint])[]) {
  let state: MeterState = unread;
  const seen = [];
  const all = [[99_600n, 7n], [99_800n, 7n], [100_000n, 7n], ...readings] as const;
  for (const [index, [level, restart]] of all.entries()) {
    const now = { at: 1_790_000_000_000 + index * 15_000, mono: index * 15_000 };
    const judged = judgeMeter(evident, state, { energy: raw(level), restart: raw(restart) }, now);
    state = judged.state;
    if (index > 2) seen.push(judged);
  }
  return {
    wh: seen.flatMap(({ spans }) => spans).map(({ millijoules }) => Number(millijoules) / 3.6e6),
    events: seen.flatMap(({ events }) => events),
    spans: seen.flatMap(({ spans }) => spans),
    state,
  };
}

describe('a meter that tells of its resets', () => {
  test('is believed at once, credited from zero, and the open gap is unmetered', () => {
    const { wh, events, spans } = feed([[150n, 8n]]);
    expect(wh).toEqual([150]);
    expect(spans).toMatchObject([{ kind: 'unmetered', levels: { from: '100000/1', to: '150/1' } }]);
    expect(events).toEqual([
      {
        kind: 'reset',
        detail: { old: '100000', new: '150', evidence: 'restart', before: '7', now: '8' },
        wire: '150 8',
      },
    ]);
  });

  test('that it did not tell of credits nothing, near zero or not', () => {
    const { wh, events } = feed([
      [150n, 7n],
      [350n, 7n],
      [550n, 7n],
      [750n, 7n],
    ]);
    expect(wh).toEqual([0, 200]);
    expect(events.map(({ kind }) => kind)).toEqual(['held', 'held', 'rebased']);
  });

  test('a level that no energy since the last reading explains is held, and rebased without credit', () => {
    // 1.2 x 100 kW x 15 s are 500 Wh: a register that goes on from an older value was not reset to zero.
    const { wh, events } = feed([
      [90_000n, 8n],
      [90_200n, 8n],
      [90_400n, 8n],
      [90_600n, 8n],
    ]);
    expect(wh).toEqual([0, 200]);
    expect(events.map(({ kind }) => kind)).toEqual(['held', 'held', 'rebased']);
    expect(events.at(-1)?.detail).toMatchObject({ evidence: 'restart', before: '7', now: '8' });
  });

  test('a restart over which the level goes on is an event and no more', () => {
    const { wh, events } = feed([
      [100_200n, 8n],
      [100_400n, 8n],
    ]);
    expect(wh).toEqual([200, 200]);
    expect(events.map(({ kind }) => kind)).toEqual(['restart']);
  });

  test('zeros in the whole answer are no restart', () => {
    const { wh, events } = feed([
      [0n, 0n],
      [100_400n, 7n],
    ]);
    expect(wh).toEqual([400]);
    expect(events.map(({ kind }) => kind)).toEqual(['held', 'transient']);
  });

  test('the number survives a restart of the process; a state from before there was one takes it up silently', () => {
    const { state } = feed([]);
    expect(unpackState(packState(state)).register?.state.restart).toEqual(rational(7n));
    const { restart: _, unconfirmed: __, ...old } = state.register!.state;
    const before = unpackState(packState({ first: null, register: { state: old, mono: null }, power: null }));
    const now = { at: 1_790_000_045_000, mono: 1 };
    const judged = judgeMeter(evident, before, { energy: raw(100_200n), restart: raw(9n) }, now);
    expect(judged).toMatchObject({ events: [], spans: [{ millijoules: 720_000_000n }] });
    expect(judged.state.register?.state.restart).toEqual(rational(9n));
  });
});
