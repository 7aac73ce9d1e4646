import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { computeClampedSamples, computePflops, unknownAccelerator } from '../../model/metrics/compute.ts';
import { meterInfo, poolInfo } from '../../model/metrics/info.ts';
import { fleetSteps } from '../../model/metrics/recorded.ts';
import { sourceBreakerOpen, sourceConsecutiveFailures } from '../../model/metrics/source.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import type { ComputeTarget } from '../plan/target.ts';
import { eq, nameLabel, once, picked, series } from '../promql.ts';
import { sorted, table } from '../table.ts';
import { steps } from '../words.ts';
import { ofOwner, SITE_NAME, withPool } from './pool-rows.ts';
import { heads, tiers } from './words.ts';

const words = {
  step: { zh: '台阶', en: 'Step' },
  delivered: { zh: '交付', en: 'Delivered' },
  tier: { zh: '证据', en: 'Evidence' },
  pflops: { zh: 'PFlops 之和', en: 'PFlops' },
  coverage: { zh: '已知的份额', en: 'Known of' },
  devices: { zh: '设备数', en: 'Devices' },
  clamped: { zh: '截断的样本', en: 'Clamped samples' },
  source: { zh: '数据源', en: 'Source' },
  owner: { zh: '电表或资源池', en: 'Meter or pool' },
  failures: { zh: '连续失败次数', en: 'Failures in a row' },
  tries: { zh: '尝试', en: 'Tries' },
  often: { zh: '按时', en: 'on time' },
  seldom: { zh: '已断路：间隔加长', en: 'breaker open: further apart' },
} as const satisfies Record<string, Text>;

function coverage({ counts: { precision } }: ComputeTarget, language: Language): Builder<Panel> {
  const which = { site: picked, precision: eq(precision) };
  const nominal = once(computePflops, ['site', 'pool'], { ...which, step: eq('nominal'), tier: eq('none') });
  const known = once(computePflops, ['site', 'pool', 'step', 'tier'], which);
  const frame = {
    id: 7,
    title: { zh: '各台阶的数字含多少资源池？', en: 'Of how many pools is each step?' },
    description: {
      zh: '所选园区（默认全省）各台阶的算力之和，与该台阶、该级证据已知的资源池占全部标称算力的份额：不足 100 % 时，其余的不是零而是未知。交付的各级不相加。由 Prometheus 的记录规则汇总，每个园区一个采集器或全省一个采集器都成立；采集器整个没有应答的园区两边都不含。',
      en: 'Computing power of the picked sites (by default the province) at each step, and the share of all nominal power whose pools are known there by that evidence: below 100 % the rest is unknown, not zero. Tiers of what is delivered do not add up. Summed by recording rules in Prometheus, so that one exporter for each site serves as well as one for the province; a site whose exporter is silent is in neither.',
    },
    span: 12,
    height: 9,
    nothing: {
      zh: '没有算力：没有园区给出，或没有装入记录规则',
      en: 'no figure: no site gives one, or the recording rules are not loaded',
    },
  };
  const panel = table(
    frame,
    [
      {
        title: words.step,
        label: 'step',
        mapping: mapping({ ...steps, delivered: words.delivered }, language),
        width: 130,
      },
      { title: words.tier, label: 'tier', mapping: mapping(tiers, language) },
      {
        title: words.pflops,
        expression: `sum by (step, tier) (${once(fleetSteps, ['site', 'step', 'tier'], which)})`,
        decimals: 2,
        width: 110,
      },
      {
        title: words.coverage,
        expression: `sum by (step, tier) (${known} * 0 + on (site, pool) group_left () ${nominal}) / on () group_left () sum(${nominal})`,
        unit: 'percentunit',
        decimals: 1,
        width: 130,
      },
    ],
    [],
    language,
  );
  // From the declaration down to what is shown to be at work.
  return sorted(panel, [words.pflops], language, [words.pflops]);
}

/** Names of meters or pools by the label `owner`. */
const owners = (label: 'meter' | 'pool', info: string): string =>
  `label_replace(${info}, "owner", "$1", "${label}", "(.+)")`;

