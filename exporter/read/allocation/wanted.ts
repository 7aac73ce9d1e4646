import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import type { Wanted } from './allocations.ts';

/** The names under which the device plugins of an accelerator offer it. */
export const resourcesOf = ({ resources }: Pick<Accelerator, 'resources'>): Set<string> =>
  new Set(Object.values(resources));

/** What is looked for in a cluster that has these pools: their chips, and the labels by which they choose their nodes. */
export function wantedOf(pools: readonly Pool[], accelerators: ReadonlyMap<string, Accelerator>): Wanted {
  const chips = pools.flatMap(({ accelerator }) => accelerators.get(accelerator) ?? []);
  return {
    resources: new Set(chips.flatMap((accelerator) => [...resourcesOf(accelerator)])),
    labels: new Set(pools.flatMap(({ nodes }) => ('selector' in nodes ? Object.keys(nodes.selector) : []))),
  };
}
