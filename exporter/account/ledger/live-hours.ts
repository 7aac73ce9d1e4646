import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HOUR_MS } from './meter-account.ts';
import type { Cumulative, Stretch } from '../past/past.ts';

/** First and last written hour of a meter, named by their starts; the first stands for 'before the first reading'. */
interface Ends {
  readonly first: number;
  readonly last: number;
}
interface Gap extends Stretch {
  readonly kind: 'bridged' | 'skipped';
}

/** What was looked up for many meters at once. */
interface Sheet {
  readonly state: string;
  readonly ends: Map<string, Ends | null>;
  readonly exceptions: Map<string, number[]>;
  readonly gaps: Map<string, Gap[]>;
}

const endsOf = (row: Record<string, unknown> | undefined): Ends | null =>
  typeof row?.['first'] === 'bigint' ? { first: Number(row['first']), last: Number(row['last']) } : null;
const cumulative = (row: Record<string, unknown>): Cumulative => ({
  millijoules: (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
  meteredMs: Number(row['metered_ms']),
});
const gapOf = (row: Record<string, unknown>): Gap => ({
  from: Number(row['gap_from']),
  to: Number(row['gap_to']),
  kind: row['kind'] as Gap['kind'],
});

// min and max each alone are a look-up, both in one SELECT are a walk over all rows.
const ENDS = (meter: string): string =>
  `(SELECT min(hour) FROM hour WHERE meter = ${meter}) AS first, (SELECT max(hour) FROM hour WHERE meter = ${meter}) AS last`;
const GAPS = "kind IN ('bridged', 'skipped') ORDER BY gap_from";

/** Windows move on by an hour and look at most of the same hours again: some 20 MB at most. */
const MOST_ROWS = 100_000;

/** The hours that live readings wrote. One look-up costs 10 µs, most of it on the way to SQLite: `look` does many in one. */
export class LiveHours {
  readonly #database: DatabaseSync;
  readonly #one: Record<'row' | 'rows' | 'ends' | 'exceptions' | 'gaps', StatementSync>;
  readonly #many: Record<'row' | 'risen' | 'ends' | 'exceptions' | 'gaps', StatementSync>;
  readonly #state: StatementSync;
  /** What was looked up on one state of the ledger. */
  #sheet: Sheet = { state: '', ends: new Map(), exceptions: new Map(), gaps: new Map() };
  /** The sheet is valid: no one writes meanwhile. */
  #open = false;
  /** By meter and hour: a written hour never changes. */
  readonly #rows = new Map<string, Map<number, Cumulative>>();
  #kept = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement;
    };
    // Commits of other connections, and rows that this one has written.
    this.#state = database.prepare('SELECT data_version, total_changes() AS changes FROM pragma_data_version');
    this.#one = {
      row: prepare(
        'SELECT hour, joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour <= ? ORDER BY hour DESC LIMIT 1',
      ),
      rows: prepare(
        'SELECT hour, joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour >= ? AND hour < ? ORDER BY hour',
      ),
      ends: prepare(`SELECT ${ENDS('?1')}`),
      exceptions: prepare('SELECT hour FROM exception WHERE meter = ? ORDER BY hour'),
      gaps: prepare(`SELECT gap_from, gap_to, kind FROM gap WHERE meter = ? AND ${GAPS}`),
    };
    this.#many = {
      row: prepare(
        `SELECT meter, hour, joules, millijoules, metered_ms
           FROM json_each(?1) AS m CROSS JOIN json_each(?2) AS i CROSS JOIN hour ON meter = m.value AND hour = i.value`,
      ),
      // Where a row is missing, the hour before it would have to do: such a meter is left out.
      risen: prepare(
        `SELECT meter, sum(sign * joules) AS joules, sum(sign * millijoules) AS millijoules, sum(sign * metered_ms) AS metered_ms
           FROM json_each(?1) AS m
           CROSS JOIN (SELECT value AS at, iif(key % 2, 1, -1) AS sign FROM json_each(?2)) CROSS JOIN hour ON meter = m.value AND hour = at
          GROUP BY m.key HAVING count(*) = json_array_length(?2)`,
      ),
      ends: prepare(`SELECT value AS meter, ${ENDS('value')} FROM json_each(?1)`),
      exceptions: prepare(
        'SELECT meter, hour FROM json_each(?1) CROSS JOIN exception ON meter = value ORDER BY meter, hour',
      ),
      gaps: prepare(
        `SELECT meter, gap_from, gap_to, kind FROM json_each(?1) CROSS JOIN gap ON meter = value WHERE ${GAPS}`,
      ),
    };
  }

  /** Runs `work` on one state of the ledger; what `look` finds is kept for as long as nobody writes. */
  snapshot<T>(work: () => T): T {
    if (this.#open || this.#database.isTransaction) return work();
    this.#database.exec('BEGIN');
    try {
      const state = Object.values(this.#state.get() ?? {}).join(' ');
      if (state !== this.#sheet.state) this.#sheet = { state, ends: new Map(), exceptions: new Map(), gaps: new Map() };
      this.#open = true;
      return work();
    } finally {
      this.#open = false;
      this.#database.exec('COMMIT');
    }
  }

  /** Looks up what windows with ends at `instants` need of these meters; within `snapshot` alone. */
  look(meters: readonly string[], instants: readonly number[]): void {
    if (!this.#open) return;
    const sheet = this.#sheet;
    const unknown = meters.filter((meter) => !sheet.ends.has(meter));
    if (unknown.length > 0) {
      const list = JSON.stringify(unknown);
      for (const row of this.#many.ends.all(list)) sheet.ends.set(String(row['meter']), endsOf(row));
      for (const meter of unknown) {
        sheet.exceptions.set(meter, []);
        sheet.gaps.set(meter, []);
      }
      for (const row of this.#many.exceptions.all(list))
        sheet.exceptions.get(String(row['meter']))?.push(Number(row['hour']));
      for (const row of this.#many.gaps.all(list)) sheet.gaps.get(String(row['meter']))?.push(gapOf(row));
    }
    const hours = [...new Set(instants)].map((instant) => instant - HOUR_MS);
    const missing = meters.filter((meter) => {
      const rows = this.#rows.get(meter);
      return rows === undefined || hours.some((hour) => !rows.has(hour));
    });
    if (missing.length === 0 || hours.length === 0) return;
    for (const row of this.#many.row.all(JSON.stringify(missing), JSON.stringify(hours)))
      this.#keep(String(row['meter']), Number(row['hour']), cumulative(row));
  }

  #keep(meter: string, hour: number, row: Cumulative): void {
    if (this.#kept >= MOST_ROWS) {
      this.#rows.clear();
      this.#kept = 0;
    }
    let rows = this.#rows.get(meter);
    if (rows === undefined) this.#rows.set(meter, (rows = new Map<number, Cumulative>()));
    rows.set(hour, row);
    this.#kept += 1;
  }

  /** What meters rose by over all of some stretches together; of those alone that have a row at each of their ends. */
  *risen(meters: readonly string[], stretches: readonly Stretch[]): Iterable<[meter: string, rise: Cumulative]> {
    const hours = stretches.flatMap(({ from, to }) => [from - HOUR_MS, to - HOUR_MS]);
    for (const row of this.#many.risen.all(JSON.stringify(meters), JSON.stringify(hours)))
      yield [String(row['meter']), cumulative(row)];
  }

  /** null where no hour is written. */
  ends(meter: string): Ends | null {
    const known = this.#open ? this.#sheet.ends.get(meter) : undefined;
    return known === undefined ? endsOf(this.#one.ends.get(meter)) : known;
  }

  /** Totals of the hours that were written before `instant`; null before the first. */
  at(meter: string, instant: number): Cumulative | null {
    const hour = instant - HOUR_MS;
    const known = this.#rows.get(meter)?.get(hour);
    if (known !== undefined) return known;
    const row = this.#one.row.get(meter, hour);
    if (row === undefined) return null;
    const found = cumulative(row);
    if (Number(row['hour']) === hour) this.#keep(meter, hour, found);
    return found;
  }

  /** The totals at each instant of [from, to) up to which an hour is written. */
  *totals(meter: string, from: number, to: number): Iterable<[instant: number, total: Cumulative]> {
    for (const row of this.#one.rows.all(meter, from - HOUR_MS, to - HOUR_MS))
      yield [Number(row['hour']) + HOUR_MS, cumulative(row)];
  }

  /** Hours in [from, to) in which the meter was metered for less than 95 %. */
  exceptions(meter: string, from: number, to: number): number[] {
    const known = this.#open ? this.#sheet.exceptions.get(meter) : undefined;
    const hours = known ?? this.#one.exceptions.all(meter).map((row) => Number(row['hour']));
    const first = hours.length > 0 ? (this.ends(meter)?.first ?? Infinity) : Infinity;
    return hours.filter((hour) => hour >= from && hour < to && hour > first);
  }

  gaps(meter: string): readonly Gap[] {
    const known = this.#open ? this.#sheet.gaps.get(meter) : undefined;
    return known ?? this.#one.gaps.all(meter).map(gapOf);
  }
}
