import { computePflops } from '../../model/metrics/compute.ts';
import type { Plan } from '../../model/plan.ts';
import type { Target } from '../../model/schema/promise.ts';
import { eq, once } from '../promql.ts';

/** A target that counts a step of the PFlops waterfall. */
export type ComputeTarget = Target & { readonly counts: Extract<Target['counts'], { from: 'compute' }> };

const isCompute = (target: Target): target is ComputeTarget => target.counts.from === 'compute';

/** The plan's target of computing power. @throws Error where the plan has none: the board would have no question */
export function computeTarget({ promise }: Plan): ComputeTarget {
  const target = promise.targets.find(isCompute);
  if (target) return target;
  throw new Error(
    `plan ${promise.id}: none of its ${promise.targets.length} targets counts computing power, so there is no board of it; ` +
      'add one with counts: {from: compute, …} or take the board out of dashboards/index.ts',
  );
}

/** Tiers of evidence whose figure is no more than a bound. */
export const UPPER_BOUNDS = 'T3|T4';
/** Those, and what jobs say of themselves: nothing that was measured. */
export const UNMEASURED = `${UPPER_BOUNDS}|T5`;

/**
 * What the target counts now, PFlops, over all pools. Upper bounds never count towards the plan, so each
 * accelerator counts by the one tier that it has.
 */
export const actualPflops = ({ counts: { step, precision } }: ComputeTarget): string =>
  `sum(${once(computePflops, ['site', 'pool', 'tier'], { step: eq(step), precision: eq(precision), tier: `!~"${UNMEASURED}"` })})`;
