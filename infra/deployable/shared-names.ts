import { acceleratorOf } from '../../model/accelerator-of.ts';
import type { Plan } from '../../model/plan.ts';
import { slicesOf } from '../../model/queues/pool-resources.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { quotaKeys } from '../../model/quota-keys.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** A pool that a quota of Kubernetes cannot tell from another: they are of one cluster and offer one name at one time. */
interface Twin {
  readonly other: Pool;
  readonly name: string;
}

/** Whether two pools are there at one time. */
export const atOneTime = (a: Pool, b: Pool): boolean =>
  (a.valid_from ?? -Infinity) < (b.valid_to ?? Infinity) && (b.valid_from ?? -Infinity) < (a.valid_to ?? Infinity);

/** The twins of every pool that has any. Kueue's flavours tell pools of one name apart, so its clusters have none. */
function twins(plan: Plan): Map<string, Twin[]> {
  const { pools, clusters } = plan.estate;
  const queued = new Set(clusters.filter(({ kueue }) => kueue.enabled).map(({ id }) => id));
  const offers = pools
    .filter(({ cluster }) => !queued.has(cluster))
    .flatMap((pool) => {
      const accelerator = acceleratorOf(plan, pool);
      const keys = accelerator ? slicesOf(pool).flatMap((slice) => quotaKeys(pool, accelerator, slice)) : [];
      const names = keys.flatMap(([key]) => (key.startsWith('requests.') ? [key.slice('requests.'.length)] : []));
      return [...new Set(names)].map((name) => ({ pool, name }));
    });
  const found = new Map<string, Twin[]>();
  for (const same of Map.groupBy(offers, ({ pool, name }) => `${pool.cluster} ${name}`).values())
    for (const { pool, name } of same)
      for (const { pool: other } of same)
        if (other !== pool && atOneTime(pool, other)) {
          const own = found.get(pool.id) ?? [];
          found.set(pool.id, own);
          own.push({ other, name });
        }
  return found;
}

const fix: Text = {
  zh: '把它们放到两个集群，或让设备插件按型号命名（resource），或用 DRA（sharing.by: dra）',
  en: 'put them on two clusters, give each a name of its own by its device plugin (resource), or share one by DRA (sharing.by: dra)',
};

/**
 * Kubernetes counts chips by resource name, whatever pool they are of. Where pools share a name, taints alone keep their
 * tenants apart, and a tenant of both could take all that both promise from one of them.
 */
export const sharedNames: Rule = (plan) => {
  const found = twins(plan);
  const { pools, tenants } = plan.estate;
  const open = pools.flatMap(({ id, dedicated }, i): Obstacle[] => {
    const [twin] = found.get(id) ?? [];
    if (!twin || dedicated) return [];
    const { name, other } = twin;
    return [
      {
        path: ['pools', i, 'dedicated'],
        detail: {
          zh: `资源池 ${other.id} 也提供 ${name}，配额分不清是哪个池的：请写 dedicated: true，或者${fix.zh}`,
          en: `pool ${other.id} offers ${name} too, and a quota cannot tell whose it is: write dedicated: true, or ${fix.en}`,
        },
      },
    ];
  });
  const both = tenants.flatMap(({ quota }, i) =>
    quota.flatMap(({ pool: id = '' }, j): Obstacle[] => {
      const before = new Set(quota.slice(0, j).map(({ pool }) => pool));
      const twin = found.get(id)?.find(({ other }) => before.has(other.id));
      if (!twin) return [];
      const { name, other } = twin;
      return [
        {
          path: ['tenants', i, 'quota', j],
          detail: {
            zh: `该租户在 ${other.id} 也有配额，两个池的资源名都是 ${name}：Kubernetes 把两份配额合并计数，租户可以全部在一个池里用掉。请${fix.zh}，或只给一份`,
            en: `the tenant has a quota on ${other.id} too, and both pools offer ${name}: Kubernetes adds the two up, and all of it could be taken from one pool. Either ${fix.en}, or give one of the two`,
          },
        },
      ];
    }),
  );
  return [...open, ...both];
};
