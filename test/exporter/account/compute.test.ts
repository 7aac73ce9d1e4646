import { describe, expect, test } from 'vitest';
import { emitCompute } from '../../../exporter/account/compute/compute.ts';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import { waterfall } from '../../../exporter/account/compute/waterfall.ts';
import type { JudgedDevices } from '../../../exporter/judge/device/device.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import type { Tenant } from '../../../model/schema/estate.ts';
import { acceleratorRow, judgeText, poolOf } from '../device-rows.ts';

const tenant = (id: string, action: string, namespaces: string[]): Tenant => {
  const fixed = { data_class: 'general', priority: 'normal', borrow_pflops: 0, egress: [] as never[] } as const;
  return { id, action, namespaces, quota: [], ...fixed };
};
const holderOf = holders([tenant('copper', 'industrial-production', ['a', 'b']), tenant('rice', 'agriculture', ['c'])]);

/** Series as text, as /metrics would show them. */
function published(judged: JudgedDevices | null, model: string, count = 8): Record<string, number> {
  const series: Record<string, number> = {};
  const emit: Emit = (metric, labels, value) => {
    const pairs = Object.entries<string>(labels).filter(([name]) => name !== 'site' && name !== 'pool');
    series[`${metric.name}{${pairs.map(([name, text]) => `${name}=${text}`).join(',')}}`] = value as number;
  };
  const accelerator = acceleratorRow(model);
  const steps = waterfall(poolOf(model, 'dcgm', count), accelerator, judged, holderOf);
  emitCompute(emit, { site: 's', pool: 'pool', model }, steps, judged);
  return series;
}
const pflops = (step: string, tier = 'none') => `greenflops_compute_pflops{precision=fp16,step=${step},tier=${tier}}`;
const devices = (state: string, model = 'h100') => `greenflops_devices{model=${model},state=${state}}`;

const TENSOR = 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE';
const CLOCK = 'DCGM_FI_DEV_SM_CLOCK';
const gpu = (id: number, namespace = '') =>
  `UUID="GPU-${id}",modelName="NVIDIA H100 80GB HBM3",namespace="${namespace}",pod="${namespace && 'p'}"`;
const slice = (id: number, profile: string, namespace: string) =>
  `${gpu(1, namespace)},GPU_I_ID="${id}",GPU_I_PROFILE="${profile}"`;
const dcgm = (...lines: string[]) => judgeText(lines.join('\n'), 'dcgm', 'h100');

describe('the waterfall of a pool of 8 declared H100 (1 PFlops each, 2000 MHz)', () => {
  test('falls from step to step; tiers stay apart', () => {
    const judged = dcgm(
      `${TENSOR}{${gpu(1, 'a')}} 0.5`,
      `${CLOCK}{${gpu(1, 'a')}} 1800`,
      `${TENSOR}{${gpu(2, 'c')}} 0.25`,
      `${TENSOR}{${gpu(3, 'c')}} 0.004`,
      `${TENSOR}{${gpu(4)}} 0.9`,
      `DCGM_FI_DEV_GPU_UTIL{${gpu(5, 'unheard-of')}} 80`,
    );
    expect(published(judged, 'h100')).toEqual({
      [pflops('nominal')]: 8,
      [pflops('racked')]: 5,
      [pflops('healthy')]: 5,
      [pflops('allocated')]: 4,
      [pflops('busy')]: 3,
      [pflops('delivered', 'T1')]: 0.45,
      [pflops('delivered', 'T2')]: 0.254,
      [pflops('delivered', 'T4')]: 0.8,
      [devices('racked')]: 5,
      [devices('healthy')]: 5,
      [devices('allocated')]: 4,
      [devices('busy')]: 3,
    });
    const steps = waterfall(poolOf('h100', 'dcgm', 8), acceleratorRow('h100'), judged, holderOf);
    expect([...(steps.telemetry?.tenants ?? [])]).toEqual([
      ['copper', { pflops: 1, accelerators: 1 }],
      ['rice', { pflops: 2, accelerators: 2 }],
      ['undeclared', { pflops: 1, accelerators: 1 }],
    ]);
  });

  test('more devices than declared show as more than nominal', () => {
    const judged = dcgm(...[1, 2, 3].map((id) => `${TENSOR}{${gpu(id)}} 0`));
    expect(published(judged, 'h100', 2)).toMatchObject({ [pflops('nominal')]: 2, [pflops('racked')]: 3 });
  });

  test('a slice counts by its share of the card', () => {
    const judged = dcgm(
      `${TENSOR}{${slice(1, '4g.40gb', 'a')}} 0.5`,
      `${TENSOR}{${slice(2, '1g.10gb', '')}} 0.8`,
      `${TENSOR}{${slice(3, '3g.40gb', 'c')}} 0.02`, // busy as a slice, though only 0.0075 of the card
    );
    expect(published(judged, 'h100')).toMatchObject({
      [pflops('racked')]: 1,
      [pflops('allocated')]: 0.875,
      [pflops('busy')]: 0.875,
      [pflops('delivered', 'T2')]: 0.2575,
      [devices('allocated')]: 1,
      [devices('busy')]: 1,
    });
  });

  test.each([
    ['no answer', null],
    ['an answer of which nothing was believed', dcgm(`${TENSOR}{${gpu(1)}} 0.5 1500000000000`)],
  ])('%s: only what is declared is known', (_, judged) => {
    expect(published(judged, 'h100')).toEqual({ [pflops('nominal')]: 8 });
  });

  test('an answer without devices says that there are none', () => {
    expect(published(dcgm('DCGM_EXPORTER_STARTED 1'), 'h100')).toMatchObject({
      [devices('racked')]: 0,
      [pflops('allocated')]: 0,
    });
  });

  test('allocated cards without an activity metric deliver nothing that is known, not 0', () => {
    const judged = dcgm(`DCGM_FI_DEV_POWER_USAGE{${gpu(1, 'a')}} 300`, `${TENSOR}{${gpu(2)}} 0`);
    const series = published(judged, 'h100');
    expect(series).toMatchObject({ [pflops('racked')]: 2, [pflops('allocated')]: 1 });
    expect(Object.keys(series).filter((name) => /delivered|busy/.test(name))).toEqual([]);
  });

  test('unknown and wrong models count nothing and are named', () => {
    const strange = (id: number, name: string) => `${TENSOR}{UUID="GPU-${id}",modelName="${name}"} 1`;
    const judged = dcgm(
      `${TENSOR}{${gpu(1)}} 0`,
      strange(2, 'X1'),
      strange(3, 'X1'),
      strange(4, 'NVIDIA A800-SXM4-80GB'),
    );
    expect(published(judged, 'h100')).toMatchObject({
      [pflops('racked')]: 1,
      'greenflops_unknown_accelerator{model=X1}': 2,
      'greenflops_unknown_accelerator{model=NVIDIA A800-SXM4-80GB}': 1,
    });
  });
});

