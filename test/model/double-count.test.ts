import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { twice } from '../../model/checks/energy-twice.ts';
import { expand } from '../../model/expand.ts';
import { meter as meterSchema, type Meter } from '../../model/schema/meter.ts';
import { broken, findingsIn, withFiles } from './declaration.ts';

const meterOf = (id: string, parent: string | null, formula?: string): Meter =>
  meterSchema.parse({
    id,
    parent,
    site: 's',
    role: 'it',
    rated_kw: 1,
    source: formula ? { protocol: 'calculated', formula } : { protocol: 'exposition', url: 'http://h/metrics' },
    registers: formula ? {} : { energy: { metric: 'e', scale_to_j: 1, modulus: 'none' } },
  });

function sum(meters: readonly Meter[], side: readonly string[]) {
  const byId = new Map(meters.map((meter) => [meter.id, meter]));
  const shares = side.map((id) => ({ of: byId.get(id)!, form: expand(byId.get(id)!, byId) }));
  return { shares, found: twice(shares, (id) => byId.get(id)?.parent ?? null) };
}

describe('energy that a side counts', () => {
  const tree = [meterOf('in', null), meterOf('rack', 'in'), meterOf('other', null)];
  test.each([
    ['in - rack', ['rack', 'f'], false],
    ['other + 2 kW', ['in', 'f'], false],
    ['0.95 * in', ['rack', 'f'], true],
    ['rack + other', ['in', 'f'], true],
    ['in + rack', ['f'], true],
    ['other', ['other', 'f'], true],
    ['in - 0.5 * rack', ['rack', 'f'], true],
  ])('%s beside %j: twice %s', (formula, side, isTwice) => {
    expect(sum([...tree, meterOf('f', null, formula)], side).found !== null).toBe(isTwice);
  });

  test('two formulas may each take off a part of one meter', () => {
    const more = [meterOf('f', null, 'in - 0.5 * other'), meterOf('g', null, 'rack - 0.5 * other')];
    const roots = [meterOf('in', null), meterOf('rack', null), meterOf('other', null)];
    expect(sum([...roots, ...more], ['f', 'g']).found).toBeNull();
  });

  test('whatever is accepted, no load counts more than once (property)', () => {
    let [accepted, refused] = [0, 0];
    // Meter i hangs below an earlier one, or below none; each has a load of its own beside what hangs below it.
    const trees = fc.array(fc.nat(), { minLength: 2, maxLength: 7 });
    const coefficients = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 0.95, -1), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(trees, fc.array(coefficients, { minLength: 1, maxLength: 3 }), (above, formulas) => {
        const parents = above.map((pick, index) => (pick % (index + 1)) - 1);
        const read = parents.map((parent, index) => meterOf(`m${index}`, parent < 0 ? null : `m${parent}`));
        const calculated = formulas.flatMap((row, index) => {
          const text = row
            .slice(0, read.length)
            .flatMap((by, at) => (by === 0 ? [] : [by < 0 ? `- m${at}` : `+ ${by} * m${at}`]))
            .join(' ');
          return text === '' ? [] : [meterOf(`f${index}`, null, `0 ${text}`)];
        });
        const { shares, found } = sum(
          [...read, ...calculated],
          calculated.map(({ id }) => id),
        );
        if (found !== null) {
          refused += 1;
          return;
        }
        accepted += 1;
        // What a load of 1 at each meter comes to in the sum: its meter reads it, and so does each one above.
        for (let load = 0; load < read.length; load++) {
          const readings = new Set<string>();
          for (let at = load; at >= 0; at = parents[at] ?? -1) readings.add(`m${at}`);
          const counted = shares
            .flatMap(({ form }) => [...form.terms])
            .reduce((total, [id, { n, d }]) => total + (readings.has(id) ? Number(n) / Number(d) : 0), 0);
          expect(counted).toBeLessThan(1 + 1e-9);
        }
      }),
      { seed: 2030, numRuns: 3000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(300);
  });
});

test('a formula and a feeder that follow one another in time count nothing twice', () => {
  const before =
    'role: other\n    rated_kw: 400\n    source: { protocol: calculated, formula: "gate - 1.5 * (narrow)" }';
  const after =
    'role: facility\n    valid_to: 2026-01-01T00:00:00+08:00\n    rated_kw: 400\n    source: { protocol: calculated, formula: "ups + narrow" }';
  const find = (gate: string) =>
    withFiles(
      broken([
        ['estate.yaml', 'backup: ups-calc\n    ', ''],
        ['estate.yaml', before, after],
        ['estate.yaml', '- id: gate\n', `- id: gate\n    valid_from: ${gate}\n`],
      ]).files,
      findingsIn,
    ).map(({ code }) => code);
  expect(find('2026-01-01T00:00:00+08:00')).toEqual([]);
  expect(find('2025-12-31T00:00:00+08:00')).toEqual(['double_count']);
});
