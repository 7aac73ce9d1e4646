/** What the twin's accelerators are: typed here from public sources, so that a wrong catalogue row shows up in tests. */
export interface Accelerator {
  /** Whose exporter speaks for the device. */
  readonly shape: 'dcgm' | 'npu';
  /** The model's name as its exporter prints it. */
  readonly model: string;
  /** Dense FP16 peak, without sparsity. */
  readonly tflops: number;
  /** The clock at which the peak is defined; null: no source gives it, operations do not depend on the clock. */
  readonly clock_ref_mhz: number | null;
  /** Lowest and highest clock under load, and the idle clock. */
  readonly clock_mhz: { readonly low: number; readonly high: number; readonly step: number; readonly idle: number };
  readonly idle_w: number;
  readonly tdp_w: number;
  readonly memory_mib: number;
  /** false: the exporter has no tensor (cube) metric for this model */
  readonly tensor: boolean;
  /** A split into MIG instances of all seven compute slices (NVIDIA MIG user guide); empty: cannot be split. */
  readonly mig: readonly string[];
}

/**
 * Peaks and TDP: volcengine/verl flops_counter.py and FlagOpen/FlagPerf (A800, H20), the npu-smi table of Huawei
 * MindStudio (910B3), a secondary page (910A). The A800 is an A100 with slower links, whose peak is defined at 1410 MHz:
 * 1410 MHz x 256 x 2 x 432 = 311.9 T (stas00/ml-engineering, compute/accelerator). Names and highest Ascend clocks: texts
 * of dcgm-exporter and npu-exporter in public issues and in Ascend/mind-cluster's API document. Lower clocks and idle
 * powers are invented.
 */
export const accelerators: Readonly<Record<string, Accelerator>> = {
  'nvidia-a800-sxm': {
    shape: 'dcgm',
    model: 'NVIDIA A800-SXM4-80GB',
    tflops: 312,
    clock_ref_mhz: 1410,
    clock_mhz: { low: 1155, high: 1410, step: 15, idle: 210 },
    idle_w: 60,
    tdp_w: 400,
    memory_mib: 81_920,
    tensor: true,
    mig: ['3g.40gb', '2g.20gb', '2g.20gb'],
  },
  'nvidia-h20': {
    shape: 'dcgm',
    model: 'NVIDIA H20',
    tflops: 148,
    clock_ref_mhz: null,
    clock_mhz: { low: 1590, high: 1980, step: 15, idle: 345 },
    idle_w: 75,
    tdp_w: 400,
    memory_mib: 97_871,
    tensor: true,
    mig: ['3g.48gb', '2g.24gb', '2g.24gb'],
  },
  'ascend-910b3': {
    shape: 'npu',
    model: '910B3-Ascend-V1',
    tflops: 313,
    clock_ref_mhz: null,
    clock_mhz: { low: 1650, high: 1800, step: 50, idle: 800 },
    idle_w: 90,
    tdp_w: 350,
    memory_mib: 65_536,
    tensor: true,
    mig: [],
  },
  'ascend-910a': {
    shape: 'npu',
    model: '910A-Ascend-V1',
    tflops: 256,
    clock_ref_mhz: null,
    clock_mhz: { low: 900, high: 1000, step: 50, idle: 1000 },
    idle_w: 65,
    tdp_w: 310,
    memory_mib: 32_768,
    tensor: false,
    mig: [],
  },
};
