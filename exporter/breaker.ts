/** Failures in a row after which a source is tried less often. */
export const OPENS_AFTER = 5;
/** Longest wait between two tries, ms. A register bridges an hour, so nothing of what it counts is lost by waiting. */
export const LONGEST_WAIT_MS = 300_000;

/**
 * Keeps a source that fails again and again from being tried at every interval. Once open it waits for a random part of
 * twice the interval, of four times, and so on, so that sources which failed together do not come back together. The
 * try after a wait is the probe: it closes the breaker, or opens it for longer.
 */
export class Breaker {
  readonly #random: () => number;
  #failures = 0;
  /** Monotonic ms before which no try is made */
  #until = -Infinity;

  /** @param random 0 <= x < 1 */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Failures since the last success. */
  get failures(): number {
    return this.#failures;
  }

  get isOpen(): boolean {
    return this.#failures >= OPENS_AFTER;
  }

  /** Whether a try at this instant (monotonic ms) comes too early. */
  holds(mono: number): boolean {
    return mono < this.#until;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#until = -Infinity;
  }

  failed(mono: number, everyMs: number): void {
    this.#failures += 1;
    if (!this.isOpen) return;
    const most = Math.min(LONGEST_WAIT_MS, everyMs * 2 ** (this.#failures - OPENS_AFTER + 1));
    this.#until = mono + this.#random() * most;
  }

  /** The next try is made at once: whoever declared the source anew may have mended it. */
  probe(): void {
    this.#until = -Infinity;
  }
}
