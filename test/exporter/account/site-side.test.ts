import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SiteSide } from '../../../exporter/account/ledger/site-side.ts';

const meter = (id: string, sign: 1 | -1) => ({
  meter: id,
  sign,
  weightMillionths: 1_000_000,
  ratedKw: 100,
  electric: true,
});

test('advances to the instant that all meters have reached, interpolating the faster one', () => {
  const side = new SiteSide('s', 'facility', { meters: [meter('a', 1), meter('b', 1)] }, undefined);
  side.record('a', { at: 0, millijoules: 0n });
  expect(side.advance()).toBe(false);
  side.record('b', { at: 0, millijoules: 0n });
  side.record('a', { at: 1000, millijoules: 1000n });
  side.record('b', { at: 500, millijoules: 50n });
  side.advance();
  expect(side.row).toMatchObject({ at: 500, millijoules: 550n });
  side.record('b', { at: 1000, millijoules: 100n });
  side.advance();
  expect(side.row).toMatchObject({ at: 1000, millijoules: 1100n });
});

test('export beyond import is made good before the counter moves again: it never steps back', () => {
  const side = new SiteSide('s', 'facility', { meters: [meter('in', 1), meter('out', -1)] }, undefined);
  for (const id of ['in', 'out']) side.record(id, { at: 0, millijoules: 0n });
  const steps: [number, bigint, bigint, bigint][] = [
    [1000, 100n, 20n, 80n],
    [2000, 100n, 60n, 80n],
    [3000, 130n, 60n, 80n],
    [4000, 200n, 60n, 140n],
  ];
  side.advance();
  for (const [at, into, out, expected] of steps) {
    side.record('in', { at, millijoules: into });
    side.record('out', { at, millijoules: out });
    side.advance();
    expect(side.row?.millijoules).toBe(expected);
  }
});

test('a restart at any point gives the same total', () => {
  const step = fc.record({
    meter: fc.constantFrom('a', 'b'),
    ms: fc.integer({ min: 1, max: 9000 }),
    rise: fc.bigInt({ min: 0n, max: 10n ** 7n }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 39 }), (steps, cut) => {
      const total = (restartAt: number): bigint => {
        let side = new SiteSide('s', 'it', { meters: [meter('a', 1), meter('b', 1)] }, undefined);
        const points = { a: { at: 0, millijoules: 0n }, b: { at: 0, millijoules: 0n } };
        for (const id of ['a', 'b'] as const) side.record(id, points[id]);
        side.advance();
        steps.forEach(({ meter: id, ms, rise }, i) => {
          points[id] = { at: points[id].at + ms, millijoules: points[id].millijoules + rise };
          side.record(id, points[id]);
          side.advance();
          if (i !== restartAt) return;
          const entered = side.row?.entered ?? new Map<string, bigint>();
          side = new SiteSide('s', 'it', { meters: [meter('a', 1), meter('b', 1)] }, side.row ?? undefined);
          for (const one of ['a', 'b'] as const) side.resume(one, entered.get(one) ?? 0n, points[one]);
        });
        const end = Math.max(points.a.at, points.b.at) + 1;
        for (const one of ['a', 'b'] as const) side.record(one, { at: end, millijoules: points[one].millijoules });
        side.advance();
        return side.row?.millijoules ?? -1n;
      };
      const straight = total(-1);
      expect(straight).toBe(steps.reduce((sum, { rise }) => sum + rise, 0n));
      expect(total(cut)).toBe(straight);
    }),
    { seed: 2030, numRuns: 500 },
  );
});

test('while one meter is silent for days the points of the other stay few, and its energy is exact in the end', () => {
  const side = new SiteSide('s', 'it', { meters: [meter('a', 1), meter('b', 1)] }, undefined);
  for (const id of ['a', 'b']) side.record(id, { at: 0, millijoules: 0n });
  const points = 50_000;
  for (let i = 1; i <= points; i++) side.record('a', { at: i * 15_000, millijoules: BigInt(i) * 7n });
  expect(side.waiting).toBeLessThan(2100);
  side.record('b', { at: points * 15_000, millijoules: 5n });
  side.advance();
  expect(side.row?.millijoules).toBe(BigInt(points) * 7n + 5n);
});

