import { isAlias, isMap, isNode, isScalar, isSeq, visit, type Alias, type Node } from 'yaml';

export type Path = readonly (string | number)[];
/** What each alias stands for. */
export type Targets = Map<Alias, Node>;

/** The last node before an alias that carries its anchor; an alias without one is left out. */
export function resolveAliases(root: Node): Targets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(root, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) targets.set(node, target);
    },
  });
  return targets;
}

export interface Plain {
  readonly value: unknown;
  /** false: `limit` nodes were not enough, the value is cut off */
  readonly whole: boolean;
  /** Aliases that stand for nothing, or for something that they are part of; undefined in the value. */
  readonly broken: ReadonlySet<Alias>;
}

/** The tree as a plain value, aliases expanded, at most `limit` nodes of it: nested aliases grow exponentially. */
export function plainValue(root: Node, targets: Targets, limit: number): Plain {
  const open = new Set<Node>();
  const broken = new Set<Alias>();
  let nodes = 0;
  const plain = (node: unknown): unknown => {
    if (!isNode(node) || ++nodes > limit) return undefined;
    if (isScalar(node)) return node.value;
    const shown = isAlias(node) ? targets.get(node) : node;
    if (isAlias(node) && (!shown || open.has(shown))) broken.add(node);
    if (!shown || open.has(shown)) return undefined;
    open.add(shown);
    const value = isMap(shown)
      ? Object.fromEntries(shown.items.map(({ key, value: item }) => [keyOf(key), plain(item)]))
      : isSeq(shown)
        ? shown.items.map(plain)
        : plain(shown);
    open.delete(shown);
    return value;
  };
  return { value: plain(root), whole: nodes <= limit, broken };
}

export interface Located {
  /** What the path leads to, or the nearest node before it that is there. */
  readonly node: Node;
  /** The key of the path's last step. */
  readonly key?: Node;
  readonly found: boolean;
}

/** Walks a path; an alias on it is the end where `stopAtAlias`, and stands for its anchor otherwise. */
export function locate(root: Node, path: Path, targets: Targets, stopAtAlias: boolean): Located {
  let node: Node = root;
  let key: Node | undefined;
  for (const step of path) {
    if (isAlias(node) && stopAtAlias) return { node, key, found: false };
    const parent: Node = (isAlias(node) && targets.get(node)) || node;
    const pair = isMap(parent) ? parent.items.findLast((item) => keyOf(item.key) === String(step)) : undefined;
    const child: unknown = pair ? pair.value : isSeq(parent) ? parent.items[Number(step)] : undefined;
    key = isNode(pair?.key) ? pair.key : undefined;
    if (!isNode(child)) return { node: key ?? parent, key, found: false };
    node = child;
  }
  return { node: (!stopAtAlias && isAlias(node) && targets.get(node)) || node, key, found: true };
}

const keyOf = (key: unknown): string => (isScalar(key) ? String(key.value) : String(key));
