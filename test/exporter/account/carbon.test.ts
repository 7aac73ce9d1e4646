import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Share } from '../../../exporter/account/carbon/certificates.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { count, figuresOf, flow, kilograms, same, shares, sideMeter, terms, type Scene } from './carbon-site.ts';

const MARCH = Date.parse('2026-03-01T00:00:00+08:00');
const day = (n: number): string => new Date(MARCH + n * 24 * HOUR).toISOString();
const MWH = 3_600_000_000_000n;

/** 100 kWh/h of grid electricity for 48 hours, 80 of them IT. */
const plain: Scene = { begin: MARCH, meters: { gate: same(48, 100), it: same(48, 80) } };

describe('by location', () => {
  test('is the import of each hour by the factor in force: 4,800 kWh x 0.5', () => {
    const { location, market, cue, ref } = figuresOf(count(plain), 'ytd');
    expect(kilograms(location)).toBe(2400);
    expect(market).toBe(location);
    // 2,400 kg / 3,840 kWh = 0.5 x PUE 1.25
    expect(cue).toBeCloseTo(0.625, 12);
    expect(ref).toBe(0);
  });

  test('the factor changes with the year of Asia/Shanghai, within a window', () => {
    const begin = Date.parse('2026-12-31T12:00:00+08:00');
    const counted = count({ ...plain, begin, meters: { gate: same(24, 100), it: same(24, 80) } });
    // 12 h x 100 kWh x 0.5 + 12 h x 100 kWh x 0.4
    expect(kilograms(figuresOf(counted, '24h').location)).toBe(1080);
    expect(kilograms(figuresOf(counted, 'ytd').location)).toBe(480);
  });

  test('export is not taken off, generation counts nothing and is renewable less what is given away, fuel counts', () => {
    const flows = [flow('gate'), flow('pv', 'generation'), flow('feed', 'export'), flow('oil', 'import', 'diesel')];
    const meters = { gate: same(24, 100), pv: same(24, 30), feed: same(24, 10), oil: same(24, 4), it: same(24, 80) };
    const { location, ref } = figuresOf(count({ begin: MARCH, meters, flows }), '24h');
    expect(kilograms(location)).toBe(24 * (100 * 0.5 + 4 * 0.25));
    expect(ref).toBeCloseTo((30 - 10) / (100 + 30 - 10 + 4), 12);
  });

  test('hours that do not count for the PUE count for nothing here', () => {
    const it = [...same(40, 80), null, ...same(7, 80)];
    const [share] = shares([{ site: 's', from: day(0), to: day(9), mwh: 9 }]) as [Share];
    const counted = count({ ...plain, meters: { gate: same(48, 100), it }, terms: terms([share]) });
    expect(kilograms(figuresOf(counted, 'ytd').location)).toBe(2350);
    expect(kilograms(figuresOf(counted, '24h').location)).toBe(1150);
    expect(counted.use?.usedOf(share)).toBe((47n * MWH) / 10n);
  });

  test('a window that cuts a bridged gap leaves its hours out, of emissions and certificates; one that holds it does not', () => {
    const bridges = [{ meter: 'it', from: 22, to: 25 }];
    const held = shares([{ site: 's', from: day(0), to: day(9), mwh: 9 }]);
    const bare = count({ ...plain, bridges });
    expect(kilograms(figuresOf(bare, 'ytd').location)).toBe(2400);
    expect(kilograms(figuresOf(bare, '24h').location)).toBe(1150);
    const { location, market, ref } = figuresOf(count({ ...plain, bridges, terms: terms(held) }), '24h');
    expect([kilograms(location), kilograms(market), ref]).toEqual([1150, 0, 1]);
  });

  test('a site whose IT uses nothing has emissions, and no CUE', () => {
    const { location, cue } = figuresOf(count({ ...plain, meters: { gate: same(48, 100), it: same(48, 0) } }), 'ytd');
    expect([kilograms(location), cue]).toEqual([2400, null]);
  });

  test('where a backup stands in, its energy is taken', () => {
    const member = sideMeter('gate', { backup: { meters: [sideMeter('spare')], constantMilliwatts: 1_000_000 } });
    const flows = [{ ...flow('gate'), sum: { meters: [member] } }];
    const meters = { gate: [...same(23, 100), null], spare: same(24, 60), it: same(24, 50) };
    // The constant adds 1 kW to what the spare reads.
    expect(kilograms(figuresOf(count({ begin: MARCH, meters, flows }), '24h').location)).toBe((23 * 100 + 61) * 0.5);
  });
});

