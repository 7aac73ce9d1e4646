import type { Estate } from '../estate.ts';
import type { Flow } from './flow.ts';
import { poolOf, type Pool } from './pool.ts';
import { siteOf, type Site } from './site.ts';

/** A computing centre's physics: a pure function of the seed and the time, without any state that steps. */
export interface Centre {
  readonly sites: ReadonlyMap<string, Site>;
  readonly meters: ReadonlyMap<string, Flow>;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly tenants: readonly string[];
}

/** Builds the centre that the estate describes. @throws Error where the estate asks for what the twin cannot play */
export function centreOf(estate: Estate, seed: number): Centre {
  const pools = estate.pools.map((entry) => poolOf(seed, entry, estate.tenants));
  const sites = new Map(
    estate.sites.map((id) => {
      const nodes = pools.filter(({ site }) => site === id).flatMap((pool) => pool.nodes);
      const meters = estate.meters.filter(({ site }) => site === id);
      return [id, siteOf(seed, id, meters, nodes)];
    }),
  );
  const meters = new Map([...sites.values()].flatMap((site) => site.meters.entries().toArray()));
  for (const { id, rated_w } of estate.meters) {
    const peak = meters.get(id)?.peak ?? 0;
    if (peak > rated_w)
      throw new Error(
        `${estate.file}: up to ${Math.ceil(peak / 1000)} kW can flow through meter ${id}, rated ${rated_w / 1000} kW: ` +
          `raise its rated_kw or lower the pools' counts`,
      );
  }
  return {
    sites,
    meters,
    pools: new Map(pools.map((pool) => [pool.id, pool])),
    tenants: estate.tenants.map(({ id }) => id),
  };
}
