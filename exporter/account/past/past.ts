import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Rational } from '../../../model/rational.ts';
import { firstReading } from '../../judge/meter/register-state.ts';
import type { MeterState } from '../../judge/meter/meter-state.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';

/** A meter's cumulative totals at an instant. */
export interface Cumulative {
  readonly millijoules: bigint;
  readonly meteredMs: number;
}
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What one import holds of a meter: its hours are [from, to). */
interface Part extends Stretch {
  readonly past: number;
  readonly total: Cumulative;
  readonly register: Rational | null;
}

const cumulative = (row: Record<string, unknown>): Cumulative => ({
  millijoules: (row['joules'] as bigint) * 1000n + (row['millijoules'] as bigint),
  meteredMs: Number(row['metered_ms']),
});

const NOTHING: Cumulative = { millijoules: 0n, meteredMs: 0 };

function level(text: unknown): Rational | null {
  const [, n, d] = /^(\d+)\/(\d+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  return n === undefined || d === undefined ? null : { n: BigInt(n), d: BigInt(d) };
}

/** Past energy that was imported. Imports of a meter have no hour in common, nor one with its live readings. */
export class Past {
  readonly #parts = new Map<string, readonly Part[]>();
  readonly #version: StatementSync;
  readonly #valid: StatementSync;
  readonly #meters: StatementSync;
  readonly #row: StatementSync;
  readonly #exceptions: StatementSync;
  readonly #gaps: StatementSync;
  #seen = -1;
  #count = -1;

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return statement;
    };
    this.#version = prepare('PRAGMA data_version');
    this.#valid = prepare('SELECT count(*) AS count FROM past WHERE valid = 1');
    this.#meters = prepare(
      'SELECT past_meter.* FROM past_meter JOIN past ON past.id = past WHERE valid = 1 ORDER BY meter, first',
    );
    this.#row = prepare(
      'SELECT joules, millijoules, metered_ms FROM past_hour WHERE past = ? AND meter = ? AND hour < ? ORDER BY hour DESC LIMIT 1',
    );
    this.#exceptions = prepare(
      'SELECT hour FROM past_hour WHERE past = ? AND meter = ? AND hour >= ? AND hour < ? AND exception = 1 ORDER BY hour',
    );
    this.#gaps = prepare(
      'SELECT gap_from, gap_to FROM past_gap WHERE past = ? AND meter = ? AND gap_from >= ? AND gap_from < ?4 AND gap_to <= ?4 ORDER BY gap_from',
    );
    this.refresh();
  }

  /** Looks for imports that another process has made valid; true where there are new ones. */
  refresh(): boolean {
    const version = Number(this.#version.get()?.['data_version']);
    if (version === this.#seen) return false;
    const count = Number(this.#valid.get()?.['count']);
    this.#seen = version;
    if (count === this.#count) return false;
    this.#count = count;
    this.#parts.clear();
    for (const row of this.#meters.all()) {
      const meter = String(row['meter']);
      const part = {
        past: Number(row['past']),
        from: Number(row['first']),
        to: Number(row['last']) + HOUR_MS,
        total: cumulative(row),
        register: level(row['register']),
      };
      this.#parts.set(meter, [...(this.#parts.get(meter) ?? []), part]);
    }
    return true;
  }

  /** The hours that are imported, in order. */
  stretches(meter: string): readonly Stretch[] {
    return this.#parts.get(meter) ?? [];
  }

  /** Totals of the imported hours before `instant`, an hour's start or end. */
  at(meter: string, instant: number): Cumulative {
    let sum = NOTHING;
    for (const { past, from, to, total } of this.#parts.get(meter) ?? []) {
      if (from >= instant) break;
      const row = to <= instant ? undefined : this.#row.get(past, meter, instant);
      const { millijoules, meteredMs } = row ? cumulative(row) : total;
      sum = { millijoules: sum.millijoules + millijoules, meteredMs: sum.meteredMs + meteredMs };
    }
    return sum;
  }

  /** Imported spans whose energy is known for the whole alone (days, months, bills), those that lie whole within [from, to]. */
  gaps(meter: string, from: number, to: number): readonly Stretch[] {
    return (this.#parts.get(meter) ?? [])
      .filter((part) => part.from < to && part.to > from)
      .flatMap(({ past }) => this.#gaps.all(past, meter, from, to))
      .map((row) => ({ from: Number(row['gap_from']), to: Number(row['gap_to']) }));
  }

  /** Imported hours in [from, to) for which the file had no figure of their own. */
  exceptions(meter: string, from: number, to: number): number[] {
    return (this.#parts.get(meter) ?? []).flatMap(({ past }) =>
      this.#exceptions.all(past, meter, from, to).map((row) => Number(row['hour'])),
    );
  }

  /** Where a meter that was never read live goes on: the register's level at the end of its newest imported hour. */
  stateOf(meter: string): MeterState | null {
    const last = this.#parts.get(meter)?.at(-1);
    if (!last?.register) return null;
    return {
      first: null,
      register: { state: { ...firstReading(last.register, last.to), imported: true }, mono: null },
      power: null,
    };
  }
}
