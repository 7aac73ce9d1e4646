import type { ExpositionSample } from '../../read/reader.ts';
import type { Signal } from './device.ts';
import type { Refusals } from './device-refusals.ts';
import type { Slices } from './device-slices.ts';
import type { Row } from './device-value.ts';

/** A believed sample of one device. */
export interface Reading {
  readonly row: Row;
  readonly sample: ExpositionSample;
  /** '' is the whole device */
  readonly slice: string;
  /** In base units */
  readonly value: number;
  /** Unix ms */
  readonly at: number;
}

/**
 * One value per slice of one metric. An exact repeat is the same reading again (a time-sliced card is listed once
 * per pod, MIG repeats the board's watts); of two different values nobody knows which one holds, so neither does.
 */
function perSlice(readings: readonly Reading[], refusals: Refusals): Map<string, number> {
  const values = new Map<string, number>();
  for (const [slice, group] of Map.groupBy(readings, (reading) => reading.slice)) {
    const distinct = new Set(group.map(({ value }) => value));
    const [value] = distinct;
    if (distinct.size === 1 && value !== undefined) values.set(slice, value);
    else {
      refusals.refuseAll('duplicate', group.length, () => {
        const first = group[0]?.sample;
        const texts = group.map(({ sample }) => sample.text).join(' and ');
        return `${first?.name} of ${JSON.stringify(first?.labels)}: ${texts}`;
      });
    }
  }
  return values;
}

/** The device's one value of a metric that is the device's own; of slices the largest: all but one AMD partition say 0 W. */
export function once(readings: readonly Reading[], refusals: Refusals): number | null {
  const values = perSlice(readings, refusals);
  return values.size === 0 ? null : Math.max(...values.values());
}

export interface Activity {
  readonly signal: Signal | null;
  /** Of the whole device, 0-1 */
  readonly value: number;
  /** Slice -> its part of `value`; null where the figure is the device's own */
  readonly parts: ReadonlyMap<string, number> | null;
  /** Figures that were cut down to 1 */
  readonly clamped: number;
  /** Unix ms; a sum is as old as its oldest part */
  readonly at: number;
}

/**
 * The device's activity by one metric: of slices the sum weighted by their shares, provided that every slice of the
 * device speaks and has a known share (a sum with a hole would be too low); else the device's own figure, if any.
 */
export function activityOf(
  row: Row,
  all: readonly Reading[],
  slices: Slices,
  relative: boolean,
  refusals: Refusals,
): Activity | null {
  const readings = all.filter((reading) => reading.row === row);
  const source = { signal: row.signal ?? null, at: Math.min(...readings.map(({ at }) => at)) };
  if (row.merge !== 'weighted') return whole(once(readings, refusals));

  const values = perSlice(readings, refusals);
  const parts = new Map<string, number>();
  let clamped = 0;
  for (const [slice, share] of slices) {
    const value = values.get(slice);
    if (value === undefined || share === null) return whole(values.get('') ?? null);
    const busy = relative ? value : value / share;
    if (busy > 1) clamped += 1;
    parts.set(slice, Math.min(busy, 1) * share);
  }
  if (parts.size === 0) return whole(values.get('') ?? null);
  return { ...source, value: [...parts.values()].reduce((sum, part) => sum + part, 0), parts, clamped };

  function whole(value: number | null): Activity | null {
    return value === null ? null : { ...source, value: Math.min(value, 1), parts: null, clamped: value > 1 ? 1 : 0 };
  }
}
