import { expect, test } from 'vitest';
import { Breaker } from '../../exporter/breaker.ts';
import { ReadError, type Reader } from '../../exporter/read/reader.ts';
import { Source, type SourceUse } from '../../exporter/source.ts';
import { Due } from '../../exporter/timetable-due.ts';
import { Slots } from '../../exporter/timetable-slots.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import {
  sourceBreakerOpen,
  sourceConsecutiveFailures,
  sourceFailures,
  sourceRejectedSamples,
  sourceUp,
} from '../../model/metrics/source.ts';

const EVERY = 15_000;

/** A source whose device does what the test says, on a clock that it moves. */
function scene(device: (signal: AbortSignal) => Promise<string>, { every = EVERY, id = 'm' } = {}) {
  const time = { wall: Date.parse('2026-11-24T10:00:00+08:00'), mono: 5000 };
  const clock = { wall: () => time.wall, mono: () => time.mono };
  const told: string[] = [];
  const reads: number[] = [];
  const use: SourceUse<string> = {
    answered: (answer) => (answer === 'refused' ? [['not_a_number', 1]] : []),
    failed: ({ failure }, _, first) => void told.push(`${failure}${first ? ' first' : ''}`),
    back: () => void told.push('back'),
  };
  const reader: Reader<string> = {
    read: (signal) => {
      reads.push(time.mono);
      return device(signal);
    },
    close: async () => {},
  };
  const open = (): Source<string> => new Source({ site: 's', id, everyMs: every }, reader, use, new Breaker(() => 0.9));
  const source = open();
  const stop = new AbortController();
  /** A beat each second until so many ms have passed. */
  const pass = async (ms: number, of = source): Promise<void> => {
    for (const until = time.mono + ms; time.mono < until;) {
      time.mono += 1000;
      time.wall += 1000;
      if (of.isDue(time.mono)) await of.poll(clock, stop.signal);
    }
  };
  const values = (metric: Metric, of = source): number[] => {
    const found: number[] = [];
    of.emit((one, _, value) => void (one.name === metric.name && found.push(Number(value))));
    return found;
  };
  return { time, clock, told, reads, source, open, stop, pass, values };
}

const refuse = (): Promise<never> => Promise.reject(new ReadError('refused', 'connect 127.0.0.1:1'));

test('it is read at once, then once an interval in a phase of its own that no late beat shifts', async () => {
  const { reads, pass, time, source, clock, stop } = scene(async () => 'ok');
  await pass(5 * EVERY);
  const gaps = reads.slice(2).map((at, i) => at - (reads[i + 1] ?? 0));
  expect(reads[0]).toBe(6000);
  expect(gaps.every((gap) => gap === EVERY)).toBe(true);
  const phase = (reads.at(-1) ?? 0) % EVERY;
  // The event loop hung for a hundred seconds.
  time.mono += 100_000;
  await source.poll(clock, stop.signal);
  await pass(2 * EVERY);
  expect((reads.at(-1) ?? 0) % EVERY).toBe(phase);
});

test('two thousand sources of one interval are spread over its beats, the same in every run', () => {
  const beats = (): number[] => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 2000; i++) {
      const due = new Due(`nanchang/pdu-${i}`, EVERY);
      due.begin(0);
      const beat = counts.findIndex((_, second) => due.isDue(second * 1000));
      counts[beat] = (counts[beat] ?? 0) + 1;
    }
    return counts;
  };
  const counts = beats();
  expect(counts[0]).toBe(0);
  // 133 each if they were spread evenly.
  expect(Math.max(...counts), counts.join(' ')).toBeLessThan(200);
  expect(Math.min(...counts.slice(1)), counts.join(' ')).toBeGreaterThan(80);
  expect(beats()).toEqual(counts);
});

