import { deployment, pod } from '../objects.ts';
import { pair } from '../pair.ts';
import { lin } from '../people.ts';
import type { Row } from '../row.ts';

const tooHigh = (name: string) =>
  `优先级 "${name}" 不可用，本命名空间最高为 greenflops-normal：请在 priorityClassName 写 greenflops-normal 或更低的 greenflops-* 优先级 / priority class "${name}" may not be used, the highest of this namespace is greenflops-normal: write greenflops-normal or a lower greenflops-* class into priorityClassName`;
const ranked = (priorityClassName: string) => ({ priorityClassName });

export const priorityRows: readonly Row[] = [
  pair('priority-above-the-tenant', {
    who: lin,
    policy: 'priority',
    says: tooHigh('greenflops-urgent'),
    bad: pod('priority-above-the-tenant', ranked('greenflops-urgent')),
    good: pod('priority-above-the-tenant', ranked('greenflops-low')),
  }),
  pair('priority-of-the-system', {
    who: lin,
    policy: 'priority',
    says: tooHigh('system-cluster-critical'),
    bad: deployment('priority-of-the-system', { spec: ranked('system-cluster-critical') }),
    good: deployment('priority-of-the-system', { spec: ranked('greenflops-normal') }),
  }),
];
