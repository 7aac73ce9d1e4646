import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimetable } from '../../exporter/timetable.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T10:00:00.200+08:00');

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    now: START,
  });
});
afterEach(() => void vi.useRealTimers());

/** Beats of so many seconds, after which the wall clock is what `jump` makes of it. */
async function beatsAround(jump: (wall: number) => number): Promise<{ before: number; after: number; most: number }> {
  let count = 0;
  let last = performance.now();
  let most = 0;
  const timetable = startTimetable({
    beat: () => {
      count += 1;
      most = Math.max(most, performance.now() - last);
      last = performance.now();
    },
  });
  await vi.advanceTimersByTimeAsync(60_000);
  const before = count;
  vi.setSystemTime(jump(Date.now()));
  await vi.advanceTimersByTimeAsync(60_000);
  const after = count - before;
  await timetable.stop();
  const ended = count;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(count).toBe(ended);
  return { before, after, most };
}

test('a beat about every second', async () => {
  const { before, after, most } = await beatsAround((wall) => wall);
  expect([before, after, most]).toEqual([60, 60, 1000]);
});

test('a wall clock that is set back by an hour costs two beats, not an hour', async () => {
  const { after, most } = await beatsAround((wall) => wall - HOUR);
  expect(after).toBeGreaterThanOrEqual(58);
  expect(most).toBeLessThanOrEqual(3000);
});

test('a wall clock that is set forward by an hour does not bring the beats of that hour', async () => {
  const { after, most } = await beatsAround((wall) => wall + HOUR);
  expect(after).toBeGreaterThanOrEqual(58);
  expect(after).toBeLessThanOrEqual(62);
  expect(most).toBeLessThanOrEqual(3000);
});

test('beats that were missed while the event loop hung are not made up for: one comes at once', async () => {
  let count = 0;
  const timetable = startTimetable({ beat: () => (count += 1) });
  await vi.advanceTimersByTimeAsync(5000);
  const before = count;
  // No timer runs meanwhile, and both clocks go on.
  vi.setSystemTime(Date.now() + 30_000);
  await vi.advanceTimersByTimeAsync(3000);
  expect(count - before).toBeGreaterThanOrEqual(2);
  expect(count - before).toBeLessThanOrEqual(4);
  await timetable.stop();
});
