import { acceleratorOf } from '../../../model/accelerator-of.ts';
import { hasTopology, poolResources } from '../../../model/queues/pool-resources.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import type { Cluster } from '../../cluster.ts';
import { queuesOf } from '../../queues/queues-of.ts';

/** The pools whose chips workloads of a cluster ask for: its own; of a manager, which has none, its workers'. */
export const offeredPools = ({ cluster, pools, queuedPools }: Cluster): readonly Pool[] =>
  cluster.role === 'manager' ? queuedPools : pools;

/** The resource names by which containers ask for a pool's chips; none where they are claimed. */
export const chipsOf = ({ plan }: Cluster, pool: Pool): string[] => {
  const accelerator = acceleratorOf(plan, pool);
  return accelerator && pool.sharing.by !== 'dra' ? poolResources(pool, accelerator).map(({ name }) => name) : [];
};

/** The names of each tenant's chips that Kueue places on nodes, for which a pod template must say what topology it wants. */
export const placedChips = (cluster: Cluster): { readonly tenant: string; readonly names: readonly string[] }[] =>
  queuesOf(cluster).map(({ tenant, groups }) => {
    const pools = new Set(groups.flatMap(({ flavors }) => flavors.flatMap((flavor) => flavor.pools)));
    return {
      tenant: tenant.id,
      names: sorted([...pools].filter(hasTopology).flatMap((pool) => chipsOf(cluster, pool))),
    };
  });

/** Names by which chips are asked for that stand on no node, HAMi's parts, and by which no others are. */
export function unplacedChips(cluster: Cluster): string[] {
  const of = (placed: boolean) =>
    offeredPools(cluster)
      .filter((pool) => hasTopology(pool) === placed)
      .flatMap((pool) => chipsOf(cluster, pool));
  const placed = new Set(of(true));
  return sorted(of(false).filter((name) => !placed.has(name)));
}

export const sorted = (values: readonly string[]): string[] => [...new Set(values)].toSorted();
