import { afterEach, describe, expect, test } from 'vitest';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { treesOnRecord } from '../../../exporter/account/audit/closing-trees.ts';
import { energyJoules } from '../../../model/metrics/energy.ts';
import { HOUR, meterScene, MINUTE, START, type SceneMeter } from './meter-scene.ts';

const AT = (hours: number): number => START + hours * HOUR;
const iso = (hours: number): string => new Date(AT(hours)).toISOString();
const level = (id: string, at: number): number => 1_000_000 + ((id === 'gate' ? 50_000 : 60_000) * (at - START)) / HOUR;

const it: SceneMeter = { id: 'it', role: 'it', more: 'parent: gate' };
const gate = (more = ''): SceneMeter => ({ id: 'gate', role: 'facility', more });
const ratios = (...list: readonly (readonly [hours: number, value: number])[]): string =>
  `ct_ratio: [${list.map(([hours, value]) => `{ from: ${iso(hours)}, value: ${value} }`).join(', ')}]`;

let end: () => Promise<void> = async () => {};
afterEach(() => end());

/** The gate's register counts half of what it should: the ratio of its transformers is 2. */
function begin(more = '', levels: (id: string, at: number) => number | null = level) {
  const scene = meterScene([gate(more), it], levels);
  end = () => scene.end();
  const kwh = (from: number, to: number): number =>
    scene.read((db) => Number(new HourBook(db).rise('gate', AT(from), AT(to)).millijoules) / 3.6e9);
  const entries = (): unknown[] =>
    scene.read((db) =>
      db
        .prepare("SELECT entry_from AS a, entry_to AS b, factor FROM entry WHERE kind = 'rescale' ORDER BY id")
        .all()
        .map((row) => [(Number(row['a']) - START) / HOUR, (Number(row['b']) - START) / HOUR, row['factor']]),
    );
  return { ...scene, scene, kwh, entries };
}

