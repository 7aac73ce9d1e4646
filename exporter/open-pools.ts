import { acceleratorOf } from '../model/accelerator-of.ts';
import { poolEndpoints } from '../model/pool-endpoints.ts';
import type { Plan } from '../model/plan.ts';
import type { Pool } from '../model/schema/estate.ts';
import { isValid } from '../model/tree.ts';
import { holders } from './account/compute/compute-holder.ts';
import { emitCompute } from './account/compute/compute.ts';
import { waterfall } from './account/compute/waterfall.ts';
import { ClusterSource } from './cluster-source.ts';
import { FleetSource } from './fleet-source.ts';
import { rowsOf } from './judge/device/device-value.ts';
import { openFleet } from './judge/fleet/open-fleet.ts';
import { staleAfter } from './meter-source.ts';
import type { Opening, Show } from './open-sources.ts';
import { emitAchievable, PoolSource, type PoolContext } from './pool-source.ts';
import { openSamples } from './read/index.ts';
import { openAllocations } from './read/allocation/open-allocations.ts';
import { wantedOf } from './read/allocation/wanted.ts';
import { Source, type Polled } from './source.ts';

interface Opened {
  readonly polled: Polled[];
  readonly shows: Show[];
}

/** Opens what tells who holds the chips of a site's clusters, for those that declare it: cluster -> source. */
function openClusters(
  plan: Plan,
  pools: readonly Pool[],
  opening: Opening,
  polled: Polled[],
): Map<string, ClusterSource> {
  const { accountant, gateways, sites } = opening;
  const opened = new Map<string, ClusterSource>();
  for (const cluster of plan.estate.clusters) {
    const { id, site, allocation } = cluster;
    const family = allocation && plan.allocations.get(allocation.family);
    const own = pools.filter((pool) => pool.cluster === id);
    if (!family || !sites.includes(site) || own.length === 0) continue;
    const source = `${id}/allocation`;
    const use = new ClusterSource(site, source, allocation.every, accountant);
    const options = {
      family,
      wanted: wantedOf(own, plan.accelerators),
      gateways,
      maxAge: staleAfter(allocation.every),
    };
    polled.push(new Source({ site, id: source, everyMs: allocation.every }, openAllocations(cluster, options), use));
    opened.set(id, use);
  }
  return opened;
}

/** A pool that nothing reads: what is declared counts as nominal. */
function declaredAlone({ site, pool, plan }: PoolContext): Show {
  const accelerator = acceleratorOf(plan, pool);
  if (!accelerator) throw new TypeError(`pool ${pool.id}: the declaration was not checked`);
  const steps = waterfall(pool, accelerator, null, holders(plan.estate.tenants));
  return (emit) => {
    emitCompute(emit, { site, pool: pool.id, model: accelerator.id }, steps, null);
    emitAchievable(emit, site, pool, plan);
  };
}

/** Opens every pool of the sites that is in its declared life. */
export function openPools(plan: Plan, opening: Opening): Opened {
  const { accountant, closure, gateways, sites, at } = opening;
  const opened: Opened = { polled: [], shows: [] };
  const siteOf = new Map(plan.estate.clusters.map(({ id, site }) => [id, site]));
  const pools = plan.estate.pools.filter((pool) => isValid(pool, at) && sites.includes(siteOf.get(pool.cluster) ?? ''));
  const clusters = openClusters(plan, pools, opening, opened.polled);
  for (const pool of pools) {
    const site = siteOf.get(pool.cluster) ?? '';
    const context = { site, pool, plan, accountant, closure, holdings: clusters.get(pool.cluster) };
    const { telemetry } = pool;
    if (telemetry === undefined) {
      opened.shows.push(declaredAlone(context));
      continue;
    }
    const spec = { site, id: pool.id, everyMs: telemetry.every };
    const { source } = telemetry;
    if (source.protocol === 'prometheus' && source.aggregate) {
      const use = new FleetSource(context);
      opened.polled.push(new Source(spec, openFleet(pool, use.family, use.accelerator, source, gateways), use));
      opened.shows.push((emit, mono) => use.emit(emit, mono));
      continue;
    }
    const use = new PoolSource(context);
    for (const endpoint of poolEndpoints(pool)) {
      const reader = openSamples(endpoint.source, new Set(rowsOf(use.family).keys()), gateways);
      opened.polled.push(new Source({ ...spec, id: endpoint.id }, reader, use.use(endpoint)));
    }
    opened.shows.push((emit, mono) => use.emit(emit, mono));
  }
  return opened;
}
