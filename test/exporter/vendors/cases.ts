import type { Tier } from '../../../exporter/judge/device/device.ts';
import type { Rejection } from '../../../model/reasons.ts';

/** What one device's text must become: activity x clock / reference clock x dense peak, worked out by hand. */
type Card = readonly [id: string, tier: Tier | null, tflops: number | null, watts: number | null, healthy: boolean];

export interface Case {
  /** text/<file>.prom */
  readonly file: string;
  readonly family: string;
  readonly accelerator: string;
  readonly cards: readonly Card[];
  /** Allocated and healthy, PFlops by tier */
  readonly delivered: Readonly<Partial<Record<Tier, number>>>;
  readonly rejected?: Readonly<Partial<Record<Rejection, number>>>;
  readonly unknown?: Readonly<Record<string, number>>;
}

export const cases: readonly Case[] = [
  {
    file: 'dcgm-whole',
    family: 'dcgm',
    accelerator: 'nvidia-a800-sxm',
    // 312 TFLOPS at 1410 MHz: 0.5 x 1410 / 1410 x 312 = 156; 0.25 x 705 / 1410 x 312 = 39
    cards: [
      ['UUID="GPU-0"', 'T1', 156, 300.5, true],
      ['UUID="GPU-1"', 'T1', 39, null, true],
    ],
    delivered: { T1: 0.195 },
    rejected: { sentinel: 1 },
  },
  {
    file: 'dcgm-mig',
    family: 'dcgm',
    accelerator: 'nvidia-h100-sxm',
    // 3g and 1g of seven slices at 0.7, 3g at 0: 0.7 x 4 / 7 x 989 = 395.6
    cards: [['UUID="GPU-9"', 'T1', 395.6, 420, true]],
    delivered: { T1: 0.3956 },
  },
  {
    file: 'dcgm-no-profiling',
    family: 'dcgm',
    accelerator: 'nvidia-h20',
    // 0.8 x 148, half of it each pod's
    cards: [['UUID="GPU-7"', 'T4', 118.4, 310, true]],
    delivered: { T4: 0.1184 },
  },
  {
    file: 'nvidia-smi',
    family: 'nvidia-smi',
    accelerator: 'nvidia-h100-sxm',
    // 0.5 x 989; it knows no pods, so nothing is allocated and nothing delivered
    cards: [
      ['uuid="u-0"', 'T4', 494.5, 650, true],
      ['uuid="u-1"', 'T4', 0, null, true],
    ],
    delivered: { T4: 0 },
    // name, power and activity of one card, activity of another
    rejected: { not_a_number: 1, unknown_model: 4 },
    unknown: { 'NVIDIA GeForce RTX 2080 SUPER': 1, unnamed: 1 },
  },
  {
    file: 'npu-910b',
    family: 'npu-exporter',
    accelerator: 'ascend-910b3',
    // cube 0.4 x 313 = 125.2; the second's cube is of an hour ago, so its AI cores speak: 0.5 x 313 = 156.5, but it is ill
    cards: [
      ['vdie_id="A-0"', 'T2', 125.2, 312.5, true],
      ['vdie_id="A-1"', 'T3', 156.5, null, false],
      ['vdie_id="A-2"', 'T2', 0, 91.2, false],
    ],
    delivered: { T2: 0.1252, T3: 0 },
    rejected: { stale_timestamp: 1, sentinel: 1 },
  },
  {
    file: 'npu-910a-prometheus',
    family: 'npu-exporter',
    accelerator: 'ascend-910a',
    // 0.75 x 256 + 0.25 x 256 = 256
    cards: [
      ['instance="10.0.0.1:8082",pcie_bus_info="0000:61:00.0"', 'T3', 192, 200, true],
      ['instance="10.0.0.2:8082",pcie_bus_info="0000:61:00.0"', 'T3', 64, null, true],
    ],
    delivered: { T3: 0.256 },
    rejected: { not_a_number: 1 },
  },
  {
    file: 'npu-910c',
    family: 'npu-exporter',
    accelerator: 'ascend-910c-9382',
    // 752 TFLOPS of a package are 376 of a die: 0.5 x 376 + 0.25 x 376 = 282
    cards: [
      ['vdie_id="D-0"', 'T2', 188, 210.5, true],
      ['vdie_id="D-1"', 'T2', 94, 180, true],
    ],
    delivered: { T2: 0.282 },
    rejected: { unknown_model: 1 },
    unknown: { 'Ascend910-Ascend-V1': 1 },
  },
  {
    file: 'npu-310p',
    family: 'npu-exporter',
    accelerator: 'ascend-310p',
    // 0.5 x 70
    cards: [
      ['pcie_bus_info="0000:0B:00.0"', 'T3', 35, 44.7, true],
      ['pcie_bus_info="0000:0C:00.0"', null, null, 44.7, true],
    ],
    delivered: { T3: 0.035 },
  },
  {
    file: 'mlu',
    family: 'mlu-exporter',
    accelerator: 'cambricon-mlu370-x8',
    // tensor 0.5 x 96 = 48; tensor NaN, so utilisation 0.75 x 96 = 72, at a tier of its own
    cards: [
      ['uuid="MLU-0"', 'T2', 48, 151, true],
      ['uuid="MLU-1"', 'T4', 72, 80, true],
      ['uuid="MLU-2"', 'T2', 0, 31, false],
    ],
    delivered: { T2: 0.048, T4: 0.072 },
    rejected: { not_a_number: 1 },
  },
  {
    file: 'dcu',
    family: 'dcu-exporter',
    accelerator: 'hygon-k100-ai',
    // 0.5 x 196
    cards: [
      ['device_id="T8R0"', 'T4', 98, 248.12, true],
      ['device_id="T8R1"', 'T4', 0, 61.5, true],
    ],
    delivered: { T4: 0.098 },
    // power and activity of the card without a name
    rejected: { no_identity: 1, unknown_model: 2 },
    unknown: { unnamed: 1 },
  },
  {
    file: 'hygon-sysfs',
    family: 'hygon-dcu-sysfs',
    accelerator: 'hygon-k100',
    // 0.25 x 100 and 0.75 x 100, by the declaration's word; held by nobody
    cards: [
      ['uuid="0x1f"', 'T4', 25, 131.25, true],
      ['uuid="0x2f"', 'T4', 75, null, true],
    ],
    delivered: { T4: 0 },
    rejected: { sentinel: 1 },
  },
  {
    file: 'mx',
    family: 'mx-exporter',
    accelerator: 'metax-c500',
    // 0.75 x 240; 215,500 mW
    cards: [
      ['uuid="GPU-mx-0"', 'T4', 180, 215.5, true],
      ['uuid="GPU-mx-1"', 'T4', 0, 61, true],
    ],
    delivered: { T4: 0.18 },
  },
  {
    file: 'huatuo-metax',
    family: 'huatuo-metax',
    accelerator: 'metax-c500',
    // 0.5 x 240; of two dies that differ neither is taken
    cards: [
      ['host="mx-2",gpu="0"', 'T4', 120, 212.5, true],
      ['host="mx-2",gpu="1"', null, null, 300, false],
    ],
    delivered: { T4: 0 },
    // status and activity of the two dies: the former differ too
    rejected: { duplicate: 2 },
  },
  {
    file: 'huatuo-mthreads',
    family: 'huatuo-mthreads',
    accelerator: 'moore-threads-s4000',
    // 0.6 x 100
    cards: [
      ['host="mt-1",gpu="0"', 'T4', 60, 301.25, true],
      ['host="mt-1",gpu="1"', null, null, 40, true],
    ],
    delivered: { T4: 0 },
  },
  {
    file: 'ix',
    family: 'ix-exporter',
    accelerator: 'test-bi150',
    // SM 0.5 x 200 (invented) = 100; without SM 0.8 x 200 = 160, at a tier of its own
    cards: [
      ['uuid="GPU-ix-0"', 'T3', 100, 131, true],
      ['uuid="GPU-ix-1"', 'T4', 160, 0, true],
    ],
    delivered: { T3: 0.1, T4: 0.16 },
    rejected: { unknown_model: 1 },
    unknown: { 'Iluvatar MR-V50': 1 },
  },
  {
    file: 'amd-spx',
    family: 'amd-device-metrics',
    accelerator: 'amd-mi300x',
    // MFMA 0.4 x 1307 = 522.8; without a profiler 0.25 x 1307 = 326.75, of a card that is ill and that nobody holds
    cards: [
      ['serial_number="692-1"', 'T2', 522.8, 700, true],
      ['serial_number="692-2"', 'T4', 326.75, 141, false],
    ],
    delivered: { T2: 0.5228, T4: 0 },
  },
  {
    file: 'amd-cpx',
    family: 'amd-device-metrics',
    accelerator: 'amd-mi300x',
    // four of eight partitions at 0.8: 0.4 x 1307 = 522.8; pods hold two of them: 2 x 0.8 / 8 x 1307 = 261.4
    cards: [['serial_number="692-3"', 'T2', 522.8, 600, true]],
    delivered: { T2: 0.2614 },
  },
  {
    file: 'gcu',
    family: 'gcu-exporter',
    accelerator: 'test-t20',
    // 0.5 x 128 (invented)
    cards: [
      ['uuid="GCU-0"', 'T4', 64, 156, true],
      ['uuid="GCU-1"', null, null, null, false],
    ],
    delivered: { T4: 0.064 },
    rejected: { sentinel: 2 },
  },
];
