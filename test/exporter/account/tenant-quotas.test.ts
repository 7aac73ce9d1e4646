import { expect, test } from 'vitest';
import { tenantQuotas } from '../../../exporter/account/tenant-quotas.ts';
import type { Plan } from '../../../model/plan.ts';
import { NOW, provincePlan } from '../judge/queue/scene.ts';

/** 'site tenant pool' -> [promised, compiled] */
function quotas(plan: Plan, sites: readonly string[]): Record<string, (number | undefined)[]> {
  const found = new Map<string, Map<string, number>>();
  tenantQuotas(plan, sites, NOW, (_, labels, value) => {
    const { site, tenant, pool, basis = '' } = labels as Readonly<Record<string, string>>;
    const key = `${site} ${tenant} ${pool}`;
    const row = found.get(key) ?? new Map<string, number>();
    row.set(basis, Number(value));
    found.set(key, row);
  });
  return Object.fromEntries([...found].map(([key, row]) => [key, [row.get('promised'), row.get('compiled')]]));
}

test('what was promised and what whole chips or credits come to, at the site of the pool or of the manager', () => {
  expect(quotas(provincePlan(), ['nanchang', 'poyang'])).toEqual({
    'nanchang copper-ai nc-910b': [20, 19.719], // 63 of 313 TFLOPS
    'poyang rice-vision py-910a': [8, 7.936], // 31 of 256
    'nanchang mine-rescue nc-910b': [12, 11.894], // 38 of 313
    'nanchang small-firms any': [5, 5],
    'nanchang uni-lab nc-a800': [10, 9.984], // 32 of 312
    'poyang uni-lab py-h20': [4, 3.996], // 27 of 148
  });
  expect(Object.keys(quotas(provincePlan(), ['poyang']))).toEqual([
    'poyang rice-vision py-910a',
    'poyang uni-lab py-h20',
  ]);
});

test('a pool that is not in its declared life has nothing to give', () => {
  const plan = provincePlan((text) =>
    text.replace('accelerator: ascend-910a\n', 'accelerator: ascend-910a\n    valid_from: 2027-01-01T00:00:00+08:00\n'),
  );
  expect(quotas(plan, ['poyang'])['poyang rice-vision py-910a']).toEqual([8, 0]);
});

test('without Kueue a quota on a pool is compiled all the same', () => {
  const plan = provincePlan();
  const clusters = plan.estate.clusters.map((one) => ({ ...one, kueue: { ...one.kueue, enabled: false } }));
  const bare = quotas({ ...plan, estate: { ...plan.estate, clusters } }, ['nanchang', 'poyang']);
  expect(bare['nanchang copper-ai nc-910b']).toEqual([20, 19.719]);
  expect(Object.keys(bare).filter((key) => key.endsWith(' any'))).toEqual([]); // nobody counts it
});
