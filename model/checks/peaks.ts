import { fault } from '../fault.ts';
import { peakTflops } from '../peak.ts';
import type { Check } from './check.ts';

/** The precision in which the waterfall counts. */
const precision = 'fp16';

/** A pool whose peak nobody knows would count no PFlops. */
export const poolPeaks: Check = ({ data: { estate, accelerators } }) =>
  (estate?.pools ?? []).flatMap(({ accelerator: id, override }, i) => {
    const accelerator = accelerators?.accelerators.find((row) => row.id === id);
    if (!accelerator || peakTflops(accelerator, precision) !== undefined) return [];
    if (override?.peak_tflops?.[precision] !== undefined) return [];
    const params = { accelerator: id, precision };
    return [{ file: 'estate', fault: fault(['pools', i, 'accelerator'], 'use', 'no_peak', params) }];
  });
