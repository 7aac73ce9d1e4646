import { peakTflops, peakTflopsPerId } from '../../../model/peak.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import { type Allocation, type Device, type JudgedDevices, PRECISION, type Tier } from '../../judge/device/device.ts';
import { type HolderOf, allocationsOf } from './compute-holder.ts';
import { tflopsAt } from './compute-rate.ts';

/** Below it a card does housekeeping, not work. */
export const BUSY_ACTIVITY = 0.01;
const TERA_PER_PETA = 1000;

export interface Step {
  readonly pflops: number | null;
  /** In packages, as the declaration counts: two dies that are ids of their own are one */
  readonly accelerators: number;
}

/** The steps that telemetry shows; racked may exceed nominal, which is a finding about the declaration and not cut down. */
interface Telemetry {
  readonly racked: Step;
  readonly healthy: Step;
  readonly allocated: Step;
  /** null: no allocated device says how active it is */
  readonly busy: Step | null;
  /** PFlops by tier; no entry: not measured. Tiers are never added up. */
  readonly delivered: ReadonlyMap<Tier, number>;
  /** Tenant -> what is allocated to it; 'undeclared' for namespaces that no tenant declares */
  readonly tenants: ReadonlyMap<string, Step>;
}

export interface Waterfall {
  /** Declared count x dense peak, PFlops; null where the catalogue has no FP16 figure */
  readonly nominal: number | null;
  /** null: no telemetry that could be believed, which is not zero devices */
  readonly telemetry: Telemetry | null;
}

/**
 * A pool's dense FP16 computing power by step. `judged` is null where the source gave no answer that could be read.
 * @param holderOf whose a namespace is, to split what is allocated by tenant
 */
export function waterfall(
  pool: Pool,
  accelerator: Accelerator,
  judged: JudgedDevices | null,
  holderOf: HolderOf,
): Waterfall {
  const peak = peakTflops(accelerator, PRECISION);
  const nominal = peak === undefined ? null : (pool.count * peak) / TERA_PER_PETA;
  // an answer of which nothing was believed does not say that there are no devices
  const silent = judged === null || (judged.devices.length === 0 && judged.rejected.size > 0);
  return { nominal, telemetry: silent ? null : telemetryOf(judged.devices, accelerator, holderOf) };
}

function telemetryOf(devices: readonly Device[], accelerator: Accelerator, holderOf: HolderOf): Telemetry {
  const peak = peakTflopsPerId(accelerator, PRECISION);
  const step = (ids: number, share = ids): Step => ({
    pflops: peak === undefined ? null : (share * peak) / TERA_PER_PETA,
    accelerators: ids / accelerator.dies_per_package,
  });
  const stepOf = (parts: readonly Part[]): Step =>
    step(new Set(parts.map(({ device }) => device)).size, sum(parts.map(({ share }) => share)));

  const allocated = devices.flatMap((device) =>
    allocationsOf(device).map(({ namespace, share, activity }): Part => ({ device, namespace, share, activity })),
  );
  const measured = allocated.filter(({ activity }) => activity !== null);
  const busy = measured.filter(({ activity, share }) => (activity ?? 0) / share > BUSY_ACTIVITY);
  // with nothing allocated, nothing is busy or delivered: a measured 0 at the tiers of the devices' signals
  const known = allocated.length === 0 || measured.length > 0;
  const tiers = new Set(known && peak !== undefined ? devices.flatMap(({ tier }) => tier ?? []) : []);
  const delivered = (tier: Tier): number =>
    sum(measured.map(({ device, activity }) => (device.tier === tier ? (tflopsAt(device, activity) ?? 0) : 0)));
  const tenants = Map.groupBy(allocated, ({ namespace }) => holderOf(namespace).tenant);
  return {
    racked: step(devices.length),
    healthy: step(devices.filter(({ healthy }) => healthy).length),
    allocated: stepOf(allocated),
    busy: known ? stepOf(busy) : null,
    delivered: new Map([...tiers].map((tier) => [tier, delivered(tier) / TERA_PER_PETA])),
    tenants: new Map([...tenants].map(([tenant, parts]) => [tenant, stepOf(parts)])),
  };
}

/** What one pod holds of one device */
interface Part extends Omit<Allocation, 'pod'> {
  readonly device: Device;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
