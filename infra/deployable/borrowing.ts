import { clustersOfQuota } from '../../model/queues/scope.ts';
import type { Cluster, Estate, Tenant } from '../../model/schema/estate.ts';
import { listed, seenByOne } from './controllers.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** Quotas that are counted in credits, which alone can be lent: Kueue adds claims after it has multiplied chips. */
export const counted = ({ pools }: Estate, { quota }: Tenant): Tenant['quota'] =>
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
