import { expect, test } from 'vitest';
import { DeliveredMean } from '../../../exporter/account/compute/delivered-mean.ts';
import type { Tier } from '../../../exporter/judge/device/device.ts';

const S = 1000;
const GAP = 45 * S;
const at = (rows: Partial<Record<Tier, number>>) => new Map(Object.entries(rows) as [Tier, number][]);

test('one answer has no span to take a mean over', () => {
  const mean = new DeliveredMean();
  expect(mean.pflops()).toBeNull();
  mean.add(0, at({ T1: 1 }), GAP);
  expect(mean.pflops()).toBeNull();
});

test('the trapezoid: 1 PFlops for 15 s, then up to 3 within 15 s, are 1.5 on the mean; tiers stay apart', () => {
  const mean = new DeliveredMean();
  mean.add(0, at({ T1: 1, T4: 0.5 }), GAP);
  mean.add(15 * S, at({ T1: 1 }), GAP);
  mean.add(30 * S, at({ T1: 3 }), GAP);
  expect(mean.pflops()).toEqual(at({ T1: 1.5, T4: 0.125 }));
});

test('what is older than a minute no longer counts', () => {
  const mean = new DeliveredMean();
  for (let second = 0; second <= 300; second += 15) mean.add(second * S, at({ T1: second < 240 ? 1 : 2 }), GAP);
  expect(mean.pflops()).toEqual(at({ T1: 2 }));
});

test.each([
  ['a long silence', 15 * S + GAP + 1, at({ T1: 1 })],
  ['an answer that does not say how active cards are', 30 * S, null],
])('after %s it begins anew', (_, next, pflops) => {
  const mean = new DeliveredMean();
  mean.add(0, at({ T1: 1 }), GAP);
  mean.add(15 * S, at({ T1: 1 }), GAP);
  mean.add(next, pflops, GAP);
  expect(mean.pflops()).toBeNull();
});
