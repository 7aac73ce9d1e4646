import type { Pool } from '../schema/estate.ts';

/** What a queue may use of a resource name: its own, and what it may borrow besides. CPU in thousandths, memory in Mi. */
export interface Share {
  readonly nominal: number;
  readonly borrowing: number;
}

/** Of a flavour, one row for each resource name of its group, in the group's order. */
export interface QueueFlavor {
  /** The pool's id; on a manager, which has no nodes, the accelerator's */
  readonly name: string;
  readonly pools: readonly Pool[];
  readonly shares: readonly Share[];
}

/** Flavours that offer the same resource names: Kueue takes a name in one group of a queue only. */
export interface QueueGroup {
  readonly resources: readonly string[];
  readonly flavors: readonly QueueFlavor[];
}

/** One resource name of one flavour, of one of its pools. */
export interface GroupPart extends Share {
  readonly flavor: string;
  readonly pool: Pool | undefined;
  readonly resource: string;
}

/** Parts by flavour, and flavours that share a resource name by group, in the order in which they come. */
export function groupsOf(parts: readonly GroupPart[]): QueueGroup[] {
  const flavors = Map.groupBy(parts, ({ flavor }) => flavor);
  const groups: { names: Set<string>; flavors: string[] }[] = [];
  for (const [flavor, own] of flavors) {
    const names = new Set(own.map(({ resource }) => resource));
    const meets = groups.filter((group) => !group.names.isDisjointFrom(names));
    const merged = {
      names: new Set([...meets.flatMap((group) => [...group.names]), ...names]),
      flavors: [...meets.flatMap((group) => group.flavors), flavor],
    };
    groups.splice(0, groups.length, ...groups.filter((group) => !meets.includes(group)), merged);
  }
  return groups.map(({ names, flavors: own }) => {
    const resources = [...names].toSorted();
    return {
      resources,
      flavors: own.map((name): QueueFlavor => {
        const of = flavors.get(name) ?? [];
        const sum = (resource: string, at: keyof Share): number =>
          of.reduce((total, part) => total + (part.resource === resource ? part[at] : 0), 0);
        return {
          name,
          pools: [...new Set(of.flatMap(({ pool }) => pool ?? []))],
          shares: resources.map((one) => ({ nominal: sum(one, 'nominal'), borrowing: sum(one, 'borrowing') })),
        };
      }),
    };
  });
}
