import { queueParts, tenantQueues } from '../../model/queues/tenant-queues.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';

/** What a tenant has of a resource name over all pools that offer it, which Volcano cannot tell apart. */
export interface GangShare {
  /** Its own */
  readonly deserved: number;
  /** The most that Kueue may let it run at once: its own and what it may borrow, capped by its credits */
  readonly capability: number;
}

/** By resource name, in the order of names. Claims (DRA) are left out: no pod asks for them by a name. */
export function gangShares({ plan, cluster, pools }: Cluster, tenant: Tenant): ReadonlyMap<string, GangShare> {
  const credits = tenantQueues(plan, cluster, pools).find((queue) => queue.tenant === tenant)?.credits;
  const parts = queueParts(plan, tenant, cluster, pools).filter(({ pool }) => pool.sharing.by !== 'dra');
  const names = Map.groupBy(parts, ({ resource }) => resource.name);
  return new Map(
    [...names]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, own]): [string, GangShare] => {
        const sum = (of: (part: (typeof own)[number]) => number) => own.reduce((total, part) => total + of(part), 0);
        const each = own[0]?.resource.credits;
        const affordable =
          credits && each !== undefined ? Math.floor((credits.nominal + credits.borrowing) / each) : Infinity;
        const capability = Math.min(
          sum(({ nominal, borrowing }) => nominal + borrowing),
          affordable,
        );
        return [
          name,
          {
            deserved: Math.min(
              sum(({ nominal }) => nominal),
              capability,
            ),
            capability,
          },
        ];
      }),
  );
}
