/** The windows of every PUE; all end at a full hour. */
export const windows = ['1h', '24h', '30d', '12mo', 'ytd'] as const;
export type WindowName = (typeof windows)[number];

export const HOUR = 3_600_000;
const FIXED_HOURS: Partial<Record<WindowName, number>> = { '1h': 1, '24h': 24, '30d': 720 };

/** Asia/Shanghai has had no daylight saving since 1991: a fixed offset is exact for every ledger. */
const SHANGHAI_MS = 8 * HOUR;

/** The month of an instant, January 0, by the calendar of Asia/Shanghai. */
export const monthOf = (at: number): number => new Date(at + SHANGHAI_MS).getUTCMonth();

/** The year of an instant, by the calendar of Asia/Shanghai. */
export const yearOf = (at: number): number => new Date(at + SHANGHAI_MS).getUTCFullYear();

export const yearStart = (year: number): number => Date.UTC(year, 0, 1) - SHANGHAI_MS;

/** The start of the calendar month that holds an instant, or of one that many months after it. */
export function monthStart(at: number, after = 0): number {
  const local = new Date(at + SHANGHAI_MS);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + after, 1) - SHANGHAI_MS;
}

/** 1h, 24h and 30d are never shortened; 12mo and ytd begin when the site's metering does. */
export const isFixed = (name: WindowName): boolean => FIXED_HOURS[name] !== undefined;

/** Where a window that ends at `end` begins, by the calendar of Asia/Shanghai. */
export function windowStart(name: WindowName, end: number): number {
  const hours = FIXED_HOURS[name];
  if (hours !== undefined) return end - hours * HOUR;
  const local = new Date(end + SHANGHAI_MS);
  if (name === 'ytd') {
    // At the stroke of the new year the window is still the old one.
    const year = yearOf(end - 1);
    return yearStart(year);
  }
  // 29 February has no counterpart a year before: the day before the overflow, 28 February.
  const month = local.getUTCMonth();
  const before = new Date(local);
  before.setUTCFullYear(local.getUTCFullYear() - 1);
  if (before.getUTCMonth() !== month) before.setUTCDate(0);
  return before.getTime() - SHANGHAI_MS;
}
