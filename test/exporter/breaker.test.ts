import { expect, test } from 'vitest';
import { Breaker, LONGEST_WAIT_MS, OPENS_AFTER } from '../../exporter/breaker.ts';

const EVERY = 15_000;

function failedTimes(count: number, random: () => number, mono = 0): Breaker {
  const breaker = new Breaker(random);
  for (let i = 0; i < count; i++) breaker.failed(mono, EVERY);
  return breaker;
}

/** How long a try is held back after so many failures at 0. */
function wait(count: number, random: () => number): number {
  const breaker = failedTimes(count, random);
  for (let mono = 0; mono <= 2 * LONGEST_WAIT_MS; mono += 1000) if (!breaker.holds(mono)) return mono;
  return Infinity;
}

test('it opens with the fifth failure in a row, and one success closes it', () => {
  const breaker = failedTimes(OPENS_AFTER - 1, () => 0.999);
  expect([breaker.isOpen, breaker.holds(0), breaker.failures]).toEqual([false, false, 4]);
  breaker.failed(0, EVERY);
  expect([breaker.isOpen, breaker.holds(1), breaker.failures]).toEqual([true, true, 5]);
  breaker.succeeded();
  expect([breaker.isOpen, breaker.holds(1), breaker.failures]).toEqual([false, false, 0]);
  breaker.failed(0, EVERY);
  expect([breaker.isOpen, breaker.holds(1)]).toEqual([false, false]);
});

test('waits double up to five minutes, and no further however long it lasts', () => {
  const most = () => 1 - Number.EPSILON;
  expect([5, 6, 7, 8, 9, 10, 2000].map((count) => wait(count, most) / 1000)).toEqual([30, 60, 120, 240, 300, 300, 300]);
});

test('each wait is a random part of that, so that sources which failed together come back apart', () => {
  expect(wait(9, () => 0)).toBe(0);
  expect(wait(9, () => 0.5)).toBe(LONGEST_WAIT_MS / 2);
});

test('a probe is made at once when it is asked for, and a failed one opens for longer', () => {
  const breaker = failedTimes(5, () => 0.999);
  breaker.probe();
  expect([breaker.holds(0), breaker.isOpen]).toEqual([false, true]);
  breaker.failed(0, EVERY);
  expect(breaker.holds(31_000)).toBe(true);
});
