import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import type { CarbonTerms } from '../../../exporter/account/carbon/carbon-terms.ts';
import type { Share } from '../../../exporter/account/carbon/certificates.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import type { Flow, Sides } from '../../../exporter/account/ledger/sides.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { carbonKilograms } from '../../../model/metrics/carbon.ts';
import { siteEnergyJoules } from '../../../model/metrics/energy.ts';
import type { Sample } from '../../../model/metrics/metric.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema } from '../../../model/schema/meter.ts';
import { flow, shares, sideMeter, terms } from './carbon-site.ts';

const BEGIN = Date.parse('2026-03-01T00:00:00+08:00');
const iso = (hours: number): string => new Date(BEGIN + hours * HOUR).toISOString();

let folder: string;
let ledger: Ledger;
const open = (): void => void (ledger = new Ledger(join(folder, 'ledger.db')));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  open();
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const meterOf = (id: string) =>
  meterSchema.parse({
    id,
    site: 's',
    role: 'facility',
    rated_kw: 100_000,
    registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
    source: { protocol: 'modbus-tcp', address: 'h:502' },
  });
const meters = { gate: meterOf('gate'), oil: meterOf('oil'), feed: meterOf('feed') };

const accountantOf = (by: CarbonTerms, flows: readonly Flow[] = [flow('gate')]): Accountant => {
  const facility = flows.map(({ sum, direction }) => ({
    ...sideMeter(sum.meters[0]?.meter ?? ''),
    sign: direction === 'export' ? (-1 as const) : (1 as const),
  }));
  const sides: Sides = { facility, it: [], flows };
  return new Accountant(ledger, 'p', new Map([['s', sides]]), BEGIN, undefined, [], [by]);
};

function read(accountant: Accountant, id: keyof typeof meters, wattHours: number, at: number): void {
  const answer = { energy: { value: rational(wattHours + 5_000_000), wire: '' } };
  accountant.book(meters[id], judgeMeter(meters[id], accountant.stateOf(id), answer, { at, mono: at }), at);
}

function samplesOf(accountant: Accountant): Sample[] {
  const samples: Sample[] = [];
  accountant.emit((metric, labels, value) => samples.push({ metric, labels, value }), []);
  return samples;
}

/** Milligrams by basis, as published. */
const totals = (accountant: Accountant): Readonly<Record<string, bigint>> =>
  Object.fromEntries(
    samplesOf(accountant).flatMap(({ metric, labels, value }) =>
      metric === carbonKilograms && typeof value === 'object' && value.digits === 6
        ? [[labels['basis'] ?? '', value.units]]
        : [],
    ),
  );

test('counts what is imported and burnt by the factor in force, and takes no export off', () => {
  const flows = [flow('gate'), flow('oil', 'import', 'diesel'), flow('feed', 'export')];
  const accountant = accountantOf(terms(), flows);
  for (const [hours, [gate, oil, feed]] of [
    [0, [0, 0, 0]],
    [0.5, [50_000, 4000, 20_000]],
  ] as const) {
    read(accountant, 'gate', gate, BEGIN + hours * HOUR);
    read(accountant, 'oil', oil, BEGIN + hours * HOUR);
    read(accountant, 'feed', feed, BEGIN + hours * HOUR);
    accountant.commit();
  }
  // 50 kWh x 0.5 + 4 kWh x 0.25
  expect(totals(accountant)).toEqual({ location: 26_000_000n, market: 26_000_000n });
  const sides = samplesOf(accountant).filter(({ metric }) => metric === siteEnergyJoules);
  expect(sides.map(({ labels }) => labels['side'])).toEqual(['facility']);
});

test('over the turn of the year each part has its own factor', () => {
  const accountant = accountantOf(terms());
  const turn = Date.parse('2027-01-01T00:00:00+08:00');
  read(accountant, 'gate', 0, turn - HOUR / 4);
  accountant.commit();
  read(accountant, 'gate', 100_000, turn + HOUR / 4);
  accountant.commit();
  // 50 kWh x 0.5 + 50 kWh x 0.4
  expect(totals(accountant)['location']).toBe(45_000_000n);
});

