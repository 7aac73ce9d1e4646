import type { Accelerator } from './schema/accelerators.ts';
import type { Precision } from './schema/common.ts';

/**
 * Dense peak of one package in TFLOPS (no sparsity), the figure that a declared count multiplies.
 * undefined where the catalogue has none: an unknown peak is never a default.
 */
export const peakTflops = (accelerator: Accelerator, precision: Precision): number | undefined =>
  accelerator.peak_tflops[precision];

/** Dense peak in TFLOPS behind one id of an exporter, which is a die where a package holds two. */
export function peakTflopsPerId(accelerator: Accelerator, precision: Precision): number | undefined {
  const peak = peakTflops(accelerator, precision);
  return peak === undefined ? undefined : peak / accelerator.dies_per_package;
}
