import { expect, onTestFinished, test } from 'vitest';
import { readEstate } from '../../twin/estate.ts';
import { FaultBoard } from '../../twin/faults/board.ts';
import { centreOf } from '../../twin/physics/centre.ts';
import { expositionOf } from '../../twin/serve/exporters.ts';
import { startTwin } from '../../twin/twin.ts';
import { truthAt } from '../../twin/truth.ts';
import { freePorts, shippedPlan } from './support.ts';

/** The quickest of some runs in ms: what the code costs, whatever else the machine does. */
function quickest(runs: number, work: (run: number) => void): number {
  return Math.min(
    ...Array.from({ length: runs }, (_, run) => {
      const begin = performance.now();
      work(run);
      return performance.now() - begin;
    }),
  );
}

const centre = centreOf(readEstate('plan'), 2030);
const board = new FaultBoard(() => null);
const at = Date.parse('2026-11-24T14:00:00+08:00');

test('a truth takes at most 5 ms', () => {
  expect(quickest(20, (run) => truthAt(centre, [], board, at + run))).toBeLessThan(5);
});

test('the text of 128 devices takes at most 10 ms', () => {
  const pool = centre.pools.get('nc-910b');
  if (pool === undefined) throw new Error('the estate lost its pool of 128');
  expect(quickest(20, (run) => expositionOf(pool, board, at + run))).toBeLessThan(10);
});

test('the estate that ships starts within a second, first truth included', async () => {
  const [plan, [control]] = [await shippedPlan(), await freePorts(1)];
  const begin = performance.now();
  const twin = await startTwin({ plan, control: `127.0.0.1:${control}` });
  onTestFinished(() => twin.close());
  twin.truth();
  expect(performance.now() - begin).toBeLessThan(1000);
});
