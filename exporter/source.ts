import type { Emit } from '../model/metrics/metric.ts';
import {
  sourceDuration,
  sourceFailures,
  sourceLastSuccess,
  sourceRefusing,
  sourceRejectedSamples,
  sourceUp,
} from '../model/metrics/source.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Clock } from './clock.ts';
import type { Instant } from './judge/meter/meter.ts';
import { ReadError, type Reader } from './read/reader.ts';

/** What becomes of a source's answers. Both are called at once after the read, so that `now` is when the device answered. */
export interface SourceUse<T> {
  /** Books the answer and returns what of it was not believed; throws ReadError where it is no answer at all. */
  answered(answer: T, now: Instant): Iterable<readonly [Rejection, number]>;
  /** The read failed: `first` where the one before had succeeded. */
  failed(error: ReadError, now: Instant, first: boolean): void;
  /** The source answers again. */
  back(now: Instant): void;
}

export interface SourceSpec {
  readonly site: string;
  readonly id: string;
  readonly everyMs: number;
}

/** A source as the timetable sees it, whatever it answers. */
export interface Polled {
  isDue(mono: number): boolean;
  poll(clock: Clock, stop: AbortSignal): Promise<void>;
  emit(emit: Emit): void;
  close(): Promise<void>;
}

/** One thing that is read on a timetable: keeps when it is due, whether it is up, and what it failed of. */
export class Source<T> implements Polled {
  readonly #spec: SourceSpec;
  readonly #reader: Reader<T>;
  readonly #use: SourceUse<T>;
  readonly #failures = new Map<string, number>();
  readonly #rejected = new Map<Rejection, number>();
  /** Of the last answer. */
  #refusing: readonly Rejection[] = [];
  #due = -Infinity;
  #busy = false;
  #up: boolean | null = null;
  #durationMs = 0;
  #lastSuccess: number | null = null;

  constructor(spec: SourceSpec, reader: Reader<T>, use: SourceUse<T>) {
    this.#spec = spec;
    this.#reader = reader;
    this.#use = use;
  }

  isDue(mono: number): boolean {
    return !this.#busy && mono >= this.#due;
  }

  /**
   * Reads once. The reader keeps the source's own timeout, which begins when its gateway is free; the interval is the
   * deadline of all. Never rejects: a broken source is a state, not an exception.
   */
  async poll(clock: Clock, stop: AbortSignal): Promise<void> {
    const { everyMs } = this.#spec;
    const begun = clock.mono();
    // Keeps the phase, so that slow answers do not stretch the timetable.
    this.#due = this.#due === -Infinity || begun - this.#due > everyMs ? begun + everyMs : this.#due + everyMs;
    this.#busy = true;
    try {
      const answer = await this.#reader.read(AbortSignal.any([stop, AbortSignal.timeout(everyMs)]));
      const now = { at: Math.round(clock.wall()), mono: clock.mono() };
      const rejected = [...this.#use.answered(answer, now)];
      for (const [reason, count] of rejected) this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + count);
      this.#refusing = [...new Set(rejected.map(([reason]) => reason))];
      if (this.#up === false) this.#use.back(now);
      this.#up = true;
      this.#lastSuccess = now.at;
    } catch (error) {
      if (stop.aborted) return;
      const now = { at: Math.round(clock.wall()), mono: clock.mono() };
      const failure = error instanceof ReadError ? error : new ReadError('protocol', String(error), { cause: error });
      this.#failures.set(failure.failure, (this.#failures.get(failure.failure) ?? 0) + 1);
      this.#use.failed(failure, now, this.#up !== false);
      this.#up = false;
    } finally {
      this.#durationMs = clock.mono() - begun;
      this.#busy = false;
    }
  }

  emit(emit: Emit): void {
    const labels = { site: this.#spec.site, source: this.#spec.id };
    if (this.#up !== null) {
      emit(sourceUp, labels, this.#up ? 1 : 0);
      emit(sourceDuration, labels, this.#durationMs / 1000);
    }
    if (this.#lastSuccess !== null) emit(sourceLastSuccess, labels, this.#lastSuccess / 1000);
    for (const [failure, count] of this.#failures) emit(sourceFailures, { ...labels, failure }, count);
    if (this.#up) for (const reason of this.#refusing) emit(sourceRefusing, { ...labels, reason }, 1);
    for (const [reason, count] of this.#rejected) emit(sourceRejectedSamples, { ...labels, reason }, count);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
