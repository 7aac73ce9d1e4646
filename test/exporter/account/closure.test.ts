import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { closureTree } from '../../../exporter/account/closure/closure-tree.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { closureOn, END, estateOf, planOf, type MadeMeter } from './closure-ledger.ts';
import { finish } from './finish.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
function closureOf(meters: readonly MadeMeter[]) {
  const made = closureOn(planOf(estateOf(meters)));
  open.push(made);
  return made;
}

/** Two gates and photovoltaics -> two UPS (one of them behind a meter of its input) and a chiller; three PDUs; a rack. */
const healthy: readonly MadeMeter[] = [
  { id: 'gate-1', fields: 'role: facility', kwh: 600 },
  { id: 'gate-2', fields: 'role: facility', kwh: 420 },
  { id: 'pv', fields: 'role: facility, direction: generation, idle_ok: true', kwh: 30 },
  { id: 'sold', fields: 'role: facility, direction: export, idle_ok: true', kwh: 50 },
  { id: 'ups-1-in', fields: 'role: ups, parent: gate-1', kwh: 430 },
  { id: 'ups-1', fields: 'role: it, category: 1, parent: ups-1-in', kwh: 400 },
  { id: 'ups-2', fields: 'role: it, category: 1, parent: gate-2', kwh: 300 },
  { id: 'chiller', fields: 'role: cooling, parent: gate-2', kwh: 170 },
  { id: 'pdu-1', fields: 'role: it, category: 2, parent: ups-1', kwh: 250 },
  { id: 'pdu-2', fields: 'role: it, category: 2, parent: ups-1', kwh: 140 },
  { id: 'pdu-3', fields: 'role: it, category: 2, parent: ups-2', kwh: 295 },
  { id: 'rack', fields: 'role: it, category: 3, parent: pdu-1', kwh: 240 },
];
const changed = (changes: Readonly<Record<string, Partial<MadeMeter>>>): MadeMeter[] =>
  healthy.map((meter) => ({ ...meter, ...changes[meter.id] }));

describe('the levels of a site', () => {
  test('by hand: each part once, net at the boundary, and only what has meters below it', () => {
    const made = closureOf(healthy);
    made.write(healthy);
    finish(made.closure.count(END, -Infinity));
    // 600 + 420 + 30 - 50 = 1000 in; 430 + 300 + 170 = 900 known just below
    expect(made.ratio('boundary')).toBeCloseTo(0.1, 9);
    // 700 out of the UPS; 250 + 140 + 295 = 685 into PDUs
    expect(made.ratio('ups')).toBeCloseTo(15 / 700, 9);
    // of the PDUs one has a meter below it: 250 against 240
    expect(made.ratio('pdu')).toBeCloseTo(0.04, 9);
    expect(made.ratio('it'), 'no pool, no accelerators').toBeUndefined();
    expect(made.suspects()).toEqual([]);
  });

  test('what is calculated, ended or stands in for another meter is passed over', () => {
    const source = 'source: { protocol: calculated, formula: "ups-1" }';
    const calculated = `  - { id: sum, site: s, role: other, parent: gate-1, rated_kw: 1000, ${source} }`;
    const meters = changed({
      'ups-1': { fields: 'role: it, category: 1, parent: ups-1-in, backup: spare' },
      'pdu-1': { fields: 'role: it, category: 2, parent: spare' },
      'pdu-2': { fields: 'role: it, category: 2, parent: old' },
      chiller: { fields: 'role: cooling, parent: sum' },
    }).concat([
      { id: 'spare', fields: 'role: it, category: 1, parent: ups-1', kwh: 1 },
      { id: 'old', fields: 'role: it, category: 1, parent: ups-1, valid_to: 2026-01-01T00:00:00+08:00', kwh: 1 },
    ]);
    const { estate } = planOf(estateOf(meters).replace('pools:', `${calculated}\npools:`));
    const below = closureTree(estate, 's', END).junctions.map((junction) =>
      [junction.above, junction.below].map((side) => side.map(({ meter }) => meter).join(' ')),
    );
    expect(below).toContainEqual(['ups-1', 'pdu-1 pdu-2']);
    expect(below).toContainEqual(['gate-1 gate-2 pv sold', 'ups-1-in chiller ups-2']);
    expect(below.flat().join(' ')).not.toMatch(/\b(spare|old|sum)\b/);
  });

  test('a level with a meter that was dead for two hours is absent, the others are not', () => {
    const made = closureOf(healthy);
    made.write(healthy);
    made.write(
      healthy.filter(({ id }) => id === 'pdu-3'),
      END,
      2,
    );
    finish(made.closure.count(END, -Infinity));
    expect(made.ratio('ups')).toBeUndefined();
    expect(made.ratio('boundary')).toBeCloseTo(0.1, 9);
    expect(made.ratio('pdu')).toBeCloseTo(0.04, 9);
  });

  test('a site that may make electricity of gas has no boundary to close', () => {
    const gas = 'role: facility, carrier: gas';
    const made = closureOf([...healthy, { id: 'gas', fields: gas, kwh: 10 }]);
    made.write(healthy);
    finish(made.closure.count(END, -Infinity));
    expect(made.ratio('boundary')).toBeUndefined();
    expect(made.ratio('ups')).toBeCloseTo(15 / 700, 9);
  });

  test('a day within which a meter begins its life closes nothing; the day after does', () => {
    const meters = changed({
      'pdu-3': { fields: 'role: it, category: 2, parent: ups-2, valid_from: 2026-11-24T06:00:00+08:00' },
    });
    const made = closureOf(meters);
    made.write(meters);
    finish(made.closure.count(END, -Infinity));
    expect(made.samples()).toEqual([]);
    made.write(meters, END + 24 * HOUR);
    finish(made.closure.count(END + 24 * HOUR, -Infinity));
    expect(made.ratio('ups')).toBeCloseTo(15 / 700, 9);
  });
});

