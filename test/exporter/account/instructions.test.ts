import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { checkAdjustment } from '../../../exporter/account/past/adjust.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { storedState } from '../../../exporter/account/past/instruction-found.ts';
import { Instructions } from '../../../exporter/account/past/instruction.ts';
import { loadPlan } from '../../../model/load.ts';
import { energyJoules, meterUnmeteredSeconds } from '../../../model/metrics/energy.ts';
import { pueManualSeconds, pueRatio, pueUnavailable } from '../../../model/metrics/pue.ts';
import { rational } from '../../../model/rational.ts';
import { HOUR, meterScene, MINUTE, START } from './meter-scene.ts';

/** Gate 100 kW, IT 80 kW; what the gate's register really stands at. */
const kwAt = { gate: 100, it: 80 } as const;
const truth = (id: string, at: number): number => {
  const kw = id === 'gate' ? kwAt.gate : kwAt.it;
  return 1_000_000 + (kw * 1000 * (at - START)) / HOUR;
};
const meters = [
  { id: 'gate', role: 'facility' },
  { id: 'it', role: 'it', more: 'parent: gate' },
] as const;

let end: () => Promise<void> = async () => {};
afterEach(() => end());

const begin = (gate: (at: number) => number | null, modulus = 'none') => {
  const made = meterScene([{ ...meters[0], modulus }, meters[1]], (id, at) =>
    id === 'gate' ? gate(at) : truth(id, at),
  );
  end = () => made.end();
  return made;
};
const AT = (hours: number): number => START + hours * HOUR;
const day = { site: 's', window: '24h' };

describe('a hand reading while the meter is silent', () => {
  test('closes the gap, moves no counter, and the register goes on from it when the meter is back', async () => {
    // Silent from 10:00 to 16:00; read by hand at 14:00.
    const scene = begin((at) => (at > AT(10) && at < AT(16) ? null : truth('gate', at)));
    await scene.until(AT(15));
    const [counter, lost] = [
      scene.value(energyJoules, { meter: 'gate' }),
      scene.value(meterUnmeteredSeconds, { meter: 'gate' }),
    ];
    const outcome = await scene.ask({ at: AT(14), value: truth('gate', AT(14)) });
    expect(outcome).toEqual({
      done: { from: AT(10), to: AT(14), millijoules: String(400_000n * 3_600_000n), ratio: '1/1' },
    });
    expect(scene.value(energyJoules, { meter: 'gate' })).toBe(counter);
    expect(scene.value(meterUnmeteredSeconds, { meter: 'gate' })).toBe(lost);
    await scene.until(AT(25) + 5 * MINUTE);
    // 25 hours at 100 kW, of which four hours were read by hand.
    expect(scene.value(energyJoules, { meter: 'gate' })).toBeCloseTo((25 * 100 - 400 + 100 / 12) * 3.6e6, -8);
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
    expect(scene.value(pueManualSeconds, { ...day, side: 'facility' })).toBe(4 * 3600);
    expect(scene.events('hand_reading')).toHaveLength(1);
  });

  test('a window that cuts the gap leaves its hours out; the month is issued again with PUE before and after', async () => {
    const scene = begin((at) => (at > AT(10) && at < AT(12) ? null : truth('gate', at)));
    await scene.until(AT(11.5));
    await scene.ask({ at: AT(11), value: truth('gate', AT(11)) });
    const [event] = scene.events('reissued');
    expect(event).toMatchObject({ source: 's', months: '2026-10', windows: expect.stringContaining('24h') as string });
    expect(event).toHaveProperty('pue_2026-10', expect.stringMatching(/^coverage -> 1\.25/));
    await scene.until(AT(35) + 5 * MINUTE);
    // Begins at 11:00: the hand reading's gap lies before it, the one that the register bridged is inside.
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
  });

  test('a rollover by the declared modulus is unwrapped', async () => {
    const wrapped = (at: number) => truth('gate', at) % 2_000_000;
    const scene = begin((at) => (at > AT(9) ? null : wrapped(at)), '2000000');
    await scene.until(AT(11));
    const outcome = await scene.ask({ at: AT(10.5), value: wrapped(AT(10.5)) });
    expect(outcome).toMatchObject({ done: { millijoules: String(150_000n * 3_600_000n) } });
  });

  test('is carried out once, also by an exporter that begins again', async () => {
    const scene = begin((at) => (at > AT(4) ? null : truth('gate', at)));
    await scene.until(AT(6));
    await scene.ask({ at: AT(5), value: truth('gate', AT(5)) });
    await scene.restart(MINUTE);
    await scene.cycle();
    expect(scene.read((db) => db.prepare('SELECT count(*) AS n FROM entry').get())).toEqual({ n: 1 });
    const again = await scene.ask({ at: AT(5), value: truth('gate', AT(5)) });
    expect(again).toMatchObject({ refused: { en: expect.stringContaining('given before (instruction 1)') as string } });
  });
});