test('after five failures tries grow rare, what is not metered goes on being counted, and an answer closes the breaker', async () => {
  let device: () => Promise<string> = refuse;
  const { reads, told, pass, values } = scene(() => device());
  await pass(4 * EVERY + 1000);
  expect(values(sourceBreakerOpen)).toEqual([1]);
  expect(values(sourceConsecutiveFailures)).toEqual([5]);
  const before = { reads: reads.length, told: told.length };
  await pass(40 * EVERY);
  // Ten minutes of 15 s: waits of 27, 54, 108, 216, 270 s.
  expect(reads.length - before.reads).toBeLessThanOrEqual(5);
  expect(reads.length - before.reads).toBeGreaterThanOrEqual(3);
  expect(told.length - before.told).toBe(40);
  expect(told[0]).toBe('refused first');
  expect(told.slice(1).every((text) => text === 'refused')).toBe(true);
  expect(values(sourceFailures)).toEqual([reads.length]);

  device = async () => 'ok';
  await pass(300_000 + EVERY);
  expect(told.at(-1)).toBe('back');
  expect([...values(sourceUp), ...values(sourceBreakerOpen), ...values(sourceConsecutiveFailures)]).toEqual([1, 0, 0]);
  const at = reads.length;
  await pass(4 * EVERY);
  expect(reads.length - at).toBe(4);
});

test('an answer that is not believed is no failure', async () => {
  const { pass, reads, values } = scene(async () => 'refused');
  await pass(10 * EVERY);
  expect(values(sourceUp)).toEqual([1]);
  expect(values(sourceBreakerOpen)).toEqual([0]);
  expect(values(sourceRejectedSamples)).toEqual([reads.length]);
  expect(reads.length).toBeGreaterThanOrEqual(10);
});

test('a wall clock that is set back or forward by an hour changes nothing for the timetable and the breaker', async () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    const still = scene(refuse);
    const moved = scene(refuse);
    for (const one of [still, moved]) await one.pass(6 * EVERY);
    moved.time.wall += jump;
    for (const one of [still, moved]) await one.pass(20 * EVERY);
    expect(moved.reads).toEqual(still.reads);
    expect(moved.told).toEqual(still.told);
  }
});

test('a reader that does not end when it is told to holds its place no longer than a second', async () => {
  const { source, clock, stop, values } = scene(() => new Promise(() => {}), { every: 50 });
  const begun = performance.now();
  await source.poll(clock, stop.signal);
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(values(sourceFailures)).toEqual([1]);
  expect(source.isDue(clock.mono() + 50)).toBe(true);
});

test('a read that is broken off at the end is no failure', async () => {
  const { source, clock, stop, told, values } = scene(
    (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new ReadError('timeout', 'given up')))),
  );
  const read = source.poll(clock, stop.signal);
  stop.abort();
  await read;
  expect(told).toEqual([]);
  expect(values(sourceUp)).toEqual([]);
});

test('the same source of a new declaration goes on with its counters, and is tried at once', async () => {
  const { pass, values, open, source, reads } = scene(refuse);
  await pass(20 * EVERY);
  const failures = values(sourceFailures);
  const next = open();
  next.resume(source);
  expect(values(sourceFailures, next)).toEqual(failures);
  const at = reads.length;
  await pass(1000, next);
  expect(reads.length).toBe(at + 1);
});

test('so many reads at once and no more; the others in the order in which they came', async () => {
  const slots = new Slots(3);
  const order: number[] = [];
  const ends: (() => void)[] = [];
  const all = Array.from({ length: 8 }, (_, i) =>
    slots.run(() => {
      order.push(i);
      return new Promise<void>((end) => ends.push(end));
    }),
  );
  await Promise.resolve();
  expect([order, slots.waiting]).toEqual([[0, 1, 2], 5]);
  ends.shift()?.();
  await expect.poll(() => order).toEqual([0, 1, 2, 3]);
  const late = slots.run(async () => void order.push(99));
  while (ends.length > 0) {
    ends.shift()?.();
    await new Promise((turn) => setImmediate(turn));
  }
  await Promise.all([...all, late]);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 99]);
  await expect(slots.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await slots.run(async () => 1)).toBe(1);
});
