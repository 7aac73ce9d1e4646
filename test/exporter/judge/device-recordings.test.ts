import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holders } from '../../../exporter/account/compute/compute-holder.ts';
import { waterfall } from '../../../exporter/account/compute/waterfall.ts';
import type { JudgedDevices } from '../../../exporter/judge/device/device.ts';
import { modelIndex } from '../../../exporter/judge/device/device-model.ts';
import { judgeDevices } from '../../../exporter/judge/device/devices.ts';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { loadPlan } from '../../../model/load.ts';
import { poolOf, RECEIVED } from '../device-rows.ts';

const root = resolve(import.meta.dirname, '../../..');
const recordings = join(resolve(root, process.env['GREENFLOPS_SHARED'] ?? '../shared'), 'recordings');
const absent = !existsSync(recordings);
if (absent) console.warn(`skipped: no recordings of real devices at ${recordings} (set GREENFLOPS_SHARED)`);

const plan = loadPlan(join(root, 'plan'));
const recorded = (path: string): string => readFileSync(join(recordings, path), 'utf8');

/** Judges text by the rows that ship, for the first pool of an accelerator, or for any pool of a family. */
function judge(text: string, accelerator: string, familyId?: string): JudgedDevices {
  const pool = familyId
    ? poolOf(accelerator, familyId, 1)
    : plan.estate.pools.find((one) => one.accelerator === accelerator);
  const row = plan.accelerators.get(accelerator);
  const family = plan.families.get(pool?.telemetry?.family ?? '');
  if (!pool || !row || !family) throw new Error(`the demonstration estate has no measured pool of ${accelerator}`);
  return judgeDevices(parseExposition(text, { format: 'text', whole: true }), {
    pool,
    family,
    families: plan.families.values(),
    accelerator: row,
    known: modelIndex(plan.accelerators.values()),
    received: RECEIVED,
    maxAge: 300_000,
    timestamps: family.timestamps,
  });
}

