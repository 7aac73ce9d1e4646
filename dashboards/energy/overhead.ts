import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { closureSuspect, closureUnexplained } from '../../model/metrics/closure.ts';
import { powerWatts } from '../../model/metrics/energy.ts';
import { meterInfo, poolInfo, siteInfo } from '../../model/metrics/info.ts';
import { closureSuspects } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { mapping } from '../mapping.ts';
import { lines } from '../panel.ts';
import { eq, nameLabel, once, picked, withSite } from '../promql.ts';
import { ranges, type Named } from '../query.ts';
import { sorted, table } from '../table.ts';
import { heads, levels } from './words.ts';

const words = {
  facility: { zh: '边界', en: 'Boundary' },
  it: { zh: '最上层 IT', en: 'Topmost IT' },
  cooling: { zh: '制冷', en: 'Cooling' },
  ups: { zh: '供电', en: 'Power supply' },
  lighting: { zh: '照明', en: 'Lighting' },
  other: { zh: '其他', en: 'Other' },
  level: { zh: '层级', en: 'Level' },
  unexplained: { zh: '未解释的份额', en: 'Not explained' },
  subject: { zh: '对象', en: 'What it is about' },
  suspect: { zh: '疑点', en: 'Suspected' },
} as const satisfies Record<string, Text>;

const which = { site: picked };

function power(language: Language): Builder<Panel> {
  const name = nameLabel(language);
  const names = once(meterInfo, ['site', 'meter', name], which);
  const ofMeters = (label: Text, watts: string): Named => ({
    legend: `${label[language]} {{${name}}}`,
    expression: `(${watts}) * on (site, meter) group_left (${name}) ${names}`,
  });
  const bySide = (side: 'facility' | 'it'): Named => {
    const meters = once(meterInfo, ['site', 'meter'], { ...which, side: eq(side) });
    return ofMeters(words[side], `${once(powerWatts, ['site', 'meter'], which)} and on (site, meter) ${meters}`);
  };
  const byRole = (role: 'cooling' | 'ups' | 'lighting' | 'other'): Named =>
    ofMeters(words[role], once(powerWatts, ['site', 'meter'], { ...which, role: eq(role) }));
  const frame = {
    id: 11,
    title: { zh: '功率用在了哪里？', en: 'Where does the power go?' },
    description: {
      zh: '各电表的功率读数，按用途：边界各表、最上层 IT 表，以及制冷、供电、照明与其他各表。逐表画线而不相加：下级表的电量已在上级表之内。边界与 IT 之差是非 IT 用电，其中没有分表的部分看不见。缺口就是没有读数。',
      en: 'Power as each meter reads it, by its purpose: the boundary, the topmost IT meters, then cooling, power supply, lighting and other. A line for each meter and no sum: what a meter below reads is within the one above. Between the boundary and IT lies the overhead; what no sub-meter sees of it is not shown. A gap is a missing reading.',
    },
    span: 24,
    height: 11,
  };
  return lines(frame, language)
    .unit('watt')
    .targets(
      ranges([bySide('facility'), bySide('it'), byRole('cooling'), byRole('ups'), byRole('lighting'), byRole('other')]),
    );
}

function unexplained(language: Language): Builder<Panel> {
  const frame = {
    id: 12,
    title: { zh: '哪一层的电量没有解释？', en: 'At which level is energy not explained?' },
    description: {
      zh: '上级电量中下级表计没有解释的份额。边界、UPS、PDU 取最近 24 个整点小时，IT 表计对加速器取最近一个整点小时。正数是损耗与没有分表的负荷，突然变大值得追查；负数是下级多于上级，几乎总是表、变比或层级声明错了。没有下级表的层级不列出。',
      en: 'Share of the energy of a level that what is measured below it does not explain: boundary, UPS and PDU over the last 24 full hours, IT meters against accelerators over the last one. Above zero it is losses and loads without a meter: a sudden rise is worth a look. Below zero there is more below than above, almost always a meter, a CT ratio or a wrong parent. Levels with nothing below them are not listed.',
    },
    span: 10,
    height: 9,
    nothing: { zh: '没有可核对的层级', en: 'no level that can be checked' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 235 },
      { title: words.level, label: 'level', mapping: mapping(levels, language) },
      {
        title: words.unexplained,
        expression: withSite(once(closureUnexplained, ['site', 'level'], which), language),
        unit: 'percentunit',
        decimals: 1,
        width: 130,
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.level], language);
}

/** Adds the name of the pool or the meter that a suspicion is about, or of the site where it is about neither. */
function named(suspicions: string, name: 'name_zh' | 'name_en'): string {
  const pools = once(poolInfo, ['site', 'pool', name], which);
  const meters = once(meterInfo, ['site', 'meter', name], which);
  const sites = once(siteInfo, ['site', name], which);
  const subject = 'on (site, pool, meter, suspect)';
  return [
    `${suspicions} * on (site, pool) group_left (${name}) ${pools}`,
    `${suspicions} * on (site, meter) group_left (${name}) ${meters}`,
    `${suspicions} * on (site) group_left (${name}) ${sites}`,
  ].join(` or ${subject} `);
}

function suspects(language: Language): Builder<Panel> {
  const labels = ['site', 'pool', 'meter', 'suspect'] as const;
  const frame = {
    id: 13,
    title: { zh: '有已知的错误迹象吗？', en: 'Do the readings point to a known mistake?' },
    description: {
      zh: '电量不能闭合，且读数指向一个已知的原因：单位、切片或裸片被当作整卡、互感器变比、缺少边界表。对象是资源池、电表或整个园区。空表：没有疑点，不等于证明没有错误。',
      en: 'Energies do not close and the readings point to a known cause: a unit, slices or dies counted as cards, a CT ratio, a missing boundary meter. It is about a pool, a meter or the site as a whole. Empty: nothing is suspected, which does not prove that nothing is wrong.',
    },
    span: 14,
    height: 9,
    nothing: { zh: '没有被报告的疑点', en: 'nothing is reported as suspected' },
  };
  return table(
    frame,
    [
      { title: words.subject, label: nameLabel(language), width: 240 },
      {
        title: words.suspect,
        label: 'suspect',
        expression: named(`(${once(closureSuspect, labels, which)} > 0)`, nameLabel(language)),
        mapping: mapping(closureSuspects, language),
      },
    ],
    ['site', 'pool', 'meter'],
    language,
  );
}

/** What the overhead is made of, and what is not known of it. */
export const overhead = (language: Language): readonly Builder<Panel>[] => [
  power(language),
  unexplained(language),
  suspects(language),
];
