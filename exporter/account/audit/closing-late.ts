import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { closedMonths, type ClosedMonth } from '../past/past-closed.ts';
import { monthAt } from './closing-month.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import type { HourRow } from '../ledger/meter-account.ts';

const isoHour = (at: number): string => new Date(at).toISOString();

/**
 * Hours of closed months that the exporter writes after the close: a gap began before the month ended and was credited
 * when the meter came back. Each such booking is a row of its own beside the hours, and an event, so that the closed
 * figures and those of today can be told apart to the millijoule.
 */
export class LateBookings {
  readonly #newest: StatementSync;
  readonly #before: StatementSync;
  readonly #put: StatementSync;
  readonly #database: DatabaseSync;
  #seen: unknown = null;
  #closed: readonly ClosedMonth[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#newest = database.prepare('SELECT max(month) AS month FROM closing');
    this.#before = database.prepare(
      'SELECT joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour < ? ORDER BY hour DESC LIMIT 1',
    );
    this.#before.setReadBigInts(true);
    this.#put = database.prepare('INSERT INTO late VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  }

  #closedMonths(): readonly ClosedMonth[] {
    const newest = this.#newest.get()?.['month'] ?? null;
    if (newest !== this.#seen) {
      this.#seen = newest;
      this.#closed = closedMonths(this.#database);
    }
    return this.#closed;
  }

  /** To be called in the transaction that wrote `hours`. */
  book(hours: readonly HourRow[], at: number, siteOf: (meter: string) => string): LedgerEvent[] {
    if (hours.length === 0) return [];
    const closed = this.#closedMonths();
    const end = closed.at(-1)?.to ?? -Infinity;
    const begin = closed[0]?.from ?? Infinity;
    const groups = new Map<string, HourRow[]>();
    for (const row of hours) {
      if (row.hour >= end || row.hour < begin) continue;
      const key = `${row.meter} ${monthAt(row.hour)}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return [...groups.values()].flatMap((rows) => this.#bookMonth(rows, at, siteOf));
  }

  #bookMonth(rows: readonly HourRow[], at: number, siteOf: (meter: string) => string): LedgerEvent[] {
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { meter } = first;
    const before = this.#before.get(meter, first.hour);
    const joules = (before?.['joules'] as bigint | undefined) ?? 0n;
    const millijoules = last.millijoules - joules * 1000n - ((before?.['millijoules'] as bigint | undefined) ?? 0n);
    const meteredMs = last.meteredMs - Number(before?.['metered_ms'] ?? 0);
    // The row before a meter's first reading, or hours in which it was silent: the closed figures stay true.
    if (millijoules === 0n && meteredMs === 0) return [];
    const month = monthAt(first.hour);
    this.#put.run(meter, month, first.hour, last.hour, at, millijoules / 1000n, millijoules % 1000n, meteredMs);
    const detail = {
      month,
      from: isoHour(first.hour),
      to: isoHour(last.hour + 3_600_000),
      millijoules: String(millijoules),
      metered_ms: meteredMs,
      why: 'booked_after_close',
    };
    return [{ at, site: siteOf(meter), source: meter, kind: 'adjusted', detail, wire: '' }];
  }
}
