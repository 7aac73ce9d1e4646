import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pairs } from '../../../alerts/windows.ts';
import { budgetOf, overheadShares, spentOf } from '../../../exporter/account/budget/budget.ts';
import { burnHours } from '../../../exporter/account/budget/budget-burn.ts';
import { monthsOf, PartSums } from '../../../exporter/account/budget/budget-parts.ts';
import type { Period } from '../../../exporter/account/budget/budget-site.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { declaration, findingsIn, withFiles } from '../../model/declaration.ts';
import { countBudget, adjust, day, profileOf, siteOf, trees, writeHours, type Hourly } from './budget-plant.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-budget-'));
  ledger = new Ledger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const DAY = 24 * HOUR;
const MWH = 3.6e12; // mJ

/** What a site of these hours had left of a period, in MWh, and what else was counted of it. */
function periodAt(book: ReturnType<typeof writeHours>, end: number, period: Period, pue = 1.25, months?: number[]) {
  const { reason, budget, wholeAllowed } = countBudget(siteOf(book, profileOf(pue, months)), end).periods[period];
  const [allowed, spent] = [Number(budget.allowed) / MWH, Number(spentOf(budget)) / MWH];
  const whole = wholeAllowed === null ? null : wholeAllowed / MWH;
  return { reason, allowed, spent, left: allowed - spent, whole, share: budget.countedMs / budget.length };
}

describe('July: each day is under 1.5 and the month breaks its budget of 1.25', () => {
  // 1 MW of IT load: 24 MWh a day. The PUE of day d is 1.10 + 0.01 d: 1.11 on the 1st, 1.41 on the 31st.
  const july: Hourly = (at) => ({
    it: 1000,
    overhead: 1000 * (0.1 + 0.01 * (Math.floor((at - day('2026-07-01')) / DAY) + 1)),
  });

  test('by hand: all of it is spent at the end of the 29th, 3.6 MWh too much on the 30th, 7.44 MWh on the 31st', () => {
    // Spent by the end of day n: 24 (0.1 n + 0.01 n (n + 1) / 2) MWh; allowed 24 x 0.25 n.
    // n = 28: 164.64 of 168; n = 29: 174 of 174; n = 30: 183.6 of 180; n = 31: 193.44 of 186.
    const book = writeHours(ledger.database, day('2026-07-01'), day('2026-08-01'), july);
    const left = (end: number) => periodAt(book, end, 'month').left;
    expect(left(day('2026-07-29'))).toBeCloseTo(3.36, 9);
    expect(left(day('2026-07-30'))).toBeCloseTo(0, 9);
    expect(left(day('2026-07-30') + HOUR)).toBeCloseTo(-0.15, 9);
    expect(left(day('2026-07-31'))).toBeCloseTo(-3.6, 9);
    expect(left(day('2026-08-01'))).toBeCloseTo(-7.44, 9);
  });

  test('until the month ends: what July allows as a whole is spent on the 31st, in its sixth hour', () => {
    // 186 MWh are allowed; 183.6 are spent at midnight, and the 31st spends 0.41 MWh an hour: 2.4 / 0.41 = 5.85 hours.
    const book = writeHours(ledger.database, day('2026-07-01'), day('2026-08-01'), july);
    const whole = (end: number) => {
      const { whole: all, spent } = periodAt(book, end, 'month');
      return (all ?? NaN) - spent;
    };
    expect(periodAt(book, day('2026-07-28'), 'month').whole).toBe(null); // 27 days
    expect(periodAt(book, day('2026-07-29'), 'month').whole).toBeCloseTo(186, 9);
    expect(whole(day('2026-07-31') + 5 * HOUR)).toBeCloseTo(0.35, 9);
    expect(whole(day('2026-07-31') + 6 * HOUR)).toBeCloseTo(-0.06, 9);
  });
});

