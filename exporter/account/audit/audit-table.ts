import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Plan } from '../../../model/plan.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import type { Tree } from '../ledger/sides.ts';

/** null: nothing is known; an empty cell in CSV, null in JSON. */
export type Cell = string | null;
export type Row = readonly Cell[];

/** A ledger that is read for its audit file, in one snapshot. */
export interface AuditSource {
  readonly database: DatabaseSync;
  readonly book: HourBook;
  readonly trees: ReadonlyMap<string, readonly Tree[]>;
  readonly plan: Plan;
  /** Hours and windows outside are left out; everything else is exported whole */
  readonly range: Stretch;
}

/** A part of the audit file: `hours.csv`, or the member `hours` of `audit.json`. */
export interface AuditTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: (source: AuditSource) => Iterable<Row>;
}

/** A statement whose integers come as BigInts. */
export function exact(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

export const textOf = (value: unknown): Cell => (typeof value === 'string' && value !== '' ? value : null);