describe('each fault is found by its own name and by no other', () => {
  const cases: readonly (readonly [string, readonly MadeMeter[], string[]])[] = [
    ['a CT ratio of a PDU ten times too high', changed({ 'pdu-3': { kwh: 2950 } }), ['meter_children_exceed of ups-2']],
    ['a CT ratio of a UPS ten times too low', changed({ 'ups-2': { kwh: 30 } }), ['meter_children_exceed of ups-2']],
    ['a CT ratio of the chiller ten times too high', changed({ chiller: { kwh: 1700 } }), ['meter_children_exceed']],
    [
      'CT ratios of both gates ten times too low',
      changed({ 'gate-1': { kwh: 60 }, 'gate-2': { kwh: 42 } }),
      ['boundary_missing'],
    ],
    [
      'a gate that nobody declared',
      healthy
        .filter(({ id }) => id !== 'gate-1')
        .map((m) => (m.id === 'ups-1-in' ? { ...m, fields: 'role: ups, parent: gate-2' } : m)),
      ['boundary_missing'],
    ],
    [
      'a PDU declared below the other UPS',
      changed({ 'pdu-1': { fields: 'role: it, category: 2, parent: ups-2' } }),
      ['meter_children_exceed of ups-2'],
    ],
  ];
  test.each(cases)('%s', (_, meters, names) => {
    const made = closureOf(meters);
    made.write(meters);
    finish(made.closure.count(END, -Infinity));
    expect(made.suspects()).toEqual(names);
    expect(made.events.map(({ kind, detail }) => [kind, detail['suspect']])).toEqual([
      ['closure_suspect', names[0]?.split(' ')[0]],
    ]);
  });

  test('it begins and ends as one event each, with the meters and energies; silence does not end it', () => {
    const faulty = changed({ 'pdu-3': { kwh: 2950 } });
    const made = closureOf(healthy);
    made.write(faulty);
    for (const end of [END, END + HOUR]) finish(made.closure.count(end, -Infinity));
    expect(made.events).toHaveLength(1);
    expect(made.events[0]).toMatchObject({
      source: 'ups-2',
      detail: { above: 'ups-2', below: 'pdu-3', above_kwh: 7200, below_kwh: 70_800 },
    });
    expect(made.ratio('ups'), 'an excess is shown').toBeCloseTo((700 - 3340) / 700, 9);
    finish(made.closure.count(END + 12 * HOUR, -Infinity));
    expect(made.suspects(), 'half a day without readings').toEqual(['meter_children_exceed of ups-2']);
    made.write(healthy, END + 48 * HOUR);
    finish(made.closure.count(END + 48 * HOUR, -Infinity));
    expect(made.suspects()).toEqual([]);
    expect(made.events.map(({ kind }) => kind)).toEqual(['closure_suspect', 'closure_clear']);
  });

  test('an excess within the accuracy of the meters is shown and not suspected', () => {
    // 0.5 class and 0.5 of the transformer on both sides: 2 % of 300
    for (const [kwh, names] of [
      [305, []],
      [307, ['meter_children_exceed of ups-2']],
    ] as const) {
      const meters = changed({ 'pdu-3': { kwh } });
      const made = closureOf(meters);
      made.write(meters);
      finish(made.closure.count(END, -Infinity));
      expect(made.suspects()).toEqual(names);
      expect(made.ratio('ups')).toBeCloseTo((700 - 390 - kwh) / 700, 9);
    }
  });
});

