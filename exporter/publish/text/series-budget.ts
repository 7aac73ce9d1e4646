import type { Metric } from '../../../model/metrics/metric.ts';

/** What goes first where the budget is short: figures of single devices. Totals, sites and the exporter itself stay. */
const isCutFirst = ({ labels }: Metric): boolean => labels.includes('device');

/** A metric without labels is one series, and says how the exporter is: there is always room for it. */
export const isAlone = ({ labels }: Metric): boolean => labels.length === 0;

/** Counts the series of a cycle against the most that are published, and by metric those that were left out. */
export class SeriesBudget {
  readonly #most: number;
  #first = 0;
  #last = 0;
  /** Series of the cycle before that are not cut first: room is kept for them, in whichever order they come. */
  #kept = 0;
  #dropped = new Map<Metric, number>();
  /** Samples that cannot be published, by metric: no room is kept for them. */
  #refused = new Map<Metric, number>();

  constructor(most: number) {
    this.#most = most;
  }

  begin(): void {
    let kept = this.#last;
    // As many as came: what had no room in that cycle has it in this one.
    for (const [metric, count] of this.#dropped) if (!isCutFirst(metric)) kept += count;
    this.#kept = kept;
    this.#first = 0;
    this.#last = 0;
    this.#dropped = new Map();
    this.#refused = new Map();
  }

  hasRoom(metric: Metric): boolean {
    if (isAlone(metric)) return true;
    return this.#first + (isCutFirst(metric) ? Math.max(this.#last, this.#kept) : this.#last) < this.#most;
  }

  publish(metric: Metric): void {
    if (isCutFirst(metric)) this.#first++;
    else this.#last++;
  }

  drop(metric: Metric): void {
    this.#dropped.set(metric, (this.#dropped.get(metric) ?? 0) + 1);
  }

  refuse(metric: Metric): void {
    this.#refused.set(metric, (this.#refused.get(metric) ?? 0) + 1);
  }

  /** Series that were left out of this cycle, for want of room or because they cannot be published. */
  get dropped(): ReadonlyMap<Metric, number> {
    const all = new Map(this.#dropped);
    for (const [metric, count] of this.#refused) all.set(metric, (all.get(metric) ?? 0) + count);
    return all;
  }
}
