import { expect, test } from 'vitest';
import { countedItems } from '../../model/counted.ts';
import { loadPlan } from '../../model/load.ts';
import { peakTflops, peakTflopsPerId } from '../../model/peak.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';

const plan = loadPlan('plan');
const chip = (id: string): Accelerator => plan.accelerators.get(id) ?? expect.fail(`no accelerator ${id}`);

test('the plan that ships is without a fault and knows thirty models', () => {
  expect(plan.accelerators.size).toBeGreaterThanOrEqual(30);
  expect([...plan.families.keys()]).toEqual(expect.arrayContaining(['dcgm', 'npu-exporter', 'mx-exporter']));
  expect(plan.estate.sites.every(({ demo }) => demo)).toBe(true);
});

test('dense FP16 peaks: how many chips 5000 PFlops take, rounded up', () => {
  const chips = (id: string): number => Math.ceil(5_000_000 / (peakTflops(chip(id), 'fp16') ?? NaN));
  expect(['ascend-910b3', 'nvidia-a800-sxm', 'nvidia-h20', 'ascend-910c-9392'].map(chips)).toEqual([
    15_975, 16_026, 33_784, 6_250,
  ]);
  expect(peakTflops(chip('nvidia-h100-sxm'), 'fp16')).toBe(989); // 1979 is sparse
  expect(peakTflops(chip('ascend-910a'), 'fp16')).toBe(256);
});

test("an exporter's id of a two-die package has half of its peak", () => {
  expect(peakTflopsPerId(chip('ascend-910c-9392'), 'fp16')).toBe(400);
  expect(peakTflopsPerId(chip('nvidia-h20'), 'fp16')).toBe(148);
});

test('an unknown peak stays unknown', () => {
  expect(peakTflops(chip('nvidia-v100-sxm'), 'fp8')).toBeUndefined();
  expect(peakTflopsPerId(chip('biren-br104'), 'fp16')).toBeUndefined();
});

test('a reference clock stands only where a source gives one', () => {
  const clocks = [...plan.accelerators.values()].flatMap(({ id, clock_ref_mhz: mhz }) => (mhz ? [[id, mhz]] : []));
  expect(clocks).toEqual([
    ['nvidia-a100-sxm', 1410],
    ['nvidia-a100-pcie', 1410],
    ['nvidia-a800-sxm', 1410],
    ['nvidia-h100-sxm', 1830],
  ]);
});

test('the names that exporters print lead to one model', () => {
  const named = (name: string): string[] =>
    [...plan.accelerators.values()].filter((row) => row.reported_as.includes(name)).map(({ id }) => id);
  expect(named('NVIDIA A800-SXM4-80GB')).toEqual(['nvidia-a800-sxm']);
  expect(named('NVIDIA H100 80GB HBM3')).toEqual(['nvidia-h100-sxm']);
  expect(named('NVIDIA H20')).toEqual(['nvidia-h20']);
  expect(named('910B3-Ascend-V1')).toEqual(['ascend-910b3']);
  expect(named('910A-Ascend-V1')).toEqual(['ascend-910a']);
  expect(named('910Awn-Ascend-V1')).toEqual(['ascend-910a']);
  expect(named('Ascend910--V1')).toEqual([]); // three bins with three peaks
});

test("DCGM's blanks are sentinels as a reader of text gets them", () => {
  const sentinels = plan.families.get('dcgm')?.sentinels;
  for (const blank of ['9223372036854775794', '2147483632', '140737488355328.000000', '140737488355330.000000']) {
    expect(sentinels).toContain(Number(blank));
  }
});

test('slices of one card never make more than the card', () => {
  const quarters = new Set(['1g.6gb', '1g.6gb+me', '2g.12gb', '2g.12gb+me', '4g.24gb']); // A30
  for (const [profile, share] of Object.entries(plan.families.get('dcgm')?.slice?.shares ?? {})) {
    const slices = Number(profile[0]);
    const whole = quarters.has(profile) ? 4 : 7;
    expect(share * whole, profile).toBeLessThanOrEqual(slices);
    expect(share * whole, profile).toBeCloseTo(slices, 9);
  }
});

test('the promise: seven targets, and what of it is not known', () => {
  const { targets, actions, tasks, policies } = plan.promise;
  expect(targets.map(({ id, comparator, value, upper }) => [id, comparator, value, upper])).toEqual([
    ['computing-service-scale', '>=', 5000, undefined],
    ['labelling-bases', '>=', 5, undefined],
    ['industry-datasets', '>=', 30, undefined],
    ['industry-models', '>=', 50, undefined],
    ['incubators', 'between', 2, 3],
    ['lead-enterprises', 'between', 3, 5],
    ['intelligent-terminal-adoption', '>', 0.9, undefined],
  ]);
  expect(targets[0]?.baseline).toMatchObject({ value: 1155, date: '2025-12-31', basis: 'installed' });
  expect(targets[0]?.counts).toEqual({ from: 'compute', step: 'nominal', precision: 'fp16' });
  expect(actions.filter(({ name }) => name === 'unverified')).toHaveLength(9);
  expect([...tasks, ...policies].every(({ demo }) => demo)).toBe(true);
});

test('only verified items count, from their day on', () => {
  const ids = (at: string): string[] =>
    countedItems(plan.registers, 'labelling-bases', Date.parse(at)).map(({ id }) => id);
  expect(ids('2026-12-31T00:00:00+08:00')).toEqual(['demo-base-nanchang']); // Ganzhou is claimed
  expect(ids('2026-03-19T23:59:59+08:00')).toEqual([]);
  expect(countedItems(plan.registers, 'industry-models', Date.now()).map(({ id }) => id)).toEqual(['demo-model-rice']);
});
