import { type Device, PRECISION, type Tier } from '../../judge/device/device.ts';
import { type Holder, type HolderOf, allocationsOf, unassigned } from './compute-holder.ts';
import { tflopsAt } from './compute-rate.ts';

/** What one good answer of a pool's source showed. */
export interface Observation {
  /** Monotonic ms at receipt */
  readonly at: number;
  readonly devices: readonly Device[];
}

/** Work to be added to one total. */
export interface Credit extends Holder {
  readonly precision: typeof PRECISION;
  readonly tier: Tier;
  /** 1e9 operations: a PFlop-second is 1e6 of them, and int64 holds 58 years of 5,000 PFlops */
  readonly gflop: bigint;
}

interface Last {
  /** When it came, monotonic ms */
  readonly at: number;
  /** When the exporter last said the same again */
  readonly seen: number;
  /** Time between this new reading and the one before, ms; 0: not known */
  readonly cadence: number;
  readonly device: Device;
}

/** What integration remembers of one pool: start with `beginning`, hand each result to the next call. */
export interface Integration {
  /** Device id -> its last reading */
  readonly last: ReadonlyMap<string, Last>;
  /** Series -> the part of a gflop, 0-1, that was not credited yet */
  readonly remainders: ReadonlyMap<string, number>;
}

export const beginning: Integration = { last: new Map(), remainders: new Map() };

interface IntegrationOptions {
  /** Longest time between two readings that is bridged, ms (3 intervals): beyond it nothing is credited */
  readonly maxGap: number;
  readonly holderOf: HolderOf;
}

/** A refresh may come so many times later than the one before. */
const LATE = 2;

type Sums = Map<string, { holder: Holder; tier: Tier; gflop: number }>;

/**
 * Work since each device's last good reading: the trapezoid of activity x clock ratio x peak over monotonic time.
 * The first half of each interval counts by the reading at its beginning, the second by the one at its end: tier, pods,
 * and the height of the trapezoid. A series is credited with 0 when it is first seen, so that counters begin at 0.
 */
export function integrate(
  state: Integration,
  { at, devices }: Observation,
  { maxGap, holderOf }: IntegrationOptions,
): { state: Integration; credits: Credit[] } {
  const isWatched = (before: Last): boolean => at - before.seen <= maxGap;
  // Some exporters refresh more slowly than they are asked: their own cadence counts, once it is known.
  const bridges = (before: Last): boolean =>
    isWatched(before) && at - before.at <= Math.max(maxGap, LATE * before.cadence);
  const last = new Map([...state.last].filter(([, before]) => isWatched(before)));
  const sums: Sums = new Map();
  for (const device of devices) {
    if (device.activity === null) continue;
    const before = state.last.get(device.id);
    if (before?.device.at === device.at) {
      // An exporter that repeats an old reading says nothing new: the next new one bridges, or the gap grows too long.
      last.set(device.id, { ...before, seen: at });
      continue;
    }
    const half = before && bridges(before) ? (at - before.at) / 2 : 0;
    if (before) addWork(sums, before.device, half, holderOf);
    addWork(sums, device, half, holderOf);
    last.set(device.id, { at, seen: at, device, cadence: before && isWatched(before) ? at - before.at : 0 });
  }

  const remainders = new Map(state.remainders);
  const credits: Credit[] = [];
  for (const [series, { holder, tier, gflop }] of sums) {
    const exact = gflop + (remainders.get(series) ?? 0);
    const whole = Math.floor(exact);
    remainders.set(series, exact - whole);
    credits.push({ ...holder, precision: PRECISION, tier, gflop: BigInt(whole) });
  }
  return { state: { last, remainders }, credits };
}

/** Adds a device's work of `ms` milliseconds to the sums; TFLOPS x ms = gflop. */
function addWork(sums: Sums, device: Device, ms: number, holderOf: HolderOf): void {
  const { tier, activity } = device;
  if (tier === null || activity === null) return;
  const add = (holder: Holder, part: number): void => {
    const tflops = tflopsAt(device, part);
    if (tflops === null) return;
    const series = JSON.stringify([holder.tenant, holder.action, tier]);
    const sum = sums.get(series);
    if (sum) sum.gflop += tflops * ms;
    else sums.set(series, { holder, tier, gflop: tflops * ms });
  };
  let free = 1;
  let rest = activity;
  for (const { namespace, share, activity: part } of allocationsOf(device)) {
    add(holderOf(namespace), part ?? 0);
    free -= share;
    rest -= part ?? 0;
  }
  if (free > WHOLLY_HELD) add(unassigned, Math.max(rest, 0));
}

/** Shares of pods and slices are rounded: less than this of a card is not a free part. */
const WHOLLY_HELD = 1e-4;
