import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import type { Pool } from '../schema/estate.ts';
import { poolResources } from './pool-resources.ts';

/** What one of a resource name comes to in credits. Kueue knows one figure for a name, whatever queue or flavour it is of. */
export interface Transformation {
  readonly resource: string;
  /** GFLOPS dense FP16, whole */
  readonly credits: number;
  /** Whose chips it is the name of */
  readonly pools: readonly Pool[];
}

/**
 * A name by which pools offer chips that are not worth the same: one figure would be wrong for one of them. So it is with a
 * name that counts in one pool and that HAMi's pods of another ask for beside the one that counts: they would pay twice.
 */
export interface Clash {
  readonly resource: string;
  readonly pools: readonly [Pool, Pool, ...Pool[]];
}

/** The transformations of a Kueue controller that counts these pools, by resource name, and the names that cannot be counted. */
export function transformations(
  plan: Plan,
  pools: readonly Pool[],
): { readonly rows: readonly Transformation[]; readonly clashes: readonly Clash[] } {
  const named = pools.flatMap((pool) => {
    const accelerator = acceleratorOf(plan, pool);
    return (accelerator ? poolResources(pool, accelerator) : []).map(({ name, credits }) => ({ name, credits, pool }));
  });
  const rows: Transformation[] = [];
  const clashes: Clash[] = [];
  for (const [resource, uses] of Map.groupBy(named, ({ name }) => name)) {
    const credits = uses[0]?.credits;
    const [one, ...others] = [...new Set(uses.map(({ pool }) => pool))];
    const [other, ...more] = others;
    if (uses.every((use) => use.credits === credits)) {
      if (credits !== undefined) rows.push({ resource, credits, pools: one ? [one, ...others] : [] });
    } else if (one && other) clashes.push({ resource, pools: [one, other, ...more] });
  }
  return { rows: rows.toSorted((a, b) => (a.resource < b.resource ? -1 : 1)), clashes };
}
