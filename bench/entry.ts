import type { Text } from '../model/text.ts';

/** One figure of a benchmark, beside what it is measured against. */
export interface Result {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The same work done by the named peer in the same run */
  readonly peer?: { readonly name: string; readonly value: number };
  /** Section 10 of the design: the limit, and on which side of it is well */
  readonly budget?: { readonly at: 'most' | 'least'; readonly limit: number };
}

/** A benchmark: one line in the list of main.ts. */
export interface Entry {
  readonly name: string;
  /** What it measures, for the page */
  readonly what: Text;
  /** Finds its peer or server; where it rejects, the benchmark is skipped for that reason */
  readonly needs?: () => Promise<unknown>;
  readonly run: () => readonly Result[] | Promise<readonly Result[]>;
}

/** The value below which a share q of the sorted values lie. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
}
