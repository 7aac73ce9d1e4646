import { targetInfo } from '../model/metrics/info.ts';
import { planRequired } from '../model/metrics/plan.ts';
import type { Alert } from './alert.ts';
import { named, targetUnit } from './names.ts';
import { flush, series } from './promql.ts';
import { actual } from './recording/plan-actual.ts';

const target = named('target');
const required = `{{ with query (printf "max(${planRequired.name}{target=%q,milestone=%q})" $labels.target $labels.milestone) }}{{ . | first | value | printf "%.1f" }}{{ end }}`;

export const planBehindGlidePath: Alert = {
  name: 'GreenflopsPlanBehindGlidePath',
  severity: 'warning',
  summary: {
    zh: '规划目标落后于今天应达到的值。',
    en: 'A target of the plan is behind what is required today.',
  },
  panel: 'path',
  range: '30d',
  conditions: [
    {
      expr: flush(`
        max by (target, milestone) (${series(planRequired)})
        - max by (target, milestone) (${actual}) > 0
        and on (target) ${series(targetInfo, { comparator: '=~">=?"' })}`),
      for: '1h',
      keepFiringFor: '1d',
      description: {
        zh: `{{ $labels.milestone }} 年的目标${target.zh}今天应达到 ${required}${targetUnit}，还差 {{ $value | printf "%.1f" }}${targetUnit}。`,
        en: `Target ${target.en} of milestone {{ $labels.milestone }} requires ${required}${targetUnit} today and is short by {{ $value | printf "%.1f" }}${targetUnit}.`,
      },
    },
  ],
};
