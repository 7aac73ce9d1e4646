import type { Exception } from './rules.ts';

/** What the rules find and what is meant so. One that finds nothing any more fails the lint. */
export const exceptions: readonly Exception[] = [
  {
    board: 'greenflops-plan',
    rule: 'panel-units',
    panels: [1, 4, 5],
    reason: "Grafana's pflops turns 5000 into 5.00 EFLOPS; readers compare with the plan's 5000 PFlops",
  },
  {
    board: 'greenflops-compute',
    rule: 'panel-units',
    panels: [2, 3],
    reason: "Grafana's pflops turns 0.5 into 500 TFLOPS beside a table in the plan's PFlops",
  },
  {
    board: 'greenflops-plan',
    rule: 'no-sum-over-wholes',
    panels: [1, 5],
    reason: 'the plan counts what each accelerator shows by its one tier; upper bounds (T3, T4) are matched away',
  },
];
