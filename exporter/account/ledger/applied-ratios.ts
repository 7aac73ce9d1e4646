import type { DatabaseSync } from 'node:sqlite';
import { compare, type Rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { leastCtRatio } from '../../judge/meter/meter-scale.ts';
import type { Span } from '../../judge/verdict.ts';
import { parseFraction } from './entries.ts';
import type { RatioRow } from './ledger.ts';

/** A current-transformer ratio by which a meter's readings were scaled, from an instant on. */
export interface AppliedRatio {
  readonly since: number;
  readonly ratio: Rational;
}

/** By meter, the oldest first; each begins at 0 where the ledger knows of no other before. */
export function appliedRatios(database: DatabaseSync): Map<string, AppliedRatio[]> {
  const byMeter = new Map<string, AppliedRatio[]>();
  for (const row of database.prepare('SELECT * FROM ratio ORDER BY meter, since').all()) {
    const ratio = parseFraction(row['ratio']);
    const meter = String(row['meter']);
    if (ratio) byMeter.set(meter, [...(byMeter.get(meter) ?? []), { since: Number(row['since']), ratio }]);
  }
  return byMeter;
}

export const ratioAt = (ratios: readonly AppliedRatio[], at: number): Rational | null =>
  (ratios.findLast(({ since }) => since <= at) ?? ratios[0])?.ratio ?? null;

/** Keeps by which ratio readings are scaled: what is declared of the past may change later. */
export class RatioNotes {
  readonly #newest: Map<string, Rational>;
  #rows: RatioRow[] = [];

  constructor(database: DatabaseSync) {
    this.#newest = new Map(
      [...appliedRatios(database)].flatMap(([meter, ratios]) => {
        const last = ratios.at(-1);
        return last ? [[meter, last.ratio] as const] : [];
      }),
    );
  }

  note(meter: Meter, spans: readonly Span[]): void {
    for (const { from, to } of spans) {
      const ratio = leastCtRatio(meter, from, to);
      const known = this.#newest.get(meter.id);
      if (known && compare(known, ratio) === 0) continue;
      this.#newest.set(meter.id, ratio);
      this.#rows.push({ meter: meter.id, since: known ? from : 0, ratio: `${ratio.n}/${ratio.d}` });
    }
  }

  /** Rows that are not written yet. */
  get rows(): readonly RatioRow[] {
    return this.#rows;
  }

  /** The first so many of them are written. */
  written(count: number): void {
    this.#rows = this.#rows.slice(count);
  }
}
