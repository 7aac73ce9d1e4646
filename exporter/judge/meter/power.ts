import type { Rejection } from '../../../model/reasons.ts';
import type { Span, Verdict } from '../verdict.ts';

export interface PowerLimits {
  readonly ratedWatts: number;
  readonly everyMs: number;
  /** true: a reading of exactly 0 W is believed */
  readonly idleOk: boolean;
}

/** The last good power reading of a meter without an energy register. */
export interface PowerState {
  readonly milliwatts: bigint;
  readonly at: number;
  /** Seconds after `at` up to here have been counted as unmetered. */
  readonly unmeteredTo: number;
}

/** Power meters read a little below 0 when idle (zero offset): 1 % of rated power is taken as such. */
const ZERO_OFFSET = 0.01;
const HEADROOM = 1.2;
/** A gap of more than three intervals credits nothing; a tenth more is the jitter of a timetable. */
const MAX_GAP_INTERVALS = 3.1;

/** The longest time between two readings that is integrated, ms. */
export const maxGap = (everyMs: number): number => MAX_GAP_INTERVALS * everyMs;

/** Whether a power reading can be believed. NaN, placeholders and sudden zeros are no reading, never 0 W. */
export function rejectPower(watts: number, limits: PowerLimits): Rejection | null {
  if (Number.isNaN(watts)) return 'not_a_number';
  if (watts > HEADROOM * limits.ratedWatts) return 'above_range';
  if (watts < -ZERO_OFFSET * limits.ratedWatts) return 'below_range';
  if (watts === 0 && !limits.idleOk) return 'sudden_zero';
  return null;
}

/** Integrates one good power reading: the trapezoid between two readings, nothing across a gap. */
export function judgePower(
  state: PowerState | null,
  reading: { readonly watts: number; readonly at: number; readonly gap: number },
  limits: PowerLimits,
): Verdict<PowerState> {
  const milliwatts = BigInt(Math.round(Math.max(0, reading.watts) * 1000));
  const next: PowerState = { milliwatts, at: reading.at, unmeteredTo: reading.at };
  if (state === null) return { state: next, spans: [], unmetered: 0 };
  const from = reading.at - reading.gap;
  if (reading.gap > maxGap(limits.everyMs)) {
    const span: Span = { from, to: reading.at, millijoules: 0n, kind: 'unmetered' };
    return {
      state: next,
      spans: [span],
      unmetered: Math.max(0, reading.at - Math.max(from, state.unmeteredTo)),
      event: { kind: 'gap', detail: { from, to: reading.at } },
    };
  }
  const millijoules = ((state.milliwatts + milliwatts) * BigInt(Math.round(reading.gap))) / 2000n;
  return { state: next, spans: [{ from, to: reading.at, millijoules, kind: 'metered' }], unmetered: 0 };
}

/** Time passed without a good reading: beyond the longest gap that is integrated it is unmetered for good. */
export function agePower(
  state: PowerState,
  at: number,
  gap: number,
  limits: PowerLimits,
): { state: PowerState; unmetered: number } {
  if (gap <= maxGap(limits.everyMs)) return { state, unmetered: 0 };
  const unmetered = Math.max(0, at - Math.max(at - gap, state.unmeteredTo));
  return { state: { ...state, unmeteredTo: Math.max(state.unmeteredTo, at) }, unmetered };
}
