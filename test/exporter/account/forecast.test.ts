import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Forecast } from '../../../exporter/account/budget/forecast.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { countBudget, day, monthIn, profileOf, siteOf, writeHours, type Hourly } from './budget-plant.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-forecast-'));
  ledger = new Ledger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const DAY = 24 * HOUR;
const MWH = 3.6e12; // mJ

/** Overhead / IT energy of each month of 2025. Times the months' days it sums to 90.77; October to December: 19.94. */
const season = [0.2, 0.2, 0.21, 0.22, 0.25, 0.3, 0.34, 0.33, 0.28, 0.24, 0.21, 0.2];
/** Against the same day of 2025: 0.9 in 2026, but 0.8, 0.9, 1.0, 0.9 in the four weeks before 1 October. */
function factorOf(at: number, weeks: readonly number[]): number {
  if (at < day('2026-01-01')) return 1;
  const week = Math.floor((at - day('2026-09-03')) / (7 * DAY));
  return weeks[week] ?? 0.9;
}
/** 1 MW in 2025, 1.2 MW in 2026: what the load is does not change a ratio, and the rest of the year has the newer one. */
const hours =
  (weeks: readonly number[] = []): Hourly =>
  (at) => {
    const it = at < day('2026-01-01') ? 1000 : 1200;
    return { it, overhead: it * (season[monthIn(at)] ?? NaN) * factorOf(at, weeks) };
  };

function forecastAt(book: ReturnType<typeof writeHours>, end: number): Forecast {
  const { forecast } = countBudget(siteOf(book, profileOf(1.25)), end);
  if (typeof forecast === 'string') throw new Error(`no forecast: ${forecast}`);
  return forecast;
}
const unforeseen = (book: ReturnType<typeof writeHours>, end: number) =>
  countBudget(siteOf(book, profileOf(1.25)), end).forecast;

const band = (low: number, mid: number, high: number) => ({
  low: expect.closeTo(low, 9),
  mid: expect.closeTo(mid, 9),
  high: expect.closeTo(high, 9),
});

describe('by the seasons of last year', () => {
  test('a year that is 0.9 of the last one everywhere ends at 1 + 0.9 x 90.77 / 365, seen from any of its months', () => {
    const book = writeHours(ledger.database, day('2025-01-01'), day('2027-01-01'), hours());
    const pue = 1 + (0.9 * 90.77) / 365; // 1.2238
    for (const end of ['2026-03-01', '2026-06-17', '2026-10-01', '2026-12-31']) {
      expect([end, forecastAt(book, day(end) + 5 * HOUR)]).toMatchObject([
        end,
        { basis: 'season', pue: band(pue, pue, pue) },
      ]);
    }
    // At its end nothing is foreseen, everything was counted: 1.2 MW x 8760 h x 0.25 allowed, 2352.76 MWh spent.
    const { pue: end, left } = forecastAt(book, day('2027-01-01'));
    expect(end).toEqual(band(pue, pue, pue));
    expect(left.mid / MWH).toBeCloseTo(2628 - 1.2 * 24 * 0.9 * 90.77, 6);
  });

  test('the band is that of the weeks: k from 0.8 to 1.0 over October to December', () => {
    const book = writeHours(ledger.database, day('2025-01-01'), day('2026-10-01'), hours([0.8, 0.9, 1, 0.9]));
    const soFar = 0.9 * (90.77 - 19.94);
    const [low, mid, high] = [0.8, 0.9, 1].map((k) => (soFar + k * 19.94) / 365) as [number, number, number];
    const { basis, pue, left, allowanceMean } = forecastAt(book, day('2026-10-01'));
    expect(basis).toBe('season');
    expect(pue).toEqual(band(1 + low, 1 + mid, 1 + high)); // 1.2184, 1.2238, 1.2293
    // The most overhead leaves the least energy; 10,512 MWh of IT energy in the year.
    expect(left.low / MWH).toBeCloseTo(10_512 * (0.25 - high), 6);
    expect(left.high / MWH).toBeCloseTo(10_512 * (0.25 - low), 6);
    expect(allowanceMean).toBeCloseTo(1.25, 12);
  });
});

describe('by the last 28 days', () => {
  const weeks = [0.8, 0.9, 1, 0.9];
  /** September at 0.28 goes on for 92 days: knows nothing of the cool months, and says so in its basis. */
  const expected = [0.8, 0.9, 1].map((k) => 1 + (0.9 * (90.77 - 19.94) + 92 * 0.28 * k) / 365) as [
    number,
    number,
    number,
  ];

  test('where there is no last year', () => {
    const book = writeHours(ledger.database, day('2026-01-01'), day('2026-10-01'), hours(weeks));
    const { basis, pue } = forecastAt(book, day('2026-10-01'));
    expect([basis, pue]).toEqual(['recent', band(...expected)]); // 1.2311, 1.2382, 1.2452
  });

  test('where metering began only after the first of last October', () => {
    const book = writeHours(ledger.database, day('2025-10-02'), day('2026-10-01'), hours(weeks));
    expect(forecastAt(book, day('2026-10-01')).basis).toBe('recent');
  });

  test('where a month of last year has a hole of more than 5 %', () => {
    const [from, to] = [day('2025-11-10'), day('2025-11-12')];
    const book = writeHours(ledger.database, day('2025-01-01'), day('2026-10-01'), (at) => ({
      ...hours(weeks)(at),
      ...(at >= from && at < to && { unread: true as const }),
    }));
    expect(forecastAt(book, day('2026-10-01')).basis).toBe('season');
    ledger.database.exec('DELETE FROM gap');
    expect(forecastAt(book, day('2026-10-01'))).toMatchObject({ basis: 'recent', pue: band(...expected) });
  });

  test('from the 28th whole day on', () => {
    const book = writeHours(ledger.database, day('2026-06-01'), day('2026-07-01'), hours());
    for (const end of [day('2026-06-28'), day('2026-06-29') - HOUR]) expect(unforeseen(book, end)).toBe('young');
    expect(forecastAt(book, day('2026-06-29')).basis).toBe('recent');
  });

  test('not where more than 5 % of the 28 days did not count', () => {
    const book = writeHours(ledger.database, day('2026-06-01'), day('2026-08-01'), (at) => ({
      ...hours()(at),
      ...(at >= day('2026-07-10') && at < day('2026-07-12') && { unread: true as const }),
    }));
    expect(forecastAt(book, day('2026-08-01')).basis).toBe('recent');
    ledger.database.exec('DELETE FROM gap');
    expect(unforeseen(book, day('2026-08-01'))).toBe('coverage'); // 48 of 672 hours
  });
});