describe('a replaced meter', () => {
  test('while the gap is open: the old one counts to its last level, the new one goes on from its first', async () => {
    const fresh = (at: number) => 500 + truth('gate', at) - truth('gate', AT(12));
    const scene = begin((at) => (at <= AT(10) ? truth('gate', at) : at < AT(14) ? null : fresh(at)));
    await scene.until(AT(13));
    await scene.ask({ at: AT(12), value: truth('gate', AT(12)), initial: 500 });
    await scene.until(AT(25) + 5 * MINUTE);
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
    expect(scene.events('replaced')).toHaveLength(1);
    expect(scene.events('rebased')).toEqual([]);
  });

  test.each([
    ['while nothing has been read since', 10, 10.01],
    ['hours after the new one was read', 10, 14],
  ])('at the very reading that was its last, %s: nothing is missing', async (_, swapped, asked) => {
    const fresh = (at: number) => 300_000 + truth('gate', at) - truth('gate', AT(swapped));
    const scene = begin((at) => (at <= AT(swapped) ? truth('gate', at) : fresh(at)));
    await scene.until(AT(asked));
    const outcome = await scene.ask({ at: AT(swapped), value: truth('gate', AT(swapped)), initial: 300_000 });
    expect(outcome).toHaveProperty('done');
    await scene.until(AT(25) + 5 * MINUTE);
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
  });

  test('after the fact: the gap that the new level left is closed whole, less what was credited over it', async () => {
    // Replaced at 12:00; the new register stands at 300,000, which is no start: nothing is credited.
    const fresh = (at: number) => 300_000 + truth('gate', at) - truth('gate', AT(12));
    const scene = begin((at) => (at <= AT(10) ? truth('gate', at) : at < AT(14) ? null : fresh(at)));
    await scene.until(AT(25) + 5 * MINUTE);
    expect(scene.value(pueRatio, day)).toBeUndefined();
    expect(scene.events('rebased')).toHaveLength(1);
    const outcome = await scene.ask({ at: AT(12), value: truth('gate', AT(12)), initial: 300_000 });
    expect(outcome).toMatchObject({ done: { from: AT(10) } });
    await scene.cycle();
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
    expect(scene.events('reissued').at(-1)).toHaveProperty('pue_2026-10', expect.stringMatching(/^coverage -> 1\.25/));
    // Up to the level that was left the new register counts for itself.
    await scene.until(AT(31) + 5 * MINUTE);
    expect(scene.value(pueRatio, day)).toBeCloseTo(1.25, 4);
    const twice = await scene.ask({ at: AT(12.5), value: truth('gate', AT(12.5)), initial: 1 });
    expect(twice).toMatchObject({ refused: { en: expect.stringContaining('closed by a reading before') as string } });
  });

  test('where a start was credited from zero, that energy is not added twice', async () => {
    const fresh = (at: number) => truth('gate', at) - truth('gate', AT(14)) + 10;
    const scene = begin((at) => (at <= AT(10) ? truth('gate', at) : at < AT(14) ? null : fresh(at)));
    await scene.until(AT(25) + 5 * MINUTE);
    expect(scene.events('reset')).toHaveLength(1);
    // Somebody knows better: it was replaced at 13:58 and began at 3.
    await scene.ask({ at: AT(14) - 2 * MINUTE, value: truth('gate', AT(14) - 2 * MINUTE), initial: 3 });
    await scene.cycle();
    const joules = scene.read((db) => {
      const sum = (sql: string) => Number(db.prepare(sql).get()?.['j']);
      return sum('SELECT sum(joules) AS j FROM entry') + sum("SELECT joules AS j FROM gap WHERE kind = 'manual'");
    });
    // From 10:00 to the old one's end, and what the new one had counted when it was first read.
    expect(joules).toBeCloseTo((truth('gate', AT(14) - 2 * MINUTE) - truth('gate', AT(10)) + 10 - 3) * 3600, -4);
  });
});

test('what the disk refused is carried out by a later commit, whole and once', async () => {
  const scene = begin((at) => (at > AT(4) ? null : truth('gate', at)));
  await scene.until(AT(6));
  const blocker = new DatabaseSync(scene.ledger);
  const asked = scene.read((db) =>
    new Instructions(db).put(
      {
        meter: 'gate',
        kind: 'read',
        at: AT(5),
        value: rational(BigInt(truth('gate', AT(5)))),
        initial: null,
        who: 'Wang',
        why: 'walk',
        evidence: null,
      },
      AT(6),
    ),
  );
  blocker.exec('BEGIN IMMEDIATE');
  await scene.cycle();
  await scene.cycle();
  const count = () => scene.read((db) => Number(db.prepare('SELECT count(*) AS n FROM entry').get()?.['n']));
  expect(count()).toBe(0);
  blocker.exec('ROLLBACK');
  blocker.close();
  await scene.cycle();
  await scene.cycle();
  expect(count()).toBe(1);
  expect(scene.read((db) => new Instructions(db).outcome(asked))).toHaveProperty('done');
  expect(scene.events('hand_reading')).toHaveLength(1);
});

