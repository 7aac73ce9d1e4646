import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HOUR_MS } from './meter-account.ts';
import { Past, type Cumulative, type Stretch } from './past.ts';

/** The written hours, live and imported ones, read for windows. Hours are named by their start. */
export class HourBook {
  readonly past: Past;
  readonly #row: StatementSync;
  readonly #ends: StatementSync;
  readonly #exceptions: StatementSync;
  readonly #bridges: StatementSync;
  readonly #skips: StatementSync;

  constructor(database: DatabaseSync) {
    this.past = new Past(database);
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement;
    };
    this.#row = prepare(
      'SELECT joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour <= ? ORDER BY hour DESC LIMIT 1',
    );
    this.#ends = prepare('SELECT min(hour) AS first, max(hour) AS last FROM hour WHERE meter = ?');
    // The first written hour stands for 'before the first reading'.
    this.#exceptions = prepare(
      'SELECT hour FROM exception WHERE meter = ?1 AND hour >= ?2 AND hour < ?3 AND hour > (SELECT min(hour) FROM hour WHERE meter = ?1) ORDER BY hour',
    );
    this.#skips = prepare(
      "SELECT gap_from, gap_to FROM gap WHERE meter = ? AND kind = 'skipped' AND gap_from < ? AND gap_to > ? ORDER BY gap_from",
    );
    this.#bridges = prepare(
      "SELECT gap_from, gap_to FROM gap WHERE meter = ? AND kind = 'bridged' AND gap_from >= ? AND gap_to <= ? ORDER BY gap_from",
    );
  }

  /** Totals at `instant`, an hour's start or end: of the hours that were written before it, nothing before the first. */
  at(meter: string, instant: number): Cumulative {
    const past = this.past.at(meter, instant);
    const row = this.#row.get(meter, instant - HOUR_MS);
    if (row === undefined) return past;
    return {
      millijoules: past.millijoules + (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
      meteredMs: past.meteredMs + Number(row['metered_ms']),
    };
  }

  /** The written hours in order, [from, to) each. */
  #stretches(meter: string): Stretch[] {
    const row = this.#ends.get(meter);
    const live =
      row === undefined || row['first'] === null
        ? []
        : [{ from: Number(row['first']) + HOUR_MS, to: Number(row['last']) + HOUR_MS }];
    return [...this.past.stretches(meter), ...live];
  }

  /** From the start of the first written hour to the end of the last one. */
  span(meter: string): Stretch | null {
    const stretches = this.#stretches(meter);
    const first = stretches[0];
    return first === undefined ? null : { from: first.from, to: stretches.at(-1)?.to ?? first.to };
  }

  /** Whether the meter was ever read by the exporter itself. */
  isLive(meter: string): boolean {
    return typeof this.#ends.get(meter)?.['first'] === 'bigint';
  }

  /** Who has the hour already: live readings have all hours from their first one on. null: it may be imported. */
  covers(meter: string, hour: number): 'live' | 'past' | null {
    const first = this.#ends.get(meter)?.['first'];
    if (typeof first === 'bigint' && hour > Number(first)) return 'live';
    return this.past.stretches(meter).some(({ from, to }) => from <= hour && hour < to) ? 'past' : null;
  }

  /** Written hours in [from, to) in which the meter was metered for less than 95 %. */
  exceptions(meter: string, from: number, to: number): number[] {
    const live = this.#exceptions.all(meter, from, to).map((row) => Number(row['hour'] as bigint));
    return [...this.past.exceptions(meter, from, to), ...live];
  }

  /** Stretches that touch [from, to) of which no hour is written: between imports, or where the wall clock jumped over them. */
  skips(meter: string, from: number, to: number): Stretch[] {
    const stretches = this.#stretches(meter);
    const holes = stretches
      .map((stretch, i) => ({ from: stretches[i - 1]?.to ?? stretch.from, to: stretch.from }))
      .filter((hole) => hole.from < hole.to && hole.from < to && hole.to > from);
    const jumps = this.#skips
      .all(meter, to, from)
      .map((row) => ({ from: Number(row['gap_from']), to: Number(row['gap_to']) }));
    return [...holes, ...jumps];
  }

  /** Bridged gaps that lie whole within [from, to]. */
  bridges(meter: string, from: number, to: number): Stretch[] {
    return this.#bridges
      .all(meter, from, to)
      .map((row) => ({ from: Number(row['gap_from'] as bigint), to: Number(row['gap_to'] as bigint) }));
  }
}
