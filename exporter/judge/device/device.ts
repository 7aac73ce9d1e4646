import type { Rational } from '../../../model/rational.ts';
import type { Rejection } from '../../../model/reasons.ts';
import type { Precision } from '../../../model/schema/common.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { Refusal } from './device-refusals.ts';

/** The one precision that is counted: China's 智算 PFlops are FP16, and no exporter tells precisions apart. */
export const PRECISION = 'fp16' satisfies Precision;

export type Signal = Family['activity'][number]['signal'];

/** Strength of the evidence: T1 tensor activity and clock, T2 tensor activity, T3 core activity and T4 busy time (both upper bounds), T5 what the job reports of itself. */
export type Tier = 'T1' | 'T2' | 'T3' | 'T4' | 'T5';

/** One pod's hold on a device or on a slice of it. */
export interface Allocation {
  readonly namespace: string;
  readonly pod: string;
  /** Part of the device that the pod holds, 0-1: slices by their profile, several pods on one slice or card equally. */
  readonly share: number;
  /** The pod's part of the device's activity, 0 to `share`; null where the device's activity is unknown. */
  readonly activity: number | null;
}

/** One accelerator as its exporter identifies it (a package, or a die where the catalogue says so), of the pool's declared model. */
export interface Device {
  /** The identifying labels, e.g. `UUID="GPU-1"`: unique within the pool's source. */
  readonly id: string;
  /** Id of the row in accelerators.yaml */
  readonly model: string;
  /** The node that it is in, where the declaration or a label says so */
  readonly node?: string;
  readonly healthy: boolean;
  /** Activity of the whole device, 0-1, by the best signal that it reports; null: unknown, which is not 0. */
  readonly activity: number | null;
  readonly signal: Signal | null;
  /** Multiplies activity x peak; null: no clock enters the figure. */
  readonly clockRatio: number | null;
  readonly tier: Tier | null;
  /** Dense peak of what the id stands for, TFLOPS; undefined where the catalogue has none of that precision. */
  readonly peakTflops: number | undefined;
  readonly powerW: number | null;
  /** The device's own counter of energy, J, exactly, where it has one. It begins anew when a driver is loaded. */
  readonly energyJ?: Rational;
  readonly allocations: readonly Allocation[];
  /** When the activity was read, Unix ms: the sample's own time where it can be believed, else the time of receipt. */
  readonly at: number;
}

export interface JudgedDevices {
  /** Sorted by id. */
  readonly devices: readonly Device[];
  /** Samples that were not believed, or not wholly, by reason */
  readonly rejected: ReadonlyMap<Rejection, number>;
  /** Evidence for events, the first few of each reason */
  readonly refusals: readonly Refusal[];
  /** Reported model name -> devices that bear it, where it is unknown or not the declared one: they count no PFlops. */
  readonly unknownModels: ReadonlyMap<string, number>;
  /** Activity figures that were cut down to 1 */
  readonly clamped: number;
}
