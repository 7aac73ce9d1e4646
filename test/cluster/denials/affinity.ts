import { deployment, pod } from './objects.ts';
import { pair } from './pair.ts';
import { lin } from './people.ts';
import type { Row } from './row.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const affinity = (term: Fields): Fields => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
});
export const expression = (key: string, ...values: string[]) =>
  affinity({ matchExpressions: [{ key, operator: 'In', values }] });
export const preferred = (key: string, value: string): Fields => ({
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key, operator: 'In', values: [value] }] } },
      ],
    },
  },
});
/** Pods of copper-ai, in copper-train, that differ in their specification alone. */
export const pods = (id: string, policy: string, says: string, bad: Fields, good: Fields): Row =>
  pair(id, { who: lin, policy, says, bad: pod(id, bad), good: pod(id, good) });
export const deployments = (id: string, policy: string, says: string, bad: Fields, good: Fields): Row =>
  pair(id, { who: lin, policy, says, bad: deployment(id, { spec: bad }), good: deployment(id, { spec: good }) });
