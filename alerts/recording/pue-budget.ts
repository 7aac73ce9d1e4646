import { siteEnergyJoules } from '../../model/metrics/energy.ts';
import { pueAllowanceRatio } from '../../model/metrics/pue.ts';
import type { RecordingRule } from '../alert.ts';
import { flush, series } from '../promql.ts';
import { pairs, secondsOf, windows } from '../windows.ts';
import { exact } from './exact.ts';
import { ratedPower } from './rated-power.ts';

const energy = (window: string): string => `site_side:greenflops_site_energy_joules:increase${window}`;
/** Overhead / (IT energy x (allowance - 1)). */
export const burn = (window: string): string => `site:greenflops_pue_budget_burn:ratio_increase${window}`;
/** IT energy / what the site's rated IT power would have used. */
export const load = (window: string): string => `site:greenflops_it_load:ratio_increase${window}`;

const side = (window: string, name: 'facility' | 'it'): string => `sum by (site) (${energy(window)}{side="${name}"})`;
const shorts = [...new Set(pairs.map(({ short }) => short))];

/** Sums first, then ratios; a ratio that is not known is absent. */
export const pueBudgetRules: readonly RecordingRule[] = [
  ...windows.map((window) => ({
    record: energy(window),
    // A series that two jobs scrape counts once.
    expr: `max by (site, side) (increase(${series(siteEnergyJoules)}[${window}]))`,
  })),
  ...windows.map((window) => ({
    record: burn(window),
    expr: flush(`
      (${side(window, 'facility')} - ${side(window, 'it')})
      / (${side(window, 'it')} * (max by (site) (${series(pueAllowanceRatio)}) - 1) > 0)
      and on (site) ${exact(window)}`),
  })),
  ...shorts.map((window) => ({
    record: load(window),
    expr: flush(`
      ${side(window, 'it')} / ${secondsOf(window)} / on (site) ${ratedPower}
      and on (site) ${exact(window)}`),
  })),
];
