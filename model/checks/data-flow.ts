import { fault } from '../fault.ts';
import { known } from '../nearest.ts';
import { dataClasses, type DataClass } from '../schema/data-class.ts';
import type { Estate } from '../schema/estate.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check, CrossFault } from './check.ts';
import { flowMap, type FlowEdge, type FlowMap, type FlowTenant } from './flow-map.ts';

/** Data on its way, which keeps its class and its law wherever it goes. */
interface Data {
  readonly class: DataClass;
  readonly jurisdiction: string;
}

/** The edge on which data leaves what is cleared for it. */
interface Breach {
  readonly edge: Path;
  readonly why: 'class' | 'jurisdiction';
  readonly node: string;
  /** What the node is cleared for: a class, or the law that it lies under */
  readonly cleared: string;
  readonly data: Data;
  /** smelter-logs -> ore-safe -> 10.8.0.0/24 */
  readonly trail: string;
}

/** A tenant on a cluster that the data has come to; a network policy lets no pod through to another cluster. */
interface Reached {
  readonly at: FlowTenant;
  readonly cluster: string;
  readonly trail: string;
}

const rank = (dataClass: DataClass): number => dataClasses.indexOf(dataClass);
const exceeds = (one: DataClass, other: DataClass): boolean => rank(one) > rank(other);

/** Data Security Law art. 21 and 31: what is general may cross a border, what is more may not without a review. */
export const mayLieUnder = (data: Data, jurisdiction: string): boolean =>
  data.class === 'general' || data.jurisdiction === jurisdiction;

/**
 * Data reaches nobody who is not cleared for it: from a dataset to its owner and readers on the clusters where copies may
 * lie, and on by each tenant's declared egress. Told once at each edge that breaks this, with the shortest way there from
 * every dataset. A tenant's own class counts as data too, for what it sends itself.
 */
export const dataFlow: Check = ({ data: { estate } }) => {
  if (!estate) return [];
  const map = flowMap(estate);
  const found = estate.datasets.flatMap((dataset, i) => [...fromDataset(map, dataset, ['datasets', i])]);
  const told = new Set(found.map(({ edge }) => edge.join('.')));
  const own = [...map.tenants.values()].flatMap((tenant) => [...fromTenant(map, tenant)]);
  const all = [...found, ...own.filter(({ edge }) => !told.has(edge.join('.')))];
  return [...Map.groupBy(all, ({ edge, why }) => `${why} ${edge.join('.')}`).values()].flatMap(inWords);
};

function* fromDataset(map: FlowMap, dataset: Estate['datasets'][number], path: Path): Iterable<Breach> {
  // General data may go wherever anything may.
  if (dataset.class === 'general') return;
  // Clusters where it must not lie are told of by themselves (access.ts).
  const lawful = dataset.clusters.filter((id) => {
    const cluster = map.clusters.get(id);
    return cluster?.data_classes.includes(dataset.class) && mayLieUnder(dataset, cluster.jurisdiction);
  });
  const first: Reached[] = [];
  const hands: [string, Path][] = [
    [dataset.owner, [...path, 'owner']],
    ...dataset.readers.map((id, k): [string, Path] => [id, [...path, 'readers', k]]),
  ];
  for (const [id, edge] of hands) {
    const at = map.tenants.get(id);
    const here = at ? lawful.filter((cluster) => at.on.has(cluster)) : [];
    if (!at || here.length === 0) continue;
    const trail = `${dataset.id} -> ${id}`;
    const cleared = at.tenant.data_class;
    if (exceeds(dataset.class, cleared)) yield { edge, why: 'class', node: id, cleared, data: dataset, trail };
    else first.push(...here.map((cluster) => ({ at, cluster, trail })));
  }
  yield* onward(map, dataset, first);
}

/** Breadth first, so that each edge is met by a shortest way; a tenant is entered once on each cluster, so circles end. */
function* onward(map: FlowMap, data: Data, first: readonly Reached[]): Iterable<Breach> {
  const seen = new Map([...map.clusters.keys()].map((id) => [id, new Set<FlowTenant>()]));
  const broken = new Set<FlowEdge>();
  const queue: Reached[] = [];
  const enter = (reached: Reached): void => {
    seen.get(reached.cluster)?.add(reached.at);
    queue.push(reached);
  };
  for (const reached of first) if (!seen.get(reached.cluster)?.has(reached.at)) enter(reached);
  for (const here of queue)
    for (const edge of here.at.edges) {
      const breach = crossing(map, data, here, edge);
      if (breach && !broken.has(edge)) yield breach;
      if (breach) broken.add(edge);
      const next = 'tenant' in edge.egress ? map.tenants.get(edge.egress.tenant) : undefined;
      if (breach || !next?.on.has(here.cluster) || seen.get(here.cluster)?.has(next)) continue;
      enter({ at: next, cluster: here.cluster, trail: `${here.trail} -> ${next.tenant.id}` });
    }
}

/** What goes wrong where data takes an edge; undefined where nothing does, or the edge does not reach so far. */
function crossing(map: FlowMap, data: Data, { at, cluster, trail }: Reached, edge: FlowEdge): Breach | undefined {
  const { egress, index } = edge;
  const breach = (key: string, why: Breach['why'], node: string, cleared: string): Breach => {
    const path = ['tenants', at.index, 'egress', index, key];
    return { edge: path, why, node, cleared, data, trail: `${trail} -> ${node}` };
  };
  if ('tenant' in egress) {
    const to = map.tenants.get(egress.tenant);
    if (!to?.on.has(cluster) || !exceeds(data.class, to.tenant.data_class)) return undefined;
    return breach('tenant', 'class', egress.tenant, to.tenant.data_class);
  }
  const { cidr, data_class: cleared, jurisdiction } = egress;
  if (exceeds(data.class, cleared)) return breach('data_class', 'class', cidr, cleared);
  return mayLieUnder(data, jurisdiction) ? undefined : breach('jurisdiction', 'jurisdiction', cidr, jurisdiction);
}

/** A tenant of a class holds data of that class under the law of its clusters, whether or not a dataset says so. */
function* fromTenant(map: FlowMap, at: FlowTenant): Iterable<Breach> {
  const { id, data_class: dataClass } = at.tenant;
  for (const edge of at.edges)
    for (const cluster of at.on) {
      const data = { class: dataClass, jurisdiction: map.clusters.get(cluster)?.jurisdiction ?? '' };
      const breach = crossing(map, data, { at, cluster, trail: id }, edge);
      if (!breach) continue;
      yield breach;
      break;
    }
}

/** One finding for all that breaks on one edge for one reason. */
function inWords(breaches: readonly Breach[]): CrossFault[] {
  const [{ edge, why, node, cleared }] = breaches as [Breach];
  const highest = dataClasses.findLast((one) => breaches.some(({ data }) => data.class === one)) ?? 'general';
  const home = [...new Set(breaches.map(({ data }) => data.jurisdiction))].join(', ');
  const to = { node, class: highest, paths: known(breaches.map(({ trail }) => trail)) };
  const found =
    why === 'class'
      ? fault(edge, 'use', 'flow_class', { ...to, cleared })
      : fault(edge, 'use', 'flow_jurisdiction', { ...to, home, abroad: cleared });
  return [{ file: 'estate', fault: found }];
}
