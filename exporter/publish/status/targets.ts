import { siteInfo } from '../../../model/metrics/info.ts';
import { planActual, planRequired, planRequiredLinear, planTarget } from '../../../model/metrics/plan.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Target } from '../../../model/schema/promise.ts';
import type { Text } from '../../../model/text.ts';
import { sentences, steps, wordOf } from '../words.ts';
import { figure, percent, pflops } from './figure.ts';
import type { Lookup } from './lookup.ts';
import { list, say } from './say.ts';

export interface TargetStatus {
  readonly id: string;
  readonly name: Text;
  readonly milestone: string;
  readonly comparator: Target['comparator'];
  readonly unit: string;
  /** Unix ms */
  readonly due: number;
  readonly target: number | null;
  /** The upper end where the target is a range */
  readonly upper: number | null;
  readonly actual: number | null;
  /** What today asks for on the path of compound growth, and on the straight line */
  readonly required: number | null;
  readonly requiredLinear: number | null;
  /** actual / target */
  readonly progress: number | null;
  /** true: invented figures are counted */
  readonly demo: boolean;
  /** How it is counted */
  readonly rule: Text;
}

/** A target's figures in its own unit: PFlops and shares carry it, pieces are named by the target. */
export function inUnit(value: number, unit: string): string {
  if (unit === 'PFlops') return pflops(value);
  return unit === 'ratio' ? percent(value) : figure(value);
}

function isDemo({ counts }: Target, plan: Plan, lookup: Lookup): boolean {
  if (counts.from === 'compute') return lookup.rows(siteInfo, { demo: 'true' }).length > 0;
  return (
    counts.from === 'register' &&
    plan.registers.items.some(({ register, demo }) => register === counts.register && demo)
  );
}

/** Every target of the plan with what is there and what today asks for. */
export function targetStatus(lookup: Lookup, plan: Plan): TargetStatus[] {
  return plan.promise.targets.map((declared) => {
    const { id, name, milestone, comparator, unit, due, upper = null, rule } = declared;
    const labels = { target: id, milestone };
    const target = lookup.value(planTarget, labels);
    const actual = lookup.value(planActual, labels);
    return {
      id,
      name,
      milestone,
      comparator,
      unit,
      due,
      target,
      upper,
      actual,
      required: lookup.value(planRequired, labels),
      requiredLinear: lookup.value(planRequiredLinear, labels),
      progress: actual === null || target === null || target === 0 ? null : actual / target,
      demo: isDemo(declared, plan, lookup),
      rule,
    };
  });
}

/** The page's first sentence: how far computing power has come, null where the plan has no such target. */
export function headline(targets: readonly TargetStatus[], plan: Plan): Text | null {
  const declared = plan.promise.targets.find(({ counts }) => counts.from === 'compute');
  const found = targets.find(({ id }) => id === declared?.id);
  if (declared?.counts.from !== 'compute' || !found || found.target === null) return null;
  const { target, actual, required, progress, unit } = found;
  if (actual === null || progress === null) return say(sentences.headline_absent, { target: inUnit(target, unit) });
  const first = say(sentences.headline, {
    target: inUnit(target, unit),
    step: wordOf(steps, declared.counts.step),
    actual: inUnit(actual, unit),
    progress: percent(progress),
  });
  if (required === null) return first;
  const path = actual >= required ? sentences.on_path : sentences.behind_path;
  return list([first, say(path, { required: inUnit(required, unit), gap: inUnit(required - actual, unit) })], {
    zh: '',
    en: '',
  });
}
