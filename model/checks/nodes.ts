import { fault } from '../fault.ts';
import type { Pool } from '../schema/estate.ts';
import type { Check, CrossFault } from './check.ts';

type Selector = Readonly<Record<string, string>>;

/** True where every node of the stricter selector is one of the other's too: more the estate alone does not say. */
function within(strict: Selector, wide: Selector): boolean {
  return Object.entries(wide).every(([key, value]) => strict[key] === value);
}

const overlap = (a: Pool, b: Pool): boolean =>
  (a.valid_from ?? -Infinity) < (b.valid_to ?? Infinity) && (b.valid_from ?? -Infinity) < (a.valid_to ?? Infinity);

const show = (selector: Selector): string =>
  Object.entries(selector)
    .map((pair) => pair.join('='))
    .join(',') || '{}';

/** Places of names that the pool's list has already. */
function twice({ nodes }: Pool): number[] {
  if (!('names' in nodes)) return [];
  return nodes.names.flatMap((name, at) => (nodes.names.indexOf(name) < at ? [at] : []));
}

/** A node belongs to one pool of its cluster at a time: what two pools count as their own is promised twice. */
export const poolNodes: Check = ({ data: { estate } }) => {
  const named = new Map<string, Pool[]>();
  const selected = new Map<string, { pool: Pool; selector: Selector }[]>();
  /** The pool before this one that has nodes in common with it, and which. */
  const before = (pool: Pool): { other: string; nodes: string } | undefined => {
    if ('names' in pool.nodes) {
      const keys = pool.nodes.names.map((name) => [name, `${pool.cluster} ${name}`] as const);
      const taken = keys.flatMap(([name, key]) => {
        const other = named.get(key)?.find((one) => overlap(one, pool));
        return other ? [{ other: other.id, nodes: name }] : [];
      });
      for (const [, key] of keys) named.set(key, [...(named.get(key) ?? []), pool]);
      return taken[0];
    }
    const { selector } = pool.nodes;
    const others = selected.get(pool.cluster) ?? [];
    const found = others.find(
      (one) => overlap(one.pool, pool) && (within(selector, one.selector) || within(one.selector, selector)),
    );
    selected.set(pool.cluster, [...others, { pool, selector }]);
    if (!found) return undefined;
    const stricter = within(selector, found.selector) ? selector : found.selector;
    return { other: found.pool.id, nodes: show(stricter) };
  };
  return (estate?.pools ?? []).flatMap((pool, i): CrossFault[] => {
    const found = before(pool);
    return [
      ...twice(pool).map(
        (at) =>
          ({ file: 'estate', fault: fault(['pools', i, 'nodes', 'names', at], 'use', 'node_twice', {}) }) as const,
      ),
      ...(found
        ? [{ file: 'estate', fault: fault(['pools', i, 'nodes'], 'use', 'nodes_overlap', found) } as const]
        : []),
    ];
  });
};

/** Topology ends at the host by itself, and a level stands in it once. */
export const rackLabels: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap(({ racks }, i): CrossFault[] =>
    racks?.label === 'kubernetes.io/hostname'
      ? [{ file: 'estate', fault: fault(['pools', i, 'racks', 'label'], 'use', 'racks_hostname', {}) }]
      : [],
  );
