import type { HourBook } from './hour-book.ts';
import { lastEnd } from './last-end.ts';
import { hourOf } from './meter-account.ts';
import type { PueScope } from '../pue/pue-sites.ts';
import type { Steps } from './slices.ts';
import { HOUR } from '../pue/window.ts';

/** What was counted of a scope, up to a full hour. */
interface Counted<Count> {
  readonly end: number;
  readonly count: Count;
}

/**
 * Keeps something counted of each scope up to its last full hour: again when that hour moves on, or when something came
 * to the hours before it. A count is seen when it is whole; until then the one before it stands.
 */
export class ScopeCounts<Count> {
  readonly #book: HourBook;
  readonly #scopes: readonly PueScope[];
  readonly #count: (scope: PueScope, end: number) => Steps<Count>;
  readonly #counted = new Map<string, Counted<Count>>();
  /** Start of the earliest hour that was written or added to since each scope was looked at. */
  readonly #since = new Map<string, number>();

  constructor(book: HourBook, scopes: readonly PueScope[], count: (scope: PueScope, end: number) => Steps<Count>) {
    this.#book = book;
    this.#scopes = scopes;
    this.#count = count;
  }

  /** The scopes that are due one after another; those that are not reached are due in the next call. See `Desk.count`. */
  refresh(now: number, since: number): Iterable<void> {
    for (const { id } of this.#scopes) this.#since.set(id, Math.min(since, this.#since.get(id) ?? Infinity));
    return this.#steps(now);
  }

  *#steps(now: number): Iterable<void> {
    const full = hourOf(now);
    for (const scope of this.#scopes) {
      const before = this.#counted.get(scope.id);
      const since = this.#since.get(scope.id) ?? Infinity;
      // With no new hour, a scope that waits for readings waits on until its grace ends.
      const least = now - full < scope.graceMs ? full - HOUR : full;
      if (before && since === Infinity && (before.end === full || before.end === least)) continue;
      const end = lastEnd(this.#book, scope, now);
      if (before === undefined || before.end !== end || since < before.end)
        this.#counted.set(scope.id, { end, count: yield* this.#inSnapshots(this.#count(scope, end)) });
      this.#since.set(scope.id, Infinity);
      yield;
    }
  }

  /** Between the steps nobody writes: this exporter's commits come before its counts or after them. */
  *#inSnapshots(steps: Steps<Count>): Steps<Count> {
    for (;;) {
      const step = this.#book.snapshot(() => steps.next());
      if (step.done) return step.value;
      yield;
    }
  }

  /** What was counted of a scope last. */
  of({ id }: PueScope): Counted<Count> | undefined {
    return this.#counted.get(id);
  }
}
