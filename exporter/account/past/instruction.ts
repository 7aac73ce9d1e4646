import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { compare, type Rational } from '../../../model/rational.ts';
import type { Text } from '../../../model/text.ts';
import type { Evidence } from './adjust.ts';
import { parseFraction } from '../ledger/entries.ts';

/** What somebody read off a meter: raw register levels, as `greenflops probe` shows them. */
export interface Instruction {
  readonly meter: string;
  readonly kind: 'read' | 'replace';
  /** Unix ms */
  readonly at: number;
  /** What the register showed; of a replaced meter, its last level */
  readonly value: Rational;
  /** Where the new meter's register begins; null where the meter stays */
  readonly initial: Rational | null;
  readonly who: string;
  readonly why: string;
  readonly evidence: Evidence | null;
}

/** An entry that was made: energy over a span, and the current-transformer ratio by which it was scaled, 'n/d'. */
export interface Done {
  readonly from: number;
  readonly to: number;
  readonly millijoules: string;
  readonly ratio: string;
}

/** What became of it. */
export type Outcome = { readonly done: Done } | { readonly refused: Text };

export interface Asked extends Instruction {
  readonly id: number;
  readonly outcome: Outcome | null;
}

const fraction = ({ n, d }: Rational): string => `${n}/${d}`;

function askedOf(row: Record<string, unknown>): Asked {
  const detail = JSON.parse(String(row['detail'])) as Record<string, unknown>;
  const value = parseFraction(detail['value']);
  const { outcome } = row;
  if (value === null) throw new TypeError(`instruction ${String(row['id'])} of the ledger has no value`);
  return {
    id: Number(row['id']),
    meter: String(row['meter']),
    kind: row['kind'] === 'replace' ? 'replace' : 'read',
    at: Number(detail['at']),
    value,
    initial: parseFraction(detail['initial']),
    who: String(detail['who']),
    why: String(detail['why']),
    evidence: detail['evidence'] as Evidence | null,
    outcome: typeof outcome === 'string' ? (JSON.parse(outcome) as Outcome) : null,
  };
}

const same = (a: Rational | null, b: Rational | null): boolean =>
  a === null || b === null ? a === b : compare(a, b) === 0;

/** The instructions of a ledger: anybody may add one, its one writer carries them out. */
export class Instructions {
  readonly #database: DatabaseSync;
  #seen = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  #rows(where: string, ...values: SQLInputValue[]): Asked[] {
    return this.#database
      .prepare(`SELECT * FROM instruction WHERE ${where} ORDER BY id`)
      .all(...values)
      .map(askedOf);
  }

  put({ meter, kind, at, value, initial, who, why, evidence }: Instruction, now: number): number {
    const detail = { at, value: fraction(value), initial: initial && fraction(initial), who, why, evidence };
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO instruction (at, meter, kind, detail) VALUES (?, ?, ?, ?)')
      .run(now, meter, kind, JSON.stringify(detail));
    return Number(lastInsertRowid);
  }

  outcome(id: number): Outcome | null {
    return this.#rows('id = ?', id)[0]?.outcome ?? null;
  }

  /** What was carried out, by meter. */
  done(): { readonly meter: string; readonly done: Done }[] {
    return this.#rows('outcome IS NOT NULL').flatMap(({ meter, outcome }) =>
      outcome && 'done' in outcome ? [{ meter, done: outcome.done }] : [],
    );
  }

  /** Those that were not handed out before and have no outcome; costs one look at the end of an index where there are none. */
  pending(): Asked[] {
    const newest = Number(this.#database.prepare('SELECT max(id) AS id FROM instruction').get()?.['id'] ?? 0);
    if (newest === this.#seen) return [];
    const rows = this.#rows('id > ? AND outcome IS NULL', this.#seen);
    this.#seen = newest;
    return rows;
  }

  /** One before this one (`id`; any where it is not in the ledger yet) that says the same and was not refused. */
  twin(instruction: Instruction, id = Number.MAX_SAFE_INTEGER): Asked | null {
    const { meter, kind, at, value, initial } = instruction;
    const found = this.#rows('id < ? AND meter = ? AND kind = ?', id, meter, kind).find(
      (one) =>
        one.at === at &&
        same(one.value, value) &&
        same(one.initial, initial) &&
        !(one.outcome && 'refused' in one.outcome),
    );
    return found ?? null;
  }
}
