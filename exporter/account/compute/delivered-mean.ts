import type { Tier } from '../../judge/device/device.ts';

/** Delivered PFlops are the mean over this long, or over one interval where that is longer, ms. */
const WINDOW = 60_000;

interface Entry {
  /** Monotonic ms of the answer */
  readonly at: number;
  /** PFlops by tier as that answer has them; a tier that is not there delivers nothing */
  readonly pflops: ReadonlyMap<Tier, number>;
}

/**
 * The mean over the last minute of what pods are delivered, as the trapezoid between answers: one sample tells what one
 * moment looked like. A reading that an exporter repeats, because it refreshes more slowly than it is asked, holds until
 * the next one.
 */
export class DeliveredMean {
  #entries: Entry[] = [];

  /**
   * @param pflops null: not known, and the mean begins anew
   * @param maxGap after longer silence too, ms
   */
  add(at: number, pflops: ReadonlyMap<Tier, number> | null, maxGap: number): void {
    const last = this.#entries.at(-1);
    if (pflops === null || (last && at - last.at > maxGap)) this.#entries = [];
    if (pflops === null) return;
    this.#entries.push({ at, pflops });
    // The first entry is where the span begins.
    while (this.#entries.length > 2 && at - (this.#entries[1]?.at ?? at) >= WINDOW) this.#entries.shift();
  }

  /** PFlops by tier; null before two answers in a row. */
  pflops(): ReadonlyMap<Tier, number> | null {
    const [first, ...later] = this.#entries;
    const ms = (later.at(-1)?.at ?? 0) - (first?.at ?? 0);
    if (first === undefined || ms <= 0) return null;
    const sums = new Map<Tier, number>();
    let before = first;
    for (const entry of later) {
      const half = (entry.at - before.at) / 2;
      for (const { pflops } of [before, entry])
        for (const [tier, value] of pflops) sums.set(tier, (sums.get(tier) ?? 0) + value * half);
      before = entry;
    }
    return new Map([...sums].map(([tier, sum]) => [tier, sum / ms]));
  }
}
