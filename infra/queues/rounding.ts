import { roundingOf, type RoundingRow } from '../../model/queues/rounding.ts';
import type { Cluster } from '../cluster.ts';

export type { RoundingRow };

const known = new WeakMap<Cluster, RoundingRow[]>();

/**
 * The rounding table of a cluster by the pools that are valid now: what each tenant was promised, and what was compiled.
 * Made once for all who ask.
 */
export function rounding(view: Cluster): RoundingRow[] {
  const { plan, cluster, pools, queuedPools } = view;
  const made = known.get(view) ?? roundingOf(plan, cluster, cluster.kueue.enabled ? queuedPools : pools);
  known.set(view, made);
  return made;
}
