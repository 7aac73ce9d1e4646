import { queueDefaults } from '../guardrails/mutations/defaults.ts';
import { policies } from '../guardrails/policies/index.ts';
import { priorityClasses } from '../guardrails/priority-classes.ts';
import { roles } from '../guardrails/roles.ts';
import type { Stack } from './stack.ts';

/** What holds for every tenant of a cluster, and stands before the first of them: priorities, roles, admission policies. */
export const guardrails: Stack = {
  name: 'guardrails',
  on: ['worker', 'manager'],
  after: [],
  keep: false,
  objects: (cluster) => [...priorityClasses, ...roles(cluster), ...policies(cluster), ...queueDefaults(cluster)],
};
