import { pueEnergyJoules, pueWindowSeconds } from '../../model/metrics/pue.ts';
import { provincePueIncluded, provincePueOfSums, provincePueSums } from '../../model/metrics/recorded.ts';
import type { RecordingRule } from '../alert.ts';
import { flush, series } from '../promql.ts';

const length = `max by (site, window) (${series(pueWindowSeconds)})`;
const side = (name: 'facility' | 'it'): string =>
  `sum by (window) (${series(provincePueSums, { side: `="${name}"` })})`;

/**
 * The province's PUE where each site has an exporter of its own: sums of energies, divided. Only sites with a PUE have a
 * window's length, and only those whose window is the longest are in: the sums of both sides must be of the same hours.
 */
export const provincePueRules: readonly RecordingRule[] = [
  {
    record: provincePueIncluded.name,
    expr: flush(`
      ${length}
      == bool on (window) group_left ()
      max by (window) (${series(pueWindowSeconds)})`),
  },
  {
    record: provincePueSums.name,
    expr: flush(`
      sum by (window, side) (
        max by (site, window, side) (${series(pueEnergyJoules)})
        and on (site, window) (${series(provincePueIncluded)} == 1)
      )`),
  },
  { record: provincePueOfSums.name, expr: `${side('facility')} / (${side('it')} > 0)` },
];
