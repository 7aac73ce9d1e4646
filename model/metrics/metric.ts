import type { Text } from '../text.ts';

/** A total of `units` / 10^`digits`, rendered exactly: totals never pass through a double. */
export interface Fixed {
  readonly units: bigint;
  readonly digits: number;
}

export interface Metric<L extends string = string> {
  /** Full name, `greenflops_…`; a counter's ends in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  /** OpenMetrics unit, a suffix of the name (before `_total`), or '' */
  readonly unit: string;
  readonly labels: readonly L[];
  readonly help: Text;
  readonly stability: 'stable' | 'experimental';
}

/** Keeps label names as literal types, so that a wrong label is a type error. */
export const metric = <const L extends string>(row: Metric<L>): Metric<L> => row;

export type LabelsOf<M> = M extends Metric<infer L> ? Readonly<Record<L, string>> : never;

/** One value of one series, on its way from `account` to `publish`. */
export interface Sample {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | Fixed;
}

/** How every part of the exporter hands values on: an unknown value is not emitted at all. */
export type Emit = <M extends Metric>(metric: M, labels: LabelsOf<M>, value: number | Fixed) => void;
