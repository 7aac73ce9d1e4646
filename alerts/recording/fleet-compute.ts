import { acceleratorEnergy, computePflopSeconds, computePflops } from '../../model/metrics/compute.ts';
import { fleetCards, fleetDelivered, fleetSteps } from '../../model/metrics/recorded.ts';
import type { RecordingRule } from '../alert.ts';
import { flush, series } from '../promql.ts';

/** Computing power of all sites: each series once, however many replicas say it, then sums; never a mean of ratios. */
export const fleetComputeRules: readonly RecordingRule[] = [
  {
    record: fleetSteps.name,
    expr: flush(`
      sum by (site, precision, step, tier) (
        max by (site, pool, precision, step, tier) (${series(computePflops)})
      )`),
  },
  {
    record: fleetDelivered.name,
    expr: flush(`
      sum by (site, tenant, action, precision, tier) (
        max by (site, pool, tenant, action, precision, tier) (rate(${series(computePflopSeconds)}[5m]))
      )`),
  },
  {
    record: fleetCards.name,
    expr: flush(`
      sum by (site, state) (
        max by (site, pool, state) (rate(${series(acceleratorEnergy)}[5m]))
      )`),
  },
];