describe('no emissions, and the reason', () => {
  test.each([
    ['no_fuel_factor', { flows: [flow('gate'), flow('steam', 'import', 'steam')], begin: MARCH }],
    ['no_grid_factor', { begin: Date.parse('2025-06-01T00:00:00+08:00') }],
    ['flows_unknown', { recorded: false }],
    ['coverage', { meters: { gate: [...same(40, 100), null, null, ...same(6, 100)], it: same(48, 80) } }],
  ] as const)('%s', (reason, more) => {
    const meters = { ...plain.meters, steam: same(48, 0) };
    const { windows } = count({ ...plain, meters, ...more });
    expect(windows.find(({ window }) => window === '24h')).toEqual({ window: '24h', reason, figures: null });
    expect(windows.find(({ window }) => window === '30d')?.reason).toBe('young');
  });
});

describe('by market', () => {
  test('a certificate is used as energy is consumed, the oldest-ending first; what is left can still be used', () => {
    const certificates = shares([
      { site: 's', from: day(0), to: day(31), mwh: 3 },
      { site: 's', from: day(0), to: day(1), mwh: 2 },
    ]);
    const counted = count({ ...plain, terms: terms(certificates) });
    const { location, market, ref } = figuresOf(counted, 'ytd');
    // The first day takes 2,000 kWh of c2 and 400 of c1; the second day 2,400 of c1.
    expect(kilograms(location)).toBe(2400);
    expect(kilograms(market)).toBe(0);
    expect(ref).toBe(1);
    const [first, second] = certificates;
    expect(second && [second.id, counted.use?.usedOf(second)]).toEqual(['c1', (28n * MWH) / 10n]);
    expect(second && counted.use?.left(second, MARCH + 48 * HOUR)).toEqual({ usable: MWH / 5n, surplus: 0n });
    expect(first && counted.use?.usedOf(first)).toBe(2n * MWH);
  });

  test('what the site did not consume within the period is surplus and not applied', () => {
    const certificates = shares([{ site: 's', from: day(0), to: day(1), mwh: 10 }]);
    const counted = count({ ...plain, terms: terms(certificates) });
    const [share] = certificates as [Share];
    expect(counted.use?.usedOf(share)).toBe((24n * MWH) / 10n);
    expect(counted.use?.left(share, MARCH + 48 * HOUR)).toEqual({ usable: 0n, surplus: (76n * MWH) / 10n });
    expect(kilograms(figuresOf(counted, 'ytd').market)).toBe(1200);
    expect(kilograms(figuresOf(counted, '24h').market)).toBe(1200);
  });

  test('by the hour, an hour uses at most its part, and what it does not use is lost', () => {
    // 4.8 MWh over 48 h: 100 kWh for each hour. Nights use 40, days 160: 24 x 40 + 24 x 100 are covered.
    const gate = Array.from({ length: 48 }, (_, i) => (i % 24 < 12 ? 40 : 160));
    const certificate = { site: 's', from: day(0), to: day(2), mwh: 4.8 };
    const scene = { ...plain, meters: { gate, it: same(48, 30) } };
    const [hourly] = shares([certificate], 'hourly') as [Share];
    const counted = count({ ...scene, terms: terms([hourly]) });
    expect(kilograms(figuresOf(counted, 'ytd').market)).toBe(24 * 60 * 0.5);
    expect(counted.use?.left(hourly, MARCH + 48 * HOUR)).toEqual({ usable: 0n, surplus: (144n * MWH) / 100n });
    expect(counted.use?.left(hourly, MARCH + 47 * HOUR).usable).toBe(MWH / 10n);
    const period = count({ ...scene, terms: terms(shares([certificate])) });
    expect(kilograms(figuresOf(period, 'ytd').market)).toBe(0);
  });

  test('of a certificate that is spread, a site has its part', () => {
    const allocations = [
      { site: 't', mwh: 9 },
      { site: 's', mwh: 1 },
    ];
    const counted = count({ ...plain, terms: terms(shares([{ allocations, from: day(0), to: day(9), mwh: 10 }])) });
    expect(kilograms(figuresOf(counted, 'ytd').market)).toBe((4800 - 1000) * 0.5);
  });

  test('what an hour would lose is used before what lasts longer, though it ends later', () => {
    const certificates = shares([
      { site: 's', from: day(0), to: day(2), mwh: 4.8, hourly: true },
      { site: 's', from: day(0), to: day(1), mwh: 1 },
    ]);
    const { use } = count({ ...plain, terms: terms(certificates) });
    expect(certificates.map((share) => [share.id, use?.usedOf(share)])).toEqual([
      ['c1', (48n * MWH) / 10n],
      ['c2', 0n],
    ]);
  });

  test('no certificate covers what is burnt', () => {
    const flows = [flow('gate'), flow('oil', 'import', 'diesel')];
    const meters = { ...plain.meters, oil: same(48, 4) };
    const by = terms(shares([{ site: 's', from: day(0), to: day(9), mwh: 9 }]));
    expect(kilograms(figuresOf(count({ ...plain, meters, flows, terms: by }), 'ytd').market)).toBe(48 * 4 * 0.25);
  });

  test('electricity without a certificate has the residual factor where one is declared', () => {
    const by = terms(shares([{ site: 's', from: day(0), to: day(9), mwh: 1 }]), 0.75);
    const { location, market } = figuresOf(count({ ...plain, terms: by }), 'ytd');
    expect(kilograms(location)).toBe(2400);
    expect(kilograms(market)).toBe(3800 * 0.75);
  });
});

