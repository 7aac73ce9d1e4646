import { expect, test } from 'vitest';
import { acceleratorOf, achievableTflops } from '../../model/accelerator-of.ts';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import { declaration, withFiles } from './declaration.ts';

const POOL = '    count: 8\n';
const load = (pool = '', calibration: string | null = null): Plan => {
  const estate = (declaration['estate.yaml'] ?? '').replace(POOL, `${POOL}${pool}`);
  const files = { ...declaration, 'estate.yaml': estate };
  return withFiles(calibration === null ? files : { ...files, 'calibration.yaml': calibration }, loadPlan);
};
const poolOf = ({ estate }: Plan) => estate.pools[0]!;
const rowOf = (plan: Plan) => acceleratorOf(plan, poolOf(plan))!;

test('an override of this fleet stands before the catalogue, and only there', () => {
  const plain = rowOf(load());
  const plan = load('    override: { peak_tflops: { fp16: 177 }, source: acceptance test }\n');
  expect(rowOf(plan)).toMatchObject({ peak_tflops: { fp16: 177 }, tdp_w: plain.tdp_w });
  // The catalogue's clock belongs to the catalogue's peak.
  expect(rowOf(plan).clock_ref_mhz).toBeNull();
  expect(rowOf(plan).source).toContain('acceptance test');
  expect(plan.accelerators.get('chip-one')?.peak_tflops).toEqual(plain.peak_tflops);
});

test('a file of calibrations is optional, changes no hash while it is absent, and is checked when it is there', () => {
  const without = load();
  expect(without.calibrations).toEqual([]);
  expect(load('', 'schema: greenflops/v1\n').hash).not.toBe(without.hash);
  const wrong =
    'schema: greenflops/v1\ncalibrations:\n  - { accelerator: chip-nine, achieved_tflops: 80, date: 2026-11-01, method: GEMM, source: test }\n';
  expect(() => load('', wrong)).toThrow(/calibration\.yaml:3:20.*chip-nine/s);
});

test('the newest measurement of the pool goes before those of the model, and the catalogue comes last', () => {
  const row = (rest: string, tflops: number, date: string) =>
    `  - { accelerator: chip-one, achieved_tflops: ${tflops}, date: ${date}, method: GEMM, source: test${rest} }\n`;
  const head = 'schema: greenflops/v1\ncalibrations:\n';
  const of = (text: string | null) => {
    const plan = load('', text);
    return achievableTflops(plan, poolOf(plan), 'fp16');
  };
  const model = row('', 80, '2026-11-01');
  expect(of(head + model)).toEqual({ tflops: 80, basis: 'calibration' });
  const own = row(', pool: pool-one', 70, '2026-01-01');
  expect(of(head + model + own)).toEqual({ tflops: 70, basis: 'calibration' });
  expect(of(head + model + own + row(', pool: pool-one', 71, '2026-02-01'))).toMatchObject({ tflops: 71 });
  expect(of(head + row(', precision: bf16', 60, '2026-11-01'))?.basis).not.toBe('calibration');
});
