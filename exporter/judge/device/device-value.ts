import { parseDecimal } from '../../../model/rational.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { Signal } from './device.ts';
import type { Refusals } from './device-refusals.ts';

/** What one metric of a family tells about a device. */
export interface Row {
  /** info: only the sample's labels are read */
  readonly quantity: 'activity' | 'clock' | 'power' | 'energy' | 'health' | 'info';
  readonly factor: number;
  /** Label -> the values with which a sample is meant */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Values that mean 'no reading' */
  readonly sentinels: readonly number[];
  readonly merge: 'once' | 'weighted' | 'split_equally';
  /** Only of activity */
  readonly signal?: Signal;
}

/** Metric name -> row, for the metrics that are read; activity rows stand in the family's order, best first. */
export function rowsOf({ activity, clock, power, energy, health, info }: Family): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const row of activity) rows.set(row.metric, { ...row, quantity: 'activity' });
  if (clock) rows.set(clock.metric, { ...clock, quantity: 'clock' });
  if (power) rows.set(power.metric, { ...power, quantity: 'power' });
  if (energy) rows.set(energy.metric, { ...energy, quantity: 'energy' });
  if (health) rows.set(health.metric, { ...health, quantity: 'health' });
  for (const { metric, labels } of info)
    rows.set(metric, { quantity: 'info', factor: 1, merge: 'once', labels, sentinels: [] });
  return rows;
}

/** Whether the row means this sample of its metric: of several clocks of one chip, say, the one of its cores. */
export function isMeant({ labels: said }: ExpositionSample, { labels }: Row): boolean {
  for (const label in labels) if (!labels[label]?.includes(said[label] ?? '')) return false;
  return true;
}

/** Activity is measured over a window and may round to just above 1; a per cent read as a ratio must not pass. */
const ACTIVITY_TOLERANCE = 0.05;
/** Chips boost above the clock of their peak (H100: 1980 / 1830 MHz), not by more. */
const CLOCK_MARGIN = 1.25;
/** Short peaks exceed TDP; milliwatts read as watts exceed it a thousandfold. */
const POWER_MARGIN = 3;

export type Limits = Readonly<Record<Row['quantity'], readonly [lowest: number, highest: number]>>;

export const limitsOf = ({ clock_ref_mhz, tdp_w }: Accelerator): Limits => ({
  activity: [0, 1 + ACTIVITY_TOLERANCE],
  clock: [0, clock_ref_mhz === null ? Infinity : CLOCK_MARGIN * clock_ref_mhz],
  power: [0, tdp_w === null ? Infinity : POWER_MARGIN * tdp_w],
  energy: [0, Infinity],
  health: [-Infinity, Infinity],
  info: [-Infinity, Infinity],
});

/** The sample in base units (ratio 0-1, MHz, W, J), or null where it is no believable reading. */
export function valueOf(
  sample: ExpositionSample,
  { quantity, factor, sentinels: own }: Row,
  limits: Limits,
  sentinels: readonly number[],
  refusals: Refusals,
): number | null {
  const raw = Number(sample.text);
  if (!Number.isFinite(raw)) return refuse('not_a_number');
  if (quantity === 'energy' && parseDecimal(sample.text) === null) return refuse('not_a_number');
  if (sentinels.includes(raw) || own.includes(raw)) return refuse('sentinel');
  const value = raw * factor;
  const [lowest, highest] = limits[quantity];
  if (value < lowest) return refuse('below_range', `less than ${lowest}`);
  if (value > highest) return refuse('above_range', `${value} is more than ${highest}`);
  return value;

  function refuse(reason: Parameters<Refusals['refuse']>[0], note?: string): null {
    refusals.refuse(reason, sample, note);
    return null;
  }
}