describe('whatever the site consumes and holds', () => {
  const certificate = fc.record({ from: fc.nat(70), hours: fc.integer({ min: 1, max: 50 }), kwh: fc.nat(3000) });
  const site = fc.record({
    gate: fc.array(fc.option(fc.integer({ min: 20, max: 100 }), { freq: 30 }), { minLength: 72, maxLength: 72 }),
    held: fc.array(certificate, { maxLength: 4 }),
  });
  const sharesFor = (held: readonly { from: number; hours: number; kwh: number }[], hourly: boolean): Share[] =>
    shares(
      held.map(({ from, hours, kwh }) => ({
        site: 's',
        from: new Date(MARCH + from * HOUR).toISOString(),
        to: new Date(MARCH + (from + hours) * HOUR).toISOString(),
        mwh: (kwh + 1) / 1000,
        hourly,
      })),
    );

  test('market <= location, certificates lower no location, none is used twice, hourly covers no more than by period', () => {
    let compared = 0;
    fc.assert(
      fc.property(site, ({ gate, held }) => {
        const scene = { begin: MARCH, meters: { gate, it: same(72, 20) } };
        const [none, period, hourly] = [[], sharesFor(held, false), sharesFor(held, true)].map((list) => ({
          list,
          counted: count({ ...scene, terms: terms(list) }),
        }));
        for (const window of ['24h', 'ytd', '12mo'] as const) {
          const of = (one: typeof none) => one?.counted.windows.find((row) => row.window === window)?.figures ?? null;
          const [bare, covered, matched] = [of(none), of(period), of(hourly)];
          if (bare === null || covered === null || matched === null) continue;
          compared += 1;
          expect(covered.location).toBe(bare.location);
          expect(matched.location).toBe(bare.location);
          expect(bare.market).toBe(bare.location);
          expect(covered.market).toBeLessThanOrEqual(covered.location);
          expect(matched.market).toBeLessThanOrEqual(matched.location);
          // A window that begins later may get more by the hour: by the period what came before it may have used all.
          expect(matched.market).toBeGreaterThanOrEqual(window === '24h' ? 0n : covered.market);
        }
        for (const one of [period, hourly]) {
          const use = one?.counted.use;
          for (const share of use?.shares ?? []) {
            const left = use?.left(share, MARCH + 72 * HOUR);
            expect(left?.usable).toBeGreaterThanOrEqual(0n);
            expect(left?.surplus).toBeGreaterThanOrEqual(0n);
            expect((use?.usedOf(share) ?? 0n) + (left?.usable ?? 0n) + (left?.surplus ?? 0n)).toBe(share.millijoules);
          }
        }
      }),
      { seed: 2030, numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  test('the windows of two halves add up to the whole to the milligram', () => {
    // ytd of the last hour of 2026 and of the day after: the 24h window holds both halves.
    const begin = Date.parse('2026-12-31T00:00:00+08:00');
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 20, max: 99 }), { minLength: 36, maxLength: 36 }),
        fc.nat(1000),
        (gate, kwh) => {
          const held = {
            site: 's',
            from: new Date(begin).toISOString(),
            to: '2027-02-01T00:00:00+08:00',
            mwh: (kwh + 1) / 1000,
          };
          const at = (hours: number) =>
            count({ begin, meters: { gate: gate.slice(0, hours), it: same(hours, 20) }, terms: terms(shares([held])) });
          const [before, after] = [figuresOf(at(24), 'ytd'), figuresOf(at(36), 'ytd')];
          const whole = figuresOf(at(36), '12mo');
          for (const basis of ['location', 'market'] as const) {
            expect(before[basis] + after[basis]).toBe(whole[basis]);
          }
        },
      ),
      { seed: 2030, numRuns: 30 },
    );
  });
});