/** A tree of loads: what is used at each meter itself, and how much of what passes it is lost on the way in. */
interface Load {
  readonly kwh: number;
  readonly loss: number;
  /** per mille by which the meter reads too much or too little, within class 0.5 and a transformer's 0.5 */
  readonly error: number;
  readonly children: readonly Load[];
}
const { load } = fc.letrec<{ load: Load }>((tie) => ({
  load: fc.record({
    kwh: fc.integer({ min: 1, max: 500 }),
    loss: fc.integer({ min: 0, max: 15 }).map((n) => n / 100),
    error: fc.integer({ min: -9, max: 9 }),
    children: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constant<Load[]>([]),
      fc.array(tie('load'), { maxLength: 3 }),
    ),
  }),
}));

/** Meters of a load and of all below it; `through` is what really comes in. */
function metersOf(one: Load, id: string, parent: string | null): { through: number; meters: MadeMeter[] } {
  const below = one.children.map((child, i) => metersOf(child, `${id}-${i}`, id));
  const through = (one.kwh + below.reduce((sum, { through: kwh }) => sum + kwh, 0)) / (1 - one.loss);
  const depth = id.split('-').length;
  const fields =
    parent === null
      ? 'role: facility'
      : `role: ${depth > 2 ? `it, category: ${depth > 3 ? 2 : 1}` : 'ups'}, parent: ${parent}`;
  return {
    through,
    meters: [{ id, fields, kwh: through * (1 + one.error / 1000) }, ...below.flatMap(({ meters }) => meters)],
  };
}

test('random centres: none that is healthy is suspected, and every kilowatt-hour stands once', () => {
  fc.assert(
    fc.property(load, (root) => {
      const { meters } = metersOf({ ...root, loss: 0.05 }, 'm', null);
      const plan = planOf(estateOf(meters));
      const { junctions } = closureTree(plan.estate, 's', END);
      const kwh = new Map(meters.map((meter) => [meter.id, meter.kwh]));
      const sum = (list: readonly { meter: string; sign: number }[]): number =>
        list.reduce((total, { meter, sign }) => total + sign * (kwh.get(meter) ?? Number.NaN), 0);
      const branching = new Set(junctions.flatMap(({ above }) => above.map(({ meter }) => meter)));
      const leaves = meters.filter(({ id }) => !branching.has(id));
      // What comes in = what each junction does not explain + what the last meters read.
      const explained =
        junctions.reduce((total, { above, below }) => total + sum(above) - sum(below), 0) +
        leaves.reduce((total, leaf) => total + leaf.kwh, 0);
      expect(explained).toBeCloseTo(meters[0]?.kwh ?? Number.NaN, 6);

      const made = closureOn(plan);
      try {
        made.write(meters);
        finish(made.closure.count(END, -Infinity));
        expect(made.suspects()).toEqual([]);
      } finally {
        made.close();
      }
    }),
    { seed: 2030, numRuns: 25 },
  );
});
