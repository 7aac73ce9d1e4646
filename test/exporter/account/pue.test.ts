import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { firstFullHour } from '../../../exporter/account/pue/pue-hours.ts';
import { pueOf, ratioOf } from '../../../exporter/account/pue/pue.ts';
import type { Sides, Tree } from '../../../exporter/account/ledger/sides.ts';
import { HOUR, windowStart, type WindowName } from '../../../exporter/account/pue/window.ts';
import { ageMeter, judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';

const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00');
const at = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return MIDNIGHT + hours * HOUR + minutes * 60_000;
};

const energy = { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } as const;
const power = { function: 3, address: 10, type: 'float32', scale_to_w: 1 } as const;
const meterOf = (id: string, role: 'facility' | 'it', registers: object): Meter =>
  meterSchema.parse({
    id,
    site: 's',
    role,
    rated_kw: 200,
    every: '1m',
    registers,
    source: { protocol: 'modbus-tcp', address: 'h:502' },
  });

const sideMeter = (id: string) =>
  ({ meter: id, sign: 1, weightMillionths: 1_000_000, ratedKw: 200, electric: true }) as const;
const sides: Sides = { facility: [sideMeter('gate')], it: [sideMeter('it')] };
const trees: readonly Tree[] = [{ since: 0, sides }];

let folder: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  ledger = new Ledger(join(folder, 'ledger.db'));
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

/** The worked example of the design: gate 100 kW, IT 80 kW, read every minute; the IT meter is silent from 10:00 to 12:30. */
function example(registers: object, until: string) {
  const accountant = new Accountant(ledger, 'plan', new Map([['s', sides]]));
  const meters = { gate: meterOf('gate', 'facility', { energy }), it: meterOf('it', 'it', registers) };
  const kilowatts = { gate: 100, it: 80 };
  const book = new HourBook(ledger.database);
  const seen: { end: number; results: Map<WindowName, ReturnType<typeof pueOf>> }[] = [];
  for (let now = MIDNIGHT; now <= at(until); now += 60_000) {
    for (const id of ['gate', 'it'] as const) {
      const instant = { at: now, mono: now };
      const silent = id === 'it' && now > at('10:00') && now < at('12:30');
      const kwh = Math.floor(((now - MIDNIGHT) / HOUR) * kilowatts[id] * 1000);
      const answer = {
        energy: { value: rational(BigInt(kwh + 5_000_000)), wire: '' },
        power: { value: rational(BigInt(kilowatts[id] * 1000)), wire: '' },
      };
      const state = accountant.stateOf(id);
      accountant.book(
        meters[id],
        silent ? ageMeter(meters[id], state, instant) : judgeMeter(meters[id], state, answer, instant),
        now,
      );
    }
    accountant.commit();
    if (now % HOUR === 0 && now > MIDNIGHT) {
      const start = firstFullHour(book, trees, 0);
      const results = new Map((['1h', '24h'] as const).map((name) => [name, pueOf(book, trees, name, now, start)]));
      seen.push({ end: now, results });
    }
  }
  const result = (window: WindowName, end: string) => {
    const found = pueOf(book, trees, window, at(end), MIDNIGHT);
    const { facility = 0n, it = 0n } = found.sum?.millijoules ?? {};
    return {
      ...found,
      kwh: [Number(facility) / 3.6e9, Number(it) / 3.6e9],
      ratio: found.reason === null ? Number(facility) / Number(it) : null,
    };
  };
  const live = (window: WindowName, end: string) => seen.find((one) => one.end === at(end))?.results.get(window);
  return { result, live };
}

describe('the worked example with a register meter', () => {
  test('the day holds the whole gap: 24 hours count, 2400 / 1920, 2.5 h bridged', () => {
    const day = example({ energy }, '24:00').result('24h', '24:00');
    expect(day.kwh[0]).toBeCloseTo(2400, 2);
    expect(day.kwh[1]).toBeCloseTo(1920, 2);
    expect(day.ratio).toBeCloseTo(1.25, 5);
    expect(day.sum?.coveredMs).toEqual({ facility: 86_400_000, it: 86_400_000 });
    expect(day.sum?.shareMs.bridged).toEqual({ facility: 0, it: 9_000_000 });
    expect(day.coverage).toBe(1);
  });

  test('a window that begins inside the gap leaves hours 11 and 12 out of both sides', () => {
    const { result } = example({ energy }, '36:00');
    const cut = result('24h', '35:00');
    expect(cut).toMatchObject({ reason: 'coverage', coverage: (24 - 1.5) / 24 });
    const next = result('24h', '36:00');
    expect(next.kwh[0]).toBeCloseTo(2300, 2);
    expect(next.kwh[1]).toBeCloseTo(1840, 2);
    expect(next.ratio).toBeCloseTo(1.25, 5);
  });

  test('the hours 10, 11 and 12 have no PUE of their own', () => {
    const { result } = example({ energy }, '24:00');
    for (const end of ['11:00', '12:00', '13:00']) expect(result('1h', end).reason).toBe('coverage');
    expect(result('1h', '10:00').ratio).toBeCloseTo(1.25, 3);
    expect(result('1h', '14:00').ratio).toBeCloseTo(1.25, 3);
  });

  test('while it happens, 24h is published up to 11:00, not at 12:00, again at 13:00, and the next day from 12:00', () => {
    const { live } = example({ energy }, '72:00');
    expect(live('24h', '23:00')?.reason).toBe('young');
    expect(live('24h', '24:00')?.reason).toBe(null);
    expect(live('24h', '34:00')?.reason).toBe(null); // begins at 10:00, holds the whole gap
    expect(live('24h', '35:00')?.reason).toBe('coverage'); // begins at 11:00, 22 of 24
    expect(live('24h', '36:00')?.reason).toBe(null); // begins at 12:00, 23 of 24
  });
});

