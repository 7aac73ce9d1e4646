import { fault } from '../fault.ts';
import type { Accelerator } from '../schema/accelerators.ts';
import type { Pool } from '../schema/estate.ts';
import type { Check, CrossFault } from './check.ts';

/** Under which names a whole card, or a part that HAMi cuts, is asked for. The other ways have names of their own. */
function cardNames({ sharing }: Pool, { resources }: Accelerator): readonly string[] {
  const { hami, ...plugins } = resources;
  if (sharing.by === 'hami') return hami === undefined ? [] : [hami];
  return sharing.by === 'whole' ? Object.values(plugins) : [];
}

/**
 * Whole cards and HAMi's parts of cards may have the same name (nvidia.com/gpu): in one cluster a quota cannot tell them
 * apart, and a pod that means a card gets a part of one.
 */
export const mixedSharing: Check = ({ data: { estate, accelerators } }) => {
  const models = new Map((accelerators?.accelerators ?? []).map((row) => [row.id, row]));
  const first = new Map<string, Pool>();
  return (estate?.pools ?? []).flatMap((pool, i): CrossFault[] => {
    const model = models.get(pool.accelerator);
    if (!model) return [];
    for (const name of cardNames(pool, model)) {
      const key = `${pool.cluster} ${name}`;
      const other = first.get(key) ?? pool;
      first.set(key, other);
      if (other.sharing.by !== pool.sharing.by) {
        const params = { name, other: other.id, by: other.sharing.by };
        return [{ file: 'estate', fault: fault(['pools', i, 'accelerator'], 'use', 'mixed_sharing', params) }];
      }
    }
    return [];
  });
};
