import type { Instant } from '../../judge/meter/meter.ts';
import { hourOf } from '../ledger/meter-account.ts';
import { HOUR } from '../pue/window.ts';

interface PowerHour {
  joules: number;
  coveredMs: number;
}

/** The last full hour, and the open one; while the hour's meters are waited for, one more. */
const KEPT_HOURS = 3;

/** Power integrated by wall-clock hours, in memory alone: accelerators have no ledger of their own. */
export class PowerHours {
  readonly #hours = new Map<number, PowerHour>();
  #last: { readonly watts: number | null; readonly mono: number } | null = null;

  /** `watts` null: not all that belongs to the sum is known. Between readings further apart than `maxGapMs` nothing is. */
  observe(watts: number | null, { at, mono }: Instant, maxGapMs: number): void {
    const last = this.#last;
    this.#last = { watts, mono };
    if (watts === null || last === null || last.watts === null) return;
    const before = last.watts;
    const length = mono - last.mono;
    if (length <= 0 || length > maxGapMs) return;
    const from = at - length;
    for (let hour = hourOf(from); hour < at; hour += HOUR) {
      const [a, b] = [Math.max(from, hour), Math.min(at, hour + HOUR)];
      const wattsAt = (instant: number): number => before + ((watts - before) * (instant - from)) / length;
      const kept = this.#hours.get(hour) ?? { joules: 0, coveredMs: 0 };
      kept.joules += ((wattsAt(a) + wattsAt(b)) / 2) * ((b - a) / 1000);
      kept.coveredMs += b - a;
      this.#hours.set(hour, kept);
    }
    for (const hour of this.#hours.keys()) if (hour <= hourOf(at) - KEPT_HOURS * HOUR) this.#hours.delete(hour);
  }

  /** Mean watts of the hour that begins at `hour`, null where less than `share` of it is covered. */
  mean(hour: number, share: number): number | null {
    const kept = this.#hours.get(hour);
    return kept === undefined || kept.coveredMs < share * HOUR ? null : kept.joules / (kept.coveredMs / 1000);
  }
}
