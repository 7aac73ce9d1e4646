import { acceleratorOf } from '../../../model/accelerator-of.ts';
import type { Plan } from '../../../model/plan.ts';
import { CREDITS } from '../../../model/queues/credits.ts';
import { claimResource, poolResources } from '../../../model/queues/pool-resources.ts';
import { workersOf } from '../../../model/queues/scope.ts';
import { transformations } from '../../../model/queues/transformations.ts';
import { compare, exactDecimal, multiply, rational, type Rational } from '../../../model/rational.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Cluster } from '../../../model/schema/estate.ts';
import { isValid } from '../../../model/tree.ts';

/** What the resource names of a cluster's queues are worth. */
export interface QueueWorth {
  /**
   * TFLOPS of one, exactly: 0 for what is no computing power (credits themselves, memory); undefined where no declared
   * pool offers it, or where pools offer chips by this name that are not worth the same and the flavour does not say whose
   */
  tflops(resource: string, flavor?: string): Rational | undefined;
  /** Credits that Kueue charges for one; undefined where it charges none, 'clash' where the declaration cannot say how many */
  credits(resource: string): number | 'clash' | undefined;
  /** Whether it counts devices that are claimed, which bear no credits */
  isClaim(resource: string): boolean;
}

/** What queues may count besides chips (`kueue.count_hosts`). */
const HOSTS = ['cpu', 'memory', CREDITS];

/** @param at Unix ms: pools that are in their declared life then */
export function queueWorth(plan: Plan, cluster: Cluster, at: number): QueueWorth {
  const { estate } = plan;
  const isManager = cluster.role === 'manager';
  const workers = new Set((isManager ? workersOf(estate, cluster) : [cluster]).map(({ id }) => id));
  const pools = estate.pools.filter((pool) => workers.has(pool.cluster) && isValid(pool, at));
  const none = rational(0);
  /** Resource -> flavour -> what one is worth; null: pools of one flavour differ */
  const rows = new Map<string, Map<string, Rational | null>>(
    [...HOSTS, ...cluster.resources].map((name) => [name, new Map([['', none]])]),
  );
  for (const pool of pools) {
    const accelerator = acceleratorOf(plan, pool);
    const flavor = isManager ? pool.accelerator : pool.id;
    for (const { name, unit, each, credits } of accelerator ? poolResources(pool, accelerator) : []) {
      const counts = credits !== undefined || pool.sharing.by === 'dra';
      const worth = counts ? multiply(unit.tflops, { n: each.d, d: each.n }) : none;
      const row = rows.get(name) ?? new Map<string, Rational | null>();
      const before = row.get(flavor);
      row.set(flavor, before === undefined || (before !== null && compare(before, worth) === 0) ? worth : null);
      rows.set(name, row);
    }
  }
  const { rows: charged, clashes } = transformations(plan, pools);
  const credits = new Map<string, number | 'clash'>([
    ...charged.map((row) => [row.resource, row.credits] as const),
    ...clashes.map(({ resource }) => [resource, 'clash'] as const),
  ]);
  const claims = new Set(pools.filter(({ sharing }) => sharing.by === 'dra').map(claimResource));
  return {
    tflops(resource, flavor = '') {
      const row = rows.get(resource);
      const own = row?.get(flavor);
      if (own !== undefined) return own ?? undefined;
      if (isManager && flavor !== '') return row?.get('') ?? ofCatalogue(plan.accelerators.get(flavor), resource);
      const [first, ...others] = row?.values() ?? [];
      if (!first) return undefined;
      return others.every((other) => other !== null && compare(first, other) === 0) ? first : undefined;
    },
    // What workers of other sites charge for their chips is not known here.
    credits: (resource) => credits.get(resource) ?? (isManager && !rows.has(resource) ? 'clash' : undefined),
    isClaim: (resource) => claims.has(resource),
  };
}

/**
 * A manager's flavour is an accelerator's id, and the declaration may hold but the part of the manager's site: what one of
 * another site's chips is worth stands in the catalogue. Names that are no slice's and no share's are of whole chips.
 */
function ofCatalogue(accelerator: Accelerator | undefined, resource: string): Rational | undefined {
  const peak = accelerator?.peak_tflops.fp16;
  if (accelerator === undefined || peak === undefined) return undefined;
  const { slices, shared_resource: shared, hami, dies_per_package: dies } = accelerator;
  if ([shared, hami.cores, hami.memory].includes(resource)) return undefined;
  const slice = Object.values(slices).find((one) => one.resource === resource);
  return multiply(exactDecimal(peak), slice ? rational(...slice.share) : rational(1, dies));
}