describe.skipIf(absent)('recordings of real devices, by the rows that ship', () => {
  test('a server of 8 Ascend 910: all there, healthy, held by nobody; its 1970 stamps are told of', () => {
    const judged = judge(recorded('npu/npu_exporter_910.prom'), 'ascend-910a');
    expect(judged.devices).toHaveLength(8);
    expect(judged.devices[3]).toMatchObject({ id: 'id="3"', activity: 0, tier: 'T3', at: RECEIVED, powerW: 0 });
    // utilisation, clock, power and health of 8 chips
    expect([...judged.rejected]).toEqual([['impossible_timestamp', 32]]);
    expect(judged.refusals[0]?.what).toContain('1606402000');

    const pool = plan.estate.pools.find(({ accelerator }) => accelerator === 'ascend-910a');
    const row = plan.accelerators.get('ascend-910a');
    if (!pool || !row) throw new Error('the demonstration estate has no 910A pool');
    const { nominal, telemetry } = waterfall({ ...pool, count: 8 }, row, judged, holders(plan.estate.tenants));
    expect(nominal).toBe(2.048);
    expect(telemetry).toMatchObject({
      racked: { pflops: 2.048 },
      healthy: { pflops: 2.048 },
      allocated: { pflops: 0 },
    });
    expect([...(telemetry?.delivered ?? [])]).toEqual([['T3', 0]]);
  });

  test('the same server in a pool that declares another model counts nothing, and says why', () => {
    const judged = judge(recorded('npu/npu_exporter_910.prom'), 'ascend-910b3');
    expect(judged.devices).toEqual([]);
    expect([...judged.unknownModels]).toEqual([['910Awn-Ascend-V1', 8]]);
    // utilisation, clock, power and health of 8 chips
    expect([...judged.rejected]).toEqual([
      ['impossible_timestamp', 32],
      ['wrong_model', 32],
    ]);
    expect(judged.refusals.at(-1)?.what).toContain(
      '"910Awn-Ascend-V1": ascend-910a in accelerators.yaml; pool nc-910b',
    );
  });

  test.each([
    'linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load.prom',
    'linux-x86_64__nvidia-h200__590.48.01__idle.prom',
  ])('nvidia-smi text in a pool declared as DCGM is refused with the right family: %s', (file) => {
    expect(() => judge(recorded(`nvidia-smi/${file}`), 'nvidia-a800-sxm')).toThrow(
      /no metric of family dcgm \(prefixes DCGM_\).*nvidia_smi_.*of family nvidia-smi: correct/,
    );
  });

  test.each([
    // 1980 MHz are above the 1830 MHz of the peak: an upper bound must hold there too
    ['h100-80gb-hbm3__590.48.01__load', 'nvidia-h100-sxm', { activity: 1, clockRatio: 1980 / 1830, powerW: 631.95 }],
    ['h100-80gb-hbm3__590.48.01__idle', 'nvidia-h100-sxm', { activity: 0, clockRatio: null, powerW: 69.85 }],
    ['h200__590.48.01__idle', 'nvidia-h200-sxm', { activity: 0, clockRatio: null, powerW: 77.71 }],
  ])('nvidia-smi of %s: one card, its model by the line of names, held by nobody', (file, accelerator, expected) => {
    const text = recorded(`nvidia-smi/linux-x86_64__nvidia-${file}.prom`);
    const judged = judge(text, accelerator, 'nvidia-smi');
    const id = 'uuid="00000000-0000-0000-0000-000000000000"';
    const rest = { healthy: true, signal: 'busy', tier: 'T4', peakTflops: 989, allocations: [], at: RECEIVED };
    expect(judged.devices).toEqual([{ id, model: accelerator, ...rest, ...expected }]);
    expect(judged.rejected.size).toBe(0);
    const other = judge(text, 'nvidia-b200-sxm', 'nvidia-smi');
    expect(other.devices).toEqual([]);
    expect([...other.rejected.keys()]).toEqual(['wrong_model']);
    expect(other.refusals[0]?.what).toContain(`${accelerator} in accelerators.yaml; pool`);
    const without = judge(text.replace(/^nvidia_smi_gpu_info.*$/m, ''), accelerator, 'nvidia-smi');
    expect([...without.unknownModels]).toEqual([['unnamed', 1]]);
  });

  test('npu-exporter text in a pool declared as DCGM is refused with the right family', () => {
    expect(() => judge(recorded('npu/npu_exporter_910.prom'), 'nvidia-a800-sxm')).toThrow(
      /of family npu-exporter: correct/,
    );
  });
});

const gpu = (model: string) => `gpu="0",UUID="GPU-1",modelName="${model}",Hostname="n",namespace="a",pod="p"`;

describe('text in the shape of exporters, by the rows that ship', () => {
  test.each([
    ['nvidia-a800-sxm', 'NVIDIA A800-SXM4-80GB', { tier: 'T1', clockRatio: 1, peakTflops: 312 }],
    ['nvidia-h20', 'NVIDIA H20', { tier: 'T2', clockRatio: null, peakTflops: 148 }],
  ])('DCGM of %s', (accelerator, model, expected) => {
    const text = `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${gpu(model)}} 0.5\nDCGM_FI_DEV_SM_CLOCK{${gpu(model)}} 1410`;
    expect(judge(text, accelerator).devices).toMatchObject([{ activity: 0.5, ...expected }]);
  });

  test('the blank of an old DCGM is no reading', () => {
    const text = `DCGM_FI_DEV_POWER_USAGE{${gpu('NVIDIA H20')}} 9223372036854775794`;
    expect([...judge(text, 'nvidia-h20').rejected]).toEqual([['sentinel', 1]]);
  });

  test('npu-exporter of a 910B3', () => {
    const chip = 'id="0",model_name="910B3-Ascend-V1",namespace="a",pcie_bus_info="",pod_name="p",vdie_id="D1"';
    const text = `npu_chip_info_cube_utilization{${chip}} 40 ${RECEIVED - 800}
      npu_chip_info_utilization{${chip}} 70 ${RECEIVED - 800}
      npu_chip_info_health_status{${chip}} 1 ${RECEIVED - 800}`;
    expect(judge(text, 'ascend-910b3').devices).toMatchObject([
      { activity: 0.4, tier: 'T2', peakTflops: 313, healthy: true, at: RECEIVED - 800, allocations: [{ pod: 'p' }] },
    ]);
  });
});
