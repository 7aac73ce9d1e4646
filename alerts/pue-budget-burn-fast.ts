import type { Alert } from './alert.ts';
import { pueBudgetBurn } from './pue-budget-burn.ts';
import { fast } from './windows.ts';

export const pueBudgetBurnFast: Alert = {
  name: 'GreenflopsPueBudgetBurnFast',
  severity: 'critical',
  summary: {
    zh: '园区的非 IT 用电远超允许值，多半是制冷或供电故障。',
    en: 'A site uses far more overhead energy than allowed; most likely cooling or power distribution is at fault.',
  },
  panel: 'power',
  range: fast.long,
  conditions: [pueBudgetBurn(fast, '15m')],
};
