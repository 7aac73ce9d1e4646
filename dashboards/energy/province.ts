import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { pueRatio, pueUnavailable } from '../../model/metrics/pue.ts';
import { provincePueIncluded, provincePueOfSums, provincePueSums } from '../../model/metrics/recorded.ts';
import { pueReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import { any, eq, nameLabel, once, withSite } from '../promql.ts';
import { sorted, table } from '../table.ts';
import { kinds, windows } from '../words.ts';
import { heads, wattHours } from './words.ts';

const words = {
  sites: { zh: '计入园区', en: 'Sites in it' },
  facility: { zh: '设施电能', en: 'Facility energy' },
  it: { zh: 'IT 电能', en: 'IT energy' },
  state: { zh: '计入与否', en: 'In it?' },
  included: { zh: '计入', en: 'included' },
  shorter: { zh: '未计入：窗口比别的园区短', en: 'not: its window is shorter' },
} as const satisfies Record<string, Text>;

const included = once(provincePueIncluded, ['site', 'window']);

const energy = (side: 'facility' | 'it'): string => wattHours(once(provincePueSums, ['window'], { side: eq(side) }));

function pue(language: Language): Builder<Panel> {
  const frame = {
    id: 9,
    title: { zh: '全省的 PUE 是多少？', en: 'What is the PUE of the province?' },
    description: {
      zh: '各园区设施电能之和 / IT 电能之和，不是各园区 PUE 的平均。只计窗口同样长（最长）且有 PUE 的园区；哪些计入、哪些没有，见右表。由 Prometheus 的记录规则汇总，每个园区一个采集器或全省一个采集器都成立。全省数字，不随园区选择变化。',
      en: 'Sum of facility energies / sum of IT energies of the sites, never a mean of PUEs. Only sites with a PUE over the same, longest window; which are in, and which are not: see the table beside. Summed by recording rules in Prometheus, so that one exporter for each site serves as well as one for the province. Of the whole province, whichever sites are picked.',
    },
    span: 12,
    height: 9,
    nothing: {
      zh: '没有全省 PUE：没有园区给出 PUE，或没有装入记录规则',
      en: 'no PUE of the province: no site has one, or the recording rules are not loaded',
    },
  };
  const panel = table(
    frame,
    [
      { title: heads.window, label: 'window', mapping: mapping(windows, language), width: 130 },
      { title: { zh: 'PUE', en: 'PUE' }, expression: once(provincePueOfSums, ['window']), decimals: 3, width: 75 },
      { title: words.sites, expression: `count by (window) (${included} == 1)`, decimals: 0, width: 95 },
      { title: words.facility, expression: energy('facility'), unit: 'watth', decimals: 1, width: 130 },
      { title: words.it, expression: energy('it'), unit: 'watth', decimals: 1, width: 130 },
      {
        title: heads.kind,
        label: 'kind',
        expression: `max by (window, kind) (${once(pueRatio, ['site', 'window', 'kind'])} and on (site, window) (${included} == 1))`,
        mapping: mapping(kinds, language),
      },
    ],
    [],
    language,
  );
  // The energies of a longer window are larger.
  return sorted(panel, [words.it], language);
}

function sites(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 10,
    title: { zh: '哪些园区计入全省 PUE，哪些没有？', en: 'Which sites are in it, and which are not?' },
    description: {
      zh: '每个园区与窗口：计入，或者为什么没有计入。没有 PUE 的园区不计入；窗口比别的园区短的也不计入，因为相加的必须是同样的小时。',
      en: 'Each site and window: included, or why not. A site without a PUE is not in it, nor is one whose window is shorter than that of others: what is added up must be of the same hours.',
    },
    span: 12,
    height: 9,
    nothing: { zh: '没有园区给出或说明 PUE', en: 'no site gives a PUE or says why not' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      {
        title: heads.window,
        label: 'window',
        expression: row(any(included, once(pueUnavailable, ['site', 'window']))),
        mapping: mapping(windows, language),
        width: 130,
      },
      {
        title: words.state,
        expression: row(included),
        judgement: judgement(words.included, words.shorter, language),
        width: 130,
      },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(pueUnavailable, ['site', 'window', 'reason'])),
        mapping: mapping(pueReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.window, heads.site], language);
}

/** The sites together: which of them, and what they come to. */
export const province = (language: Language): readonly Builder<Panel>[] => [pue(language), sites(language)];
