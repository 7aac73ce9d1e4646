import type { Emit, Sample } from '../../model/metrics/metric.ts';
import { computePflops } from '../../model/metrics/compute.ts';
import { planActual, planRequired, planRequiredLinear, planTarget } from '../../model/metrics/plan.ts';
import { countedItems } from '../../model/counted.ts';
import { requiredCompound, requiredLinear } from '../../model/glide.ts';
import type { Plan } from '../../model/plan.ts';
import type { Target } from '../../model/schema/promise.ts';

/** Upper bounds (T3, T4) and what jobs say of themselves (T5) are no work that was measured: they never count towards the plan. */
const BOUNDS = new Set(['T3', 'T4', 'T5']);

/** Today's value by the target's own counting rule; null where nothing counts it. */
function actual(target: Target, plan: Plan, samples: readonly Sample[], now: number): number | null {
  const { counts } = target;
  if (counts.from === 'register') return countedItems(plan.registers, counts.register, now).length;
  if (counts.from === 'manual') return null;
  const rows = samples.filter(
    ({ metric, labels }) =>
      metric === computePflops &&
      labels['step'] === counts.step &&
      labels['precision'] === counts.precision &&
      !BOUNDS.has(labels['tier'] ?? ''),
  );
  return rows.length === 0 ? null : rows.reduce((sum, { value }) => sum + Number(value), 0);
}

/** The plan's targets, what is there, and what is required today. `samples` are this cycle's PFlops. */
export function planProgress(plan: Plan, samples: readonly Sample[], now: number, emit: Emit): void {
  for (const target of plan.promise.targets) {
    const labels = { target: target.id, milestone: target.milestone };
    emit(planTarget, labels, target.value);
    const value = actual(target, plan, samples, now);
    if (value !== null) emit(planActual, labels, value);
    const linear = requiredLinear(target, now);
    const compound = requiredCompound(target, now) ?? linear;
    if (compound !== null) emit(planRequired, labels, compound);
    if (linear !== null) emit(planRequiredLinear, labels, linear);
  }
}