describe('months of a year', () => {
  const allowances = [1.2, 1.2, 1.2, 1.2, 1.25, 1.3, 1.35, 1.35, 1.3, 1.25, 1.2, 1.2];

  test('each month at its own allowance; the year is exactly the sum of its months', () => {
    // April 720 h at 1.2, May 744 h at 1.25, a day of June at 1.3; a PUE of 1.22 throughout.
    const book = writeHours(ledger.database, day('2026-04-01'), day('2026-06-02'), () => ({ it: 1000, overhead: 220 }));
    const year = periodAt(book, day('2026-06-02'), 'year', 1.25, allowances);
    expect(year.allowed).toBeCloseTo(720 * 0.2 + 744 * 0.25 + 24 * 0.3, 9);
    expect(year.spent).toBeCloseTo(1488 * 0.22, 9);
    const month = periodAt(book, day('2026-06-02'), 'month', 1.25, allowances);
    expect([month.allowed, month.spent]).toEqual([expect.closeTo(7.2, 9), expect.closeTo(5.28, 9)]);
    // At the stroke of the month it is still the old one.
    expect(periodAt(book, day('2026-06-01'), 'month', 1.25, allowances).allowed).toBeCloseTo(186, 9);
  });

  test('whatever the hours: parts add up to the millijoule, and allowed is never above the share', () => {
    const shares = overheadShares(profileOf(1.25, allowances));
    const sum = {
      countedMs: HOUR,
      excluded: new Set<number>(),
      meteredMs: { facility: 0, it: 0 },
      coveredMs: { facility: 0, it: 0 },
    };
    const none = { facility: 0, it: 0 };
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 10n ** 19n), { minLength: 1, maxLength: 12 }), (energies) => {
        const parts = energies.map((it, i) => {
          const from = day(`2026-${String(i + 1).padStart(2, '0')}-01`);
          const millijoules = { facility: it * 2n, it };
          const shareMs = { bridged: none, manual: none, imported: none, substituted: none };
          return { from, to: from + HOUR, sum: { ...sum, millijoules, shareMs, parts: { facility: [], it: [] } } };
        });
        const whole = budgetOf(parts, shares);
        const months = parts.map((part) => budgetOf([part], shares));
        expect(months.reduce((total, { allowed }) => total + allowed, 0n)).toBe(whole.allowed);
        for (const [i, { allowed, millijoules }] of months.entries()) {
          const { n, d } = shares[i] ?? { n: 0n, d: 1n };
          expect(allowed * d <= millijoules.it * n && (allowed + 1n) * d > millijoules.it * n).toBe(true);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test('a gap across the end of a month counts in the year that holds it, and in neither month', () => {
    // 3 days before and after the first of July are unread; the registers went on.
    const [from, to] = [day('2026-06-28'), day('2026-07-04')];
    const book = writeHours(ledger.database, day('2026-06-01'), day('2026-07-21'), (at) => ({
      it: 1000,
      overhead: 200,
      ...(at >= from && at < to && { unread: true as const }),
    }));
    expect(periodAt(book, day('2026-07-01'), 'month')).toMatchObject({ reason: 'coverage', share: 0.9 });
    expect(periodAt(book, day('2026-07-21'), 'month')).toMatchObject({ reason: 'coverage', share: 17 / 20 });
    const year = periodAt(book, day('2026-07-21'), 'year');
    expect(year).toMatchObject({ reason: null, share: 1 });
    expect(year.spent).toBeCloseTo(50 * 24 * 0.2, 9);
  });

  test('months that are over are counted once, and again when something comes to their hours', () => {
    const end = day('2026-04-01');
    const book = writeHours(ledger.database, day('2026-01-01'), end + DAY, () => ({ it: 1000, overhead: 200 }));
    const sums = new PartSums(book);
    const count = (to: number) => {
      const window = { from: day('2026-01-01'), to };
      const parts = sums.of(trees, window, monthsOf(window));
      sums.sweep();
      return parts;
    };
    const first = count(end);
    const later = count(end + DAY);
    expect(later.slice(0, 3).map((part, i) => part === first[i])).toEqual([true, true, true]);
    adjust(ledger.database, 'gate', day('2026-02-10'), day('2026-02-11'), 50);
    expect(book.refresh()).toBe(true);
    const adjusted = count(end + DAY);
    const gates = (parts: typeof first) => parts.map(({ sum }) => Number(sum.millijoules.facility) / MWH);
    expect(gates(adjusted)[1]).toBeCloseTo(672 * 1.2 + 0.05, 9);
    expect(gates(adjusted)[0]).toBe(gates(first)[0]);
  });
});

describe('burn', () => {
  const burnsAt = (hourly: Hourly, end: number, pue = 1.25, months?: number[]) => {
    const book = writeHours(ledger.database, end - 4 * DAY, end, hourly);
    return countBudget(siteOf(book, profileOf(pue, months)), end).burns;
  };
  const at = day('2026-07-01');

  test('windows are those of the alerts', () => {
    expect(Object.keys(burnHours)).toEqual(pairs.map(({ long }) => long));
    const hours = { h: 1, d: 24 };
    for (const [window, length] of Object.entries(burnHours))
      expect(length).toBe(Number.parseInt(window, 10) * (window.endsWith('d') ? hours.d : hours.h));
  });

  test('overhead / allowed, each month at its own allowance', () => {
    // PUE 1.35 at 1.25 is a burn of 0.35 / 0.25 = 1.4. With 1.3 in June and 1.35 in July, 12 h of 24 each: 0.35 / 0.325.
    expect(burnsAt(() => ({ it: 1000, overhead: 350 }), at)).toEqual({
      '6h': expect.closeTo(1.4, 9),
      '1d': expect.closeTo(1.4, 9),
      '3d': expect.closeTo(1.4, 9),
    });
    const allowances = [1.2, 1.2, 1.2, 1.2, 1.25, 1.3, 1.35, 1.35, 1.3, 1.25, 1.2, 1.2];
    const noon = burnsAt(() => ({ it: 1000, overhead: 350 }), at + 12 * HOUR, 1.25, allowances);
    expect(noon).toMatchObject({ '6h': expect.closeTo(1, 9), '1d': expect.closeTo(0.35 / 0.325, 9) });
  });

  test('none below 30 % of the rated load, nor without a budget', () => {
    expect(burnsAt((hour) => ({ it: hour < at - DAY ? 1000 : 299, overhead: 350 }), at)).toEqual({
      '6h': 'part_load',
      '1d': 'part_load',
      '3d': expect.any(Number), // (2 x 1000 + 299) / 3 kW
    });
    expect(burnsAt(() => ({ it: 1000, overhead: 350 }), at + 100 * DAY, 1)['1d']).toBe('no_budget');
  });

  test('none in a window that is not covered, nor in one that begins before the metering', () => {
    const book = writeHours(ledger.database, at - 2 * DAY, at, (hour) => ({
      it: 1000,
      overhead: 100,
      ...(hour === at - HOUR && { unread: true as const }),
    }));
    expect(countBudget(siteOf(book, profileOf(1.25)), at).burns).toEqual({
      '6h': 'coverage', // 5 of 6 hours
      '1d': expect.closeTo(0.4, 9), // 23 of 24
      '3d': 'young',
    });
  });
});

describe('the yearly mean of the allowances', () => {
  const check = (months: string, shares = ''): string[] =>
    withFiles(
      {
        ...declaration,
        'profiles.yaml': (declaration['profiles.yaml'] ?? '').replace(
          /monthly_allowance: .*/,
          `${months}\n    ${shares}`,
        ),
      },
      (dir) => findingsIn(dir).flatMap(({ file, code }) => (file === 'profiles.yaml' ? [code] : [])),
    );
  const summer = 'monthly_allowance: [1.2, 1.2, 1.2, 1.2, 1.2, 1.35, 1.35, 1.35, 1.2, 1.2, 1.2, 1.2]';

  test('is the target with the declared shares of IT energy, and only with these', () => {
    // Equal shares: (9 x 1.2 + 3 x 1.35) / 12 = 1.2375. Twice the energy in summer: (9 x 1.2 + 6 x 1.35) / 15 = 1.26.
    // Summer's share w with (9 x 1.2 + 3 w x 1.35) / (9 + 3 w) = 1.25: w = 0.45 / 0.3 = 1.5.
    expect(check(summer)).toEqual(['allowance_mean']);
    expect(check(summer, 'monthly_it_share: [1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1]')).toEqual(['allowance_mean']);
    expect(check(summer, 'monthly_it_share: [2, 2, 2, 2, 2, 3, 3, 3, 2, 2, 2, 2]')).toEqual([]);
  });

  test('with the IT energy that the year has: a load that comes before summer lifts it', () => {
    // Twelve equal shares with a mean of 1.25 exactly. 1 MW to the end of May, 2 MW from June on.
    const months = [1.2, 1.2, 1.2, 1.2, 1.2, 1.35, 1.35, 1.35, 1.35, 1.2, 1.2, 1.2];
    const book = writeHours(ledger.database, day('2026-01-01'), day('2026-10-01'), (hour) => {
      const it = hour < day('2026-06-01') ? 1000 : 2000;
      return { it, overhead: it / 5 };
    });
    const { forecast } = countBudget(siteOf(book, profileOf(1.25, months)), day('2026-10-01'));
    // Days at 1.2: 151 x 1 + 92 x 2 = 335; at 1.35: 122 x 2 = 244. 1.2 + 0.15 x 244 / 579 = 1.26321.
    expect(forecast).toMatchObject({ allowanceMean: expect.closeTo(1.2 + (0.15 * 244) / 579, 9) });
  });
});

test('a site without meters, or whose metering has not begun, has a reason in every place', () => {
  const book = writeHours(ledger.database, day('2026-01-01'), day('2026-01-02'), () => ({ it: 1000, overhead: 100 }));
  const site = siteOf(book, profileOf(1.25));
  const young = countBudget(site, day('2026-01-01'));
  expect(young).toMatchObject({ forecast: 'young', burns: { '6h': 'young' }, periods: { month: { reason: 'young' } } });
  const blind = countBudget({ ...site, trees: [] }, day('2026-01-02'));
  expect(blind).toMatchObject({ forecast: 'no_boundary_meter', periods: { year: { reason: 'no_boundary_meter' } } });
});
