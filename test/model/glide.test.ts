import { expect, test } from 'vitest';
import { requiredCompound, requiredLinear } from '../../model/glide.ts';
import type { Target } from '../../model/schema/promise.ts';

/** 1155 on 2025-12-31 to 5000 on 2030-12-31: 365 + 365 + 366 + 365 + 365 = 1826 days. */
const scale: Target = {
  id: 'scale',
  name: { zh: '规模', en: 'Scale' },
  comparator: '>=',
  value: 5000,
  unit: 'PFlops',
  due: Date.parse('2030-12-31T23:59:59+08:00'),
  milestone: '2030',
  baseline: { value: 1155, date: '2025-12-31', basis: 'installed' },
  counts: { from: 'manual' },
  rule: { zh: '规则', en: 'Rule' },
};
const at = (time: string): number => Date.parse(time);

test('the day of the baseline requires the baseline, the due day the target', () => {
  for (const required of [requiredCompound, requiredLinear]) {
    expect(required(scale, at('2025-12-31T00:00:00+08:00'))).toBe(1155);
    expect(required(scale, at('2030-12-31T00:00:00+08:00'))).toBeCloseTo(5000, 9);
    expect(required(scale, at('2041-01-01T00:00:00+08:00'))).toBeCloseTo(5000, 9);
  }
});

test('hand-worked days in between', () => {
  // 365 of 1826 days: 1155 + 3845 x 365 / 1826
  expect(requiredLinear(scale, at('2026-12-31T12:00:00+08:00'))).toBeCloseTo(1923.5788609, 6);
  // 913 days, half of the way: the arithmetic and the geometric mean, sqrt(1155 x 5000)
  expect(requiredLinear(scale, at('2028-07-01T12:00:00+08:00'))).toBeCloseTo(3077.5, 9);
  expect(requiredCompound(scale, at('2028-07-01T12:00:00+08:00'))).toBeCloseTo(2403.1229681, 6);
});

test('a day begins at midnight in China', () => {
  const [before, after] = ['2026-06-30T23:59:59+08:00', '2026-07-01T00:00:00+08:00'].map(at);
  expect((requiredLinear(scale, after ?? 0) ?? 0) - (requiredLinear(scale, before ?? 0) ?? 0)).toBeCloseTo(
    3845 / 1826,
    9,
  );
});

test('nothing is required where nothing is defined', () => {
  const open = { ...scale, baseline: null };
  for (const required of [requiredCompound, requiredLinear]) {
    expect(required(open, at('2026-12-31T00:00:00+08:00'))).toBeNull();
    expect(required(scale, at('2025-12-30T23:59:59+08:00'))).toBeNull();
  }
  const zero: Target = { ...scale, baseline: { value: 0, date: '2025-12-31', basis: 'installed' } };
  expect(requiredCompound(zero, at('2028-07-01T12:00:00+08:00'))).toBeNull();
  expect(requiredLinear(zero, at('2028-07-01T12:00:00+08:00'))).toBe(2500);
});
