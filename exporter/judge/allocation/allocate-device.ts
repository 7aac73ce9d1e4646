import type { Hold } from '../../read/allocation/allocations.ts';
import type { Allocation, Device } from '../device/device.ts';

/** The values of the identifying labels in a device's id: UUID="GPU-1",GPU_I_ID="3". */
const identities = (id: string): string[] =>
  (id.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((quoted) => JSON.parse(quoted) as string);

/**
 * Puts holds on the devices that they name. A value that two devices of a node share ("0") names neither.
 * @returns device -> the same with its holders, and the holds that name none of these devices
 */
export function byIdentity(
  devices: readonly Device[],
  holds: readonly Hold[],
): { devices: Map<Device, Device>; rest: readonly Hold[] } {
  if (holds.every(({ device }) => device === null)) return { devices: new Map(), rest: holds };
  const named = new Map<string, Device | null>();
  for (const device of devices)
    for (const value of identities(device.id)) named.set(value, named.has(value) ? null : device);
  const deviceOf = ({ device }: Hold): Device | null => (device === null ? null : (named.get(device) ?? null));
  const placed = new Map<Device, Device>();
  let rest: readonly Hold[] = [];
  for (const [device, there] of Map.groupBy(holds, deviceOf)) {
    if (device === null) rest = there;
    else placed.set(device, held(device, there));
  }
  return { devices: placed, rest };
}

/** A device with these holders: shares are cut down to one device, and a pod's work never is more than its share. */
export function held(device: Device, holds: readonly Pick<Hold, 'namespace' | 'pod' | 'chips'>[]): Device {
  const chips = holds.reduce((sum, hold) => sum + hold.chips, 0);
  const scale = Math.max(chips, 1);
  const allocations = holds.map(({ namespace, pod, chips: part }): Allocation => {
    const share = part / scale;
    const work = device.activity === null ? null : Math.min((device.activity * part) / chips, share);
    return { namespace, pod, share, activity: work };
  });
  return { ...device, allocations };
}
