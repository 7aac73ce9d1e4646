import type { Hold } from '../../read/allocation/allocations.ts';
import type { Device } from '../device/device.ts';
import { held } from './allocate-device.ts';

/** Sums of parts of chips are rounded. */
const NOTHING = 1e-9;

/**
 * Puts the holds of a node on its devices, of which nobody says who has which. How many are held is exact; which ones is
 * not known, so the most active healthy ones are taken for the held ones: what idles is more likely free. Each of them is
 * then held by every pod in proportion to the chips that it requested, so no pod ever gets more work than its chips can
 * do, and work on the rest of the cards stays with nobody. This is exact where one pod holds all that is held and
 * everything is held, or where nothing is; else the node's whole work is right as long as no free card works, while who
 * of its pods did how much is in proportion and no measurement.
 * @returns device -> the same with its holders, for those that are held
 * @param unit devices that one requested chip is
 */
export function byNode(
  devices: readonly Device[],
  holds: readonly Hold[],
  unit: number,
): { devices: Map<Device, Device>; exact: boolean } {
  const healthy = devices.filter((device) => device.healthy).toSorted(byActivity);
  if (healthy.length === 0 || holds.length === 0) return { devices: new Map(), exact: true };
  const pods = [...Map.groupBy(holds, ({ namespace, pod }) => JSON.stringify([namespace, pod])).values()];
  const chips = pods.map((parts) => parts.reduce((sum, hold) => sum + hold.chips * unit, 0));
  const total = chips.reduce((sum, one) => sum + one, 0);
  const taken = new Map<Device, Device>();
  let left = Math.min(total, healthy.length);
  for (const device of healthy) {
    if (left <= NOTHING) break;
    const part = Math.min(left, 1);
    left -= part;
    taken.set(
      device,
      held(
        device,
        pods.map(([hold], i) => ({ namespace: hold!.namespace, pod: hold!.pod, chips: (part * chips[i]!) / total })),
      ),
    );
  }
  return { devices: taken, exact: pods.length === 1 && total >= healthy.length - NOTHING };
}

/** Most active first, unknown ones last; equal ones by id, so that nothing hangs on the order of the answer. */
function byActivity(a: Device, b: Device): number {
  const difference = (b.activity ?? -1) - (a.activity ?? -1);
  if (difference !== 0) return difference;
  return a.id < b.id ? -1 : 1;
}

/**
 * Devices that a requested chip of a node is. Where what the device plugin has to give is a multiple of the devices
 * (time-slicing, HAMi's split) or a part of them (dies of a package), a chip is that part or multiple; else 1.
 * @param devices of the node, sick ones among them
 * @param capacity of the node, null where the source does not say it
 */
export function devicesPerChip(devices: number, capacity: number | null): number {
  if (capacity === null || capacity === 0) return 1;
  const isSplit = capacity > devices && capacity % devices === 0;
  const isPackage = capacity < devices && devices % capacity === 0;
  return isSplit || isPackage ? devices / capacity : 1;
}
