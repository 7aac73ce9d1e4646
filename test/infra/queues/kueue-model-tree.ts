import { amount } from './kueue-model-amounts.ts';

/** `<flavour> <resource>` */
export type Key = string;

interface Quota {
  readonly name: string;
  readonly nominalQuota: string;
  readonly borrowingLimit?: string;
  readonly lendingLimit?: string;
}
export interface Groups {
  readonly resourceGroups?: readonly {
    readonly coveredResources: readonly string[];
    readonly flavors: readonly { readonly name: string; readonly resources: readonly Quota[] }[];
  }[];
}

/**
 * A ClusterQueue or a Cohort in its tree, with the arithmetic of Kueue's documentation (Cohort, "hierarchical cohorts"):
 * a node has what it and its children have, less what a child does not lend; a child that uses more than it has takes it
 * from above, up to its borrowing limit.
 */
export class TreeNode {
  readonly nominal = new Map<Key, number>();
  readonly #borrowing = new Map<Key, number>();
  readonly #lending = new Map<Key, number>();
  readonly #usage = new Map<Key, number>();
  readonly children: TreeNode[] = [];
  parent: TreeNode | undefined;
  readonly name: string;

  constructor(name: string, { resourceGroups = [] }: Groups) {
    this.name = name;
    for (const { flavors } of resourceGroups)
      for (const flavor of flavors)
        for (const { name: resource, nominalQuota, borrowingLimit, lendingLimit } of flavor.resources) {
          const key = `${flavor.name} ${resource}`;
          this.nominal.set(key, amount(resource, nominalQuota));
          if (borrowingLimit !== undefined) this.#borrowing.set(key, amount(resource, borrowingLimit));
          if (lendingLimit !== undefined) this.#lending.set(key, amount(resource, lendingLimit));
        }
  }

  put(under: TreeNode): void {
    this.parent = under;
    under.children.push(this);
  }

  /** Its own and its children's: the quota of its subtree. */
  has(key: Key): number {
    return this.children.reduce((sum, child) => sum + child.has(key) - child.#kept(key), this.nominal.get(key) ?? 0);
  }

  /** Never lent: what it has above its lending limit. */
  #kept(key: Key): number {
    const limit = this.#lending.get(key);
    return limit === undefined ? 0 : Math.max(0, this.has(key) - limit);
  }

  /** Its own pods' usage, or what its children take from it. */
  uses(key: Key): number {
    const above = this.children.reduce((sum, child) => sum + Math.max(0, child.uses(key) - child.#kept(key)), 0);
    return above + (this.#usage.get(key) ?? 0);
  }

  add(key: Key, count: number): void {
    this.#usage.set(key, (this.#usage.get(key) ?? 0) + count);
  }

  /** How much more of it fits. */
  available(key: Key): number {
    const free = this.has(key) - this.uses(key);
    if (!this.parent) return free;
    const kept = this.#kept(key);
    const above = this.parent.available(key);
    const limit = this.#borrowing.get(key);
    const local = Math.max(0, kept - this.uses(key));
    if (limit === undefined) return local + above;
    return local + Math.min(above, this.has(key) - kept - Math.max(0, this.uses(key) - kept) + limit);
  }

  /** How much would fit if nobody used anything. */
  most(key: Key): number {
    if (!this.parent) return this.has(key);
    const above = this.#kept(key) + this.parent.most(key);
    const limit = this.#borrowing.get(key);
    return limit === undefined ? above : Math.min(above, this.has(key) + limit);
  }

  exceeds(keys: Iterable<Key>): boolean {
    return [...keys].some((key) => this.uses(key) > this.has(key));
  }

  *above(): Iterable<TreeNode> {
    for (let node = this.parent; node; node = node.parent) yield node;
  }

  get root(): TreeNode {
    return [...this.above()].at(-1) ?? this;
  }
}