describe('the worked example with a power-only meter', () => {
  test('nothing is credited: 21 hours count, which is too few for the day', () => {
    const { result } = example({ power }, '24:00');
    const day = result('24h', '24:00');
    expect(day.reason).toBe('coverage');
    // Silent from 10:00 to 12:30; the reading at 10:00 is the last good one.
    expect(day.coverage).toBeCloseTo(21.5 / 24, 6);
  });
});

describe('the ratio', () => {
  test('is the ratio of sums, not the mean of the ratios', () => {
    const accountant = new Accountant(ledger, 'plan', new Map([['s', sides]]));
    const gate = meterOf('gate', 'facility', { energy });
    const it = meterOf('it', 'it', { energy });
    // Hour 1: 100 / 50 kWh (2.0), hour 2: 110 / 100 kWh (1.1): sums give 1.4, the mean of the ratios 1.55
    const levels = { gate: [7, 100_007, 210_007], it: [9, 50_009, 150_009] };
    for (const hour of [0, 1, 2]) {
      for (const meter of [gate, it]) {
        const instant = { at: MIDNIGHT + hour * HOUR, mono: hour * HOUR };
        const value = rational(BigInt(levels[meter.id as 'gate' | 'it'][hour] ?? 0));
        accountant.book(
          meter,
          judgeMeter(meter, accountant.stateOf(meter.id), { energy: { value, wire: '' } }, instant),
          instant.at,
        );
      }
    }
    accountant.commit();
    const { sum, reason } = pueOf(new HourBook(ledger.database), trees, 'ytd', MIDNIGHT + 2 * HOUR, MIDNIGHT);
    expect(reason).toBe(null);
    expect(sum && ratioOf(sum)).toBeCloseTo(210 / 150, 9);
  });

  test('below one is quarantined', () => {
    const book = new HourBook(ledger.database);
    expect(pueOf(book, [{ since: 0, sides: { facility: [], it: sides.it } }], '1h', MIDNIGHT, MIDNIGHT).reason).toBe(
      'no_boundary_meter',
    );
    expect(
      pueOf(book, [{ since: 0, sides: { facility: sides.facility, it: [] } }], '1h', MIDNIGHT, MIDNIGHT).reason,
    ).toBe('no_it_meter');
    const swapped: Sides = { facility: [sideMeter('it')], it: [sideMeter('gate')] };
    example({ energy }, '2:00');
    expect(pueOf(book, [{ since: 0, sides: swapped }], '1h', at('2:00'), MIDNIGHT).reason).toBe('below_one');
  });
});

