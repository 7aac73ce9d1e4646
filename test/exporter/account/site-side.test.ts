import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SiteSide } from '../../../exporter/account/site-side.ts';

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
