import { computePflops, provinceCompute, provinceComputeCoverage } from '../../../model/metrics/compute.ts';
import type { Emit, Sample } from '../../../model/metrics/metric.ts';
import type { Plan } from '../../../model/plan.ts';
import { peakTflops } from '../../../model/peak.ts';
import { acceleratorOf } from '../../../model/accelerator-of.ts';
import { isValid } from '../../../model/tree.ts';
import { PRECISION } from '../../judge/device/device.ts';

/** Sums of the pools of several sites by step and tier, each with the share of the nominal power that it is known of. */
export function provincePflops(plan: Plan, samples: readonly Sample[], now: number, emit: Emit): void {
  if (plan.estate.sites.length < 2) return;
  const sums = new Map<string, { labels: { precision: string; step: string; tier: string }; pflops: number }>();
  const known = new Map<string, Set<string>>();
  for (const { metric, labels, value } of samples) {
    if (metric !== computePflops) continue;
    const { precision = '', step = '', tier = '', pool = '' } = labels;
    const key = JSON.stringify([precision, step, tier]);
    const before = sums.get(key)?.pflops ?? 0;
    sums.set(key, { labels: { precision, step, tier }, pflops: before + Number(value) });
    known.set(step, (known.get(step) ?? new Set<string>()).add(pool));
  }
  for (const { labels, pflops } of sums.values()) emit(provinceCompute, labels, pflops);
  const pools = plan.estate.pools.filter((pool) => isValid(pool, now));
  const nominal = (of: typeof pools): number =>
    of.reduce((sum, pool) => {
      const accelerator = acceleratorOf(plan, pool);
      return sum + pool.count * ((accelerator && peakTflops(accelerator, PRECISION)) ?? 0);
    }, 0);
  const all = nominal(pools);
  if (all === 0) return;
  for (const [step, ids] of known) {
    const share = nominal(pools.filter(({ id }) => ids.has(id))) / all;
    emit(provinceComputeCoverage, { precision: PRECISION, step }, share);
  }
}
