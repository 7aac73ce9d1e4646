import type { Rational } from '../../model/rational.ts';

/** One value as the device gave it: nothing is scaled or judged here. */
export interface Raw {
  /** null: the device answered, but with no number (NaN, infinity). */
  readonly value: Rational | null;
  /** What stood on the wire: register bytes in hex, or the sample's text. Evidence of every held or refused reading. */
  readonly wire: string;
  /** Explicit time of the sample, Unix ms, where it has one. */
  readonly timestamp?: number | null;
}

/** A meter's answer. A register that is declared but was not answered makes the read fail: it is never left out. */
export interface MeterAnswer {
  readonly energy?: Raw;
  /** In the order of the declaration. */
  readonly tariffs?: readonly Raw[];
  readonly power?: Raw;
  readonly restart?: Raw;
}

/** One line of exposition text. */
export interface ExpositionSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The value's text as it stood ("12", "NaN", "1e3"): counters are read exactly, gauges by Number(). */
  readonly text: string;
  /** Explicit timestamp in Unix ms, where the line has one. */
  readonly timestamp: number | null;
}

/**
 * A connection to one source. `read` resolves with what the device answered, or rejects with a ReadError;
 * it gives up when the signal aborts. Reading never writes to plant.
 */
export interface Reader<T> {
  read(signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

/** Why a source could not be read: a closed list, each a label value of greenflops_source_failures_total. */
export const readFailures = [
  'timeout',
  'refused',
  'unreachable',
  'protocol',
  'too_large',
  'http_status',
  'empty',
] as const;
export type ReadFailure = (typeof readFailures)[number];

/** A failed read: says what was tried, at which address, and what came back. */
export class ReadError extends Error {
  override name = 'ReadError';
  readonly failure: ReadFailure;
  constructor(failure: ReadFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