test('a carrier without a factor leaves the site without a counter', () => {
  const accountant = accountantOf(terms(), [flow('gate'), flow('oil', 'import', 'steam')]);
  for (const [at, level] of [
    [BEGIN, 0],
    [BEGIN + HOUR / 2, 1000],
  ] as const) {
    read(accountant, 'gate', level, at);
    read(accountant, 'oil', level, at);
    accountant.commit();
  }
  expect(totals(accountant)).toEqual({});
});

test('by the hour, what an hour used stands after a restart within it', () => {
  const certificates = shares([{ site: 's', from: iso(0), to: iso(10), mwh: 1, hourly: true }]);
  let accountant = accountantOf(terms(certificates));
  read(accountant, 'gate', 0, BEGIN);
  accountant.commit();
  for (const minutes of [20, 40, 60]) {
    read(accountant, 'gate', minutes * 4000, BEGIN + minutes * 60_000);
    accountant.commit();
    ledger.close();
    open();
    accountant = accountantOf(terms(certificates));
  }
  // 240 kWh in the hour, of which its part of 100 kWh is covered.
  expect(totals(accountant)).toEqual({ location: 120_000_000n, market: 70_000_000n });
});

test('the ledger refuses, and the readings are not counted twice', () => {
  const accountant = accountantOf(terms());
  read(accountant, 'gate', 0, BEGIN);
  accountant.commit();
  read(accountant, 'gate', 10_000, BEGIN + HOUR / 4);
  ledger.database.exec('PRAGMA query_only = ON');
  expect(() => accountant.commit()).toThrow(/readonly/);
  ledger.database.exec('PRAGMA query_only = OFF');
  read(accountant, 'gate', 20_000, BEGIN + HOUR / 2);
  accountant.commit();
  expect(totals(accountant)).toEqual({ location: 10_000_000n, market: 10_000_000n });
});

test('never steps back, market <= location, no certificate is used twice, wherever it is restarted', () => {
  const steps = fc.array(
    fc.record({ minutes: fc.integer({ min: 1, max: 50 }), wattHours: fc.nat(90_000), restart: fc.boolean() }),
    { minLength: 1, maxLength: 12 },
  );
  const held = fc.array(
    fc.record({
      from: fc.nat(3),
      hours: fc.integer({ min: 1, max: 4 }),
      kwh: fc.integer({ min: 1, max: 200 }),
      hourly: fc.boolean(),
    }),
    { maxLength: 3 },
  );
  const run = (list: readonly Share[], way: readonly { minutes: number; wattHours: number; restart: boolean }[]) => {
    ledger.close();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
    open();
    let accountant = accountantOf(terms(list));
    let [at, level, last] = [BEGIN, 0, totals(accountant)];
    read(accountant, 'gate', level, at);
    accountant.commit();
    for (const { minutes, wattHours, restart } of way) {
      at += minutes * 60_000;
      level += wattHours;
      read(accountant, 'gate', level, at);
      accountant.commit();
      if (restart) {
        ledger.close();
        open();
        accountant = accountantOf(terms(list));
      }
      const now = totals(accountant);
      for (const basis of ['location', 'market']) {
        expect(now[basis] ?? 0n).toBeGreaterThanOrEqual(last[basis] ?? 0n);
      }
      last = now;
    }
    return { totals: last, level };
  };
  fc.assert(
    fc.property(steps, held, (way, rows) => {
      const list = shares(
        rows.map(({ from, hours, kwh, hourly }) => ({
          site: 's',
          from: iso(from),
          to: iso(from + hours),
          mwh: kwh / 1000,
          hourly,
        })),
      );
      const straight = run(
        list,
        way.map((step) => ({ ...step, restart: false })),
      );
      const broken = run(list, way);
      expect(broken).toEqual(straight);
      const {
        totals: { location = 0n, market = 0n },
        level,
      } = straight;
      expect(location).toBe(BigInt(level) * 500n);
      expect(market).toBeLessThanOrEqual(location);
      const whole = rows.reduce((sum, { kwh }) => sum + BigInt(kwh) * 500_000n, 0n);
      expect(location - market).toBeLessThanOrEqual(whole);
    }),
    { seed: 2030, numRuns: 12 },
  );
});
