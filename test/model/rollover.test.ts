import { expect, test } from 'vitest';
import { broken, findingsIn, withFiles } from './declaration.ts';

/** Whether the register of 100 Wh steps behind a meter of 100 kW is refused with this modulus and these lines more. */
function refused(modulus: number, more = ''): boolean {
  const { files } = broken([
    ['estate.yaml', 'modulus: 65536', `modulus: ${modulus}`],
    ['estate.yaml', '    role: cooling\n', `    role: cooling\n${more}`],
  ]);
  return withFiles(files, findingsIn).some(({ code }) => code === 'ambiguous_rollover');
}

test('within an hour at 1.2 x 100 kW a register rises by 1200 steps, which must be no more than half its modulus', () => {
  expect(refused(2399)).toBe(true);
  expect(refused(2400)).toBe(false);
});

test('two intervals count where they are longer than an hour', () => {
  expect(refused(4799, '    every: 1h\n')).toBe(true);
  expect(refused(4800, '    every: 1h\n')).toBe(false);
});

test('the smallest current-transformer ratio decides', () => {
  const ratios = '    ct_ratio: [{ from: 2025-01-01T00:00:00Z, value: 4 }, { from: 2026-01-01T00:00:00Z, value: 2 }]\n';
  expect(refused(1199, ratios)).toBe(true);
  expect(refused(1200, ratios)).toBe(false);
});
