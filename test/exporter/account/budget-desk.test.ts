import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { BudgetDesk } from '../../../exporter/account/budget/budget-desk.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { pueScopes } from '../../../exporter/account/pue/pue-sites.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { valueText } from '../../../exporter/publish/text/sample-text.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { adjust, day, sides, writeHours } from './budget-plant.ts';
import { finish } from './finish.ts';

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-desk-'));
  ledger = new Ledger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const declared = loadPlan('plan');
const sites = declared.estate.sites.map((site) => ({ ...site, it_rated_kw: 400 }));
const plan = { ...declared, estate: { ...declared.estate, sites } };

/** The demonstration's first site, target 1.25, rated at 400 kW of IT load, over a gate and an IT meter. */
function deskOf(book: ReturnType<typeof writeHours>) {
  const scopes = pueScopes(plan, ['nanchang'], Date.now()).map((scope) => ({ ...scope, sides, validFrom: 0 }));
  const accountant = new Accountant(ledger, 'plan', new Map(scopes.map(({ id }) => [id, sides])));
  const desk = new BudgetDesk({ plan, scopes, book, accountant });
  const read = (): Map<string, string> => {
    const lines = new Map<string, string>();
    const emit: Emit = (metric, labels, value) => {
      const { site, ...rest } = labels as Record<string, string>;
      expect(site).toBe('nanchang');
      lines.set([metric.name.replace('greenflops_', ''), ...Object.values(rest)].join(' '), valueText(value));
    };
    desk.emit(emit);
    return lines;
  };
  return { desk, read };
}

test('publishes exact energies, and a reason where there is none; counts again when hours change', () => {
  // 400 kW and 160 kW of overhead for 30 days of June: 288 MWh, 72 allowed, 115.2 spent: 43.2 MWh too much.
  const end = day('2026-07-01');
  const book = writeHours(ledger.database, day('2026-06-01'), end, () => ({ it: 400, overhead: 160 }));
  const { desk, read } = deskOf(book);
  finish(desk.count(end + HOUR / 2, -Infinity));
  const lines = read();
  expect(lines.get('overhead_allowed_joules month')).toBe('259200000000.000');
  expect(lines.get('overhead_spent_joules month')).toBe('414720000000.000');
  expect(lines.get('overhead_left_joules month')).toBe('-155520000000.000');
  expect(lines.get('overhead_left_joules year')).toBe('-155520000000.000');
  expect(lines.get('overhead_coverage_ratio month')).toBe('1');
  // The year goes on for 184 days at 400 kW: 1766.4 MWh more, of which a quarter is allowed.
  expect(Number(lines.get('overhead_whole_allowed_joules year'))).toBeCloseTo((72 + 441.6) * 3.6e9, 0);
  expect(Number(lines.get('overhead_whole_left_joules year'))).toBeCloseTo((72 + 441.6 - 115.2) * 3.6e9, 0);
  expect(Number(lines.get('pue_burn_ratio 6h'))).toBeCloseTo(1.6, 9);
  expect(Number(lines.get('pue_forecast_ratio mid recent'))).toBeCloseTo(1.4, 9);
  expect(Number(lines.get('overhead_year_end_joules mid'))).toBeCloseTo(0.15 * -2054.4 * 3.6e9, 0);
  expect(lines.get('pue_allowance_mean_ratio')).toBe('1.25');
  expect([...lines.keys()].filter((line) => line.includes('unavailable'))).toEqual([]);

  adjust(ledger.database, 'gate', day('2026-06-10'), day('2026-06-11'), -43_200);
  expect(book.refresh()).toBe(true);
  finish(desk.count(end + HOUR / 2, Infinity));
  expect(read().get('overhead_left_joules month')).toBe('-155520000000.000');
  finish(desk.count(end + HOUR / 2, -Infinity));
  expect(read().get('overhead_left_joules month')).toBe('0.000');
});

test('readings of the last hour that are late are waited for', () => {
  const end = day('2026-07-01');
  const book = writeHours(ledger.database, end - 30 * HOUR, end, () => ({ it: 100, overhead: 25 }));
  const { desk, read } = deskOf(book);
  finish(desk.count(end + HOUR + 30_000, -Infinity));
  expect(read().get('pue_burn_unavailable 6h part_load')).toBe('1');
  finish(desk.count(end + HOUR + 600_000, Infinity));
  expect(read().get('pue_burn_unavailable 6h coverage')).toBe('1');
  expect(read().get('pue_burn_unavailable 3d young')).toBe('1');
  expect(read().get('pue_forecast_unavailable young')).toBe('1');
});
