import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { cardStates, type CardState } from '../../model/card-states.ts';
import { acceleratorEnergy } from '../../model/metrics/compute.ts';
import { fleetCards } from '../../model/metrics/recorded.ts';
import type { Language, Text } from '../../model/text.ts';
import { wattHours } from '../energy/words.ts';
import { mapping } from '../mapping.ts';
import { lines, stat } from '../panel.ts';
import { eq, nameLabel, once, picked, series, withSite } from '../promql.ts';
import { instants, ranges, refId } from '../query.ts';
import { sorted, table } from '../table.ts';
import { demo } from '../words.ts';
import { silentPools } from './pool-rows.ts';
import { cards, heads } from './words.ts';

const words = {
  all: { zh: '全部用电', en: 'All energy' },
  wasted: { zh: '空闲与未分配的份额', en: 'Idle and unallocated' },
} as const satisfies Record<string, Text>;

/** Why a low PUE is not enough. */
const paradox = {
  zh: '空转的卡美化 PUE：它们的用电算作 IT 用电，耗得越多 PUE 越低，却没有人得到算力。',
  en: 'Idle cards flatter PUE: what they draw is IT energy, so that the more they draw the lower PUE is, and nobody gets any computing for it.',
};

function power(language: Language): Builder<Panel> {
  const watts = (state: CardState): string =>
    withSite(
      `${once(fleetCards, ['site'], { site: picked, state: eq(state) })} unless on (site) ${silentPools}`,
      language,
    );
  const frame = {
    id: 4,
    title: { zh: '加速器的功率用在了什么上？', en: 'What do accelerators draw power for?' },
    description: {
      zh: '各园区加速器五分钟的平均功率，按当时的状态：在计算（活跃度高于 1 %）、已分配而空闲、未分配。已分配而活跃度未知的算作在计算：没有证据不说空闲。只含自报功率的卡，不是整台服务器。园区有资源池无应答时不画线：不知道不等于零。',
      en: 'Mean power of the accelerators of each site over five minutes by what they did: busy (activity above 1 %), held but idle, unallocated. Held and of unknown activity counts as busy: nothing is called idle without evidence. Only cards that tell their power, and of the servers nothing else. While a pool of the site gives no answer it has no line: unknown is not zero.',
    },
    span: 16,
    height: 11,
  };
  return lines(frame, language)
    .unit('watt')
    .targets(
      ranges(
        cardStates.map((state) => ({
          legend: `{{${nameLabel(language)}}} ${cards[state][language]}`,
          expression: watts(state),
        })),
      ),
    );
}

/** Joules over the time range by site; states add up, as each card is in one of them. */
function joules(states: readonly CardState[], site = ' by (site)'): string {
  const drawn = series(acceleratorEnergy, { site: picked, state: `=~"${states.join('|')}"` });
  return `sum${site} (max by (site, pool, state) (increase(${drawn}[$__range])))`;
}
const wasted = ['idle', 'unallocated'] as const;
/** Σ / Σ: energies add up, ratios do not. */
const share = (site?: string): string => `${joules(wasted, site)} / (${joules(cardStates, site)} > 0)`;

function together(language: Language): Builder<Panel> {
  const frame = {
    id: 5,
    title: { zh: '空转的卡用了多少电？', en: 'What did idle cards use?' },
    description: {
      zh: `所选园区在所选时间内加速器的用电之和，其中已分配而空闲的、未分配的，以及两者之和所占的份额（先求电能之和，再相除）。${paradox.zh}只含自报功率的卡；资源池无应答的时间没有计入。`,
      en: `Energy of the accelerators of the picked sites over the time range: all of it, held but idle, unallocated, and the share of the latter two (energies are added up, then divided). ${paradox.en} Only cards that tell their power; what a pool drew while it gave no answer is not in it.`,
    },
    span: 8,
    height: 11,
  };
  return stat(frame, language)
    .unit('watth')
    .decimals(1)
    .targets(
      instants([
        { legend: words.all[language], expression: wattHours(joules(cardStates, '')) },
        ...wasted.map((state) => ({ legend: cards[state][language], expression: wattHours(joules([state], '')) })),
        { legend: words.wasted[language], expression: share('') },
      ]),
    )
    .overrideByQuery(refId(wasted.length + 1), [{ id: 'unit', value: 'percentunit' }]);
}

function bySite(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 6,
    title: { zh: '哪个园区的卡空转得多？', en: 'At which site do cards idle?' },
    description: {
      zh: `所选时间内各园区加速器的用电。${paradox.zh}`,
      en: `Energy of the accelerators of each site over the time range. ${paradox.en}`,
    },
    span: 24,
    height: 7,
    nothing: { zh: '没有园区给出加速器的用电', en: 'no site tells the energy of its accelerators' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language) },
      ...[
        { title: words.all, states: cardStates },
        ...cardStates.map((state) => ({ title: cards[state], states: [state] })),
      ].map(({ title, states }) => ({
        title,
        expression: row(wattHours(joules(states))),
        unit: 'watth',
        decimals: 1,
        width: 170,
      })),
      { title: words.wasted, expression: row(share()), unit: 'percentunit', decimals: 1, width: 190 },
      { title: heads.demo, label: 'demo', mapping: mapping(demo, language), width: 140 },
    ],
    ['site'],
    language,
  );
  return sorted(panel, [words.wasted], language, [words.wasted]);
}

/** What accelerators draw, and how much of that for nothing. */
export const cardEnergy = (language: Language): readonly Builder<Panel>[] => [
  power(language),
  together(language),
  bySite(language),
];
