import type { Allocations, Hold } from '../../read/allocation/allocations.ts';
import type { Device } from '../device/device.ts';
import { byIdentity } from './allocate-device.ts';
import { byNode, devicesPerChip } from './allocate-node.ts';
import { nodeFinder } from './node-names.ts';

export interface Allocated {
  readonly devices: readonly Device[];
  /**
   * Nodes of which not every card's holder is known: who holds how many is exact there, which cards and whose work is not
   * (see `byNode`). Names as the devices have them.
   */
  readonly shared: ReadonlySet<string>;
  /** Devices that no node label places: nothing is known of who holds them */
  readonly unplaced: number;
}

/**
 * Gives devices the holders that the cluster names, where their own exporter names none. On a node where any device has
 * a pod of its exporter's telling, the exporter is believed for the whole node: a card without a pod is a free one there.
 * Else a hold that names a device is put on it, and the others on what is left of their node.
 * @param resources by which the pool's chips are requested: holds of other resources are somebody else's
 */
export function allocate(
  devices: readonly Device[],
  { holds, nodes }: Pick<Allocations, 'holds' | 'nodes'>,
  resources: ReadonlySet<string>,
): Allocated {
  const ours = holds.filter(({ resource }) => resource === null || resources.has(resource));
  const held = Map.groupBy(ours, ({ node }) => node);
  const nodeOf = nodeFinder([...new Set([...held.keys(), ...(nodes ?? []).map(({ name }) => name)])]);
  const capacities = new Map(nodes?.map(({ name, capacity }) => [name, largest(capacity, resources)]));

  /** Ids are unique within one exporter, not over the nodes of a pool: so by the device itself. */
  const result = new Map<Device, Device>();
  const shared = new Set<string>();
  let unplaced = 0;
  for (const [node, there] of Map.groupBy(devices, (device) => device.node ?? '')) {
    if (there.some(({ allocations }) => allocations.length > 0)) continue;
    if (node === '') {
      unplaced += there.length;
      continue;
    }
    const name = nodeOf(node);
    const claims: readonly Hold[] = name === null ? [] : (held.get(name) ?? []);
    const { devices: named, rest } = byIdentity(there, claims);
    for (const [device, whose] of named) result.set(device, whose);
    const free = there.filter((device) => !named.has(device));
    const spread = byNode(
      free,
      rest,
      devicesPerChip(there.length, name === null ? null : (capacities.get(name) ?? null)),
    );
    for (const [device, whose] of spread.devices) result.set(device, whose);
    if (!spread.exact) shared.add(node);
  }
  return { devices: devices.map((device) => result.get(device) ?? device), shared, unplaced };
}

/** Several names of one kind of chip (device plugin, HAMi) are not added up. */
function largest(capacity: ReadonlyMap<string, number>, resources: ReadonlySet<string>): number | null {
  const known = [...resources].flatMap((resource) => capacity.get(resource) ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
