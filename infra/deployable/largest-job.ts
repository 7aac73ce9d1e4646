import type { Plan } from '../../model/plan.ts';
import { creditsOf, pflopsOfCredits } from '../../model/queues/credits.ts';
import { clustersOfQuota, managerOf } from '../../model/queues/scope.ts';
import { queueParts } from '../../model/queues/tenant-queues.ts';
import type { Text } from '../../model/text.ts';
import { isCurrent } from '../pools/current.ts';
import { inCredits } from './lent.ts';

/** A manager adds up what a tenant has on its workers; a job runs on one of them. Claims bear no credits and are left out. */
export const largestJob = (plan: Plan): Text[] => {
  const { estate } = plan;
  const pools = estate.pools.filter((pool) => pool.sharing.by !== 'dra' && isCurrent(pool, Date.now()));
  return estate.tenants.flatMap((tenant): Text[] => {
    const quota = inCredits(estate, tenant);
    const shares = estate.clusters
      .filter((one) => one.kueue.enabled && managerOf(estate, one))
      .flatMap((worker) => {
        const own = quota.filter((one) => clustersOfQuota(estate, tenant, one).includes(worker));
        if (own.length === 0) return [];
        const chips = new Map<string, number>();
        for (const { pool, resource } of queueParts(plan, tenant, worker, pools)) {
          // A chip may have several names, of which one counts where HAMi's pods ask for three at once.
          const key = `${pool.id} ${resource.slice ?? ''}`;
          chips.set(key, Math.max(chips.get(key) ?? 0, resource.total * (resource.credits ?? 0)));
        }
        const there = [...chips.values()].reduce((sum, credits) => sum + credits, 0);
        const may = creditsOf([...own.map(({ pflops }) => pflops), tenant.borrow_pflops]);
        return [{ worker, credits: Math.min(may, there) }];
      });
    const [largest] = shares.toSorted((a, b) => b.credits - a.credits);
    const all = creditsOf([...quota.map(({ pflops }) => pflops), tenant.borrow_pflops]);
    if (!largest || shares.length < 2 || largest.credits >= all) return [];
    const [most, sum] = [pflopsOfCredits(largest.credits), pflopsOfCredits(all)];
    const { id } = largest.worker;
    return [
      {
        zh: `注意：租户 ${tenant.id} 在 ${shares.length} 个集群共可用 ${sum} PFlops，而一个作业只在一个集群运行：单个作业最多 ${most} PFlops（在 ${id}），更大的会一直等待`,
        en: `note: tenant ${tenant.id} may use ${sum} PFlops on ${shares.length} clusters, and a job runs on one of them: a single job has ${most} PFlops at most (on ${id}), and a larger one waits for ever`,
      },
    ];
  });
};
