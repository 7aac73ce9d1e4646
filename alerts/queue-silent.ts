import { sourceRefusing, sourceUp } from '../model/metrics/source.ts';
import type { Alert } from './alert.ts';
import { named } from './names.ts';
import { flush, series } from './promql.ts';

const site = named('site');
/** Sources of queues are called <cluster>/kueue. */
const source = '=~".+/kueue"';

export const queueSilent: Alert = {
  name: 'GreenflopsQueueSilent',
  severity: 'warning',
  summary: {
    zh: '读不到 Kueue 的队列：配额是否生效、谁在等待都不知道。',
    en: "Kueue's queues cannot be read: nobody knows whether quotas are in force, nor who waits.",
  },
  panel: 'queues',
  range: '6h',
  conditions: [
    {
      expr: flush(`
        max by (site, source) (${series(sourceUp, { source })}) == 0
        or max by (site, source) (${series(sourceRefusing, { source, reason: '="queue_resources_off"' })}) > 0`),
      for: '10m',
      keepFiringFor: '5m',
      description: {
        zh: `园区${site.zh}的数据源 {{ $labels.source }} 至少 10 分钟没有给出队列的配额与用量。`,
        en: `Source {{ $labels.source }} of site ${site.en} has not given the quotas and the use of its queues for at least 10 minutes.`,
      },
    },
  ],
};
