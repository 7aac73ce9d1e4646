import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { evenly, importPast } from '../../../exporter/account/past/import-past.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { isEmpty, openBesideWriter } from '../../../exporter/account/ledger/open-ledger.ts';
import { checkPast } from '../../../exporter/account/past/past-check.ts';
import { firstFullHour } from '../../../exporter/account/pue/pue-hours.ts';
import type { Sides, Tree } from '../../../exporter/account/ledger/sides.ts';
import { pueOf } from '../../../exporter/account/pue/pue.ts';
import { APPLICATION_ID, MIGRATIONS } from '../../../exporter/account/ledger/schema.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { EnergyRows, type EnergyRow } from '../../../exporter/read/past/energy-rows.ts';
import { floor, multiply, parseDecimal, rational } from '../../../model/rational.ts';
import { meter as meterSchema, type Meter } from '../../../model/schema/meter.ts';

const MIDNIGHT = Date.parse('2026-11-24T00:00:00+08:00');
const meterOf = (id: string, role: 'facility' | 'it'): Meter =>
  meterSchema.parse({
    id,
    site: 's',
    role,
    rated_kw: 200,
    every: '1m',
    registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 1_000_000 } },
    source: { protocol: 'modbus-tcp', address: 'h:502' },
  });
const gate = meterOf('gate', 'facility');
const it = meterOf('it', 'it');
const sideMeter = (meter: string) =>
  ({ meter, sign: 1, weightMillionths: 1_000_000, ratedKw: 200, electric: true }) as const;
const sides: Sides = { facility: [sideMeter('gate')], it: [sideMeter('it')] };
const trees: readonly Tree[] = [{ since: 0, sides }];
const START: Record<string, number> = { gate: 990_000, it: 5000 };

const KWH = rational(3_600_000_000n);
const SHANGHAI = { name: 'Asia/Shanghai', offsetMs: 8 * HOUR };

let line = 1;
/** `kwh` in the hour that begins `hour` hours after midnight; the register counts Wh and starts again at 1,000,000. */
const row = (
  meter: string,
  hour: number,
  kwh: string,
  register: number | null = null,
  { hours = 1, ownUnit = false, reference = '' } = {},
): EnergyRow => ({
  file: 'past.csv',
  line: ++line,
  meter,
  from: MIDNIGHT + hour * HOUR,
  to: MIDNIGHT + (hour + hours) * HOUR,
  millijoules: floor(multiply(parseDecimal(kwh) ?? rational(0n), KWH)),
  register: register === null ? null : rational(register),
  ownUnit,
  reference,
});
/** Hours [from, to) at a constant power, with levels where the register had begun to count. */
const steady = (meter: string, kwh: number, from: number, to: number): EnergyRow[] =>
  Array.from({ length: to - from }, (_, i) =>
    row(
      meter,
      from + i,
      String(kwh),
      from < 0 ? null : ((START[meter] ?? 0) + (from + i + 1) * kwh * 1000) % 1_000_000,
    ),
  );

let folder: string;
let path: string;
let ledger: Ledger;
let book: HourBook;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  path = join(folder, 'ledger.db');
  ledger = new Ledger(path);
  book = new HourBook(ledger.database);
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const NOW = MIDNIGHT + 1000 * HOUR;
function check(rows: readonly EnergyRow[], now = NOW, meters: readonly Meter[] = [gate, it]) {
  const byMeter = new Map<string, EnergyRows>();
  for (const one of rows) {
    const own = byMeter.get(one.meter) ?? new EnergyRows(one.meter);
    byMeter.set(one.meter, own);
    own.push(one);
  }
  return checkPast(byMeter, meters, { database: ledger.database, now, zone: SHANGHAI });
}
const faultsOf = (rows: readonly EnergyRow[], now = NOW) => check(rows, now).faults.map(({ text }) => text.en);

/** As the command does it: with a connection of its own, while the exporter has the ledger open. */
function bring(rows: readonly EnergyRow[]): void {
  const { pasts, faults } = check(rows);
  expect(faults).toEqual([]);
  const { database, close } = openBesideWriter(path);
  try {
    importPast(database, pasts, { plan: 'p', files: [{ name: 'past.csv', sha256: 'abc' }], now: NOW });
  } finally {
    close();
  }
}

