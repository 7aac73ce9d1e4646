import type { Plan } from '../../model/plan.ts';
import { clustersOfQuota, clustersOfTenant } from '../../model/queues/scope.ts';
import type { Cluster, Estate, Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { listed, seenByOne } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** Quotas that are counted in credits, which alone can be lent: Kueue adds claims after it has multiplied chips. */
const counted = ({ pools }: Estate, { quota }: Tenant): Tenant['quota'] =>
  quota.filter(({ pool: id }) => pools.find((pool) => pool.id === id)?.sharing.by !== 'dra');

/** The workers with Kueue on which a tenant has credits. */
const countedOn = (estate: Estate, tenant: Tenant): Cluster[] => {
  const on = new Set(counted(estate, tenant).flatMap((quota) => clustersOfQuota(estate, tenant, quota)));
  return estate.clusters.filter((one) => on.has(one) && one.role === 'worker' && one.kueue.enabled);
};

/** What a tenant may borrow it may borrow once. */
export const borrowing: Rule = ({ estate }) =>
  estate.tenants.flatMap((tenant, i): Obstacle[] => {
    if (tenant.borrow_pflops === 0) return [];
    const path = ['tenants', i, 'borrow_pflops'];
    if (tenant.quota.length > 0 && counted(estate, tenant).length === 0)
      return [
        {
          path,
          detail: {
            zh: 'DRA 资源池的设备按个数计，不折算成 PFlops，不能借用：请去掉 borrow_pflops，或给该租户一份其他资源池的配额',
            en: 'devices of pools shared by DRA are counted one by one and not in PFlops, so none can be borrowed: take borrow_pflops out, or give the tenant a quota on a pool of another kind',
          },
        },
      ];
    const on = countedOn(estate, tenant);
    if (seenByOne(estate, on)) return [];
    return [
      {
        path,
        detail: {
          zh: `该租户在 ${listed(on)} 都有队列，而没有一个管理集群（role: manager）统管它们，在每个集群都能借到这么多：请设一个以它们为 worker 的管理集群，或只在一个集群给配额，或去掉 borrow_pflops`,
          en: `the tenant has queues on ${listed(on)}, and no manager (role: manager) has them all as its workers, so it could borrow as much on each: have such a manager, give quotas on one cluster alone, or take borrow_pflops out`,
        },
      },
    ];
  });

/** Who may borrow, of whom nobody could lend: accepted, since the group may grow. */
export const nobodyLends = ({ estate }: Plan): Text[] =>
  estate.tenants.flatMap((tenant): Text[] => {
    const { id, group, borrow_pflops: borrow } = tenant;
    if (borrow === 0 || group === undefined) return [];
    const queued = (one: Tenant) =>
      counted(estate, one).length === 0
        ? []
        : clustersOfTenant(estate, one).filter(({ role, kueue }) => role !== 'karmada' && kueue.enabled);
    const here = queued(tenant);
    if (here.length === 0) return [];
    const others = estate.tenants.filter((one) => one !== tenant && one.group === group);
    if (others.some((one) => queued(one).some((cluster) => here.includes(cluster)))) return [];
    return [
      {
        zh: `注意：租户 ${id} 可从 ${group} 组借 ${borrow} PFlops，而该组在 ${listed(here)} 没有别的租户，无处可借`,
        en: `note: tenant ${id} may borrow ${borrow} PFlops from group ${group}, which has no other tenant on ${listed(here)}: there is nobody to borrow from`,
      },
    ];
  });
