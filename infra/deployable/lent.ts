import type { Plan } from '../../model/plan.ts';
import { known } from '../../model/nearest.ts';
import { creditsOf, pflopsOfCredits } from '../../model/queues/credits.ts';
import { clustersOfQuota, clustersOfTenant } from '../../model/queues/scope.ts';
import type { Cluster, Estate, Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { isCurrent } from '../pools/current.ts';
import { counted } from './borrowing.ts';
import { listed } from './controllers.ts';

/** Quotas that queues have credits for now: a pool whose time has not come, or is over, brings none. */
export const inCredits = (estate: Estate, tenant: Tenant): Tenant['quota'] => {
  const now = Date.now();
  const gone = new Set(estate.pools.filter((pool) => !isCurrent(pool, now)).map(({ id }) => id));
  return counted(estate, tenant).filter(({ pool }) => pool === undefined || !gone.has(pool));
};

/** Credits of a tenant that may be used on some of these clusters. */
const creditsOn = (estate: Estate, tenant: Tenant, on: readonly Cluster[]): number =>
  creditsOf(
    inCredits(estate, tenant)
      .filter((quota) => clustersOfQuota(estate, tenant, quota).some((one) => on.includes(one)))
      .map(({ pflops }) => pflops),
  );

/** Who may borrow more than their group could ever lend, or where nobody lends: accepted, since the group may grow, and Kueue come. */
export const lent = ({ estate }: Plan): Text[] =>
  estate.tenants.flatMap((tenant): Text[] => {
    const { id, group, borrow_pflops: borrow } = tenant;
    if (borrow === 0 || group === undefined || counted(estate, tenant).length === 0) return [];
    const here = clustersOfTenant(estate, tenant).filter(({ role, kueue }) => role !== 'karmada' && kueue.enabled);
    if (here.length === 0) {
      const own = clustersOfTenant(estate, tenant);
      return own.length === 0
        ? []
        : [
            {
              zh: `注意：租户 ${id} 写了 borrow_pflops: ${borrow}，而借用靠 Kueue 的队列，它有配额的集群（${listed(own)}）都没有启用，借不到：请在其中写 kueue: { enabled: true }，或去掉 borrow_pflops`,
              en: `note: tenant ${id} says borrow_pflops: ${borrow}, and borrowing is done by Kueue's queues, which no cluster has on which it has a quota (${listed(own)}), so it borrows nothing: write kueue: { enabled: true } for one, or take borrow_pflops out`,
            },
          ];
    }
    const lenders = estate.tenants
      .filter((one) => one !== tenant && one.group === group)
      .map((one) => ({ id: one.id, credits: creditsOn(estate, one, here) }))
      .filter(({ credits }) => credits > 0);
    const all = lenders.reduce((sum, { credits }) => sum + credits, 0);
    if (all >= creditsOf([borrow])) return [];
    const [on, has] = [listed(here), pflopsOfCredits(all)];
    if (lenders.length === 0)
      return [
        {
          zh: `注意：租户 ${id} 可从 ${group} 组借 ${borrow} PFlops，而该组在 ${on} 没有别的租户，无处可借`,
          en: `note: tenant ${id} may borrow ${borrow} PFlops from group ${group}, which has no other tenant on ${on}: there is nobody to borrow from`,
        },
      ];
    const each = known(lenders.map((one) => `${one.id} ${pflopsOfCredits(one.credits)}`));
    return [
      {
        zh: `注意：租户 ${id} 可从 ${group} 组借 ${borrow} PFlops，而该组别的租户在 ${on} 一共只有 ${has}（${each}），最多借到 ${has}`,
        en: `note: tenant ${id} may borrow ${borrow} PFlops from group ${group}, whose other tenants have ${has} on ${on} in all (${each}): it borrows ${has} at most`,
      },
    ];
  });
