import { ruleGroups } from '../../alerts/rule-groups.ts';
import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import { plant, type InputSeries } from './plant.ts';

interface Worded {
  readonly alert: string;
  readonly minute: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly description: Text;
  readonly input: readonly InputSeries[];
}

const good = { itKw: 240, pue: 1.2 };
const lasting = 'x600';

/** The series that gives what has these labels its names. */
const info = (of: string, labels: string, zh: string, en: string): InputSeries => ({
  series: `greenflops_${of}_info{${labels},name_zh="${zh}",name_en="${en}"}`,
  values: `1${lasting}`,
});
const siteInfo = info('site', 'site="nanchang"', '南昌中心', 'Nanchang Centre');

/** A suspicion of a pool, a meter or the site. */
const suspected = (labels: Readonly<Record<string, string>>, zh: string, en: string): Worded => ({
  alert: 'GreenflopsClosureSuspect',
  minute: 30,
  labels: { severity: 'warning', site: 'nanchang', ...labels },
  description: { zh, en },
  input: [
    {
      series: `greenflops_closure_suspect{site="nanchang",${Object.entries(labels)
        .map(([label, value]) => `${label}="${value}"`)
        .join(',')}}`,
      values: `1${lasting}`,
    },
    siteInfo,
    info('pool', 'site="nanchang",pool="nc-a800"', 'A800 池', 'A800 pool'),
    info('meter', 'site="nanchang",meter="ups",side="it"', 'UPS 输出', 'UPS output'),
  ],
});

