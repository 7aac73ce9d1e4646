import { amount } from './kueue-model-amounts.ts';

/** A node as its device plugin reports it. What it does not say it has enough of. */
export interface ModelNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly offers: Readonly<Record<string, number>>;
}

/** How a pod template asks to be placed: all pods within one value of a level, that if possible, or each anywhere. */
export interface Placement {
  readonly required?: string;
  readonly preferred?: string;
  readonly unconstrained?: boolean;
}

/** So many pods on a node. */
export type Placed = readonly { readonly node: string; readonly pods: number }[];

/** Nodes and what of them is taken (topology-aware scheduling). */
export class Nodes {
  readonly #nodes: readonly ModelNode[];
  readonly #taken = new Map<string, number>();

  constructor(nodes: readonly ModelNode[]) {
    this.#nodes = nodes;
  }

  #free(node: ModelNode, resource: string): number {
    const offers = node.offers[resource];
    if (offers !== undefined) return offers - (this.#taken.get(`${node.name} ${resource}`) ?? 0);
    return resource.includes('/') ? 0 : Infinity;
  }

  /** Where the pods go; undefined where they do not fit. Nodes without a label of the topology are none of its. */
  place(
    pods: number,
    requests: Readonly<Record<string, string | number>>,
    labels: Readonly<Record<string, string>>,
    levels: readonly string[],
    { required, preferred }: Placement,
  ): Placed | undefined {
    const own = this.#nodes.filter(
      (node) =>
        Object.entries(labels).every(([key, value]) => node.labels[key] === value) &&
        levels.every((level) => level in node.labels),
    );
    const within = (level: string): Placed | undefined => {
      for (const nodes of Map.groupBy(own, (node) => node.labels[level]).values()) {
        const found = this.#fill(pods, requests, nodes);
        if (found) return found;
      }
      return undefined;
    };
    if (required !== undefined) return within(required);
    return (preferred === undefined ? undefined : within(preferred)) ?? this.#fill(pods, requests, own);
  }

  #fill(pods: number, requests: Readonly<Record<string, string | number>>, nodes: readonly ModelNode[]) {
    let left = pods;
    const placed: { node: string; pods: number }[] = [];
    for (const node of nodes) {
      const fits = Object.entries(requests).map(([name, quantity]) => {
        const each = amount(name, quantity);
        return each === 0 ? Infinity : Math.floor(this.#free(node, name) / each);
      });
      const here = Math.min(left, ...fits);
      if (here > 0) placed.push({ node: node.name, pods: here });
      left -= Math.max(0, here);
    }
    return left === 0 ? placed : undefined;
  }

  take(placed: Placed, requests: Readonly<Record<string, string | number>>, sign: 1 | -1): void {
    for (const { node, pods } of placed)
      for (const [name, quantity] of Object.entries(requests)) {
        const key = `${node} ${name}`;
        this.#taken.set(key, (this.#taken.get(key) ?? 0) + sign * pods * amount(name, quantity));
      }
  }
}
