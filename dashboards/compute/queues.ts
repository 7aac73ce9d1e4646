import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  queueAdmissions,
  queuePflops,
  queueWaitSeconds,
  queueWorkloads,
  quotaEnforced,
  tenantQuota,
} from '../../model/metrics/queues.ts';
import type { Language, Text } from '../../model/text.ts';
import { judgement, mapping } from '../mapping.ts';
import { lines } from '../panel.ts';
import { any, eq, nameLabel, once, picked, series, withSite } from '../promql.ts';
import { ranges } from '../query.ts';
import { sorted, table, type Column } from '../table.ts';
import { demo } from '../words.ts';
import { heads, queueStates } from './words.ts';

const words = {
  tenant: { zh: '租户', en: 'Tenant' },
  cluster: { zh: '集群', en: 'Cluster' },
  jobs: { zh: '等待的作业', en: 'Jobs waiting' },
  wait: { zh: '平均等待（时:分:秒）', en: 'Mean wait (h:mm:ss)' },
  enforced: { zh: '配额生效', en: 'Quota in force' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否：有卡未计入', en: 'no: chips not charged' },
  promised: { zh: '承诺', en: 'Promised' },
  compiled: { zh: '换算后', en: 'Compiled' },
  lost: { zh: '舍去', en: 'Rounded off' },
} as const satisfies Record<string, Text>;

const queue = ['site', 'source', 'tenant'] as const;

/** Seconds that a job waited on average within a range, where any was admitted. */
function meanWait(range: string): string {
  const sum = (metric: typeof queueWaitSeconds): string =>
    `max by (${queue.join(', ')}) (increase(${series(metric, { site: picked })}[${range}]))`;
  return `${sum(queueWaitSeconds)} / (${sum(queueAdmissions)} > 0)`;
}

function held(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const pflops = (state: string): string => once(queuePflops, queue, { site: picked, state: eq(state) });
  const waiting = once(queueWorkloads, queue, { site: picked, state: eq('pending') });
  const frame = {
    id: 11,
    title: {
      zh: '每个租户的队列有多少、占多少、等多少？配额生效吗？（稠密 FP16，PFlops）',
      en: "What does each tenant's queue have and hold, what waits, and is its quota in force? (dense FP16, PFlops)",
    },
    description: {
      zh: '由各集群 Kueue 自己的指标换算。自有：算力额度，即各项配额之和；可借：至多可再借的；预留：占住配额的作业（含在用）；在用：已接纳的作业；等待：排队作业所要的。预留、在用、等待按卡数换算，算力额度没有生效时也对。“配额生效”：在用的卡都计入了算力额度为“是”；少计一张或更多为“否”，此时 Kueue 不再按 PFlops 限制该租户；没有作业在用则无数据。管理集群的队列再次含有其工作集群的，请勿把两行相加。',
      en: "From Kueue's own metrics on each cluster. Own: credits, the sum of the tenant's quotas. May borrow: at most, besides. Reserved: by jobs that hold quota, those in use among them. Used: by admitted jobs. Waiting: what queued jobs ask for. The last three are reckoned from chips, and hold where credits are not in force too. Quota in force: yes where every chip in use is charged; no where one or more is not, and Kueue holds the tenant to no PFlops; no data where nothing runs. A manager's queue holds again what its workers' hold: do not add the two rows.",
    },
    span: 24,
    height: 10,
    nothing: {
      zh: '没有队列：没有集群声明 kueue.metrics，或读不到',
      en: 'no queue: no cluster declares kueue.metrics, or none can be read',
    },
  };
  const panel = table(
    frame,
    [
      // First, because it is there where all else is: also where Kueue does not expose what queues have.
      { title: words.jobs, expression: row(any(waiting, pflops('nominal'))), decimals: 0, width: 120 },
      { title: heads.site, label: nameLabel(language), width: 215 },
      { title: words.tenant, label: 'tenant' },
      { title: words.cluster, label: 'source', width: 100 },
      ...Object.entries(queueStates).map(([state, title]): Column => ({
        title,
        expression: row(pflops(state)),
        decimals: 2,
        width: 110,
      })),
      { title: words.wait, expression: row(meanWait('$__range')), unit: 'dthms', decimals: 0, width: 180 },
      {
        title: words.enforced,
        expression: row(`min by (${queue.join(', ')}) (${series(quotaEnforced, { site: picked })})`),
        judgement: judgement(words.yes, words.no, language),
        width: 190,
      },
      { title: heads.demo, label: 'demo', mapping: mapping(demo, language), width: 125 },
    ],
    ['site'],
    language,
  );
  return sorted(panel, [heads.site, words.tenant, words.cluster], language);
}

const quota = (basis: string): string =>
  once(tenantQuota, ['site', 'tenant', 'pool'], { site: picked, basis: eq(basis) });
const figure = (title: Text, expression: string): Column => ({ title, expression, decimals: 3, width: 120 });

function promised(language: Language): Builder<Panel> {
  const row = (expression: string): string => withSite(expression, language);
  const frame = {
    id: 12,
    title: {
      zh: '承诺了多少，换算后是多少？（PFlops）',
      en: 'What was promised, and what was it compiled to? (PFlops)',
    },
    description: {
      zh: '由声明得出，没有 Kueue 也一样：指定资源池的配额换算成整卡（或整切片），向下取整，少于一张卡的零头舍去；不指定资源池的（any）换算成整数算力额度，零头不到 1 GFLOPS。',
      en: 'By the declaration, with Kueue and without: a quota on a pool becomes whole cards or slices, rounded down, and less than one card is lost; one that names no pool (any) becomes whole credits, and less than one GFLOPS is lost.',
    },
    span: 12,
    height: 11,
    nothing: { zh: '没有租户有配额', en: 'no tenant has a quota' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: nameLabel(language), width: 215 },
      { title: words.tenant, label: 'tenant' },
      { title: heads.pool, label: 'pool', width: 120 },
      figure(words.promised, row(quota('promised'))),
      figure(words.compiled, row(quota('compiled'))),
      figure(words.lost, row(`${quota('promised')} - ${quota('compiled')}`)),
    ],
    ['site', 'demo'],
    language,
  );
  return sorted(panel, [heads.site, words.tenant, heads.pool], language);
}

function waits(language: Language): Builder<Panel> {
  const frame = {
    id: 13,
    title: { zh: '作业从提交到接纳等多久？', en: 'How long do jobs wait until they are admitted?' },
    description: {
      zh: '最近一小时内被接纳的作业的平均等待时间（等待秒数之和除以作业数）。没有作业被接纳时没有值：一直等着的作业不在其中，见上表。',
      en: 'Mean wait of the jobs that were admitted within the last hour (seconds waited over jobs). No value while none is admitted: jobs that still wait are not in it, see the table above.',
    },
    span: 12,
    height: 11,
  };
  return lines(frame, language)
    .unit('s')
    .targets(
      ranges([
        {
          legend: `${words.tenant[language]} {{tenant}}${language === 'zh' ? '，' : ', '}{{source}}`,
          expression: meanWait('1h'),
        },
      ]),
    );
}

/** What tenants were promised, and what their queues hold. */
export const queues = (language: Language): readonly Builder<Panel>[] => [
  held(language),
  promised(language),
  waits(language),
];
