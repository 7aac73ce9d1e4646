import type { Emit } from '../model/metrics/metric.ts';
import {
  sourceBreakerOpen,
  sourceConsecutiveFailures,
  sourceDuration,
  sourceFailures,
  sourceLastSuccess,
  sourceRefusing,
  sourceRejectedSamples,
  sourceUp,
} from '../model/metrics/source.ts';
import type { Rejection } from '../model/reasons.ts';
import { Breaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Instant } from './judge/meter/meter.ts';
import { ReadError, type Reader } from './read/reader.ts';
import { readInTime } from './timetable-deadline.ts';
import { Due } from './timetable-due.ts';

/** What becomes of a source's answers. Both are called at once after the read, so that `now` is when the device answered. */
export interface SourceUse<T> {
  /** Books the answer and returns what of it was not believed; throws ReadError where it is no answer at all. */
  answered(answer: T, now: Instant): Iterable<readonly [Rejection, number]>;
  /**
   * The source has no answer: `first` where the read before had succeeded. Also called at each interval that passes
   * without a try, with the error of the last one, so that what is not metered goes on being counted.
   */
  failed(error: ReadError, now: Instant, first: boolean): void;
  /** The source answers again. */
  back(now: Instant): void;
  /** Goes on from the use of the same source in the works before these, where that was declared as this is. */
  resume?(earlier: unknown): void;
}

export interface SourceSpec {
  readonly site: string;
  readonly id: string;
  readonly everyMs: number;
}

/** A source as the timetable sees it, whatever it answers. */
export interface Polled {
  /** The same for the same source of two declarations. */
  readonly key: string;
  isDue(mono: number): boolean;
  poll(clock: Clock, stop: AbortSignal): Promise<void>;
  /** Goes on with the counters of the same source in the works before these. */
  resume(earlier: Polled): void;
  emit(emit: Emit): void;
  close(): Promise<void>;
}

/** What is remembered of a source between reads. */
interface Memory {
  readonly failures: Map<string, number>;
  readonly rejected: Map<Rejection, number>;
  /** Of the last answer. */
  refusing: readonly Rejection[];
  up: boolean | null;
  durationMs: number;
  lastSuccess: number | null;
  /** Not the error itself: its stack holds on to the works in which it was thrown, over every reload. */
  lastError: Pick<ReadError, 'failure' | 'message'> | null;
  readonly breaker: Breaker;
}

/** One thing that is read on a timetable: keeps when it is due, whether it is up, and what it failed of. */
export class Source<T> implements Polled {
  readonly #spec: SourceSpec;
  readonly #reader: Reader<T>;
  readonly #use: SourceUse<T>;
  readonly #due: Due;
  #busy = false;
  #memory: Memory;

  constructor(spec: SourceSpec, reader: Reader<T>, use: SourceUse<T>, breaker = new Breaker()) {
    this.#spec = spec;
    this.#reader = reader;
    this.#use = use;
    this.#due = new Due(this.key, spec.everyMs);
    this.#memory = {
      failures: new Map(),
      rejected: new Map(),
      refusing: [],
      up: null,
      durationMs: 0,
      lastSuccess: null,
      lastError: null,
      breaker,
    };
  }

  get key(): string {
    return `${this.#spec.site}/${this.#spec.id}`;
  }

  resume(earlier: Polled): void {
    if (!(earlier instanceof Source)) return;
    this.#memory = earlier.#memory;
    this.#memory.breaker.probe();
    this.#use.resume?.(earlier.#use);
  }

  isDue(mono: number): boolean {
    return !this.#busy && this.#due.isDue(mono);
  }

  /**
   * Reads once, unless the breaker says that it is too early. The reader keeps the source's own timeout, which begins
   * when its gateway is free; the interval is the deadline of all. Never rejects: a broken source is a state, not an
   * exception.
   */
  async poll(clock: Clock, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const begun = clock.mono();
    this.#due.begin(begun);
    const { breaker, lastError } = this.#memory;
    if (breaker.holds(begun) && lastError !== null) {
      this.#use.failed(new ReadError(lastError.failure, lastError.message), instant(clock), false);
      return;
    }
    this.#busy = true;
    try {
      const answer = await readInTime(this.#reader, { everyMs: this.#spec.everyMs, stop });
      this.#answered(answer, instant(clock));
    } catch (error) {
      if (stop.aborted) return;
      const failure = error instanceof ReadError ? error : new ReadError('protocol', String(error), { cause: error });
      this.#failed(failure, instant(clock));
    } finally {
      this.#memory.durationMs = clock.mono() - begun;
      this.#busy = false;
    }
  }

  #answered(answer: T, now: Instant): void {
    const memory = this.#memory;
    const rejected = [...this.#use.answered(answer, now)];
    for (const [reason, count] of rejected) memory.rejected.set(reason, (memory.rejected.get(reason) ?? 0) + count);
    memory.refusing = [...new Set(rejected.map(([reason]) => reason))];
    if (memory.up === false) this.#use.back(now);
    memory.up = true;
    memory.lastSuccess = now.at;
    memory.breaker.succeeded();
    memory.lastError = null;
  }

  #failed(failure: ReadError, now: Instant): void {
    const memory = this.#memory;
    memory.failures.set(failure.failure, (memory.failures.get(failure.failure) ?? 0) + 1);
    memory.breaker.failed(now.mono, this.#spec.everyMs);
    memory.lastError = { failure: failure.failure, message: failure.message };
    const first = memory.up !== false;
    memory.up = false;
    this.#use.failed(failure, now, first);
  }

  emit(emit: Emit): void {
    const labels = { site: this.#spec.site, source: this.#spec.id };
    const { up, durationMs, lastSuccess, failures, refusing, rejected, breaker } = this.#memory;
    if (up !== null) {
      emit(sourceUp, labels, up ? 1 : 0);
      emit(sourceDuration, labels, durationMs / 1000);
      emit(sourceConsecutiveFailures, labels, breaker.failures);
      emit(sourceBreakerOpen, labels, breaker.isOpen ? 1 : 0);
    }
    if (lastSuccess !== null) emit(sourceLastSuccess, labels, lastSuccess / 1000);
    for (const [failure, count] of failures) emit(sourceFailures, { ...labels, failure }, count);
    if (up) for (const reason of refusing) emit(sourceRefusing, { ...labels, reason }, 1);
    for (const [reason, count] of rejected) emit(sourceRejectedSamples, { ...labels, reason }, count);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

const instant = (clock: Clock): Instant => ({ at: Math.round(clock.wall()), mono: clock.mono() });