/** What arrives at those who are called, word for word. */
const worded: readonly Worded[] = [
  {
    alert: 'GreenflopsPueBudgetBurnFast',
    minute: 450,
    labels: { severity: 'critical', site: 'nanchang', long: '6h', short: '30m' },
    description: {
      zh: '园区“南昌中心”（nanchang）最近 6h 的非 IT 用电是本月允许值的 3.00 倍（最近 30m 同样超过 2.4 倍）。照此速度，30 天的额度 10d 0h 0m 0s 用完。若该园区的 GreenflopsMeterSilent 也在告警，此处是电表失效前最后一次可信的判断。',
      en: 'Site Nanchang Centre (nanchang) used 3.00 times the overhead energy that this month allows over 6h, and more than 2.4 times over 30m. At this rate a 30-day budget lasts 10d 0h 0m 0s. If GreenflopsMeterSilent fires for this site too, this is the last verdict before its meter failed.',
    },
    input: [...plant([{ minutes: 460, itKw: 240, pue: 1.75 }]), siteInfo],
  },
  {
    alert: 'GreenflopsMeterSilent',
    minute: 90,
    labels: { severity: 'warning', site: 'nanchang', meter: 'ups', side: 'it' },
    description: {
      zh: '园区“南昌中心”（nanchang）IT 侧的电表“UPS 输出”（ups）至少 10 分钟没有可信读数；最近一次应答在 30m 0s 之前。',
      en: 'Meter UPS output (ups), IT side, of site Nanchang Centre (nanchang) has given no believable reading for at least 10 minutes; its last answer was 30m 0s ago.',
    },
    input: [
      ...plant([
        { minutes: 60, ...good },
        { minutes: 40, ...good, dead: 'ups' },
      ]),
      {
        series: 'greenflops_source_last_success_timestamp_seconds{site="nanchang",source="ups"}',
        values: `0+60x60 3600x39`,
      },
      siteInfo,
      info('meter', 'site="nanchang",meter="ups",side="it"', 'UPS 输出', 'UPS output'),
    ],
  },
  {
    alert: 'GreenflopsMeterSilent',
    minute: 90,
    labels: { severity: 'warning', site: 'nanchang', side: 'all' },
    description: {
      zh: '园区“南昌中心”（nanchang）的采集器至少 10 分钟没有任何数据：该园区所有电表都看不到。',
      en: 'The exporter of site Nanchang Centre (nanchang) has given no data for at least 10 minutes: none of its meters can be seen.',
    },
    input: [
      ...plant([
        { minutes: 60, ...good },
        { minutes: 40, ...good, dead: 'exporter' },
      ]),
      // The names go with the exporter.
      { ...siteInfo, values: '1x59' },
    ],
  },
  {
    alert: 'GreenflopsUnknownAccelerator',
    minute: 30,
    labels: { severity: 'warning', site: 'nanchang', pool: 'nc-a800', model: 'B99' },
    description: {
      zh: '园区“南昌中心”（nanchang）的资源池“A800 池”（nc-a800）有 3 个设备报告型号“B99”，目录或该池的声明中没有，其算力不计入任何数字。',
      en: '3 devices of pool A800 pool (nc-a800) at site Nanchang Centre (nanchang) report model "B99", which is not in the catalogue or not what the pool declares; no figure counts their PFlops.',
    },
    input: [
      { series: 'greenflops_unknown_accelerator{site="nanchang",pool="nc-a800",model="B99"}', values: `3${lasting}` },
      siteInfo,
      info('pool', 'site="nanchang",pool="nc-a800"', 'A800 池', 'A800 pool'),
    ],
  },
  {
    // No info series: the ids alone.
    alert: 'GreenflopsUnknownAccelerator',
    minute: 30,
    labels: { severity: 'warning', site: 'nanchang', pool: 'nc-a800', model: 'B99' },
    description: {
      zh: '园区 nanchang 的资源池 nc-a800 有 3 个设备报告型号“B99”，目录或该池的声明中没有，其算力不计入任何数字。',
      en: '3 devices of pool nc-a800 at site nanchang report model "B99", which is not in the catalogue or not what the pool declares; no figure counts their PFlops.',
    },
    input: [
      { series: 'greenflops_unknown_accelerator{site="nanchang",pool="nc-a800",model="B99"}', values: `3${lasting}` },
    ],
  },
  suspected(
    { pool: 'nc-a800', suspect: 'milliwatts_as_watts' },
    '园区“南昌中心”（nanchang）的资源池“A800 池”（nc-a800）：功率约为可能值的 1000 倍：毫瓦被当作瓦。',
    'Pool A800 pool (nc-a800) of site Nanchang Centre (nanchang): power is about 1000 times what is possible: milliwatts are read as watts.',
  ),
  suspected(
    { meter: 'ups', suspect: 'meter_children_exceed' },
    '园区“南昌中心”（nanchang）的电表“UPS 输出”（ups）：下级电表之和大于本表，超出准确度：请查 parent、互感器变比与倍率。',
    'Meter UPS output (ups) of site Nanchang Centre (nanchang): the meters below it sum to more than it reads, by more than their accuracy: check parent, CT ratio and scale.',
  ),
  suspected(
    { suspect: 'boundary_missing' },
    '园区“南昌中心”（nanchang）：IT 电量大于边界电量：缺少边界电表，或其变比、倍率有误。',
    'Site Nanchang Centre (nanchang): IT energy is above boundary energy: a boundary meter is missing, or its CT ratio or scale is wrong.',
  ),
  {
    alert: 'GreenflopsQuotaNotEnforced',
    minute: 30,
    labels: { severity: 'warning', site: 'nanchang', source: 'nc-a', tenant: 'copper-ai' },
    description: {
      zh: '园区“南昌中心”（nanchang）的集群 nc-a 上，租户 copper-ai 至少有一张在用的卡没有计入配额已满 5 分钟：Kueue 的算力额度换算没有生效，或这些作业在改换系数之前被接纳。',
      en: 'On cluster nc-a of site Nanchang Centre (nanchang) at least one chip that tenant copper-ai uses has not been charged to its quota for 5 minutes: the configuration of credits is not in force in Kueue, or these jobs were admitted by an older coefficient.',
    },
    input: [
      {
        series: 'greenflops_quota_enforced{site="nanchang",source="nc-a",tenant="copper-ai"}',
        values: `0${lasting}`,
      },
      siteInfo,
    ],
  },
  {
    alert: 'GreenflopsPlanBehindGlidePath',
    minute: 90,
    labels: { severity: 'warning', target: 'computing-service-scale', milestone: '2030' },
    description: {
      zh: '2030 年的目标“智算服务规模”（computing-service-scale）今天应达到 1504.0 PFlops，还差 1418.1 PFlops。',
      en: 'Target Computing service scale (computing-service-scale) of milestone 2030 requires 1504.0 PFlops today and is short by 1418.1 PFlops.',
    },
    input: (
      [
        ['greenflops_plan_required{target="computing-service-scale",milestone="2030"}', 1504],
        ['greenflops_compute_pflops{site="s",pool="p",precision="fp16",step="nominal",tier="none"}', 85.888],
      ] as const
    )
      .map(([series, value]): InputSeries => ({ series, values: `${value}${lasting}` }))
      .concat(
        info(
          'target',
          'target="computing-service-scale",comparator=">=",target_unit="PFlops"',
          '智算服务规模',
          'Computing service scale',
        ),
      ),
  },
];

/** Rule tests that compare every annotation; those that do not change with figures are taken from the rules. */
export const wordedTests = (plan: Plan): object[] =>
  worded.map(({ alert, minute, labels, description, input }) => {
    const rules = ruleGroups(plan).flatMap(({ rules: all }) => all);
    const rule = rules.find(
      (one) => one.alert === alert && (one.labels?.['side'] ?? labels['side']) === labels['side'],
    );
    const fixed = Object.entries(rule?.annotations ?? {}).map(([key, text]) => [
      key,
      text.replace('{{ $labels.site }}', labels['site'] ?? ''),
    ]);
    return {
      interval: '1m',
      input_series: input,
      alert_rule_test: [
        {
          alertname: alert,
          eval_time: `${minute}m`,
          exp_alerts: [
            {
              exp_labels: labels,
              exp_annotations: {
                ...Object.fromEntries(fixed),
                description: description.en,
                description_zh: description.zh,
              },
            },
          ],
        },
      ],
    };
  });
