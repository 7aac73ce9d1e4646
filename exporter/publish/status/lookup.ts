import type { LabelsOf, Metric } from '../../../model/metrics/metric.ts';
import type { Text } from '../../../model/text.ts';
import type { Snapshot } from '../snapshot.ts';
import { valueText } from '../text/sample-text.ts';

/** A sample whose value is the double nearest to the digits on /metrics. */
export interface Row<M extends Metric> {
  readonly labels: LabelsOf<M>;
  readonly value: number;
}

type Where<M extends Metric> = Partial<LabelsOf<M>>;

/** Reads values out of a snapshot by their labels. Absent is null, never 0. */
export class Lookup {
  readonly #snapshot: Snapshot;
  readonly #bySite = new Map<Metric, ReadonlyMap<string | undefined, readonly Row<Metric>[]>>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  rows<M extends Metric>(metric: M, where: Where<M> = {}): readonly Row<M>[] {
    const wanted = Object.entries(where);
    return this.#ofSite(metric, where).filter((row): row is Row<M> =>
      wanted.every(([name, value]) => row.labels[name] === value),
    );
  }

  /** The value of the one series that has these labels; null where none or several have them. */
  value<M extends Metric>(metric: M, where: Where<M> = {}): number | null {
    const [row, another] = this.rows(metric, where);
    return row && !another ? row.value : null;
  }

  /** A province asks for every site in turn, so the rows are grouped once. */
  #ofSite(metric: Metric, where: Readonly<Record<string, string | undefined>>): readonly Row<Metric>[] {
    let groups = this.#bySite.get(metric);
    if (!groups) {
      const all = this.#snapshot
        .series(metric)
        .map(({ labels, value }) => ({ labels, value: Number(valueText(value)) }));
      groups = Map.groupBy(all, ({ labels }) => labels['site']);
      this.#bySite.set(metric, groups);
    }
    const { site } = where;
    return site === undefined ? [...groups.values()].flat() : (groups.get(site) ?? []);
  }
}

/** The names that an info metric carries; the id speaks for itself where there is none. */
export const nameIn = (
  labels: { readonly name_zh: string; readonly name_en: string } | undefined,
  id: string,
): Text => ({ zh: labels?.name_zh ?? id, en: labels?.name_en ?? id });