/** Live readings every minute in (from, to], minutes after midnight, at the same powers as the imported hours. */
function live(accountant: Accountant, kw: Record<string, number>, from: number, to: number): void {
  for (let minute = from; minute <= to; minute++) {
    const at = MIDNIGHT + minute * 60_000;
    for (const meter of [gate, it]) {
      const wh = (START[meter.id] ?? 0) + Math.floor((minute / 60) * (kw[meter.id] ?? 0) * 1000);
      const answer = { energy: { value: rational(wh % 1_000_000), wire: '' } };
      accountant.book(meter, judgeMeter(meter, accountant.stateOf(meter.id), answer, { at, mono: at }), at);
    }
    accountant.commit();
  }
}

const pue = (window: '1h' | '24h' | 'ytd', end: number) =>
  pueOf(book, trees, window, MIDNIGHT + end * HOUR, firstFullHour(book, trees, 0));

describe('past energy', () => {
  test('fills windows, and live readings go on from its register without a gap, over a rollover', () => {
    expect(isEmpty(path)).toBe(true);
    bring([...steady('gate', 100, 0, 24), ...steady('it', 80, 0, 24)]);
    expect(isEmpty(path)).toBe(false);
    const accountant = new Accountant(ledger, 'p', new Map([['s', sides]]), 0, book.past);
    expect(book.past.refresh()).toBe(true);
    expect(pue('24h', 24)).toMatchObject({
      reason: null,
      coverage: 1,
      sum: {
        millijoules: { facility: 2400n * 3_600_000_000n, it: 1920n * 3_600_000_000n },
        shareMs: { imported: { facility: 24 * HOUR, it: 24 * HOUR } },
      },
    });
    // First live reading at 24:20: what the registers counted since 24:00 is credited, and nothing else.
    live(accountant, { gate: 100, it: 80 }, 24 * 60 + 20, 25 * 60);
    expect(pue('24h', 25)).toMatchObject({
      reason: null,
      sum: {
        millijoules: { facility: 2400n * 3_600_000_000n, it: 1920n * 3_600_000_000n },
        coveredMs: { facility: 24 * HOUR, it: 24 * HOUR },
        shareMs: { imported: { facility: 23 * HOUR, it: 23 * HOUR }, bridged: { facility: 0, it: 0 } },
      },
    });
    const loaded = ledger.load();
    // The exposed counters hold live energy alone: one hour of it.
    expect(loaded.meters.map(({ account }) => account.liveMillijoules)).toEqual(
      [100n, 80n].map((kwh) => kwh * 3_600_000_000n),
    );
    expect(loaded.events).toEqual(
      expect.arrayContaining([expect.objectContaining({ site: 's', kind: 'imported', count: 2 })]),
    );
  });

  test('cut off from the live readings by two hours: bridged, and windows that cut the gap say why', () => {
    bring([...steady('gate', 100, 0, 24), ...steady('it', 80, 0, 24)]);
    book.past.refresh();
    const accountant = new Accountant(ledger, 'p', new Map([['s', sides]]), 0, book.past);
    live(accountant, { gate: 100, it: 80 }, 26 * 60 + 1, 30 * 60);
    expect(pue('1h', 25).reason).toBe('coverage');
    expect(pue('24h', 30)).toMatchObject({
      reason: null,
      sum: { millijoules: { facility: 2400n * 3_600_000_000n, it: 1920n * 3_600_000_000n } },
    });
    expect((pue('24h', 30).sum?.shareMs.bridged.it ?? 0) / 1000).toBeCloseTo(2 * 3600 + 60, 6);
  });

  test('before live readings that are there already, which keep what they counted', () => {
    const accountant = new Accountant(ledger, 'p', new Map([['s', sides]]), 0, book.past);
    live(accountant, { gate: 100, it: 80 }, 24 * 60, 30 * 60);
    const before = ledger.load().meters;
    expect(pue('24h', 30).reason).toBe('young');
    bring([...steady('gate', 100, 0, 24), ...steady('it', 80, 0, 24)]);
    book.past.refresh();
    expect(pue('24h', 30)).toMatchObject({ reason: null, sum: { millijoules: { it: 1920n * 3_600_000_000n } } });
    expect(ledger.load().meters).toEqual(before);
    expect(faultsOf(steady('it', 80, 24, 25))).toEqual([expect.stringMatching(/has live readings/)]);
  });

  test('hours that the file lacks, and hours between two imports, have no PUE', () => {
    bring([...steady('gate', 100, 0, 10), ...steady('it', 80, 0, 5), ...steady('it', 80, 6, 10)]);
    bring([...steady('it', 80, 12, 40), ...steady('gate', 100, 12, 40)]);
    book.past.refresh();
    const end = (hour: number) => pue('1h', hour + 1).reason;
    expect([4, 5, 6, 9, 10, 11, 12].map(end)).toEqual([null, 'coverage', null, null, 'coverage', 'coverage', null]);
    expect(pue('ytd', 40)).toMatchObject({ reason: 'coverage', coverage: expect.closeTo(37 / 40, 9) });
  });

  test('energy of a window is the sum of its rows, however they are split into imports (property)', () => {
    const day = Array.from({ length: 48 }, (_, hour) => hour);
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 200_000 }), { minLength: 48, maxLength: 48 }),
        fc.shuffledSubarray(day, { minLength: 2, maxLength: 6 }),
        fc.nat({ max: 46 }),
        (wh, cuts, from) => {
          ledger.database.exec('DELETE FROM past; DELETE FROM past_meter; DELETE FROM past_hour');
          const edges = [...new Set([0, ...cuts, 48])].sort((a, b) => a - b);
          const parts = edges.slice(1).map((to, i) => [edges[i] ?? 0, to] as const);
          book.past.refresh();
          for (const [a, b] of parts.toReversed()) {
            const rows = wh.slice(a, b).map((value, i) => row('it', a + i, String(value / 1000)));
            importPast(ledger.database, [{ meter: it, rows }], { plan: 'p', files: [], now: NOW });
          }
          const fresh = new HourBook(ledger.database);
          const at = (hour: number) => fresh.at('it', MIDNIGHT + hour * HOUR).millijoules;
          const expected = wh.slice(from, 47).reduce((sum, value) => sum + BigInt(value) * 3_600_000n, 0n);
          expect(at(47) - at(from)).toBe(expected);
        },
      ),
      { seed: 4, numRuns: 30 },
    );
  });

  test.each([
    ['a meter that is not declared', [row('gaet', 1, '1')], /"gaet" is not declared; did you mean "gate"/],
    ['an hour that has not ended', [row('it', 1000, '1')], /has not ended/],
    [
      'more than the meter can deliver',
      [row('it', 1, '240.001')],
      /more than "it" can deliver in 1 h, 240 kWh .* is the unit right\?/,
    ],
    ['an hour twice', [row('it', 1, '1'), row('it', 1, '1')], /stands in past.csv:\d+ too/],
    ['a level beyond the modulus', [row('it', 1, '1', 1_000_000)], /at or above the declared modulus/],
    ['MWh beside a register of Wh', [row('it', 1, '80', 5000), row('it', 2, '0.08', 85_000)], /disagrees .* is 80 kWh/],
    ['three steps too much', [row('it', 1, '80', 5000), row('it', 2, '80.003', 85_000)], /disagrees/],
    [
      'energies between two levels that do not add up',
      [row('it', 1, '80', 5000), row('it', 2, '70'), row('it', 3, '80', 165_000)],
      /150 kWh in all, disagrees .* is 160 kWh/,
    ],
    [
      'more energy than the register rose, with an hour missing',
      [row('it', 1, '80', 5000), row('it', 3, '80', 75_000)],
      /disagrees .* is 70 kWh/,
    ],
    [
      'MWh among kWh',
      [row('it', 1, '80'), row('it', 2, '0.08'), row('it', 3, '80')],
      /0\.08 kW looks 1000 times too small beside the meter's other lines \(80 kW\)/,
    ],
    [
      'Wh among kWh, where the rated power would allow it',
      [
        row('it', 1, '0.12', null, { ownUnit: true }),
        row('it', 2, '0.12', null, { ownUnit: true }),
        row('it', 3, '120'),
      ],
      /120 kW looks 1000 times too large/,
    ],
    ['MWh throughout', [row('it', 1, '0.08')], /looks 1000 times too small beside the rated power \(200 kW\)/],
    ['Wh', [row('it', 1, '80000')], /it looks 1000 times too large, is the unit right/],
    [
      'a bill that takes in hours',
      [row('it', 0, '80', null, { hours: 24 }), row('it', 23, '3')],
      /overlaps the span 2026-11-24T00:00\+08:00 – 2026-11-25T00:00\+08:00 in past.csv:\d+/,
    ],
    ['a year that was mistyped', [row('it', 1 - 55 * 8766, '1')], /is before .*check the year/],
  ])('%s is refused by line', (_, rows, message) => {
    expect(faultsOf(rows)).toEqual([expect.stringMatching(message)]);
  });

  test('a fall of a register that never rolls over is refused, a missing hour is not', () => {
    const never = meterSchema.parse({
      ...it,
      source: { protocol: 'modbus-tcp', address: 'h:502' },
      every: '1m',
      registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
    });
    const faults = (rows: EnergyRow[]) => check(rows, NOW, [never]).faults.map(({ text }) => text.en);
    expect(faults([row('it', 1, '80', 1_000_000), row('it', 4, '80', 900)])).toEqual([
      expect.stringMatching(/register falls from 1000000 \(past.csv:\d+\) to 900/),
    ]);
    expect(faults([row('it', 1, '80', 5000), row('it', 4, '80', 245_000)])).toEqual([]);
  });

  test('the newest import says where the register stands, whichever came last', () => {
    bring(steady('it', 80, 10, 20));
    bring(steady('it', 80, 0, 5));
    book.past.refresh();
    expect(book.past.stateOf('it')?.register?.state).toMatchObject({
      level: rational(1_605_000 % 1_000_000),
      at: MIDNIGHT + 20 * HOUR,
    });
  });

  test('hours after the imported level one reading alone credits nothing: it may be a spike', () => {
    bring(steady('it', 80, 0, 2));
    book.past.refresh();
    const accountant = new Accountant(ledger, 'p', new Map([['s', sides]]), 0, book.past);
    const read = (minute: number, wh: number) => {
      const at = MIDNIGHT + minute * 60_000;
      const answer = { energy: { value: rational(wh), wire: '' } };
      accountant.book(it, judgeMeter(it, accountant.stateOf('it'), answer, { at, mono: at }), at);
      accountant.commit();
      return ledger.load().meters.find(({ account }) => account.meter === 'it')?.account.liveMillijoules;
    };
    // Three hours later anything up to 720 kWh fits.
    expect(read(300, 800_000)).toBe(0n);
    expect(read(301, 5000 + 401_333)).toBe(0n);
    expect(read(302, 5000 + 402_667)).toBe((402_667n - 160_000n) * 3_600_000n);
  });

  test('a meter that is read live while an import is written keeps its hours: nothing is imported', () => {
    const { pasts } = check([...steady('gate', 100, 0, 3), ...steady('it', 80, 0, 3)]);
    const accountant = new Accountant(ledger, 'p', new Map([['s', sides]]), 0, book.past);
    const meanwhile = () => live(accountant, { gate: 100, it: 80 }, 60, 62);
    const { database, close } = openBesideWriter(path);
    expect(() => importPast(database, pasts, { plan: 'p', files: [], now: NOW, progress: meanwhile })).toThrow(
      /got live readings/,
    );
    close();
    expect(book.past.refresh()).toBe(false);
  });

  test('what was imported cannot be imported again; what the file lacked is for an adjusting entry', () => {
    bring([...steady('it', 80, 0, 3), ...steady('it', 80, 5, 6)]);
    expect(faultsOf(steady('it', 80, 2, 3))).toEqual([expect.stringMatching(/was imported before/)]);
    expect(faultsOf(steady('it', 80, 4, 5))).toEqual([
      expect.stringMatching(/without a figure for it.*greenflops adjust/),
    ]);
    expect(faultsOf([row('it', 2, '240', null, { hours: 3 })])).toEqual([expect.stringMatching(/was imported before/)]);
  });

  test('a meter that may idle, one that generates and a line that states its unit may have any power', () => {
    const rows = [row('it', 1, '80'), row('it', 2, '0.08'), row('it', 3, '80')];
    const faults = (change: Partial<Meter>) => check(rows, NOW, [{ ...it, ...change }]).faults.length;
    expect([faults({}), faults({ idle_ok: true }), faults({ direction: 'generation' })]).toEqual([1, 0, 0]);
    expect(faultsOf(rows.map((one) => ({ ...one, ownUnit: true })))).toEqual([]);
  });

  test('hours of a closed month are refused, those beside it are not, and what is closed meanwhile is not imported', () => {
    const close = (month: string) =>
      ledger.database.prepare("INSERT INTO closing VALUES (?, 0, '{}', '', '')").run(month);
    close('2026-10');
    // 24 November is the 55th day after the first of October.
    const november = -23 * 24;
    const bill = row('it', november - 24, '1920', null, { hours: 48 });
    expect(
      faultsOf([...steady('it', 80, november - 1, november), ...steady('gate', 100, november, november + 1), bill]),
    ).toEqual([
      'the month 2026-10 is closed: bring it as an adjusting entry (greenflops adjust)',
      'the month 2026-10 is closed: bring it as an adjusting entry (greenflops adjust)',
    ]);
    const { pasts } = check(steady('gate', 100, november, november + 1));
    const meanwhile = () => void close('2026-11');
    expect(() => importPast(ledger.database, pasts, { plan: 'p', files: [], now: NOW, progress: meanwhile })).toThrow(
      /2026-11 was closed/,
    );
  });

  test('good rows are handed on beside faults, and of an hour that is told in two ways neither', () => {
    const handed = (...rows: EnergyRow[]) => {
      const { pasts, faults } = check(rows);
      const hours = pasts.flatMap((past) => [...past.rows].map(({ from }) => (from - MIDNIGHT) / HOUR));
      return { hours, faults: faults.map(({ line: at, text }) => [at, text.en]) };
    };
    const [a, b] = [row('it', 1, '80'), row('it', 1, '81')];
    const told = handed(a, b, row('it', 2, '-0'), row('it', 3, '999'));
    expect(told.hours).toEqual([2]);
    expect(told.faults.slice(0, 2)).toEqual([
      [a.line, expect.stringMatching(new RegExp(`stands in past.csv:${b.line} too .81 kWh there, 80 kWh here`))],
      [b.line, expect.stringMatching(new RegExp(`stands in past.csv:${a.line} too .80 kWh there, 81 kWh here`))],
    ]);
    expect(told.faults).toHaveLength(3);
    expect(handed(row('it', 1, '80'), row('it', 1, '80'))).toMatchObject({
      hours: [1],
      faults: [[expect.any(Number), expect.stringMatching(/the same figure/)]],
    });
  });

  test('bills and hours together: a bill counts for windows that hold the whole of it, and brings its reference', () => {
    bring([
      row('it', 0, '240', null, { hours: 3, reference: 'B-1' }),
      ...steady('it', 80, 3, 6),
      ...steady('gate', 100, 0, 6),
    ]);
    book.past.refresh();
    expect(book.past.gaps('it', MIDNIGHT, MIDNIGHT + 3 * HOUR)).toEqual([{ from: MIDNIGHT, to: MIDNIGHT + 3 * HOUR }]);
    expect(book.past.gaps('it', MIDNIGHT + HOUR, MIDNIGHT + 6 * HOUR)).toEqual([]);
    expect(book.past.gaps('it', MIDNIGHT, MIDNIGHT + 2 * HOUR)).toEqual([]);
    expect(book.exceptions('it', MIDNIGHT, MIDNIGHT + 6 * HOUR)).toEqual(
      [0, 1, 2].map((hour) => MIDNIGHT + hour * HOUR),
    );
    expect(book.past.at('it', MIDNIGHT + 6 * HOUR)).toEqual({
      millijoules: 480n * 3_600_000_000n,
      meteredMs: 3 * HOUR,
    });
    const detail = ledger.database.prepare("SELECT detail FROM event WHERE source = 'it'").get()?.['detail'];
    expect(JSON.parse(String(detail))).toMatchObject({ hours: 6, references: 'B-1' });
  });

  test('a coarse figure is spread evenly, to the millijoule (property)', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.integer({ min: 1, max: 9000 }), (whole, hours) => {
        const { each, last } = evenly(whole, hours);
        expect(each * BigInt(hours - 1) + last).toBe(whole);
        expect(last - each).toBeGreaterThanOrEqual(0n);
        expect(last - each).toBeLessThan(BigInt(hours));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test('a window over whole bills has the sum of their energies, whatever stands beside them (property)', () => {
    const spans = fc.array(
      fc.record({ hours: fc.integer({ min: 1, max: 60 }), wh: fc.nat({ max: 200_000 }), hole: fc.nat({ max: 3 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(spans, fc.nat(), fc.nat(), (list, a, b) => {
        ledger.database.exec('DELETE FROM past; DELETE FROM past_meter; DELETE FROM past_hour; DELETE FROM past_gap');
        let next = 0;
        const rows = list.map(({ hours, wh, hole }) => {
          const made = row('it', next + hole, String((wh * hours) / 1000), null, { hours, ownUnit: true });
          next += hole + hours;
          return made;
        });
        importPast(ledger.database, [{ meter: it, rows }], { plan: 'p', files: [], now: NOW });
        const fresh = new HourBook(ledger.database);
        const [first, last] = [a % rows.length, b % rows.length].sort((x, y) => x - y);
        const window = rows.slice(first, (last ?? 0) + 1);
        const [from, to] = [window[0]?.from ?? 0, window.at(-1)?.to ?? 0];
        expect(fresh.past.at('it', to).millijoules - fresh.past.at('it', from).millijoules).toBe(
          window.reduce((sum, { millijoules }) => sum + millijoules, 0n),
        );
        expect(fresh.past.gaps('it', from, to)).toEqual(
          window.filter((one) => one.to - one.from > HOUR).map((one) => ({ from: one.from, to: one.to })),
        );
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  test('what an import that was cut off has left is never seen, and goes with the next one', () => {
    const { pasts } = check([...steady('it', 80, -2500, 0), ...steady('gate', 100, 0, 3)]);
    const crash = (written: number) => {
      if (written === 2503) throw new Error('power cut');
    };
    expect(() => importPast(ledger.database, pasts, { plan: 'p', files: [], now: NOW, progress: crash })).toThrow(
      'power cut',
    );
    expect(isEmpty(path)).toBe(true);
    expect(new HourBook(ledger.database).span('it')).toBeNull();
    bring(steady('it', 70, 0, 3));
    expect(ledger.database.prepare('SELECT count(*) AS n FROM past_hour').get()).toEqual({ n: 3 });
    expect(new HourBook(ledger.database).at('it', NOW).millijoules).toBe(210n * 3_600_000_000n);
  });

  test('two imports at once: the second is refused', () => {
    const first = openBesideWriter(path);
    expect(() => openBesideWriter(path)).toThrow(/in use/);
    first.close();
    openBesideWriter(path).close();
  });
});

test('a ledger of version 1 gets the past, and keeps what it holds', () => {
  ledger.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  const put = old.prepare("INSERT INTO hour VALUES ('it', ?, ?, 0, ?, 'p')");
  put.run(MIDNIGHT - HOUR, 0, 0);
  put.run(MIDNIGHT, 288_000_000, HOUR);
  old.close();
  ledger = new Ledger(path);
  const found = new HourBook(ledger.database);
  expect(found.span('it')).toEqual({ from: MIDNIGHT, to: MIDNIGHT + HOUR });
  expect(found.at('it', MIDNIGHT + HOUR).millijoules).toBe(80n * 3_600_000_000n);
  bring(steady('it', 80, -5, 0));
  expect(new HourBook(ledger.database).at('it', MIDNIGHT + HOUR).millijoules).toBe(480n * 3_600_000_000n);
});
