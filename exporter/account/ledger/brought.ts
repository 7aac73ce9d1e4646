import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Evidence } from '../past/adjust.ts';
import type { Entry } from './entries.ts';
import type { Outcome } from '../past/instruction.ts';
import type { LedgerEvent } from './ledger.ts';
import type { GapRow } from './meter-account.ts';

export interface NewEntry extends Pick<Entry, 'meter' | 'from' | 'to' | 'millijoules' | 'kind'> {
  readonly who: string;
  readonly why: string;
  readonly evidence: Evidence | null;
  /** Of a rescale, 'n/d' */
  readonly factor?: string;
}

/** What somebody brings to the ledger, in the transaction of what else it changes. */
export interface Brought {
  readonly at: number;
  readonly entries: readonly NewEntry[];
  /** Rows that take the place of the unmetered ones which begin with them */
  readonly gaps: readonly GapRow[];
  readonly instruction: { readonly id: number; readonly outcome: Outcome };
  /** Called when all is written: what windows are now is known in the same transaction. */
  readonly after: () => readonly LedgerEvent[];
}

const split = (millijoules: bigint): [joules: bigint, rest: bigint] => [millijoules / 1000n, millijoules % 1000n];

/** Adds an entry; to be called within a transaction. */
export function putEntry(put: StatementSync, entry: NewEntry, at: number): void {
  const { meter, from, to, millijoules, kind, who, why, evidence, factor = null } = entry;
  put.run(at, meter, from, to, ...split(millijoules), factor, kind, who, why, JSON.stringify(evidence));
}

export const entryStatement = (database: DatabaseSync): StatementSync =>
  database.prepare(
    'INSERT INTO entry (at, meter, entry_from, entry_to, joules, millijoules, factor, kind, who, why, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

/** Writes what is brought; returns the events that came of it. */
export class BroughtBook {
  readonly #entry: StatementSync;
  readonly #end: StatementSync;
  readonly #gap: StatementSync;
  readonly #outcome: StatementSync;

  constructor(database: DatabaseSync) {
    this.#entry = entryStatement(database);
    this.#end = database.prepare("DELETE FROM gap WHERE meter = ? AND gap_from = ? AND kind = 'unmetered'");
    this.#gap = database.prepare('INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#outcome = database.prepare('UPDATE instruction SET outcome = ? WHERE id = ?');
  }

  /** To be called in the transaction that wrote the rest. */
  write({ at, entries, gaps, instruction, after }: Brought): readonly LedgerEvent[] {
    for (const entry of entries) putEntry(this.#entry, entry, at);
    for (const { meter, from, to, kind, levels, millijoules } of gaps) {
      this.#end.run(meter, from);
      this.#gap.run(meter, from, to, kind, levels?.from ?? null, levels?.to ?? null, ...split(millijoules));
    }
    this.#outcome.run(JSON.stringify(instruction.outcome), instruction.id);
    return after();
  }
}
