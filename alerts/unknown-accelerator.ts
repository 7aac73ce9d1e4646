import { unknownAccelerator as unknown } from '../model/metrics/compute.ts';
import type { Alert } from './alert.ts';
import { named } from './names.ts';
import { series } from './promql.ts';

const site = named('site');
const pool = named('pool');

export const unknownAccelerator: Alert = {
  name: 'GreenflopsUnknownAccelerator',
  severity: 'warning',
  summary: {
    zh: '有加速器的型号不在目录中或与声明不符，不计算力。',
    en: 'Accelerators report a model that is not in the catalogue or not declared: they count no PFlops.',
  },
  panel: 'waterfall',
  range: '6h',
  conditions: [
    {
      expr: `max by (site, pool, model) (${series(unknown)}) > 0`,
      for: '10m',
      // Longer than a restart of the pool's exporter: silence of it is no all-clear.
      keepFiringFor: '1h',
      description: {
        zh: `园区${site.zh}的资源池${pool.zh}有 {{ $value }} 个设备报告型号“{{ $labels.model }}”，目录或该池的声明中没有，其算力不计入任何数字。`,
        en: `{{ $value }} devices of pool ${pool.en} at site ${site.en} report model "{{ $labels.model }}", which is not in the catalogue or not what the pool declares; no figure counts their PFlops.`,
      },
    },
  ],
};
