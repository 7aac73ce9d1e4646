import { achievableTflops } from '../../model/accelerator-of.ts';
import { QUEUES } from './board-kueue.ts';
import {
  bySite,
  isBound,
  one,
  sources,
  tierOf,
  tiers,
  type Expectations,
  type Labels,
  type World,
} from './board-world.ts';

type Expected = (world: World) => Labels[];

/** Picked pools: id, site, tier of evidence, and the labels of a row. */
function pools({ plan, picked, language }: World) {
  const { pools: all, clusters, sites } = plan.estate;
  return all.flatMap((pool) => {
    const site = sites.find(({ id }) => id === clusters.find((row) => row.id === pool.cluster)?.site);
    if (!site || !picked.includes(site.id)) return [];
    const row: Labels = {
      site: site.id,
      pool: pool.id,
      [`name_${language}`]: pool.name?.[language] ?? pool.id,
      place: site.name[language],
      demo: String(site.demo),
    };
    return [{ pool, site: site.id, tier: tierOf[pool.id] ?? '', row }];
  });
}
const rows: Expected = (world) => pools(world).map(({ row }) => row);
const ofTier =
  (wanted: string): Expected =>
  (world) =>
    pools(world).flatMap(({ tier, row }) => (tier === wanted ? [row] : []));

/** Tiers whose work is known of every pool; a day is long enough for each tenant to have worked in each. */
function measured(world: World): string[] {
  const known = tiers(world).filter(
    ({ tier }) => !isBound(tier) && !pools(world).some((row) => row.tier === tier && row.pool.id === world.silent),
  );
  return known.map(({ tier = '' }) => tier);
}
const byTier = (world: World, things: readonly Labels[]): Labels[] =>
  things.flatMap((thing) => measured(world).map((tier) => ({ ...thing, tier })));

const tenants: Expected = (world) =>
  byTier(
    world,
    world.plan.estate.tenants.map(({ id: tenant }) => ({ tenant })),
  );
const unassigned: Expected = (world) => byTier(world, [{ tenant: 'unassigned' }]);
const actions: Expected = (world) => {
  const { estate, promise } = world.plan;
  const worked = promise.actions.filter(({ id }) => estate.tenants.some(({ action }) => action === id));
  return byTier(
    world,
    worked.map(({ id, name }) => ({
      action: id,
      [`name_${world.language}`]: name === 'unverified' ? id : name[world.language],
    })),
  );
};

/** Sites all of whose pools answer. */
const drawing: Expected = (world) =>
  bySite(
    world,
    world.picked.filter((site) => !pools(world).some((row) => row.site === site && row.pool.id === world.silent)),
  );
const ofSites: Expected = (world) => bySite(world, world.picked);

const steps = ['nominal', 'racked', 'healthy', 'allocated', 'busy'];
const reached: Expected = (world) => [
  ...steps.map((step) => ({ step, tier: 'none' })),
  ...tiers(world).map(({ tier = '' }) => ({ step: 'delivered', tier })),
];
const failing: Expected = (world) =>
  sources(world, [world.dead, world.silent]).map((row) => ({ ...row, owner: row['source'] ?? '' }));

/** Of the queues of these tenants, where the picked sites have that cluster. */
const queuesOf =
  (...owners: readonly string[]): Expected =>
  (world) =>
    bySite(
      world,
      world.picked.filter((site) => site === QUEUES.site),
    ).flatMap((row) => owners.map((tenant) => ({ ...row, source: QUEUES.cluster, tenant })));
const bothQueues = queuesOf(QUEUES.running, QUEUES.quiet);
const busyQueue = queuesOf(QUEUES.running);

/** A row for each quota of a tenant. */
const quotas: Expected = (world) =>
  world.plan.estate.tenants.flatMap(({ id: tenant, quota }) =>
    quota.flatMap(({ pool }) =>
      pools(world)
        .filter((row) => row.pool.id === pool)
        .flatMap(({ site }) => bySite(world, [site]).map((row) => ({ ...row, tenant, pool: pool ?? 'any' }))),
    ),
  );

/** The label sets that each query of greenflops-compute must return. */
export const computeExpectations: Expectations = {
  // 1: model, nominal, achievable where somebody timed it, allocated, busy, and what is delivered in four tiers
  '1A': (world) => pools(world).map(({ pool, row }) => ({ ...row, model: pool.accelerator })),
  '1B': rows,
  '1C': (world) =>
    pools(world).flatMap(({ pool, row }) => {
      const achievable = achievableTflops(world.plan, pool, 'fp16');
      return achievable ? [{ ...row, basis: achievable.basis }] : [];
    }),
  '1D': rows,
  '1E': rows,
  '1F': ofTier('T1'),
  '1G': ofTier('T2'),
  '1H': ofTier('T3'),
  '1I': ofTier('T4'),
  // 2: tenants, work of no pod, and of namespaces that no tenant declares, of which the twin has none
  '2A': tenants,
  '2B': unassigned,
  '2C': () => [],
  // 3: actions, none that the plan has no more, and work of no action
  '3A': actions,
  '3B': () => [],
  '3C': unassigned,
  '3D': () => [],
  // 11: jobs that wait; what each queue has, may borrow, reserves, uses and waits for; where jobs ran, their mean wait and whether all is charged
  '11A': bothQueues,
  '11B': bothQueues,
  '11C': bothQueues,
  '11D': bothQueues,
  '11E': bothQueues,
  '11F': bothQueues,
  '11G': busyQueue,
  '11H': busyQueue,
  // 12: promised, compiled, rounded off
  '12A': quotas,
  '12B': quotas,
  '12C': quotas,
  // 13: the mean wait as a line
  '13A': (world) =>
    busyQueue(world).map(({ site, source, tenant }) => ({ site: `${site}`, source: `${source}`, tenant: `${tenant}` })),
  // 4: power of accelerators that work, idle, and are nobody's
  '4A': drawing,
  '4B': drawing,
  '4C': drawing,
  // 5: energy of the picked sites together: all, idle, nobody's, and their share
  '5A': one,
  '5B': one,
  '5C': one,
  '5D': one,
  // 6: the same by site
  '6A': ofSites,
  '6B': ofSites,
  '6C': ofSites,
  '6D': ofSites,
  '6E': ofSites,
  // 7: the sum of each step, and of how much of all it is known
  '7A': reached,
  '7B': reached,
  // 8: sources that fail, and how they are tried
  '8A': failing,
  '8B': failing,
  // 9, 10: the twin's cards are of known models and never above 1
  '9A': () => [],
  '10A': () => [],
};