describe('a tree that changes', () => {
  /** Both gates and the load count 100, 20 and 80 kW from midnight on, read every 15 minutes. */
  const all = ['gate', 'gate2', 'it'] as const;
  function run(hours: number, begin: number, tree: Sides): Accountant {
    const accountant = new Accountant(ledger, 'plan', new Map([['s', tree]]), MIDNIGHT + begin * HOUR);
    const kilowatts = { gate: 100, gate2: 20, it: 80 };
    for (let now = MIDNIGHT + begin * HOUR; now <= MIDNIGHT + (begin + hours) * HOUR; now += HOUR / 4) {
      for (const [i, meter] of all.entries()) {
        const instant = { at: now + i * 1000, mono: now + i * 1000 };
        const level = BigInt(Math.round(((instant.at - MIDNIGHT) / HOUR) * 1000 * kilowatts[meter]) + 1_000_000);
        const one = meterOf(meter, meter === 'it' ? 'it' : 'facility', { energy });
        const answer = { energy: { value: rational(level), wire: '' } };
        accountant.book(one, judgeMeter(one, accountant.stateOf(meter), answer, instant), instant.at);
      }
      accountant.commit();
    }
    return accountant;
  }
  const both: Sides = { facility: [sideMeter('gate'), sideMeter('gate2')], it: [sideMeter('it')] };

  test('closed hours keep the meters that they were counted by', () => {
    run(10, 0, both);
    const accountant = run(10, 10, sides);
    const book = new HourBook(ledger.database);
    const kept = accountant.treesOf('s');
    expect(kept.map(({ since }) => since)).toEqual([0, MIDNIGHT + 10 * HOUR]);
    expect(firstFullHour(book, kept, 0)).toBe(MIDNIGHT);
    const ratio = (window: WindowName, end: number) => {
      const { sum, reason } = pueOf(book, kept, window, MIDNIGHT + end * HOUR, MIDNIGHT);
      return reason ?? (sum && ratioOf(sum));
    };
    expect(ratio('1h', 9)).toBeCloseTo(120 / 80, 6);
    expect(ratio('1h', 20)).toBeCloseTo(100 / 80, 6);
    expect(ratio('ytd', 20)).toBeCloseTo((10 * 120 + 10 * 100) / (20 * 80), 3);
  });

  test('a meter that was counted before does not bring its past into a side', () => {
    const side = (accountant: Accountant): number => {
      let joules = 0;
      accountant.emit((metric, labels, value) => {
        if (metric.name !== 'greenflops_site_energy_joules_total' || Object.values(labels)[1] !== 'facility') return;
        joules = typeof value === 'number' ? value : Number(value.units) / 1000;
      }, []);
      return joules / 3.6e6;
    };
    expect(side(run(10, 0, sides))).toBeCloseTo(1000, 1);
    // gate2 has counted 200 kWh by now, at no boundary.
    const grown = side(run(2, 10, both)) - 1000;
    expect(grown).toBeGreaterThan(200);
    expect(grown).toBeLessThanOrEqual(240.1);
  });
});

/** Gate and load of 100 and 80 kW, read every 15 minutes by a clock that starts at 1970 and then jumps to `to`. */
function jump(to: number, reads: number): HourBook {
  const accountant = new Accountant(ledger, 'plan', new Map([['s', sides]]), 0);
  const clocks = { wall: 10_000, mono: 0 };
  const read = (): void => {
    for (const [id, kilowatts] of [
      ['gate', 100],
      ['it', 80],
    ] as const) {
      const one = meterOf(id, id === 'it' ? 'it' : 'facility', { energy });
      const value = rational(BigInt(Math.round((clocks.mono / HOUR) * kilowatts * 1000)) + 5000n);
      const answer = { energy: { value, wire: '' } };
      accountant.book(
        one,
        judgeMeter(one, accountant.stateOf(id), answer, { at: clocks.wall, mono: clocks.mono }),
        clocks.wall,
      );
    }
    accountant.commit();
  };
  for (let i = 0; i < 8; i++, clocks.wall += HOUR / 4, clocks.mono += HOUR / 4) read();
  clocks.wall = to;
  for (let i = 0; i < reads; i++, clocks.wall += HOUR / 4, clocks.mono += HOUR / 4) read();
  return new HourBook(ledger.database);
}

describe('a wall clock that jumps forward', () => {
  test('over years: the hours between are not written, and no ratio comes of them', () => {
    const book = jump(MIDNIGHT, 12);
    const rows = ledger.database.prepare('SELECT count(*) AS n FROM hour').get() as { n: number };
    expect(rows.n).toBeLessThan(20);
    const start = firstFullHour(book, trees, 0);
    for (const window of ['24h', '30d', '12mo', 'ytd'] as const) {
      expect([window, pueOf(book, trees, window, MIDNIGHT + 2 * HOUR, start).reason]).toEqual([window, 'coverage']);
    }
    expect(pueOf(book, trees, '1h', MIDNIGHT + 2 * HOUR, start).reason).toBe(null);
  });

  test('over four hours of eighty: they count for no window', () => {
    // With the cut hours on either side 6 of 80 do not count, which is more than 5 %.
    const book = jump(7 * HOUR + 10_000, 4 * 74);
    expect(pueOf(book, trees, 'ytd', 80 * HOUR, firstFullHour(book, trees, 0)).reason).toBe('coverage');
    expect(pueOf(book, trees, '24h', 80 * HOUR, firstFullHour(book, trees, 0)).reason).toBe(null);
  });
});

describe('windows', () => {
  test.each([
    ['1h', '2026-11-24T05:00:00+08:00', '2026-11-24T04:00:00+08:00'],
    ['30d', '2026-11-24T05:00:00+08:00', '2026-10-25T05:00:00+08:00'],
    ['ytd', '2026-11-24T05:00:00+08:00', '2026-01-01T00:00:00+08:00'],
    ['ytd', '2026-01-01T00:00:00+08:00', '2025-01-01T00:00:00+08:00'],
    ['12mo', '2026-11-24T05:00:00+08:00', '2025-11-24T05:00:00+08:00'],
    ['12mo', '2028-02-29T05:00:00+08:00', '2027-02-28T05:00:00+08:00'],
  ] as const)('%s ending %s begins %s', (name, end, start) => {
    expect(new Date(windowStart(name, Date.parse(end))).toISOString()).toBe(new Date(start).toISOString());
  });
});
