import { quotaEnforced } from '../model/metrics/queues.ts';
import type { Alert } from './alert.ts';
import { named } from './names.ts';
import { series } from './promql.ts';

const site = named('site');

export const quotaNotEnforced: Alert = {
  name: 'GreenflopsQuotaNotEnforced',
  severity: 'warning',
  summary: {
    zh: '租户在用的卡没有计入其配额：Kueue 没有挡住超额的作业。',
    en: 'Chips that a tenant uses are not charged to its quota: Kueue does not hold it to what was promised.',
  },
  panel: 'queues',
  range: '6h',
  conditions: [
    {
      expr: `min by (site, source, tenant) (${series(quotaEnforced)}) == 0`,
      // Longer than a text that was written between a job's chips and its credits.
      for: '5m',
      keepFiringFor: '15m',
      description: {
        zh: `园区${site.zh}的集群 {{ $labels.source }} 上，租户 {{ $labels.tenant }} 至少有一张在用的卡没有计入配额已满 5 分钟：Kueue 的算力额度换算没有生效，或这些作业在改换系数之前被接纳。`,
        en: `On cluster {{ $labels.source }} of site ${site.en} at least one chip that tenant {{ $labels.tenant }} uses has not been charged to its quota for 5 minutes: the configuration of credits is not in force in Kueue, or these jobs were admitted by an older coefficient.`,
      },
    },
  ],
};
