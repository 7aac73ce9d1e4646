import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { meterUnmeteredSeconds } from '../../model/metrics/energy.ts';
import { meterInfo, poolInfo } from '../../model/metrics/info.ts';
import { pueCoverageRatio, pueFirstTimestamp, pueUnavailable } from '../../model/metrics/pue.ts';
import { sourceLastSuccess, sourceRefusing, sourceUp } from '../../model/metrics/source.ts';
import { pueReasons, rejections } from '../../model/reasons.ts';
import type { Language, Text } from '../../model/text.ts';
import { ofOwner } from '../compute/pool-rows.ts';
import { judgement, mapping } from '../mapping.ts';
import { nameLabel, once, picked, series, withSite } from '../promql.ts';
import { table } from '../table.ts';
import { windows } from '../words.ts';

const words = {
  site: { zh: '园区', en: 'Site' },
  window: { zh: '窗口', en: 'Window' },
  reason: { zh: '原因', en: 'Reason' },
  coverage: { zh: '计量覆盖率', en: 'Metering coverage' },
  first: { zh: '最早给出 PUE', en: 'First PUE at the earliest' },
  source: { zh: '数据源', en: 'Source' },
  state: { zh: '状态', en: 'State' },
  up: { zh: '有应答', en: 'answers' },
  down: { zh: '无应答', en: 'no answer' },
  last: { zh: '最近一次应答', en: 'Last answer' },
  refused: { zh: '未采信', en: 'Not believed' },
  meter: { zh: '电表', en: 'Meter' },
  unmetered: { zh: '未计量时长（时:分:秒）', en: 'Unmetered (h:mm:ss)' },
} as const satisfies Record<string, Text>;

/** Unix seconds, shown as a date. */
const date = (expression: string): string => `1000 * (${expression})`;

function noPue(language: Language): Builder<Panel> {
  const reason = once(pueUnavailable, ['site', 'window', 'reason'], { site: picked });
  const window = ['site', 'window'] as const;
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 7,
    title: { zh: '为什么没有 PUE？', en: 'Why is there no PUE?' },
    description: {
      zh: '每个没有 PUE 的园区与窗口，以及原因。有效小时不足 95 % 时不给出 PUE，而不是给出一个不可信的数。',
      en: 'Every site and window that has no PUE, and why. Where fewer than 95 % of the hours are metered none is given, rather than one that cannot be believed.',
    },
    span: 24,
    height: 9,
    nothing: { zh: '没有窗口被报告缺少 PUE', en: 'no window is reported to lack a PUE' },
  };
  return table(
    frame,
    [
      { title: words.site, label: nameLabel(language), width: 250 },
      { title: words.window, label: 'window', mapping: mapping(windows, language), width: 160 },
      { title: words.reason, label: 'reason', expression: row(reason), mapping: mapping(pueReasons, language) },
      {
        title: words.coverage,
        expression: row(`${once(pueCoverageRatio, window, { site: picked })} and on (site, window) ${reason}`),
        unit: 'percentunit',
        decimals: 1,
        width: 160,
      },
      {
        title: words.first,
        expression: row(date(once(pueFirstTimestamp, window, { site: picked }))),
        unit: 'dateTimeAsIso',
        width: 200,
      },
    ],
    ['site', 'demo'],
    language,
  );
}

const asOwner = (label: 'meter' | 'pool', expression: string): string =>
  `label_replace(${expression}, "owner", "$1", "${label}", "(.+)")`;

/** Names of meters and pools as names of the sources that read them: an exporter on each of a pool's nodes is pool/node. */
function sourceNames(name: 'name_zh' | 'name_en'): string {
  const meters = once(meterInfo, ['site', 'meter', name], { site: picked });
  const pools = once(poolInfo, ['site', 'pool', name], { site: picked });
  return `max by (site, owner, ${name}) (${asOwner('meter', meters)} or ${asOwner('pool', pools)})`;
}

function sources(language: Language): Builder<Panel> {
  const name = nameLabel(language);
  const source = ['site', 'source'] as const;
  const row = (expression: string): string =>
    `sum by (site, source, reason, ${name}) (${ofOwner(`(${expression})`, 'owner')} * on (site, owner) group_left (${name}) ${sourceNames(name)})`;
  const down = `${once(sourceUp, source, { site: picked })} == 0`;
  const refusing = once(sourceRefusing, [...source, 'reason'], { site: picked });
  const frame = {
    id: 8,
    title: { zh: '哪些数据源无应答或未被采信？', en: 'Which sources give no answer, or none to believe?' },
    description: {
      zh: '最近一次读取失败的电表与资源池，以及有应答但读数未被采信的。空表：全部正常。',
      en: 'Meters and pools whose last read failed, and those that answer but were not believed. Empty: all is well.',
    },
    span: 15,
    height: 8,
    nothing: { zh: '没有数据源被报告为无应答或未采信', en: 'no source is reported silent or not believed' },
  };
  return table(
    frame,
    [
      { title: words.source, label: name, width: 220 },
      { title: words.state, expression: row(down), judgement: judgement(words.up, words.down, language), width: 110 },
      {
        title: words.last,
        expression: row(date(`${once(sourceLastSuccess, source, { site: picked })} and on (site, source) (${down})`)),
        unit: 'dateTimeAsIso',
      },
      { title: words.refused, label: 'reason', mapping: mapping(rejections, language), expression: row(refusing) },
    ],
    ['site', 'source'],
    language,
  );
}

function silentMeters(language: Language): Builder<Panel> {
  const name = nameLabel(language);
  const silent = `max by (site, meter) (increase(${series(meterUnmeteredSeconds, { site: picked })}[$__range])) > 0`;
  const names = once(meterInfo, ['site', 'meter', name], { site: picked });
  const frame = {
    id: 9,
    title: { zh: '哪些电表沉默过，多久？', en: 'Which meters were silent, and for how long?' },
    description: {
      zh: '所选时间内未能计量的时长：无应答、卡住、复位前后。空表：全部在计量。',
      en: 'Time that could not be metered within the time range: no answer, stuck, around a reset. Empty: all are metered.',
    },
    span: 9,
    height: 8,
    nothing: { zh: '所选时间内没有报告未计量的时长', en: 'no unmetered time is reported in this range' },
  };
  return table(
    frame,
    [
      { title: words.meter, label: name },
      {
        title: words.unmetered,
        expression: `(${silent}) * on (site, meter) group_left (${name}) ${names}`,
        // In figures alone: the words of other units are English in every board.
        unit: 'dthms',
      },
    ],
    ['site', 'meter'],
    language,
  );
}

/** Why an answer is missing. */
export const causes = (language: Language): readonly Builder<Panel>[] => [
  noPue(language),
  sources(language),
  silentMeters(language),
];
