import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HOUR_MS } from './meter-account.ts';

/** A meter's cumulative totals at an instant. */
export interface Cumulative {
  readonly millijoules: bigint;
  readonly meteredMs: number;
}
const NOTHING: Cumulative = { millijoules: 0n, meteredMs: 0 };

/** The written hours, read for windows. Hours are named by their start. */
export class HourBook {
  readonly #row: StatementSync;
  readonly #ends: StatementSync;
  readonly #exceptions: StatementSync;
  readonly #bridges: StatementSync;
  readonly #skips: StatementSync;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement;
    };
    this.#row = prepare(
      'SELECT joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour <= ? ORDER BY hour DESC LIMIT 1',
    );
    this.#ends = prepare('SELECT min(hour) AS first, max(hour) AS last FROM hour WHERE meter = ?');
    this.#exceptions = prepare('SELECT hour FROM exception WHERE meter = ? AND hour >= ? AND hour < ? ORDER BY hour');
    this.#skips = prepare(
      "SELECT gap_from, gap_to FROM gap WHERE meter = ? AND kind = 'skipped' AND gap_from < ? AND gap_to > ? ORDER BY gap_from",
    );
    this.#bridges = prepare(
      "SELECT gap_from, gap_to FROM gap WHERE meter = ? AND kind = 'bridged' AND gap_from >= ? AND gap_to <= ? ORDER BY gap_from",
    );
  }

  /** Totals at `instant`, an hour's start or end: of the last hour that was written before it, nothing before the first. */
  at(meter: string, instant: number): Cumulative {
    const row = this.#row.get(meter, instant - HOUR_MS);
    if (row === undefined) return NOTHING;
    return {
      millijoules: (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
      meteredMs: Number(row['metered_ms']),
    };
  }

  /** First and last written hour; the first one stands for 'before the first reading' and holds nothing. */
  span(meter: string): { first: number; last: number } | null {
    const row = this.#ends.get(meter);
    if (row === undefined || row['first'] === null) return null;
    return { first: Number(row['first']), last: Number(row['last']) };
  }

  /** Written hours in [from, to) in which the meter was metered for less than 95 %. */
  exceptions(meter: string, from: number, to: number): number[] {
    return this.#exceptions.all(meter, from, to).map((row) => Number(row['hour'] as bigint));
  }

  /** Stretches within [from, to) that the wall clock jumped over: no hour of theirs is written. */
  skips(meter: string, from: number, to: number): { from: number; to: number }[] {
    return this.#skips
      .all(meter, to, from)
      .map((row) => ({ from: Number(row['gap_from']), to: Number(row['gap_to']) }));
  }

  /** Bridged gaps that lie whole within [from, to]. */
  bridges(meter: string, from: number, to: number): { from: number; to: number }[] {
    return this.#bridges
      .all(meter, from, to)
      .map((row) => ({ from: Number(row['gap_from'] as bigint), to: Number(row['gap_to'] as bigint) }));
  }
}
