import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { computePflopSeconds } from '../../model/metrics/compute.ts';
import { actionInfo } from '../../model/metrics/info.ts';
import { fleetDelivered } from '../../model/metrics/recorded.ts';
import type { Language, Text } from '../../model/text.ts';
import { lines, type Frame } from '../panel.ts';
import type { ComputeTarget } from '../plan/target.ts';
import { eq, nameLabel, once, picked, series } from '../promql.ts';
import { ranges, type Named } from '../query.ts';
import { silentPools } from './pool-rows.ts';
import { holders } from './words.ts';

const words = {
  tenant: { zh: '租户', en: 'Tenant' },
  former: { zh: '规划中已没有的行动', en: 'No longer an action of the plan:' },
} as const satisfies Record<string, Text>;

/** Tiers that were measured; each accelerator's work counts by one of them. */
const MEASURED = '=~"T1|T2"';
/** Label value of `action` of work that belongs to no declared tenant. */
const NO_ACTION = 'none';
const others = Object.keys(holders).join('|');

type Whose = 'tenant' | 'action';
type Which = Partial<Readonly<Record<Whose, string>>>;

/** PFlops by `whose` and tier. No value where a pool that it had work in is silent: what that delivers is unknown, which is not nothing. */
function pflopsBy(whose: Whose, { counts: { precision } }: ComputeTarget, which: Which): string {
  const of = { site: picked, precision: eq(precision), tier: MEASURED, ...which };
  const rates = once(fleetDelivered, ['site', 'tenant', 'action', 'tier'], of);
  const work = `max by (site, pool, ${whose}, tier) (rate(${series(computePflopSeconds, of)}[$__rate_interval]))`;
  return `sum by (${whose}, tier) (${rates}) unless on (${whose}, tier) (${work} and on (site, pool) ${silentPools})`;
}

/** Lines of work that belongs to no tenant, in words. */
const heldByNobody = (target: ComputeTarget, language: Language): Named[] =>
  Object.entries(holders).map(([tenant, text]) => ({
    legend: `${text[language]} {{tier}}`,
    expression: pflopsBy('tenant', target, { tenant: eq(tenant) }),
  }));

const chart = (frame: Frame, queries: readonly Named[], language: Language): Builder<Panel> =>
  lines(frame, language).unit('suffix:PFlops').decimals(2).targets(ranges(queries));

function byTenant(target: ComputeTarget, language: Language): Builder<Panel> {
  const frame = {
    id: 2,
    title: { zh: '每个租户得到多少算力？', en: 'How much is each tenant given?' },
    description: {
      zh: '所选园区五分钟内实测的交付量，由运算量计数器求得；只计 T1、T2，两级各画一线，不相加，T3、T4 的上限与 T5 的自报都不算。“未分配”是没有容器组申请的卡上的运算，“未声明的命名空间”是没有租户声明的命名空间。租户用过的资源池无应答时，该租户不画线：不知道不等于零。',
      en: 'Measured over five minutes at the picked sites, from the counters of work. T1 and T2 alone, a line for each, as tiers do not add up; the bounds T3 and T4 and what jobs report (T5) are left out. "unassigned" is work on cards that no pod requested, "undeclared namespaces" that of namespaces which no tenant declares. While a pool that a tenant has used gives no answer the tenant has no line: unknown is not zero.',
    },
    span: 12,
    height: 11,
  };
  const declared = {
    legend: `${words.tenant[language]} {{tenant}} {{tier}}`,
    expression: pflopsBy('tenant', target, { tenant: `!~"${others}"` }),
  };
  return chart(frame, [declared, ...heldByNobody(target, language)], language);
}

function byAction(target: ComputeTarget, language: Language): Builder<Panel> {
  const name = nameLabel(language);
  const names = once(actionInfo, ['action', name]);
  const pflops = pflopsBy('action', target, { action: `!="${NO_ACTION}"` });
  const frame = {
    id: 3,
    title: { zh: '每项重点行动得到多少算力？', en: 'How much is each key action given?' },
    description: {
      zh: '与左图相同的交付量，按租户所属的重点行动汇总；不属于任何行动的，按左图的两类列出。',
      en: 'The same as beside, by the key action that the tenant works for; what belongs to none is shown by the two words of the panel beside.',
    },
    span: 12,
    height: 11,
  };
  return chart(
    frame,
    [
      {
        legend: { zh: `行动 {{${name}}} {{tier}}`, en: `{{${name}}} {{tier}}` }[language],
        expression: `(${pflops}) * on (action) group_left (${name}) ${names}`,
      },
      {
        legend: `${words.former[language]} {{action}} {{tier}}`,
        expression: `(${pflops}) unless on (action) ${names}`,
      },
      ...heldByNobody(target, language),
    ],
    language,
  );
}

/** Who is given how much. */
export const delivered = (target: ComputeTarget, language: Language): readonly Builder<Panel>[] => [
  byTenant(target, language),
  byAction(target, language),
];
