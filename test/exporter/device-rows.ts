import { parseExposition } from '../../exporter/read/exposition/exposition.ts';
import { type Known, modelIndex } from '../../exporter/judge/device/device-model.ts';
import { type DeviceContext, judgeDevices } from '../../exporter/judge/device/devices.ts';
import type { JudgedDevices } from '../../exporter/judge/device/device.ts';
import { type Accelerator, accelerators } from '../../model/schema/accelerators.ts';
import { type Pool, estate } from '../../model/schema/estate.ts';
import { type Family, telemetry } from '../../model/schema/telemetry.ts';

/** Round figures, so that every expectation in the tests is worked out by hand. */
const rows = accelerators.parse({
  schema: 'greenflops/v1',
  accelerators: [
    row('h100', ['NVIDIA H100 80GB HBM3'], 1000, { clock_ref_mhz: 2000, tdp_w: 700 }),
    row('a800', ['NVIDIA A800-SXM4-80GB'], 300, { clock_ref_mhz: 1500, tdp_w: 400 }),
    row('no-clock', ['910B3'], 320, { clock_ref_mhz: null, tdp_w: 400 }),
    row('two-dies', ['Ascend910C'], 800, { dies_per_package: 2 }),
    row('core-only', ['910A-Ascend-V1', '910Awn-Ascend-V1'], 256, { clock_ref_mhz: 1000, tdp_w: 310 }),
    row('cinnabar-c1', ['Cinnabar C1'], 100, { clock_ref_mhz: 1000, tdp_w: 100 }),
    { ...row('no-fp16', ['BF16 only'], 1), peak_tflops: { bf16: 512 } },
  ],
}).accelerators;

function row(id: string, reported_as: string[], fp16: number, rest: object = {}): object {
  const fixed = { vendor: 'test', name: { zh: id, en: id }, resources: {}, source: 'test', confidence: 'memory' };
  return { id, reported_as, peak_tflops: { fp16 }, clock_ref_mhz: null, tdp_w: null, ...fixed, ...rest };
}

const families: readonly Family[] = telemetry.parse({
  schema: 'greenflops/v1',
  families: [
    {
      id: 'dcgm',
      name: { zh: 'DCGM', en: 'DCGM' },
      prefixes: ['DCGM_'],
      identity: [['UUID']],
      model: ['modelName'],
      pod: ['exported_pod', 'pod'],
      namespace: ['exported_namespace', 'namespace'],
      slice: {
        label: 'GPU_I_ID',
        profile: 'GPU_I_PROFILE',
        relative: true,
        shares: { '1g.10gb': 0.125, '4g.40gb': 0.5, '3g.40gb': 0.375 },
      },
      activity: [
        { metric: 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', signal: 'tensor' },
        { metric: 'DCGM_FI_PROF_SM_ACTIVE', signal: 'core' },
        { metric: 'DCGM_FI_DEV_GPU_UTIL', signal: 'busy', factor: 0.01 },
      ],
      clock: { metric: 'DCGM_FI_DEV_SM_CLOCK' },
      power: { metric: 'DCGM_FI_DEV_POWER_USAGE' },
      sentinels: [Number('9223372036854775794')],
      source: 'test',
    },
    {
      id: 'npu-exporter',
      name: { zh: '昇腾', en: 'Ascend' },
      prefixes: ['npu_', 'machine_npu_'],
      identity: [['vdie_id'], ['pcie_bus_info'], ['id']],
      model: ['model_name'],
      pod: ['pod_name'],
      namespace: ['namespace'],
      activity: [
        { metric: 'npu_chip_info_cube_utilization', signal: 'tensor', factor: 0.01 },
        { metric: 'npu_chip_info_utilization', signal: 'core', factor: 0.01 },
      ],
      clock: { metric: 'npu_chip_info_aicore_current_freq' },
      power: { metric: 'npu_chip_info_power' },
      health: { metric: 'npu_chip_info_health_status', healthy: [1] },
      source: 'test',
    },
    {
      id: 'cinnabar',
      name: { zh: '朱砂', en: 'Cinnabar' },
      prefixes: ['cin_'],
      identity: [['chassis', 'slot']],
      model: ['sku', 'card'],
      pod: ['workload'],
      namespace: ['project'],
      activity: [{ metric: 'cin_matrix_permille', signal: 'tensor', factor: 0.001 }],
      clock: { metric: 'cin_clock_khz', factor: 0.001 },
      power: { metric: 'cin_board_milliwatts', factor: 0.001 },
      health: { metric: 'cin_state', healthy: [2, 3] },
      source: 'test',
    },
  ],
}).families;

const known: Known = modelIndex(rows);

/** A row of the test's catalogue or of its families, by id. */
export function acceleratorRow(id: string): Accelerator {
  return rows.find((candidate) => candidate.id === id) ?? missing(id);
}
export function familyRow(id: string): Family {
  return families.find((candidate) => candidate.id === id) ?? missing(id);
}
function missing(id: string): never {
  throw new Error(`no test row ${id}`);
}

export function poolOf(accelerator: string, family: string, count: number): Pool {
  const source = { protocol: 'exposition', url: 'http://127.0.0.1:1/metrics' };
  const pool = {
    id: 'pool',
    cluster: 'c',
    accelerator,
    count,
    nodes: { names: ['n1'] },
    telemetry: { family, source },
  };
  const site = { id: 's', name: { zh: 's', en: 's' }, grid: 'g', profile: 'p', it_rated_kw: 1 };
  return estate.parse({ schema: 'greenflops/v1', sites: [site], pools: [pool] }).pools[0] ?? missing('pool');
}

/** 2026-06-01T00:00:00Z */
export const RECEIVED = 1_780_272_000_000;

export function contextOf(family: string, accelerator: string, rest: Partial<DeviceContext> = {}): DeviceContext {
  return {
    pool: poolOf(accelerator, family, 8),
    family: familyRow(family),
    families,
    accelerator: acceleratorRow(accelerator),
    known,
    received: RECEIVED,
    maxAge: 300_000,
    timestamps: 'honor',
    ...rest,
  };
}

/** What the judge makes of exposition text. */
export function judgeText(
  text: string,
  family: string,
  accelerator: string,
  rest: Partial<DeviceContext> = {},
): JudgedDevices {
  return judgeDevices(parseExposition(text, { format: 'text', whole: true }), contextOf(family, accelerator, rest));
}
