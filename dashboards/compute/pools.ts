import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { computeAchievable, computePflops } from '../../model/metrics/compute.ts';
import { poolInfo } from '../../model/metrics/info.ts';
import type { Language, Text } from '../../model/text.ts';
import { mapping } from '../mapping.ts';
import type { ComputeTarget } from '../plan/target.ts';
import { eq, nameLabel, once, picked } from '../promql.ts';
import { sorted, table, type Column } from '../table.ts';
import { demo, steps } from '../words.ts';
import { SITE_NAME, withPool } from './pool-rows.ts';
import { bases, heads } from './words.ts';

const words = {
  achievable: { zh: '可达', en: 'Achievable' },
  basis: { zh: '可达的依据', en: 'Achievable by' },
} as const satisfies Record<string, Text>;

/** A column for each tier: tiers are never added up, and no row of one is taken for that of another. */
const delivered = {
  T1: { zh: '交付 T1', en: 'Delivered T1' },
  T2: { zh: '交付 T2', en: 'Delivered T2' },
  T3: { zh: '至多 T3', en: 'At most T3' },
  T4: { zh: '至多 T4', en: 'At most T4' },
} as const satisfies Record<string, Text>;

const figure = (title: Text, expression: string, width: number): Column => ({ title, expression, decimals: 2, width });

/** What each pool has and gives. */
export function pools({ counts: { precision } }: ComputeTarget, language: Language): Builder<Panel> {
  const which = { site: picked, precision: eq(precision) };
  const row = (expression: string): string => withPool(expression, language);
  const step = (name: string, tier = 'none'): string =>
    row(once(computePflops, ['site', 'pool'], { ...which, step: eq(name), tier: eq(tier) }));
  const frame = {
    id: 1,
    title: {
      zh: `每个资源池有多少算力，交付了多少？（稠密 ${precision.toUpperCase()}，PFlops）`,
      en: `What does each pool have, and what does it deliver? (dense ${precision.toUpperCase()}, PFlops)`,
    },
    description: {
      zh: '标称：已声明的卡数 × 稠密峰值；可达：实测矩阵乘所能达到的，依据见其右列，没有实测则没有；已分配：被作业占用；在用：活跃度高于 1 %。交付按证据各列一栏，各级不相加：T1 由张量核活跃度与时钟测得，T2 由张量核活跃度测得；“至多”只是上限，T3 由核心活跃度、T4 由占用时间得出，不是交付量。作业自报的（T5）不列出。空白之处写明无数据：没有遥测的资源池只有标称。',
      en: 'Nominal: declared cards × dense peak. Achievable: what dense matrix products were seen to reach, by the evidence beside it; absent where nobody measured it. Allocated: held by a job. Busy: activity above 1 %. What is delivered has a column for each tier of evidence, and tiers do not add up: T1 measured from tensor activity and clock, T2 from tensor activity; "at most" is a bound and no delivery, T3 from core activity, T4 from busy time. What jobs report of themselves (T5) is not listed. No data is said, not shown as 0: a pool without telemetry has a nominal figure alone.',
    },
    span: 24,
    height: 9,
    nothing: { zh: '所选园区没有资源池', en: 'the picked sites have no pool' },
  };
  const panel = table(
    frame,
    [
      { title: heads.site, label: SITE_NAME, width: 215 },
      { title: heads.pool, label: nameLabel(language) },
      {
        title: heads.model,
        label: 'model',
        expression: row(once(poolInfo, ['site', 'pool', 'model'], { site: picked })),
        width: 140,
      },
      figure(steps.nominal, step('nominal'), 85),
      figure(words.achievable, row(once(computeAchievable, ['site', 'pool', 'basis'], which)), 100),
      { title: words.basis, label: 'basis', mapping: mapping(bases, language), width: 125 },
      figure(steps.allocated, step('allocated'), 90),
      figure(steps.busy, step('busy'), 85),
      ...Object.entries(delivered).map(([tier, title]) => figure(title, step('delivered', tier), 110)),
      { title: heads.demo, label: 'demo', mapping: mapping(demo, language), width: 125 },
    ],
    ['site', 'pool'],
    language,
  );
  return sorted(panel, [heads.site, heads.pool], language);
}
