import { integral, rate, type Steps } from './steps.ts';
import { hourMs } from './time.ts';

/** Power as a function of time, piecewise constant, with its exact integral. Times are ms since the twin's epoch. */
export interface Flow {
  watts(ms: number): number;
  /** Energy since the epoch. */
  joules(ms: number): number;
  /** Bounds that the power never leaves. */
  readonly least: number;
  readonly peak: number;
}

export const steady = (watts: number): Flow => ({
  watts: () => watts,
  joules: (ms) => (watts * ms) / 1000,
  least: watts,
  peak: watts,
});

/** offset + slope x the steps' rate, which stays in 0 to 1. */
export const linear = (load: Steps, offset: number, slope: number): Flow => ({
  watts: (ms) => offset + slope * rate(load, ms),
  joules: (ms) => (offset * ms) / 1000 + slope * integral(load, ms),
  least: offset,
  peak: offset + slope,
});

export const sum = (flows: readonly Flow[]): Flow => ({
  watts: (ms) => flows.reduce((total, flow) => total + flow.watts(ms), 0),
  joules: (ms) => flows.reduce((total, flow) => total + flow.joules(ms), 0),
  least: flows.reduce((total, flow) => total + flow.least, 0),
  peak: flows.reduce((total, flow) => total + flow.peak, 0),
});

export const scale = (flow: Flow, factor: number): Flow => ({
  watts: (ms) => flow.watts(ms) * factor,
  joules: (ms) => flow.joules(ms) * factor,
  least: flow.least * factor,
  peak: flow.peak * factor,
});

/** What is left of `flow` after `taken`. */
export const less = (flow: Flow, taken: Flow): Flow => ({
  watts: (ms) => flow.watts(ms) - taken.watts(ms),
  joules: (ms) => flow.joules(ms) - taken.joules(ms),
  least: flow.least - taken.peak,
  peak: flow.peak - taken.least,
});

/**
 * `flow` times a coefficient that is constant within each hour since the epoch. `flow` must repeat every week.
 * The sums over whole hours are kept as they are first asked for: a cache, not a state, every answer stays the same.
 */
export function hourly(flow: Flow, coefficient: (hour: number) => number, range: { low: number; high: number }): Flow {
  const hourOfWeek = Array.from(
    { length: 168 },
    (_, hour) => flow.joules((hour + 1) * hourMs) - flow.joules(hour * hourMs),
  );
  const sums = [0];
  const until = (hour: number): number => {
    for (let next = sums.length; next <= hour; next++)
      sums.push((sums[next - 1] ?? 0) + coefficient(next - 1) * (hourOfWeek[(next - 1) % 168] ?? 0));
    return sums[hour] ?? 0;
  };
  return {
    watts: (ms) => coefficient(hourOf(ms)) * flow.watts(ms),
    joules: (ms) => {
      const hour = hourOf(ms);
      return until(hour) + coefficient(hour) * (flow.joules(ms) - flow.joules(hour * hourMs));
    },
    least: flow.least * range.low,
    peak: flow.peak * range.high,
  };
}

const hourOf = (ms: number) => Math.floor(ms / hourMs);