function failing(language: Language): Builder<Panel> {
  const name = nameLabel(language);
  const source = ['site', 'source'] as const;
  const which = { site: picked };
  const meters = owners('meter', once(meterInfo, ['site', 'meter', name], which));
  const pools = owners('pool', once(poolInfo, ['site', 'pool', name], which));
  const names = `max by (site, owner, ${name}) (${meters} or ${pools})`;
  const row = (expression: string): string =>
    `${ofOwner(`(${expression})`, 'owner')} * on (site, owner) group_left (${name}) ${names}`;
  const failures = `${once(sourceConsecutiveFailures, source, which)} > 0`;
  const frame = {
    id: 8,
    title: { zh: '哪些数据源连续失败，断路器已打开？', en: 'Which sources fail, and whose breaker is open?' },
    description: {
      zh: '最近几次读取连续失败的数据源。失败多次后断路器打开，两次尝试的间隔加长（至多 5 分钟）：修好后稍等，或重新装载声明立即再试。空表：没有数据源正在失败。',
      en: 'Sources whose last reads failed one after another. After several failures the breaker opens and tries are further apart, by 5 minutes at most: wait a little after a repair, or load the declaration again to try at once. Empty: none is failing.',
    },
    span: 12,
    height: 9,
    nothing: { zh: '没有数据源被报告为正在失败', en: 'no source is reported as failing' },
  };
  const panel = table(
    frame,
    [
      { title: words.owner, label: name },
      { title: words.source, label: 'source', width: 130 },
      { title: words.failures, expression: row(failures), decimals: 0, width: 140 },
      {
        title: words.tries,
        expression: row(`1 - (${once(sourceBreakerOpen, source, which)} and on (site, source) (${failures}))`),
        judgement: judgement(words.often, words.seldom, language),
        width: 190,
      },
    ],
    ['site', 'owner'],
    language,
  );
  return sorted(panel, [words.failures], language, [words.failures]);
}

function unknownModels(language: Language): Builder<Panel> {
  const models = once(unknownAccelerator, ['site', 'pool', 'model'], { site: picked });
  const frame = {
    id: 9,
    title: { zh: '哪些加速器型号不认识？', en: 'Which models are not known?' },
    description: {
      zh: '设备报告的型号不在加速器目录中，或与资源池的声明不符：它们不计入任何算力。空表：报告的型号都认识。',
      en: 'Models that devices report and that the catalogue of accelerators lacks, or that are not what the pool declares: no figure counts them. Empty: every model that is reported is known.',
    },
    span: 12,
    height: 8,
    nothing: { zh: '没有被报告的不认识的型号', en: 'no unknown model is reported' },
  };
  return table(
    frame,
    [
      { title: heads.site, label: SITE_NAME, width: 215 },
      { title: heads.pool, label: nameLabel(language) },
      { title: heads.model, label: 'model', width: 200 },
      { title: words.devices, expression: withPool(`${models} > 0`, language), decimals: 0, width: 100 },
    ],
    ['site', 'pool', 'demo'],
    language,
  );
}

function clamped(language: Language): Builder<Panel> {
  const samples = series(computeClampedSamples, { site: picked });
  const frame = {
    id: 10,
    title: { zh: '哪些资源池的活跃度超出了 0 到 1？', en: 'Whose activity was outside of 0 to 1?' },
    description: {
      zh: '所选时间内活跃度超出 0 到 1 而被截断的样本数：多半是单位或换算因子错了，其交付量不可信。空表：没有截断。',
      en: 'Samples within the time range whose activity was outside of 0 to 1 and was clamped: most likely a unit or a factor is wrong, and what the pool delivers is not to be believed. Empty: none was clamped.',
    },
    span: 12,
    height: 8,
    nothing: { zh: '所选时间内没有报告截断的样本', en: 'no clamped sample is reported in this range' },
  };
  return table(
    frame,
    [
      { title: heads.site, label: SITE_NAME, width: 215 },
      { title: heads.pool, label: nameLabel(language) },
      {
        title: words.clamped,
        expression: withPool(`max by (site, pool) (increase(${samples}[$__range])) > 0`, language),
        decimals: 0,
        width: 160,
      },
    ],
    ['site', 'pool', 'demo'],
    language,
  );
}

/** What the figures above rest on, and what they lack. */
export const evidence = (target: ComputeTarget, language: Language): readonly Builder<Panel>[] => [
  coverage(target, language),
  failing(language),
  unknownModels(language),
  clamped(language),
];
