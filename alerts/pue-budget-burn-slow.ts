import type { Alert } from './alert.ts';
import { pueBudgetBurn } from './pue-budget-burn.ts';
import { slow } from './windows.ts';

export const pueBudgetBurnSlow: Alert = {
  name: 'GreenflopsPueBudgetBurnSlow',
  severity: 'warning',
  summary: {
    zh: '园区的 PUE 正在偏离目标。',
    en: 'A site is drifting above its PUE target.',
  },
  panel: 'budgetLeft',
  range: '3d',
  conditions: slow.map((pair) => pueBudgetBurn(pair, '1h')),
};