test('readings of a stored gap close it piece by piece', async () => {
  const fresh = (at: number) => 300_000 + truth('gate', at) - truth('gate', AT(14));
  const scene = begin((at) => (at <= AT(10) ? truth('gate', at) : at < AT(14) ? null : fresh(at)));
  await scene.until(AT(16));
  for (const hour of [11, 12.5])
    expect(await scene.ask({ at: AT(hour), value: truth('gate', AT(hour)) })).toHaveProperty('done');
  const entries = scene.read((db) => db.prepare('SELECT entry_from AS a, entry_to AS b, joules FROM entry').all());
  expect(entries).toEqual([
    { a: AT(10), b: AT(11), joules: 100_000 * 3600 },
    { a: AT(11), b: AT(12.5), joules: 150_000 * 3600 },
  ]);
});

describe('refused', () => {
  const open = async () => {
    const scene = begin((at) => (at > AT(10) && at < AT(11.5) ? null : truth('gate', at)));
    await scene.until(AT(13));
    return scene;
  };
  const real = (hours: number) => truth('gate', AT(hours));

  test.each([
    ['an unknown meter', { meter: 'gates', at: AT(12), value: 5 }, 'did you mean "gate"?'],
    ['the future', { at: AT(14), value: real(14) }, 'is in the future'],
    ['before the first reading', { at: AT(-3), value: 5 }, 'before the first reading'],
    ['no gap', { at: AT(5), value: real(5) }, 'was read without a gap'],
    ['a gap that the register bridged', { at: AT(11), value: real(11) }, 'was bridged by the register itself'],
    ['a level below the settled one', { at: AT(13) + 500, value: real(12) }, 'does not go on from'],
    ['more than rated power can bring', { at: AT(13) + 500, value: real(13) + 100_000 }, '1.2 times rated power'],
    ['no level of a register', { at: AT(12), value: -1 }, 'no register shows'],
  ])('%s', async (_, asked, words) => {
    const scene = await open();
    expect(await scene.ask(asked)).toMatchObject({ refused: { en: expect.stringContaining(words) as string } });
    expect(scene.read((db) => db.prepare('SELECT count(*) AS n FROM entry').get())).toEqual({ n: 0 });
  });

  const byHand = (from: number, to: number): string =>
    `INSERT INTO entry (at, meter, entry_from, entry_to, joules, millijoules, kind, who, why, evidence)
       VALUES (0, 'gate', ${from}, ${to}, 1, 0, 'manual', 'li', 'bill', 'null')`;

  test('a gap of which a part was closed by hand, open or stored', async () => {
    const fresh = (at: number) => 300_000 + truth('gate', at) - truth('gate', AT(14));
    const scene = begin((at) => (at <= AT(10) ? truth('gate', at) : at < AT(14) ? null : fresh(at)));
    const said = { refused: { en: expect.stringContaining('was brought by hand already') as string } };
    await scene.until(AT(12));
    scene.read((db) => db.exec(byHand(AT(10.5), AT(11))));
    expect(await scene.ask({ at: AT(11.5), value: real(11.5) })).toMatchObject(said);
    await scene.until(AT(16));
    expect(await scene.ask({ at: AT(12.5), value: real(12.5) })).toMatchObject(said);
    expect(scene.read((db) => db.prepare('SELECT count(*) AS n FROM entry').get())).toEqual({ n: 1 });
  });

  test('adjust --closes-gap: while the gap is open, and where the open hour was read', async () => {
    const scene = begin((at) => (at > AT(10.5) && at < AT(13) ? null : truth('gate', at)));
    const say = (from: number, to: number): string =>
      scene.read((db) => {
        const [gate] = loadPlan(scene.dir).estate.meters;
        if (gate === undefined) throw new Error('no meter');
        const facts = { at: scene.time.wall, meter: 'gate', from, to, millijoules: 1n, kind: 'manual' as const };
        const words = { who: 'li', why: 'bill', evidence: { name: 'b', sha256: '0' } };
        try {
          checkAdjustment(new HourBook(db), gate, { ...facts, ...words }, storedState(db, 'gate'));
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
        return 'taken';
      });
    await scene.until(AT(12));
    expect(say(AT(10.5), AT(11.5))).toMatch(/^the gap of "gate" since .* is still open: its register bridges it/);
    await scene.until(AT(13.5));
    expect(say(AT(13), AT(13.2))).toMatch(/^the hour of "gate" from .* on is not written yet/);
    expect(say(AT(11), AT(12))).toContain('is on record as a whole already (bridged)');
  });

  test('a gap of a month that is closed', async () => {
    const scene = begin((at) => (at > AT(10) ? null : truth('gate', at)));
    await scene.until(AT(12));
    scene.read((db) => db.exec("INSERT INTO closing VALUES ('2026-10', 0, '{}', '', 'x')"));
    const outcome = await scene.ask({ at: AT(11), value: real(11) });
    expect(outcome).toMatchObject({
      refused: { en: expect.stringMatching(/closed \(2026-10\) and is still open: wait until the meter/) as string },
    });
    expect(scene.series(pueUnavailable).length).toBeGreaterThan(0);
  });
});
