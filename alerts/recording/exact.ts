import type { RecordingRule } from '../alert.ts';
import { flush } from '../promql.ts';
import { windows } from '../windows.ts';
import { metersSettled, unmeteredSeconds } from './meters-settled.ts';

/** 1 where the energies of a site's two sides over a window can be compared, else absent. */
export const exact = (window: string): string => `site:greenflops_window_exact:${window}`;

/**
 * At both of the window's ends no counter waits for a silent meter, and between them no second is lost. A gap inside the
 * window was then credited whole, and a gap that an end would cut makes the window unknown until it has passed.
 */
export const exactRules: readonly RecordingRule[] = windows.map((window) => ({
  record: exact(window),
  expr: flush(`
    ${metersSettled}
    and on (site) ${metersSettled} offset ${window}
    and on (site) (abs(${unmeteredSeconds} - ${unmeteredSeconds} offset ${window}) < 1)`),
}));
