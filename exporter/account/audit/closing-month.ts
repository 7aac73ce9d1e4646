import { closedMonths, type ClosedMonth } from '../past/past-closed.ts';
import type { DatabaseSync } from 'node:sqlite';
import { monthStart } from '../pue/window.ts';

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** '2026-10' as its hours by the calendar of Asia/Shanghai; null where the text is no month. */
export function monthSpan(month: string): ClosedMonth | null {
  const [, year, number] = MONTH.exec(month) ?? [];
  if (year === undefined) return null;
  const inside = Date.UTC(Number(year), Number(number) - 1, 2);
  return { month, from: monthStart(inside), to: monthStart(inside, 1) };
}

const SHANGHAI_MS = 8 * 3_600_000;
/** The month that holds an instant: '2026-10'. */
export const monthAt = (at: number): string => new Date(at + SHANGHAI_MS).toISOString().slice(0, 7);

/** The month as hours, where an instant lies in it. */
const monthOn = (at: number): ClosedMonth => ({
  month: monthAt(at),
  from: monthStart(at),
  to: monthStart(at, 1),
});

/** Every calendar month that [from, to) touches. */
export function* monthsIn(from: number, to: number): Iterable<ClosedMonth> {
  for (let at = from; at < to; at = monthStart(at, 1)) yield monthOn(at);
}

/** Of the months that [from, to) touches, those that are closed. */
export const closedIn = (database: DatabaseSync, from: number, to: number): readonly string[] =>
  closedMonths(database)
    .filter((month) => month.from < to && month.to > from)
    .map(({ month }) => month);
