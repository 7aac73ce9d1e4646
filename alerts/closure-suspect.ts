import { closureSuspect as suspected } from '../model/metrics/closure.ts';
import { closureSuspects } from '../model/reasons.ts';
import type { Language } from '../model/text.ts';
import type { Alert } from './alert.ts';
import { named } from './names.ts';
import { series } from './promql.ts';

const site = named('site');
const pool = named('pool');
const meter = named('meter');

/** What is suspected, in words. */
function cause(language: Language): string {
  const branches = Object.entries(closureSuspects).map(
    ([suspect, text]) => `if eq $labels.suspect "${suspect}" }}${text[language]}`,
  );
  return `{{ ${branches.join('{{ else ')}{{ else }}{{ $labels.suspect }}{{ end }}`;
}

/** Of what: a pool, a meter, or the site as a whole. */
const subject = (ofPool: string, ofMeter: string, ofSite: string): string =>
  `{{ if $labels.pool }}${ofPool}{{ else if $labels.meter }}${ofMeter}{{ else }}${ofSite}{{ end }}`;

export const closureSuspect: Alert = {
  name: 'GreenflopsClosureSuspect',
  severity: 'warning',
  summary: {
    zh: '电量不能闭合，读数指向一个已知的原因。',
    en: 'Energies do not close, and the readings point to a known cause.',
  },
  panel: 'suspects',
  range: '2d',
  conditions: [
    {
      expr: `max by (site, pool, meter, suspect) (${series(suspected)}) > 0`,
      for: '10m',
      // Longer than a restart of the exporter, which has to see the evidence again.
      keepFiringFor: '1h',
      description: {
        zh: `园区${site.zh}${subject(`的资源池${pool.zh}`, `的电表${meter.zh}`, '')}：${cause('zh')}。`,
        en: `${subject(`Pool ${pool.en} of site`, `Meter ${meter.en} of site`, 'Site')} ${site.en}: ${cause('en')}.`,
      },
    },
  ],
};
