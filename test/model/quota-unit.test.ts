import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadPlan } from '../../model/load.ts';
import { quotaUnit, unitsOf } from '../../model/quota-unit.ts';
import { pool as schema } from '../../model/schema/pool.ts';

/** What is there, or the end of the test. */
function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there');
  return value;
}
const { accelerators } = loadPlan('plan');
const model = (id: string) => there(accelerators.get(id));
const pool = (fields: object) =>
  schema.parse({ id: 'p', cluster: 'c', accelerator: 'a', count: 8, nodes: { names: ['n'] }, ...fields });
const a800 = model('nvidia-a800-sxm');

test.each([
  // 312 TFLOPS a card
  [{}, 3.12, 10, 8],
  [{}, 3.1199, 9, 8],
  [{ sharing: { by: 'dra', driver: 'gpu.nvidia.com' } }, 0.624, 2, 8],
  // a quarter of a card: 78
  [{ sharing: { by: 'time-slicing', replicas: 4 } }, 0.779, 9, 32],
  // one per cent: 3.12
  [{ sharing: { by: 'hami' } }, 0.0312, 10, 800],
  // what the pool says goes before the catalogue
  [{ override: { peak_tflops: { fp16: 300 }, source: 'measured' } }, 3, 10, 8],
])('%j: %d PFlops are %d units of %d', (fields, pflops, units, count) => {
  const unit = there(quotaUnit(pool(fields), a800));
  expect([unitsOf(pflops, unit), unit.count]).toEqual([units, count]);
});

test('a slice has the share of its card that the catalogue gives, and is counted by itself', () => {
  const [slice, { share }] = there(Object.entries(a800.slices)[0]);
  const cut = pool({ sharing: { by: 'slices', slices: { [slice]: 5 } } });
  const unit = there(quotaUnit(cut, a800, slice));
  expect(unit.count).toBe(5);
  // A card's PFlops buy as many slices as make a card, give or take the rounding down.
  expect(unitsOf(0.312, unit)).toBe(Math.floor(share[1] / share[0]));
  expect(quotaUnit(cut, a800)).toBeUndefined();
  expect(quotaUnit(cut, a800, 'no-such')).toBeUndefined();
});

test('a chip of two dies is shared in turns die by die, and given out whole as one card', () => {
  const dies = model('ascend-910c-9392');
  expect(quotaUnit(pool({}), dies)?.count).toBe(8);
  expect(quotaUnit(pool({ sharing: { by: 'time-slicing', replicas: 2 } }), dies)?.count).toBe(32);
});

test('rounded down, units are never worth more than the quota, and one more would be', () => {
  const unit = there(quotaUnit(pool({}), a800));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (milli) => {
      const units = unitsOf(milli / 1000, unit);
      // Both sides in TFLOPS, which are whole numbers here.
      expect(units * 312).toBeLessThanOrEqual(milli);
      expect((units + 1) * 312).toBeGreaterThan(milli);
    }),
  );
});

test('nothing is counted where nobody knows the peak', () => {
  expect(quotaUnit(pool({}), { ...a800, peak_tflops: { bf16: 312 } })).toBeUndefined();
});
