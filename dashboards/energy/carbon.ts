import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  carbonUnavailable,
  carbonWindowKilograms,
  certificateLeftJoules,
  certificateUsedJoules,
  cueKilogramsPerKwh,
  refRatio,
} from '../../model/metrics/carbon.ts';
import { reuseRatio, wueLitresPerKwh } from '../../model/metrics/pue.ts';
import { carbonReasons } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { mapping } from '../mapping.ts';
import { stat } from '../panel.ts';
import { any, eq, nameLabel, ofEachSite, once, picked, withSite } from '../promql.ts';
import { instants } from '../query.ts';
import { sorted, table } from '../table.ts';
import { certificateKinds, heads, tonnes, wattHours } from './words.ts';

const words = {
  location: { zh: '按所在电网', en: 'By location' },
  market: { zh: '扣除绿证后', en: 'By market' },
  ref: { zh: '可再生占比 REF', en: 'Renewable share REF' },
  cue: { zh: '碳效率 CUE（kg/kWh）', en: 'CUE (kg/kWh)' },
  wue: { zh: '水效率 WUE（L/kWh）', en: 'WUE (L/kWh)' },
  erf: { zh: '再利用 ERF', en: 'Reuse ERF' },
  certificate: { zh: '证书', en: 'Certificate' },
  kind: { zh: '种类', en: 'Kind' },
  used: { zh: '已抵扣', en: 'Used' },
  usable: { zh: '仍可使用', en: 'Still usable' },
  surplus: { zh: '期内未消费，作废', en: 'Surplus: not applied' },
} as const satisfies Record<string, Text>;

/** The calendar year: what is reported, and what certificates are of. */
const year = { site: picked, window: eq('ytd') };
const emitted = (basis: 'location' | 'market'): string =>
  once(carbonWindowKilograms, ['site'], { ...year, basis: eq(basis) });

const total = (basis: 'location' | 'market'): string =>
  `${tonnes(`sum(${emitted(basis)})`)} and ${ofEachSite(emitted(basis))}`;

function together(language: Language): Builder<Panel> {
  const frame = {
    id: 14,
    title: { zh: '今年合计排放多少二氧化碳？', en: 'How much carbon dioxide this year, all together?' },
    description: {
      zh: '所选园区今年以来的排放量之和。“按所在电网”用电网因子乘全部用电；“扣除绿证后”再减去已抵扣的绿证与绿电。两者是同一批用电的两种算法，不可相加。只在所选园区全部有数时给出。',
      en: 'Sum over the picked sites of this year so far. By location: all electricity at the factor of its grid; by market: after the certificates and the green power that were used. They are two views of the same energy, never to be added. Given only where every picked site has a figure.',
    },
    span: 6,
    height: 9,
    nothing: { zh: '无：并非每个园区都有数', en: 'none: not every site has a figure' },
  };
  return stat(frame, language)
    .unit('masst')
    .decimals(1)
    .targets(
      instants([
        { legend: words.location[language], expression: total('location') },
        { legend: words.market[language], expression: total('market') },
      ]),
    );
}

function bySite(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 15,
    title: { zh: '每个园区今年的碳、水与再利用如何？', en: 'Carbon, water and reuse of each site this year?' },
    description: {
      zh: '今年以来，与 PUE 相同的小时。REF =（现场发电 − 外送 + 已用证书）/ 设施电能；CUE = 按所在电网的排放 / IT 电能；WUE = 用水 / IT 电能；ERF = 再利用的能量 / 设施电能（ISO/IEC 30134-3、-8、-9、-6）。没有水表或再利用表的园区没有 WUE 或 ERF。',
      en: 'This year so far, over the hours of the PUE. REF = (on-site generation − export + certificates used) / facility energy; CUE = emissions by location / IT energy; WUE = water / IT energy; ERF = reused energy / facility energy (ISO/IEC 30134-3, -8, -9, -6). A site without a water or a reuse meter has no WUE or ERF.',
    },
    span: 18,
    height: 9,
    nothing: { zh: '没有园区给出或说明排放量', en: 'no site gives emissions or says why not' },
  };
  const mass = { unit: 'masst', decimals: 1, width: 110 } as const;
  const panel = table(
    frame,
    [
      {
        title: heads.site,
        label: nameLabel(language),
        expression: row(any(emitted('location'), once(carbonUnavailable, ['site'], year))),
        width: 235,
      },
      { title: words.location, expression: row(tonnes(emitted('location'))), ...mass },
      { title: words.market, expression: row(tonnes(emitted('market'))), ...mass },
      {
        title: words.ref,
        expression: row(once(refRatio, ['site'], year)),
        unit: 'percentunit',
        decimals: 1,
        width: 165,
      },
      { title: words.cue, expression: row(once(cueKilogramsPerKwh, ['site'], year)), decimals: 3, width: 175 },
      { title: words.wue, expression: row(once(wueLitresPerKwh, ['site'], year)), decimals: 2, width: 165 },
      { title: words.erf, expression: row(once(reuseRatio, ['site'], year)), unit: 'percentunit', decimals: 1 },
      {
        title: heads.none,
        label: 'reason',
        expression: row(once(carbonUnavailable, ['site', 'reason'], year)),
        mapping: mapping(carbonReasons, language),
      },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site], language);
}

function certificates(language: Language): Builder<Panel> {
  const at = ['site', 'certificate', 'kind'] as const;
  const row = (expression: string): string => withSite(expression, language);
  const left = (state: 'usable' | 'surplus'): string =>
    row(wattHours(once(certificateLeftJoules, at, { site: picked, state: eq(state) })));
  const energy = { unit: 'watth', decimals: 1, width: 180 } as const;
  const frame = {
    id: 16,
    title: { zh: '绿证用了多少，还剩多少？', en: 'How much of the certificates is used, and how much is left?' },
    description: {
      zh: '证书按园区分摊的份额：证书期内消费并已抵扣的、仍可使用的，以及期内没有消费因而作废的。同一度电不重复抵扣；按小时匹配的证书，某小时没有用掉的份额也作废。',
      en: "The site's share of each certificate: consumed within its period and used, still usable, and surplus that was not consumed within the period and is not applied. No unit counts twice; of a certificate that is matched by the hour, what an hour does not use is lost.",
    },
    span: 24,
    height: 8,
    nothing: { zh: '没有声明证书，或尚未计数', en: 'no certificate is declared, or none is counted yet' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 250 },
      { title: words.certificate, label: 'certificate' },
      { title: words.kind, label: 'kind', mapping: mapping(certificateKinds, language), width: 180 },
      { title: words.used, expression: row(wattHours(once(certificateUsedJoules, at, { site: picked }))), ...energy },
      { title: words.usable, expression: left('usable'), ...energy },
      { title: words.surplus, expression: left('surplus'), ...energy },
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.certificate], language);
}

/** Emissions of the year and the certificates that lower them. */
export const carbon = (language: Language): readonly Builder<Panel>[] => [
  together(language),
  bySite(language),
  certificates(language),
];