test('a meter that comes to a side brings nothing of its past, and takes nothing from the others', () => {
  const row = { site: 's', side: 'it', at: 10_000, millijoules: 1000n, debt: 0n, entered: new Map() };
  const side = new SiteSide('s', 'it', { meters: [meter('old', 1), meter('new', 1)] }, row);
  side.resume('old', 1000n, { at: 10_000, millijoules: 1000n });
  side.record('old', { at: 20_000, millijoules: 1100n });
  side.record('new', { at: 25_000, millijoules: 0n });
  side.record('old', { at: 30_000, millijoules: 1200n });
  side.record('new', { at: 30_000, millijoules: 5n });
  side.advance();
  expect(side.row).toMatchObject({ at: 30_000, millijoules: 1205n });
});

describe('what is taken off and was not metered', () => {
  const net = (): SiteSide => new SiteSide('s', 'facility', { meters: [meter('in', 1), meter('out', -1)] }, undefined);

  test('takes its stretch out of the whole sum, which is then never above the truth', () => {
    const side = net();
    for (const id of ['in', 'out']) side.record(id, { at: 0, millijoules: 0n });
    side.advance();
    // Import 100 a second, export 60; the export meter was silent from 10 s to 20 s and credits nothing of it.
    side.record('in', { at: 10_000, millijoules: 1000n });
    side.record('out', { at: 10_000, millijoules: 600n });
    side.record('in', { at: 20_000, millijoules: 2000n });
    side.record('out', { at: 20_000, millijoules: 600n });
    expect(side.darken('out', { from: 10_000, to: 20_000 })).toBe(true);
    side.record('in', { at: 30_000, millijoules: 3000n });
    side.record('out', { at: 30_000, millijoules: 1200n });
    side.advance();
    expect(side.row).toMatchObject({ at: 30_000, millijoules: 800n, dark: [] });
  });

  test('is no matter where a meter that is added was not metered', () => {
    const side = net();
    for (const id of ['in', 'out']) side.record(id, { at: 0, millijoules: 0n });
    side.advance();
    expect(side.darken('in', { from: 0, to: 10_000 })).toBe(false);
  });

  test('before its first reading counts for nothing', () => {
    const side = new SiteSide(
      's',
      'facility',
      { meters: [meter('in', 1), meter('out', -1)] },
      {
        site: 's',
        side: 'facility',
        at: 0,
        millijoules: 500n,
        debt: 0n,
        entered: new Map([['in', 0n]]),
      },
    );
    side.resume('in', 0n, { at: 0, millijoules: 0n });
    side.record('in', { at: 20_000, millijoules: 2000n });
    side.record('out', { at: 10_000, millijoules: 0n });
    side.record('out', { at: 20_000, millijoules: 600n });
    side.advance();
    expect(side.row).toMatchObject({ at: 20_000, millijoules: 500n + 400n });
  });

  test('never brings the sum above the truth, whatever is silent when', () => {
    const step = fc.record({
      id: fc.constantFrom('in', 'out'),
      ms: fc.integer({ min: 1, max: 5000 }),
      silent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const side = net();
        const at = { in: 0, out: 0 };
        const counted = { in: 0n, out: 0n };
        const power = { in: 100n, out: 60n };
        for (const id of ['in', 'out'] as const) side.record(id, { at: 0, millijoules: 0n });
        side.advance();
        for (const { id, ms, silent } of steps) {
          const from = at[id];
          at[id] += ms;
          if (!silent) counted[id] += power[id] * BigInt(ms);
          side.record(id, { at: at[id], millijoules: counted[id] });
          if (silent) side.darken(id, { from, to: at[id] });
          side.advance();
          const { at: reach = 0, millijoules = 0n } = side.row ?? {};
          // Interpolated levels are cut to whole millijoules.
          expect(millijoules <= 40n * BigInt(reach) + 2n * BigInt(steps.length)).toBe(true);
        }
      }),
      { seed: 2030, numRuns: 300 },
    );
  });
});
