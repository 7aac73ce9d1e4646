import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearForm } from '../../model/formula.ts';

/** Meters with their coefficients as numbers, the constant in kW as ''; or the fault. */
function read(formula: string): Record<string, number> | string {
  const form = linearForm(formula);
  if ('fault' in form) return `${form.fault} ${form.at}`;
  const number = ({ n, d }: { n: bigint; d: bigint }) => Number(n) / Number(d);
  const constant = number(form.constantKw);
  return {
    ...Object.fromEntries([...form.terms].map(([id, coefficient]) => [id, number(coefficient)])),
    ...(constant !== 0 && { '': constant }),
  };
}

describe('a formula', () => {
  test.each([
    ['nc-gate-1 - nc-ups-in - nc-chiller', { 'nc-gate-1': 1, 'nc-ups-in': -1, 'nc-chiller': -1 }],
    ['0.97 * ups-in + 2.5 kW', { 'ups-in': 0.97, '': 2.5 }],
    ['ups-1 - 2.5kW', { 'ups-1': 1, '': -2.5 }],
    ['(1 - 0.03) * (a - b / 2)', { a: 0.97, b: -0.485 }],
    ['-(a - b)', { a: -1, b: 1 }],
    ['a + b - a', { b: 1 }],
    ['a / -4', 'formula_syntax -'],
    ['a / (0 - 4)', { a: -0.25 }],
    ['12', { '': 12 }],
    ['a * b', 'formula_not_linear * b'],
    ['2 / a', 'formula_not_linear / a'],
    ['a / (2 - 2)', 'formula_not_linear / ('],
    ['a -b', 'formula_syntax -'],
    ['a +', 'formula_syntax end'],
    ['a b', 'formula_syntax b'],
    ['(a', 'formula_syntax end'],
    ['a)', 'formula_syntax )'],
    ['a × b', 'formula_syntax ×'],
    ['', 'formula_syntax end'],
  ])('%s', (formula, expected) => {
    expect(read(formula)).toEqual(expected);
  });

  test('comes to what it says for any powers of its meters', () => {
    const leaf = fc.oneof(
      fc
        .constantFrom('a', 'b-1', 'c-2-d')
        .map((id) => ({ text: id, value: (of: Record<string, number>) => of[id] ?? 0 })),
      fc.integer({ min: 0, max: 9 }).map((n) => ({ text: `${n}`, value: () => n })),
    );
    const node = fc.letrec<{ sum: { text: string; value: (of: Record<string, number>) => number } }>((tie) => ({
      sum: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(tie('sum'), fc.constantFrom('+', '-'), tie('sum')).map(([a, operator, b]) => ({
          text: `(${a.text} ${operator} ${b.text})`,
          value: (of: Record<string, number>) => a.value(of) + (operator === '+' ? b.value(of) : -b.value(of)),
        })),
        fc.tuple(fc.integer({ min: 1, max: 9 }), tie('sum')).map(([n, a]) => ({
          text: `${n} * ${a.text}`,
          value: (of: Record<string, number>) => n * a.value(of),
        })),
      ),
    })).sum;
    const powers = fc.record({
      a: fc.integer({ max: 99 }),
      'b-1': fc.integer({ max: 99 }),
      'c-2-d': fc.integer({ max: 99 }),
    });
    fc.assert(
      fc.property(node, powers, ({ text, value }, of) => {
        const form = read(text);
        if (typeof form === 'string') throw new Error(form);
        const { '': constant = 0, ...terms } = form;
        const sum = Object.entries(terms).reduce((total, [id, by]) => total + by * of[id as keyof typeof of], constant);
        expect(sum).toBeCloseTo(value(of), 6);
      }),
      { seed: 2030, numRuns: 300 },
    );
  });
});
