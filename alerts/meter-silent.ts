import { meterInfo } from '../model/metrics/info.ts';
import { sourceLastSuccess } from '../model/metrics/source.ts';
import type { Alert } from './alert.ts';
import { named, sideWord } from './names.ts';
import { flush, series } from './promql.ts';
import { losing, metersWell, metersWellHeld, refusing, up } from './recording/meters-settled.ts';

const site = named('site');
const meter = named('meter');
const age = `{{ with query (printf "time() - max(${sourceLastSuccess.name}{site=%q,source=%q})" $labels.site $labels.meter) }}{{ . | first | value | humanizeDuration }}{{ else }}?{{ end }}`;

export const meterSilent: Alert = {
  name: 'GreenflopsMeterSilent',
  severity: 'warning',
  summary: {
    zh: '电表没有可信读数，依赖它的 PUE 与告警停在最后一次可信的判断。',
    en: 'A meter gives no believable reading; PUE and alerts that depend on it stay at their last verdict.',
  },
  panel: 'sources',
  range: '6h',
  conditions: [
    {
      expr: flush(`
        max by (site, meter, side) (${series(meterInfo)})
        and on (site, meter) (
          (${up} == 0)
          or on (site, meter) (${refusing})
          or on (site, meter) (${losing})
        )`),
      for: '10m',
      keepFiringFor: '5m',
      description: {
        zh: `园区${site.zh}${sideWord('zh')}的电表${meter.zh}至少 10 分钟没有可信读数；最近一次应答在 ${age} 之前。`,
        en: `Meter ${meter.en}, ${sideWord('en')}, of site ${site.en} has given no believable reading for at least 10 minutes; its last answer was ${age} ago.`,
      },
    },
    {
      expr: `${metersWellHeld} unless on (site) ${metersWell}`,
      for: '10m',
      keepFiringFor: '5m',
      labels: { side: 'all' },
      description: {
        zh: `园区${site.zh}的采集器至少 10 分钟没有任何数据：该园区所有电表都看不到。`,
        en: `The exporter of site ${site.en} has given no data for at least 10 minutes: none of its meters can be seen.`,
      },
    },
  ],
};
