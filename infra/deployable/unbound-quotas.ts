import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Plan } from '../../model/plan.ts';
import { creditsOf, pflopsOfCredits } from '../../model/queues/credits.ts';
import { hasTopology, poolResources } from '../../model/queues/pool-resources.ts';
import { clustersOfQuota, clustersOfTenant, queueWorkers } from '../../model/queues/scope.ts';
import type { Cluster, Pool, Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { listed, seenByOne } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

interface Unbound {
  readonly plan: Plan;
  readonly tenant: Tenant;
  readonly quota: Tenant['quota'][number];
  /** The clusters on which it may be used */
  readonly on: readonly Cluster[];
}

/** Why nobody could hand out a quota without a pool; the first that applies is told. */
const obstacles: readonly ((unbound: Unbound) => Text | undefined)[] = [
  ({ plan: { estate } }) =>
    queueWorkers(estate).length > 0
      ? undefined
      : {
          zh: '没有写明资源池的配额由 Kueue 的队列分配，而没有一个集群启用 Kueue：请写 pool，或在集群写 kueue: { enabled: true }',
          en: 'a quota without a pool is handed out by queues of Kueue, and no cluster has it: name a pool, or write kueue: { enabled: true } for a cluster',
        },
  ({ plan: { estate }, tenant: { data_class: dataClass }, on }) =>
    on.length > 0
      ? undefined
      : {
          zh: `启用 Kueue 的集群（${listed(queueWorkers(estate))}）没有一个允许 ${dataClass} 级数据：请在某个集群的 data_classes 中加上 ${dataClass}，或写另一个集群的 pool`,
          en: `no cluster with Kueue (${listed(queueWorkers(estate))}) is cleared for ${dataClass} data: add ${dataClass} to the data_classes of one, or name a pool of another cluster`,
        },
  ({ plan: { estate }, on }) =>
    seenByOne(estate, on)
      ? undefined
      : {
          zh: `这份配额可在 ${listed(on)} 使用，而没有一个管理集群（role: manager）统管它们，每个集群都会各给一份：请写 pool 或 cluster，或设一个以它们为 worker 的管理集群`,
          en: `this quota may be used on ${listed(on)}, and no manager (role: manager) has them all as its workers, so each would give it once: name a pool or a cluster, or have such a manager`,
        },
  ({ plan: { estate }, on }) =>
    openPools(estate.pools, on).length > 0
      ? undefined
      : {
          zh: `${listed(on)} 没有资源池能给它卡：只有整卡、切片和时间片的池不写 pool 也能用，HAMi 和 DRA 的池请写明 pool`,
          en: `${listed(on)}: no pool there could give it a chip. Pools of whole chips, slices and turns are open to a quota without a pool; name the pool where it is shared by HAMi or DRA`,
        },
  ({ plan, quota, on }) => {
    const offers = openPools(plan.estate.pools, on).flatMap((pool) => {
      const accelerator = acceleratorOf(plan, pool);
      return (accelerator ? poolResources(pool, accelerator) : []).flatMap(({ name, credits }) =>
        credits === undefined ? [] : [{ pool, name, credits }],
      );
    });
    const [least] = offers.toSorted((a, b) => a.credits - b.credits);
    if (!least || creditsOf([quota.pflops]) >= least.credits) return undefined;
    const { pool, name, credits } = least;
    const one = pflopsOfCredits(credits);
    return {
      zh: `不足一个 ${name}（资源池 ${pool.id}，稠密 FP16 ${one} PFlops），而它已是 ${listed(on)} 上最小的：请调高，或与该租户的另一份配额合写`,
      en: `less than one ${name} (pool ${pool.id}, ${one} PFlops dense FP16), the least that ${listed(on)} hand out: raise it, or add it to another quota of the tenant`,
    };
  },
];

/** Pools whose chips a quota may use that does not name them. */
const openPools = (pools: readonly Pool[], on: readonly Cluster[]): Pool[] =>
  pools.filter((pool) => hasTopology(pool) && on.some(({ id }) => id === pool.cluster));

/** A quota that names no pool is handed out by Kueue's queues. */
export const unboundQuotas: Rule = (plan) => {
  const { estate } = plan;
  if (estate.clusters.length === 0) return [];
  return estate.tenants.flatMap((tenant, i) =>
    tenant.quota.flatMap((quota, j): Obstacle[] => {
      if (quota.pool !== undefined) return [];
      const unbound = { plan, tenant, quota, on: clustersOfQuota(estate, tenant, quota) };
      for (const obstacle of obstacles) {
        const detail = obstacle(unbound);
        if (detail) return [{ path: ['tenants', i, 'quota', j], detail }];
      }
      return [];
    }),
  );
};

/** Tenants that no stack makes anything for. */
export const nowhere = ({ estate }: Plan): Text[] =>
  estate.clusters.length === 0
    ? []
    : estate.tenants
        .filter((tenant) => clustersOfTenant(estate, tenant).length === 0)
        .map(({ id }) => ({
          zh: `注意：租户 ${id} 在任何资源池上都没有配额，不为它建立命名空间`,
          en: `note: tenant ${id} has a quota on no pool, so no namespace is made for it`,
        }));
