import type { DatabaseSync } from 'node:sqlite';
import { HOUR_MS } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';

export interface ClosedMonth extends Stretch {
  readonly month: string;
}

/** Midnight of a month's first day in Asia/Shanghai, which has had no daylight saving since 1991. */
const start = (year: number, month: number): number => Date.UTC(year, month - 1) - 8 * HOUR_MS;

/** The months whose hours change no more, except by adjusting entries. */
export function closedMonths(database: DatabaseSync): ClosedMonth[] {
  return database
    .prepare('SELECT month FROM closing ORDER BY month')
    .all()
    .map((row) => {
      const month = String(row['month']);
      const [year = 0, number = 0] = month.split('-').map(Number);
      return { month, from: start(year, number), to: start(year, number + 1) };
    });
}