describe('a current-transformer ratio', () => {
  test('that changes while the exporter runs changes only what follows, and what is corrected later changes nothing by itself', async () => {
    const { scene, kwh, entries } = begin(ratios([3, 2]));
    await scene.until(AT(6) + 5 * MINUTE);
    expect(kwh(0, 3)).toBeCloseTo(150, 1);
    expect(kwh(3, 6)).toBeCloseTo(300, 1);
    expect(scene.read((db) => db.prepare("SELECT ratio FROM ratio WHERE meter = 'gate' ORDER BY since").all())).toEqual(
      [{ ratio: '1/1' }, { ratio: '2/1' }],
    );
    expect(scene.events('past_differs')).toEqual([]);

    const counter = scene.value(energyJoules, { meter: 'gate' });
    scene.declare([gate(ratios([1, 2])), it]);
    await scene.restart();
    await scene.cycle(MINUTE);
    expect(kwh(0, 3)).toBeCloseTo(150, 1);
    expect(entries()).toEqual([]);
    expect(scene.events('past_differs')).toEqual([{ source: 'declaration', ct_ratio: 'gate' }]);
    // A minute at 100 kW.
    expect((scene.value(energyJoules, { meter: 'gate' }) ?? 0) - (counter ?? 0)).toBeCloseTo(6e6, -5);
    await scene.restart();
    await scene.cycle(MINUTE);
    expect(scene.events('past_differs')).toHaveLength(1);
  });

  test('is restated for the whole hours that were scaled by another one, once, and compounds over what was read', async () => {
    const { scene, kwh, entries } = begin();
    await scene.until(AT(6) + 5 * MINUTE);
    scene.declare([gate(ratios([2.5, 2])), it]);
    await scene.restart(0, 'name plate read');
    await scene.cycle(MINUTE);
    expect(entries()).toEqual([[3, 6, '2/1']]);
    expect(kwh(0, 3)).toBeCloseTo(150, 1);
    expect(kwh(3, 6)).toBeCloseTo(300, 1);
    const [, site] = scene.events('restated');
    expect(site).toMatchObject({ source: 's', reason: 'name plate read', months: '2026-10' });
    expect(site).toHaveProperty('pue_2026-10', expect.stringMatching(/^below_one -> 1\.25/));

    await scene.restart(0, 'name plate read');
    expect(entries()).toHaveLength(1);
    expect(scene.events('restated')).toHaveLength(2);

    scene.declare([gate(ratios([1, 3], [4, 1.5])), it]);
    await scene.restart(0, 'and again');
    await scene.cycle(MINUTE);
    expect(kwh(0, 1)).toBeCloseTo(50, 1);
    expect(kwh(1, 4)).toBeCloseTo(450, 1);
    expect(kwh(4, 6)).toBeCloseTo(150, 1);
    // Back to what was read: as if nothing had been.
    scene.declare([gate(), it]);
    await scene.restart(0, 'it was 1 after all');
    await scene.cycle(MINUTE);
    expect(kwh(0, 6)).toBeCloseTo(300, 1);
    scene.declare([gate(), it]);
    const before = entries().length;
    await scene.restart(0, 'it was 1 after all');
    expect(entries()).toHaveLength(before);
  });

  test('corrects what a hand reading brought, and leaves closed months alone', async () => {
    const { scene, kwh, entries } = begin('', (id, at) =>
      id === 'gate' && at > AT(4) && at < AT(7) ? null : level(id, at),
    );
    await scene.until(AT(6));
    await scene.ask({ at: AT(6), value: level('gate', AT(6)) });
    await scene.until(AT(8) + 5 * MINUTE);
    expect(kwh(4, 6)).toBeCloseTo(100, 1);
    scene.declare([gate(ratios([0, 2])), it]);
    await scene.restart(0, 'name plate read');
    await scene.cycle(MINUTE);
    expect(kwh(0, 8)).toBeCloseTo(800, 0);
    expect(kwh(4, 6)).toBeCloseTo(200, 1);
    await scene.restart(0, 'name plate read');
    expect(kwh(0, 8)).toBeCloseTo(800, 0);
    scene.read((db) => db.exec("INSERT INTO closing VALUES ('2026-10', 0, '{}', '', 'x')"));
    const before = entries().length;
    scene.declare([gate(ratios([0, 4])), it]);
    await scene.restart(0, 'too late');
    expect(entries()).toHaveLength(before);
    expect(scene.events('past_differs')).toEqual([]);
  });
});

describe('the meters of a side', () => {
  const second = (more: string): SceneMeter => ({ id: 'gate-2', role: 'facility', more });

  test('stay as they were counted; with --restate they are what the declaration says of each hour', async () => {
    const { scene } = begin();
    const both = [gate(), it, second('')];
    // The second gate is read from the first hour on, but declared as something else.
    scene.declare([gate(), it, { ...second(''), role: 'cooling' }]);
    await scene.restart();
    await scene.until(AT(5) + 5 * MINUTE);
    const membersAt = (): string[] =>
      scene.read((db) =>
        (treesOnRecord(db).get('s') ?? []).map(
          ({ since, sides }) =>
            `${since === 0 ? 0 : (since - START) / HOUR}: ${sides.facility.map(({ meter }) => meter).join('+')}`,
        ),
      );
    expect(membersAt()).toEqual(['0: gate']);
    scene.declare(both);
    await scene.restart();
    await scene.cycle(MINUTE);
    expect(membersAt()).toEqual(['0: gate', '5: gate+gate-2']);
    expect(scene.events('past_differs')).toEqual([{ source: 'declaration', trees: `s from ${iso(0)}` }]);

    scene.declare([gate(), it, second(`valid_from: ${iso(2)}`)]);
    await scene.restart(0, 'the second gate was forgotten');
    await scene.cycle(MINUTE);
    expect(membersAt()).toEqual(['0: gate', '2: gate+gate-2']);
    const [event] = scene.events('restated');
    expect(event).toMatchObject({ source: 's', trees_before: expect.stringContaining('"since":0') as string });
    await scene.restart(0, 'the second gate was forgotten');
    expect(scene.events('restated')).toHaveLength(1);
    await scene.restart();
    expect(scene.events('past_differs')).toHaveLength(1);
  });
});
