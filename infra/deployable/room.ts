import { acceleratorOf } from '../../model/accelerator-of.ts';
import { known } from '../../model/nearest.ts';
import type { Plan } from '../../model/plan.ts';
import { hasTopology, slicesOf } from '../../model/queues/pool-resources.ts';
import { clustersOfQuota, queueWorkers } from '../../model/queues/scope.ts';
import { quotaUnit } from '../../model/quota-unit.ts';
import { add, compare, exactDecimal, multiply, rational, subtract, type Rational } from '../../model/rational.ts';
import { dataClasses } from '../../model/schema/data-class.ts';
import type { Cluster, Pool, Tenant } from '../../model/schema/estate.ts';
import { isCurrent } from '../pools/current.ts';
import { listed } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** A quota that names no pool, and its place. */
interface Claim {
  readonly tenant: Tenant;
  readonly pflops: number;
  readonly cluster: string | undefined;
  readonly path: Obstacle['path'];
}

const none = rational(0);
const sum = (all: readonly Rational[]): Rational => all.reduce(add, none);
const inPflops = ({ n, d }: Rational): number => Number((Number(n) / Number(d)).toFixed(6));

/** PFlops of a pool that no quota names, of those that are open to quotas without a pool. */
function spare(plan: Plan, pool: Pool): Rational {
  const accelerator = acceleratorOf(plan, pool);
  if (!accelerator || !hasTopology(pool) || !isCurrent(pool, Date.now())) return none;
  const named = plan.estate.tenants.flatMap(({ quota }) => quota.filter(({ pool: id }) => id === pool.id));
  return sum(
    slicesOf(pool).map((slice) => {
      const unit = quotaUnit(pool, accelerator, slice);
      if (!unit) return none;
      const own = named.filter((quota) => slice === undefined || quota.slice === slice);
      // As promised, not as rounded to whole cards: what is left of a card the tenant's credits may use elsewhere.
      const free = subtract(
        multiply(unit.tflops, rational(unit.count, 1000)),
        sum(own.map(({ pflops }) => exactDecimal(pflops))),
      );
      return compare(free, none) < 0 ? none : free;
    }),
  );
}

/**
 * Quotas without a pool are promises too: those of a cluster come out of what its pools have left, and those of none out
 * of what the clusters that are cleared for them have left together. Clusters are cleared class by class, so if the
 * tenants of every set of classes find room together, all of them do (Hall).
 */
export const room: Rule = (plan) => {
  const { estate } = plan;
  const claims = estate.tenants.flatMap((tenant, i) =>
    tenant.quota.flatMap(({ pool, cluster, pflops }, j): Claim[] =>
      pool === undefined ? [{ tenant, pflops, cluster, path: ['tenants', i, 'quota', j, 'pflops'] }] : [],
    ),
  );
  if (claims.length === 0) return [];
  const left = new Map<Cluster, Rational>();
  const found: Obstacle[] = [];
  for (const one of queueWorkers(estate)) {
    const pools = estate.pools.filter((pool) => pool.cluster === one.id);
    const has = sum(pools.map((pool) => spare(plan, pool)));
    const own = claims.filter(({ cluster }) => cluster === one.id);
    const rest = subtract(has, asked(own));
    left.set(one, compare(rest, none) < 0 ? none : rest);
    if (pools.some(hasTopology)) found.push(...passed(own, has, [one]));
  }
  const open = claims.filter(({ cluster }) => cluster === undefined);
  for (const classes of subsets(dataClasses)) {
    const own = open.filter(({ tenant }) => classes.includes(tenant.data_class));
    if (!classes.every((each) => own.some(({ tenant }) => tenant.data_class === each))) continue;
    const on = new Set(own.flatMap(({ tenant, pflops }) => clustersOfQuota(estate, tenant, { pflops })));
    // Where there is no cluster, or none with such a pool, that is told by itself.
    if (!estate.pools.some((pool) => hasTopology(pool) && [...on].some(({ id }) => id === pool.cluster))) continue;
    const over = passed(own, sum([...on].map((one) => left.get(one) ?? none)), [...on]);
    if (over.length > 0) return [...found, ...over];
  }
  return found;
};

const asked = (claims: readonly Claim[]): Rational => sum(claims.map(({ pflops }) => exactDecimal(pflops)));

/** Told at the quota with which the sum is passed. */
function passed(claims: readonly Claim[], has: Rational, on: readonly Cluster[]): Obstacle[] {
  if (compare(asked(claims), has) <= 0) return [];
  const last = claims.find((_, i) => compare(asked(claims.slice(0, i + 1)), has) > 0);
  if (!last) return [];
  const each = known(claims.map(({ tenant, pflops }) => `${tenant.id} ${pflops}`));
  const [left, all] = [inPflops(has), inPflops(asked(claims))];
  return [
    {
      path: last.path,
      detail: {
        zh: `${listed(on)} 除写明资源池的配额外还剩 ${left} PFlops（不含 HAMi 和 DRA 的池），而不写资源池的配额合计 ${all}：${each}。请调低配额，或扩大资源池`,
        en: `on ${listed(on)}, ${left} PFlops are left besides the quotas that name a pool (pools shared by HAMi and DRA aside), and those that name none add up to ${all}: ${each}. Lower a quota, or enlarge a pool`,
      },
    },
  ];
}

/** Every set of some of them. */
const subsets = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: 2 ** all.length - 1 }, (_, i) => all.filter((__, at) => ((i + 1) >> at) & 1));
