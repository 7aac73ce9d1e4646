import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRuns } from '../../../exporter/judge/meter/event-runs.ts';
import type { MeterEvent } from '../../../exporter/judge/meter/meter.ts';

const held = (wire: string, reason = 'counter_fell'): MeterEvent => ({ kind: 'held', detail: { reason }, wire });
const instant = (seconds: number) => ({ at: 1_790_000_000_000 + seconds * 1000, mono: seconds * 1000 });

test('a zero that lasts a day is told at once and then every quarter of an hour, and every reading is accounted for', () => {
  const runs = new EventRuns();
  const told = [];
  for (let reading = 0; reading < 5760; reading++) told.push(...runs.pass([held(`${reading}`)], instant(15 * reading)));
  told.push(...runs.flush(instant(86_400)));
  expect(told).toHaveLength(97);
  expect(told[0]).toEqual({ event: held('0'), at: instant(0).at });
  expect(told[1]?.event).toEqual({ kind: 'held', detail: { reason: 'counter_fell', repeated: 58 }, wire: '59' });
  expect(told[1]?.at).toBe(instant(59 * 15).at);
  expect(told.reduce((sum, { event }) => sum + 1 + Number(event.detail['repeated'] ?? 0), 0)).toBe(5760);
});

test('a run has ended after a quarter of an hour without one: the next is told at once', () => {
  const runs = new EventRuns();
  expect(runs.pass([held('a')], instant(0))).toHaveLength(1);
  expect(runs.pass([held('b')], instant(15))).toEqual([]);
  expect(runs.pass([], instant(900)).map(({ event }) => event)).toEqual([held('b')]);
  expect(runs.pass([], instant(1800))).toEqual([]);
  expect(runs.pass([held('c')], instant(1815))).toHaveLength(1);
});

test('whatever comes, each event is in what is written once, with the newest bytes of its row', () => {
  const kinds = fc.constantFrom('counter_fell', 'counter_jumped', 'above_range');
  const answer = fc.record({ seconds: fc.integer({ min: 1, max: 1000 }), reasons: fc.uniqueArray(kinds) });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
      const runs = new EventRuns();
      const given = new Map<string, string[]>();
      const told = [];
      let seconds = 0;
      for (const { seconds: pause, reasons } of answers) {
        seconds += pause;
        for (const reason of reasons) given.set(reason, [...(given.get(reason) ?? []), String(seconds)]);
        told.push(
          ...runs.pass(
            reasons.map((reason) => held(String(seconds), reason)),
            instant(seconds),
          ),
        );
      }
      told.push(...runs.flush(instant(seconds)));
      for (const [reason, wires] of given) {
        const rows = told.map(({ event }) => event).filter(({ detail }) => detail['reason'] === reason);
        let counted = 0;
        for (const { detail, wire } of rows) {
          counted += 1 + Number(detail['repeated'] ?? 0);
          expect(wire).toBe(wires[counted - 1]);
        }
        expect(counted).toBe(wires.length);
      }
      expect(runs.flush(instant(seconds))).toEqual([]);
    }),
    { seed: 2030, numRuns: 200 },
  );
});
