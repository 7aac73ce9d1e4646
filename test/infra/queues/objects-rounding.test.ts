import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounding } from '../../../infra/queues/rounding.ts';
import { amountOf, cores, mebibytes, parseQuantity, quantity } from '../../../model/quantity.ts';
import { decimalText } from '../../../model/queues/rounding.ts';
import { add, compare, exactDecimal, parseDecimal, rational, type Rational } from '../../../model/rational.ts';
import { declare, pair } from './objects-estate.ts';
import { province } from './province.ts';

const exact = (text: string): Rational => {
  const value = parseDecimal(text);
  if (!value) throw new Error(`${text} is no decimal`);
  return value;
};
const tableOf = (estate: string, cluster: string) => {
  const found = declare(estate).find(({ cluster: { id } }) => id === cluster);
  if (!found) throw new Error(`no stack of ${cluster}`);
  return rounding(found.view);
};

describe('the rounding table', () => {
  test('of the demonstration: what was promised, whole cards, and the rest', () => {
    const rows = ['nc-a', 'py-a'].flatMap((id) => tableOf(province, id));
    const told = rows.map(({ tenant, pool = '*', promised, units = 0, compiled, short, credits = 0, borrow }) =>
      [tenant, pool, promised, units, compiled, short, credits, borrow].join(' '),
    );
    expect(told).toEqual([
      'copper-ai nc-910b 20 63 19.719 0.281 20000000 10',
      'mine-rescue nc-910b 12 38 11.894 0.106 12000000 0',
      'small-firms * 5 0 5 0 5000000 0',
      'uni-lab nc-a800 10 32 9.984 0.016 10000000 0',
      'rice-vision py-910a 8 31 7.936 0.064 8000000 0',
      'small-firms * 5 0 5 0 5000000 0',
      'uni-lab py-h20 4 27 3.996 0.004 4000000 0',
    ]);
  });

  test('of a manager: the quotas of its workers, each once', () => {
    const rows = tableOf(pair, 'top');
    expect(rows.map(({ tenant, pool, cluster }) => [tenant, pool, cluster])).toEqual([
      ['open', undefined, 'top'],
      ['smelter', 'new', 'top'],
      ['mill', 'old', 'top'],
    ]);
  });

  test('sevenths of a card are cut after nine places, and the rest makes up the promise', () => {
    const estate = pair.replace(
      '{ id: gpus, cluster: c-one, accelerator: nvidia-a800-sxm, count: 8, ',
      '{ id: gpus, cluster: c-one, accelerator: nvidia-a800-sxm, count: 8, sharing: { by: slices, slices: { 1g.10gb: 7 } }, ',
    );
    const row = tableOf(
      estate.replace('{ pool: new, pflops: 3 }', '{ pool: gpus, slice: 1g.10gb, pflops: 0.1 }'),
      'c-one',
    ).find(({ pool }) => pool === 'gpus');
    // 2 of 312 / 7 TFLOPS = 0.0891428571428…
    expect(row).toMatchObject({ slice: '1g.10gb', units: 2, compiled: '0.089142857', short: '0.010857143' });
  });

  test('compiled and short are the promise, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 320, max: 9_000_000 }), (micro) => {
        const promised = micro / 1_000_000;
        const [row] = tableOfPromise(promised);
        if (!row) throw new Error('no row');
        const sum = add(exact(row.compiled), exact(row.short));
        expect(compare(sum, exactDecimal(promised))).toBe(0);
        expect(compare(exact(row.compiled), exactDecimal(promised))).toBeLessThanOrEqual(0);
        expect(compare(exact(row.short), exactDecimal(0.313))).toBeLessThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

const [base] = declare(pair);

/** The table with another promise to the smelter; the plan is read once. */
function tableOfPromise(pflops: number) {
  if (!base) throw new Error('no stacks');
  const { view } = base;
  const tenants = view.plan.estate.tenants.map((tenant) =>
    tenant.id === 'smelter' ? { ...tenant, quota: [{ pool: 'new', pflops }] } : tenant,
  );
  const plan = { ...view.plan, estate: { ...view.plan.estate, tenants } };
  return rounding({ ...view, plan }).filter(({ tenant }) => tenant === 'smelter');
}

describe('quantities', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [19_719_000, '19719k'],
    [20_000_000, '20M'],
    [20_000_001, '20000001'],
  ])('%i is %s, as Kubernetes writes it', (count, text) => {
    expect(quantity(count)).toBe(text);
  });

  test('cores and memory', () => {
    expect([0, 6857, 12_000, 1_000_000].map(cores)).toEqual(['0', '6857m', '12', '1k']);
    expect([0, 1, 1536, 524_288, 1_048_576].map(mebibytes)).toEqual(['0', '1Mi', '1536Mi', '512Gi', '1Ti']);
    expect(amountOf('cpu', 1500)).toBe('1500m');
    expect(amountOf('memory', 2048)).toBe('2Gi');
    expect(amountOf('nvidia.com/gpu', 2000)).toBe('2k');
  });

  test('are read as they were written, and what is none is told', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (count) => {
        const read = parseQuantity(quantity(count));
        expect(read && compare(read, rational(count))).toBe(0);
      }),
    );
    expect(parseQuantity('1500m')).toEqual({ n: 1500n, d: 1000n });
    expect(parseQuantity('2Ki')).toEqual({ n: 2048n, d: 1n });
    for (const none of ['', 'x', '1 k', '1kk', '1mi', '.k']) expect(parseQuantity(none)).toBeNull();
  });

  test('decimal text is cut, never rounded up', () => {
    expect(decimalText(rational(2, 3))).toBe('0.666666666');
    expect(decimalText(rational(5))).toBe('5');
    expect(decimalText(rational(1, 10n ** 9n))).toBe('0.000000001');
    expect(decimalText(rational(0))).toBe('0');
    expect(decimalText(rational(100))).toBe('100');
  });
});
