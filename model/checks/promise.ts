import { fault } from '../fault.ts';
import type { Check } from './check.ts';

/** Tasks and policies name each other: what one side says, the other one says too. */
export const closure: Check = ({ data: { promise } }) => {
  const tasks = promise?.tasks.map(({ id, policies }) => ({ id, names: policies })) ?? [];
  const policies = promise?.policies.map(({ id, supports }) => ({ id, names: supports })) ?? [];
  const sides = [
    { list: 'tasks', key: 'policies', mine: tasks, theirs: policies },
    { list: 'policies', key: 'supports', mine: policies, theirs: tasks },
  ];
  return sides.flatMap(({ list, key, mine, theirs }) =>
    mine.flatMap(({ id: self, names }, i) =>
      names.flatMap((other, j) => {
        const answer = theirs.find(({ id }) => id === other)?.names ?? [self];
        if (answer.includes(self)) return [];
        return [{ file: 'promise' as const, fault: fault([list, i, key, j], 'use', 'one_sided', { other, self }) }];
      }),
    ),
  );
};

export const targetBounds: Check = ({ data: { promise } }) =>
  (promise?.targets ?? []).flatMap(({ comparator, value, upper }, i) => {
    const fits = comparator === 'between' ? upper !== undefined && upper > value : upper === undefined;
    return fits ? [] : [{ file: 'promise', fault: fault(['targets', i, 'upper'], 'use', 'bounds', {}) }];
  });

/** A glide path runs forward. */
export const baselineBeforeDue: Check = ({ data: { promise } }) =>
  (promise?.targets ?? []).flatMap(({ baseline, due }, i) =>
    baseline && Date.parse(baseline.date) >= due
      ? [{ file: 'promise', fault: fault(['targets', i, 'baseline', 'date'], 'use', 'baseline_late', {}) }]
      : [],
  );

/** Half a unit of the third decimal, the last one in which PUE is stated. */
const TOLERANCE = 0.0005;

/** Twelve allowances that spend more or less than the year's target are another target. */
export const allowanceMean: Check = ({ data: { profiles } }) =>
  (profiles?.profiles ?? []).flatMap(({ pue, monthly_allowance: months, monthly_it_share: shares }, i) => {
    const weights = shares ?? Array.from({ length: 12 }, () => 1);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = months ? months.reduce((sum, month, at) => sum + (month * (weights[at] ?? 0)) / whole, 0) : pue;
    if (Math.abs(mean - pue) <= TOLERANCE) return [];
    const params = { mean: mean.toFixed(4), pue };
    return [{ file: 'profiles', fault: fault(['profiles', i, 'monthly_allowance'], 'use', 'allowance_mean', params) }];
  });
