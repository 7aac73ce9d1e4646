import { peakTflopsPerId } from '../../../model/peak.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import { PRECISION, type Tier } from '../../judge/device/device.ts';
import type { FleetWork } from '../../judge/fleet/fleet-judge.ts';
import { type Holder, type HolderOf, unassigned } from './compute-holder.ts';
import type { Credit } from './integration.ts';

/** Work per second of one series, TFLOPS */
type Rates = ReadonlyMap<string, { readonly holder: Holder; readonly tier: Tier; readonly tflops: number }>;

/** What integration remembers of one fleet: start with `fleetBeginning`, hand each result to the next call. */
export interface FleetIntegration {
  readonly last: { readonly at: number; readonly rates: Rates } | null;
  /** Series -> the part of a gflop, 0-1, that was not credited yet */
  readonly remainders: ReadonlyMap<string, number>;
}

export const fleetBeginning: FleetIntegration = { last: null, remainders: new Map() };

interface FleetObservation {
  /** Monotonic ms at receipt */
  readonly at: number;
  readonly work: readonly FleetWork[];
}

interface FleetIntegrationOptions {
  readonly accelerator: Accelerator;
  /** Longest time between two answers that is bridged, ms (3 intervals): beyond it nothing is credited */
  readonly maxGap: number;
  readonly holderOf: HolderOf;
}

/**
 * Work since the last good answer: the trapezoid over monotonic time, as of single devices. A device that comes or goes
 * between two answers counts half an interval, where on its own it would count nothing.
 */
export function integrateFleet(
  state: FleetIntegration,
  { at, work }: FleetObservation,
  { accelerator, maxGap, holderOf }: FleetIntegrationOptions,
): { state: FleetIntegration; credits: Credit[] } {
  const rates = ratesOf(work, peakTflopsPerId(accelerator, PRECISION), holderOf);
  const { last } = state;
  const half = last && at - last.at <= maxGap ? (at - last.at) / 2 : 0;
  const remainders = new Map(state.remainders);
  const credits: Credit[] = [];
  for (const [series, { holder, tier }] of new Map([...(last?.rates ?? []), ...rates])) {
    // TFLOPS x ms = gflop
    const done = ((last?.rates.get(series)?.tflops ?? 0) + (rates.get(series)?.tflops ?? 0)) * half;
    const exact = done + (remainders.get(series) ?? 0);
    const whole = Math.floor(exact);
    remainders.set(series, exact - whole);
    credits.push({ ...holder, precision: PRECISION, tier, gflop: BigInt(whole) });
  }
  return { state: { last: { at, rates }, remainders }, credits };
}

/** Sums of ten thousands of figures differ in their last digits: less than this share of them is nobody's work. */
const ROUNDED = 1e-10;

function ratesOf(work: readonly FleetWork[], peak: number | undefined, holderOf: HolderOf): Rates {
  const rates = new Map<string, { holder: Holder; tier: Tier; tflops: number }>();
  if (peak === undefined) return rates;
  for (const { tier, all, held } of work) {
    const add = (holder: Holder, activity: number): void => {
      const series = JSON.stringify([holder.tenant, holder.action, tier]);
      const tflops = (rates.get(series)?.tflops ?? 0) + activity * peak;
      rates.set(series, { holder, tier, tflops });
    };
    for (const [namespace, activity] of held) add(holderOf(namespace), activity);
    const free = all - [...held.values()].reduce((sum, activity) => sum + activity, 0);
    if (free > ROUNDED * all) add(unassigned, free);
  }
  return rates;
}
