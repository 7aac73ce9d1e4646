import { queueAdmissions, queuePflops, queueWorkloads } from '../model/metrics/queues.ts';
import type { Alert } from './alert.ts';
import { named } from './names.ts';
import { flush, series } from './promql.ts';

const site = named('site');
const queue = 'site, source, tenant';
const pflops = (state: string): string => `max by (${queue}) (${series(queuePflops, { state: `="${state}"` })})`;

/**
 * All that waits would fit into what is the tenant's own, and still nothing is admitted. That is no proof of a fault: a
 * pool of its own may be full while another one is free, and nodes may be too scattered for a gang.
 */
export const queueStuck: Alert = {
  name: 'GreenflopsQueueStuck',
  severity: 'warning',
  summary: {
    zh: '租户的作业一直等待，而它们全部放得进租户自有的配额。',
    en: "A tenant's jobs wait and wait although all of them fit into the tenant's own quota.",
  },
  panel: 'queues',
  range: '6h',
  conditions: [
    {
      expr: flush(`
        max by (${queue}) (${series(queueWorkloads, { state: '="pending"' })}) > 0
        and on (${queue}) (${pflops('reserved')} + ${pflops('pending')} <= ${pflops('nominal')})
        and on (${queue}) (max by (${queue}) (increase(${series(queueAdmissions)}[5m])) == 0)`),
      for: '30m',
      keepFiringFor: '10m',
      description: {
        zh: `园区${site.zh}的集群 {{ $labels.source }} 上，租户 {{ $labels.tenant }} 有 {{ $value }} 个作业等待，30 分钟内一个也没有接纳；已预留与等待的算力之和不超过其自有配额。`,
        en: `On cluster {{ $labels.source }} of site ${site.en} {{ $value }} jobs of tenant {{ $labels.tenant }} wait, and none was admitted within 30 minutes; what is reserved and what waits is no more than the tenant's own quota.`,
      },
    },
  ],
};
