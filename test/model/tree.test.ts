import { expect, test } from 'vitest';
import { profiles } from '../../model/schema/profiles.ts';
import { estate, type Estate } from '../../model/schema/estate.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { boundaryMeters, carrierWeight, sideOf, sign, topmostItMeters, weakestCategory } from '../../model/tree.ts';

const CHANGE = Date.parse('2026-07-01T00:00:00+08:00');
const name = { zh: '甲', en: 'A' };

const meter = (id: string, role: string, more: object = {}): object => ({
  id,
  role,
  site: 'one',
  rated_kw: 1,
  source: { protocol: 'modbus-tcp', address: 'h:1' },
  ...more,
});

/** gate, pv and feed cross the boundary; ups-new takes the place of ups-old; rack hangs below them, node below rack. */
const one: Estate = estate.parse({
  schema: 'greenflops/v1',
  sites: ['one', 'two'].map((id) => ({ id, name, grid: 'g', profile: 'p', it_rated_kw: 1 })),
  meters: [
    meter('gate', 'facility'),
    meter('pv', 'facility', { direction: 'generation', carrier: 'gas' }),
    meter('feed', 'facility', { direction: 'export' }),
    meter('sub', 'facility', { parent: 'gate' }),
    meter('ups-old', 'it', { parent: 'gate', category: 1, valid_to: '2026-07-01T00:00:00+08:00' }),
    meter('ups-new', 'it', { parent: 'ups-old', category: 1, valid_from: '2026-07-01T00:00:00+08:00' }),
    meter('rack', 'other', { parent: 'ups-new' }),
    meter('node', 'it', { parent: 'rack', category: 3 }),
    meter('direct', 'it', { parent: 'sub', category: 2 }),
    meter('elsewhere', 'facility', { site: 'two' }),
  ],
});
const of = (id: string): Meter => one.meters.find((each) => each.id === id) ?? expect.fail(`no meter ${id}`);
const ids = (meters: readonly Meter[]): string[] => meters.map(({ id }) => id);

test('the boundary is every facility meter of the site without a parent', () => {
  expect(ids(boundaryMeters(one, 'one', CHANGE))).toEqual(['gate', 'pv', 'feed']);
  expect(ids(boundaryMeters(one, 'two', CHANGE))).toEqual(['elsewhere']);
});

test('IT energy is counted once, before and after a meter takes the place of another', () => {
  expect(ids(topmostItMeters(one, 'one', CHANGE - 1))).toEqual(['ups-old', 'direct']);
  expect(ids(topmostItMeters(one, 'one', CHANGE))).toEqual(['ups-new', 'direct']);
});

test('the side of a meter follows its life and what stands above it', () => {
  const sides = ['gate', 'sub', 'ups-old', 'ups-new', 'rack', 'node'].map((id) => sideOf(one, of(id), CHANGE));
  expect(sides).toEqual(['facility', 'none', 'none', 'it', 'none', 'none']);
  expect(sideOf(one, of('ups-old'), CHANGE - 1)).toBe('it');
});

test('import and generation add to the boundary, export subtracts', () => {
  expect(['gate', 'pv', 'feed'].map((id) => sign(of(id)))).toEqual([1, 1, -1]);
});

test('the weakest category is the lowest, and unknown as soon as one is', () => {
  expect(weakestCategory([of('node'), of('direct')])).toBe(2);
  expect(weakestCategory([of('node'), of('rack')])).toBeNull();
  expect(weakestCategory([])).toBeNull();
});

test('the weight of a carrier is exact, and a carrier without one is refused by name', () => {
  const carriers = [{ id: 'gas', name, weight: 0.35, source: 'test' }];
  const profile = { id: 'p', name, pue: 1.3, basis: 'test', confidence: 'memory' };
  const table = profiles.parse({ schema: 'greenflops/v1', pue_edition: 'e', carriers, profiles: [profile] });
  expect(carrierWeight(table, of('pv'))).toEqual({ n: 35n, d: 100n });
  expect(() => carrierWeight(table, of('gate'))).toThrow('meter gate: carrier "electricity" has no weight');
});
