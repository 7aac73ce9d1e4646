import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { rational, type Rational } from '../../../model/rational.ts';

/** What people brought to the ledger: energy spread evenly over [from, to), or a factor for what the hours hold. */
export interface Entry {
  readonly id: number;
  readonly at: number;
  readonly meter: string;
  readonly from: number;
  readonly to: number;
  readonly millijoules: bigint;
  readonly factor: Rational | null;
  /** manual: closes a gap, and counts as metered for windows that hold the whole of it; adjust, rescale: correct energy alone */
  readonly kind: 'manual' | 'adjust' | 'rescale';
}

export function parseFraction(text: unknown): Rational | null {
  const [, n, d] = /^(-?\d+)\/(\d+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  return n === undefined || d === undefined ? null : rational(BigInt(n), BigInt(d));
}

/** The entries of a ledger. They are added, never changed, so that the newest id says whether there are new ones. */
export class Entries {
  readonly #newest: StatementSync;
  readonly #rows: StatementSync;
  readonly #byMeter = new Map<string, Entry[]>();
  #seen = 0;

  constructor(database: DatabaseSync) {
    this.#newest = database.prepare('SELECT max(id) AS id FROM entry');
    this.#rows = database.prepare('SELECT * FROM entry WHERE id > ? ORDER BY id');
    this.#rows.setReadBigInts(true);
    this.refresh();
  }

  /** Looks for new entries; true where there are some. */
  refresh(): boolean {
    const newest = Number(this.#newest.get()?.['id'] ?? 0);
    if (newest === this.#seen) return false;
    for (const row of this.#rows.all(this.#seen)) {
      const meter = String(row['meter']);
      const entry: Entry = {
        id: Number(row['id']),
        at: Number(row['at']),
        meter,
        from: Number(row['entry_from']),
        to: Number(row['entry_to']),
        millijoules: (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
        factor: parseFraction(row['factor']),
        kind: row['kind'] as Entry['kind'],
      };
      this.#byMeter.set(meter, [...(this.#byMeter.get(meter) ?? []), entry]);
    }
    this.#seen = newest;
    return true;
  }

  /** Counts as if an entry were there, in memory alone: what it would change is shown before it is written. */
  assume(entry: Entry): void {
    this.#byMeter.set(entry.meter, [...this.of(entry.meter), entry]);
  }

  /** In the order in which they were made. */
  of(meter: string): readonly Entry[] {
    return this.#byMeter.get(meter) ?? [];
  }
}

/** The part of an entry's energy that lies before an instant. */
export function partBefore({ from, to, millijoules }: Entry, instant: number): bigint {
  if (instant <= from) return 0n;
  if (instant >= to) return millijoules;
  return (millijoules * BigInt(instant - from)) / BigInt(to - from);
}
