import type { DatabaseSync } from 'node:sqlite';
import type { Rational } from '../../../model/rational.ts';
import { parseFraction } from './entries.ts';
import type { Stretch } from '../past/past.ts';

/** A gap of a meter as the ledger keeps it. */
export interface StoredGap extends Stretch {
  readonly kind: 'bridged' | 'unmetered' | 'manual';
  /** Raw register levels before and after it; null where there is none on record */
  readonly before: Rational | null;
  readonly after: Rational | null;
  /** Credited over it by live readings */
  readonly millijoules: bigint;
}

/** The gaps of a meter that hold an instant, both ends included: those that are still open to a hand reading first. */
export function gapsAt(database: DatabaseSync, meter: string, at: number): StoredGap[] {
  const statement = database.prepare(
    "SELECT * FROM gap WHERE meter = ?1 AND gap_from <= ?2 AND gap_to >= ?2 AND kind <> 'skipped' ORDER BY kind = 'unmetered' DESC, gap_from",
  );
  statement.setReadBigInts(true);
  return statement.all(meter, at).map((row) => ({
    from: Number(row['gap_from']),
    to: Number(row['gap_to']),
    kind: row['kind'] === 'bridged' || row['kind'] === 'manual' ? row['kind'] : 'unmetered',
    before: parseFraction(row['level_from']),
    after: parseFraction(row['level_to']),
    millijoules: (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
  }));
}

/** A span over which somebody has closed a gap already, of those that overlap [from, to); null where there is none. */
export function manualOver(database: DatabaseSync, meter: string, { from, to }: Stretch): Stretch | null {
  const row = database
    .prepare(
      "SELECT entry_from, entry_to FROM entry WHERE meter = ? AND kind = 'manual' AND entry_from < ? AND entry_to > ? LIMIT 1",
    )
    .get(meter, to, from);
  return row === undefined ? null : { from: Number(row['entry_from']), to: Number(row['entry_to']) };
}
