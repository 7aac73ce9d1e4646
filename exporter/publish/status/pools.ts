import { computePflopSeconds, computePflops } from '../../../model/metrics/compute.ts';
import { actionInfo, poolInfo } from '../../../model/metrics/info.ts';
import type { LabelsOf } from '../../../model/metrics/metric.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Text } from '../../../model/text.ts';
import { holders, wordOf } from '../words.ts';
import { nameIn, type Lookup } from './lookup.ts';

/** One step of a pool's waterfall; only what was delivered has an evidence tier. */
export type StepStatus = Pick<LabelsOf<typeof computePflops>, 'step' | 'tier' | 'precision'> & {
  readonly pflops: number;
};

export interface PoolStatus {
  readonly id: string;
  readonly name: Text;
  readonly model: string;
  readonly modelName: Text;
  readonly steps: readonly StepStatus[];
}

/** Work done: a total of its own for each tenant and tier. */
export type WorkStatus = Omit<LabelsOf<typeof computePflopSeconds>, 'site'> & {
  readonly pflopSeconds: number;
  readonly poolName: Text;
  readonly tenantName: Text;
  readonly actionName: Text;
};

/** The pools of a site, each with the steps that are known. */
export function poolStatus(lookup: Lookup, plan: Plan, site: string): PoolStatus[] {
  return lookup.rows(poolInfo, { site }).map(({ labels }) => {
    const { pool, model } = labels;
    const steps = lookup.rows(computePflops, { site, pool });
    return {
      id: pool,
      name: nameIn(labels, pool),
      model,
      modelName: plan.accelerators.get(model)?.name ?? { zh: model, en: model },
      steps: steps.map(({ labels: { step, tier, precision }, value }) => ({ step, tier, precision, pflops: value })),
    };
  });
}

/** Rows stand in one order, whichever the ledger gives. */
const order = ({ pool, tenant, tier }: Pick<WorkStatus, 'pool' | 'tenant' | 'tier'>): string =>
  [pool, tenant, tier].join(' ');

/** The work that a site delivered, by pool, tenant and tier. */
export function workStatus(lookup: Lookup, plan: Plan, site: string): WorkStatus[] {
  return lookup
    .rows(computePflopSeconds, { site })
    .toSorted((a, b) => order(a.labels).localeCompare(order(b.labels), 'en'))
    .map(({ labels: { pool, tenant, action, precision, tier }, value }) => ({
      pool,
      tenant,
      action,
      precision,
      tier,
      pflopSeconds: value,
      poolName: nameIn(lookup.rows(poolInfo, { site, pool })[0]?.labels, pool),
      tenantName: plan.estate.tenants.find(({ id }) => id === tenant)?.name ?? wordOf(holders, tenant),
      actionName:
        action in holders ? wordOf(holders, action) : nameIn(lookup.rows(actionInfo, { action })[0]?.labels, action),
    }));
}
