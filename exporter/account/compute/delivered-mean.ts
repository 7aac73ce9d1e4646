import type { Tier } from '../../judge/device/device.ts';
import { type Credit } from './integration.ts';
import { unassigned } from './compute-holder.ts';

/** Delivered PFlops are the mean over this long, or over one interval where that is longer, ms. */
const WINDOW = 60_000;

interface Entry {
  /** Monotonic ms of the answer up to which it counts */
  readonly at: number;
  /** By tier, 1e9 operations since the answer before */
  readonly gflop: ReadonlyMap<Tier, number>;
}

/** The mean of the work that pods were given over the last minute: one sample tells what one moment looked like. */
export class DeliveredMean {
  #entries: Entry[] = [];

  /** @param maxGap after longer silence the mean begins anew, ms */
  add(at: number, credits: readonly Credit[], maxGap: number): void {
    const last = this.#entries.at(-1);
    if (last && at - last.at > maxGap) this.#entries = [];
    const gflop = new Map<Tier, number>();
    for (const { tenant, tier, gflop: work } of credits) {
      if (tenant !== unassigned.tenant) gflop.set(tier, (gflop.get(tier) ?? 0) + Number(work));
    }
    this.#entries.push({ at, gflop });
    // The first entry is where the span begins.
    while (this.#entries.length > 2 && at - (this.#entries[1]?.at ?? at) >= WINDOW) this.#entries.shift();
  }

  /** PFlops by tier; null before two answers in a row. */
  pflops(): ReadonlyMap<Tier, number> | null {
    const [first, ...spans] = this.#entries;
    const ms = (spans.at(-1)?.at ?? 0) - (first?.at ?? 0);
    if (spans.length === 0 || ms <= 0) return null;
    const sums = new Map<Tier, number>();
    for (const { gflop } of spans) for (const [tier, work] of gflop) sums.set(tier, (sums.get(tier) ?? 0) + work);
    // gflop / ms = TFLOPS
    return new Map([...sums].map(([tier, work]) => [tier, work / ms / 1000]));
  }
}