describe('other pools', () => {
  test('8 idle 910A chips deliver a measured 0 at T3, the tier that their signal allows', () => {
    const lines = [0, 1, 2, 3, 4, 5, 6, 7].map(
      (id) => `npu_chip_info_utilization{id="${id}",model_name="910A-Ascend-V1",pod_name="",vdie_id=""} 0
               npu_chip_info_health_status{id="${id}",model_name="910A-Ascend-V1",pod_name="",vdie_id=""} 1`,
    );
    const series = published(judgeText(lines.join('\n'), 'npu-exporter', 'core-only'), 'core-only');
    expect(series).toEqual({
      [pflops('nominal')]: 2.048,
      [pflops('racked')]: 2.048,
      [pflops('healthy')]: 2.048,
      [pflops('allocated')]: 0,
      [pflops('busy')]: 0,
      [pflops('delivered', 'T3')]: 0,
      [devices('racked', 'core-only')]: 8,
      [devices('healthy', 'core-only')]: 8,
      [devices('allocated', 'core-only')]: 0,
      [devices('busy', 'core-only')]: 0,
    });
  });

  test('an unhealthy chip is racked, and neither allocated nor delivering, though a pod holds it', () => {
    const chip = 'id="0",model_name="910A-Ascend-V1",namespace="a",pod_name="p"';
    const text = `npu_chip_info_utilization{${chip}} 80\nnpu_chip_info_health_status{${chip}} 0`;
    expect(published(judgeText(text, 'npu-exporter', 'core-only'), 'core-only')).toMatchObject({
      [pflops('racked')]: 0.256,
      [pflops('healthy')]: 0,
      [pflops('allocated')]: 0,
      [pflops('delivered', 'T3')]: 0,
    });
  });

  test('dies are ids, packages are what is declared: 3 dies of 800 TFLOPS packages', () => {
    const lines = ['A', 'B', 'C'].map(
      (die) => `npu_chip_info_cube_utilization{vdie_id="${die}",model_name="Ascend910C",namespace="a",pod_name="p"} 50`,
    );
    expect(published(judgeText(lines.join('\n'), 'npu-exporter', 'two-dies'), 'two-dies', 2)).toMatchObject({
      [pflops('nominal')]: 1.6,
      [pflops('racked')]: 1.2,
      [pflops('delivered', 'T2')]: 0.6,
      [devices('racked', 'two-dies')]: 1.5,
    });
  });

  test('without an FP16 figure in the catalogue there are devices and no PFlops', () => {
    const judged = judgeText(`${TENSOR}{UUID="G",modelName="BF16 only",namespace="a",pod="p"} 1`, 'dcgm', 'no-fp16');
    expect(published(judged, 'no-fp16')).toEqual({
      [devices('racked', 'no-fp16')]: 1,
      [devices('healthy', 'no-fp16')]: 1,
      [devices('allocated', 'no-fp16')]: 1,
      [devices('busy', 'no-fp16')]: 1,
    });
  });
});
