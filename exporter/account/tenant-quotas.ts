import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Emit } from '../../model/metrics/metric.ts';
import { tenantQuota } from '../../model/metrics/queues.ts';
import type { Plan } from '../../model/plan.ts';
import { creditsOf } from '../../model/queues/credits.ts';
import { clustersOfQuota, managerOf } from '../../model/queues/scope.ts';
import { quotaUnit, unitsOf } from '../../model/quota-unit.ts';
import { add, exactDecimal, multiply, rational, type Rational } from '../../model/rational.ts';
import type { Cluster, Tenant } from '../../model/schema/estate.ts';
import { isValid } from '../../model/tree.ts';

/** Label value of `pool` of a quota that names none. */
const ANY = 'any';
const NONE = rational(0);

/**
 * Where a quota is counted: on its pool's cluster; one without a pool on the cluster that it names, else on the manager,
 * whose credits cap the sum, else on the only cluster with Kueue.
 */
function clusterOf({ estate }: Plan, tenant: Tenant, quota: Tenant['quota'][number]): Cluster | undefined {
  const where = clustersOfQuota(estate, tenant, quota);
  const [only] = where;
  if (quota.pool !== undefined || quota.cluster !== undefined) return only;
  const manager = where.map((worker) => managerOf(estate, worker)).find((found) => found !== undefined);
  if (manager) return manager;
  return where.length === 1 && only?.kueue.manager === undefined ? only : undefined;
}

/** PFlops that a quota comes to: whole units of its pool, whole credits without one; none of a pool that is not there now. */
function compiled(plan: Plan, { pool: id, slice, pflops }: Tenant['quota'][number], at: number): Rational {
  if (id === undefined) return rational(creditsOf([pflops]), 1_000_000);
  const pool = plan.estate.pools.find((one) => one.id === id);
  const accelerator = pool && acceleratorOf(plan, pool);
  const unit = accelerator && quotaUnit(pool, accelerator, slice);
  if (!unit || !isValid(pool, at)) return NONE;
  return multiply(multiply(rational(unitsOf(pflops, unit)), unit.tflops), rational(1, 1000));
}

/** What tenants are promised at the sites and what that was compiled to, by the declaration alone: with and without Kueue. */
export function tenantQuotas(plan: Plan, sites: readonly string[], at: number, emit: Emit): void {
  for (const tenant of plan.estate.tenants) {
    const sums = new Map<string, { site: string; pool: string; promised: Rational; compiled: Rational }>();
    for (const quota of tenant.quota) {
      const site = clusterOf(plan, tenant, quota)?.site;
      if (site === undefined || !sites.includes(site)) continue;
      const pool = quota.pool ?? ANY;
      const key = `${site}/${pool}`;
      const before = sums.get(key) ?? { promised: NONE, compiled: NONE };
      sums.set(key, {
        site,
        pool,
        promised: add(before.promised, exactDecimal(quota.pflops)),
        compiled: add(before.compiled, compiled(plan, quota, at)),
      });
    }
    for (const { site, pool, ...sum } of sums.values()) {
      for (const basis of ['promised', 'compiled'] as const) {
        const { n, d } = sum[basis];
        emit(tenantQuota, { site, tenant: tenant.id, pool, basis }, Number(n) / Number(d));
      }
    }
  }
}
