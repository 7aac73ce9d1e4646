import { peakTflopsPerId } from '../../../model/peak.ts';
import { multiply, parseDecimal, type Rational } from '../../../model/rational.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import { type Device, PRECISION, type Signal, type Tier } from './device.ts';
import { type Activity, type Reading, activityOf, once } from './device-merge.ts';
import { type PodLabels, allocationsOf } from './device-pods.ts';
import type { Refusals } from './device-refusals.ts';
import { sliceOf, slicesOf } from './device-slices.ts';
import { type Limits, type Row, valueOf } from './device-value.ts';

/** A sample of a metric that the family's rows name, read at a believable time. */
export interface Heard {
  readonly sample: ExpositionSample;
  readonly row: Row;
  /** Unix ms */
  readonly at: number;
}

/** What holds for every device of one answer. */
interface Bench {
  readonly family: Family;
  readonly accelerator: Accelerator;
  readonly limits: Limits;
  readonly podLabels: PodLabels;
  /** Whether any sample of the answer is about health */
  readonly saysHealth: boolean;
  /** Activity rows, best signal first */
  readonly activities: readonly Row[];
  readonly refusals: Refusals;
}

const WITHOUT_CLOCK: Readonly<Record<Signal, Tier>> = { tensor: 'T2', core: 'T3', busy: 'T4', reported: 'T5' };

/** One device of the pool's model from everything that was heard of it. */
export function judgeDevice(id: string, heard: readonly Heard[], bench: Bench): { device: Device; clamped: number } {
  const { family, accelerator, refusals } = bench;
  const readings: Reading[] = [];
  for (const { sample, row, at } of heard) {
    if (row.quantity === 'info') continue;
    const value = valueOf(sample, row, bench.limits, family.sentinels, refusals);
    if (value !== null) readings.push({ row, sample, slice: sliceOf(sample, family), value, at });
  }
  const of = (quantity: Row['quantity']): Reading[] => readings.filter(({ row }) => row.quantity === quantity);
  const slices = slicesOf(heard, family, refusals);

  let activity: Activity | null = null;
  for (const row of bench.activities) {
    activity ??= activityOf(row, readings, slices, family.slice?.relative ?? true, refusals);
  }
  const signal = activity?.signal ?? null;
  const clockRatio = ratioOf(signal, once(of('clock'), refusals), accelerator.clock_ref_mhz);
  const node = nodeOf(heard, family);
  const energyJ = energyOf(of('energy'), refusals);
  const device: Device = {
    id,
    model: accelerator.id,
    ...(node === undefined ? {} : { node }),
    healthy: isHealthy(readings, bench),
    activity: activity?.value ?? null,
    signal,
    clockRatio,
    tier: signal === 'tensor' && clockRatio !== null ? 'T1' : signal && WITHOUT_CLOCK[signal],
    peakTflops: peakTflopsPerId(accelerator, PRECISION),
    powerW: once(of('power'), refusals),
    ...(energyJ === null ? {} : { energyJ }),
    allocations: allocationsOf(heard, family, bench.podLabels, slices, activity),
    at: activity?.at ?? Math.min(...heard.map(({ at }) => at)),
  };
  return { device, clamped: activity?.clamped ?? 0 };
}

/** The first non-empty node label of any of the device's samples. */
function nodeOf(heard: readonly Heard[], { node: labels }: Family): string | undefined {
  for (const label of labels) {
    const named = heard.find(({ sample }) => (sample.labels[label] ?? '') !== '');
    if (named) return named.sample.labels[label];
  }
  return undefined;
}

/** Counters are kept as they were written: those of millijoules and microjoules outgrow what a double holds exactly. */
function energyOf(readings: readonly Reading[], refusals: Refusals): Rational | null {
  const value = once(readings, refusals);
  const reading = readings.find((one) => one.value === value);
  const [text, factor] = [reading?.sample.text ?? '', String(reading?.row.factor ?? '')].map(parseDecimal);
  return text && factor ? multiply(text, factor) : null;
}

/** An exporter that has no health metric at all is like a family without a health row: a device that reports is healthy. */
function isHealthy(readings: readonly Reading[], { saysHealth, family }: Bench): boolean {
  if (!saysHealth) return readings.length > 0;
  const said = readings.filter(({ row }) => row.quantity === 'health');
  return said.length > 0 && said.every(({ value }) => family.health?.healthy.includes(value));
}

/**
 * Clock / reference clock, where it enters the figure. A clock of 0 is no clock. Core activity and busy time are upper
 * bounds at the reference clock; a card that boosts above it would break the bound, so only then does the ratio count.
 */
function ratioOf(signal: Signal | null, clock: number | null, reference: number | null): number | null {
  if (signal === null || clock === null || clock === 0 || reference === null) return null;
  const ratio = clock / reference;
  return signal === 'tensor' || ratio > 1 ? ratio : null;
}
