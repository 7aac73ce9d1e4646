import { metric } from './metric.ts';

const labels = ['target', 'milestone'] as const;

export const planTarget = metric({
  name: 'greenflops_plan_target',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: { zh: '规划目标值', en: 'What the plan promises' },
});
export const planActual = metric({
  name: 'greenflops_plan_actual',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: { zh: '按目标的计数规则得到的现值', en: "Today's value by the target's counting rule" },
});
export const planRequired = metric({
  name: 'greenflops_plan_required',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: {
    zh: '今天应达到的值（有基线时按复合增长，否则线性）',
    en: 'What is required today: compound growth from the baseline, linear without one',
  },
});
export const planRequiredLinear = metric({
  name: 'greenflops_plan_required_linear',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: { zh: '今天应达到的值（线性）', en: 'What is required today on the straight line' },
});
