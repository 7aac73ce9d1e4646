import { siteEnergyJoules, siteEnergyTimestamp } from '../../model/metrics/energy.ts';
import { pueAllowanceRatio } from '../../model/metrics/pue.ts';
import type { RecordingRule } from '../alert.ts';
import { flush, series } from '../promql.ts';
import { pairs, windows } from '../windows.ts';
import { exact } from './exact.ts';
import { ratedPower } from './rated-power.ts';

const energy = 'site_side:greenflops_site_energy_joules:max';
const reach = 'site_side:greenflops_site_energy_timestamp_seconds:max';
const power = (window: string): string => `site_side:greenflops_site_power_watts:mean${window}`;
/** Overhead / (IT energy x (allowance - 1)). */
export const burn = (window: string): string => `site:greenflops_pue_budget_burn:ratio_mean${window}`;
/** IT power / the site's rated IT power. */
export const load = (window: string): string => `site:greenflops_it_load:ratio_mean${window}`;

const side = (window: string, name: 'facility' | 'it'): string => `sum by (site) (${power(window)}{side="${name}"})`;
const shorts = [...new Set(pairs.map(({ short }) => short))];

/**
 * Sums first, then ratios; a ratio that is not known is absent. Each side's energy is divided by the time that its own
 * counter came on: a register that stands still, before the exporter can know that it does, makes its side's window
 * shorter and not its power lower.
 */
export const pueBudgetRules: readonly RecordingRule[] = [
  // A series that two jobs scrape counts once, and one that goes on under another instance is one.
  { record: energy, expr: `max by (site, side) (${series(siteEnergyJoules)})` },
  { record: reach, expr: `max by (site, side) (${series(siteEnergyTimestamp)})` },
  ...windows.map((window) => ({
    record: power(window),
    expr: `increase(${energy}[${window}]) / (increase(${reach}[${window}]) > 0)`,
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
      ${side(window, 'it')} / on (site) ${ratedPower}
      and on (site) ${exact(window)}`),
  })),
];
