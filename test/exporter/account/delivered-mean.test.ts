import { expect, test } from 'vitest';
import { DeliveredMean } from '../../../exporter/account/compute/delivered-mean.ts';
import type { Credit } from '../../../exporter/account/compute/integration.ts';

const S = 1000;
const GAP = 45 * S;
const work = (gflop: number, tenant = 'copper', tier: Credit['tier'] = 'T1'): Credit => {
  return { tenant, action: 'a', precision: 'fp16', tier, gflop: BigInt(gflop) };
};

test('one answer has no span to take a mean over', () => {
  const mean = new DeliveredMean();
  expect(mean.pflops()).toBeNull();
  mean.add(0, [work(0)], GAP);
  expect(mean.pflops()).toBeNull();
});

test('1 PFlops for 15 s, then 3 for 15 s are 2 on the mean; tiers stay apart, work of nobody is left out', () => {
  const mean = new DeliveredMean();
  mean.add(0, [], GAP);
  mean.add(15 * S, [work(15_000_000), work(7_500_000, 'rice', 'T4'), work(99_000_000, 'unassigned')], GAP);
  mean.add(30 * S, [work(45_000_000)], GAP);
  expect(mean.pflops()).toEqual(
    new Map([
      ['T1', 2],
      ['T4', 0.25],
    ]),
  );
});

test('what is older than a minute no longer counts', () => {
  const mean = new DeliveredMean();
  for (let at = 0; at <= 300; at += 15) mean.add(at * S, [work(at <= 240 ? 15_000_000 : 30_000_000)], GAP);
  expect(mean.pflops()).toEqual(new Map([['T1', 2]]));
});

test('after a long silence it begins anew', () => {
  const mean = new DeliveredMean();
  mean.add(0, [], GAP);
  mean.add(15 * S, [work(15_000_000)], GAP);
  mean.add(15 * S + GAP + 1, [], GAP);
  expect(mean.pflops()).toBeNull();
});
