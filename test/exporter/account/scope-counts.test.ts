import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { lastEnd } from '../../../exporter/account/ledger/last-end.ts';
import { firstFullHour } from '../../../exporter/account/pue/pue-hours.ts';
import { pueScopes, type PueScope } from '../../../exporter/account/pue/pue-sites.ts';
import { MIGRATIONS } from '../../../exporter/account/ledger/schema.ts';
import { ScopeCounts } from '../../../exporter/account/ledger/scope-counts.ts';
import type { SideMeter, Tree } from '../../../exporter/account/ledger/sides.ts';
import { sumSpan, type SpanSum } from '../../../exporter/account/ledger/span-sum.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { loadPlan } from '../../../model/load.ts';
import { finish } from './finish.ts';

const BEGIN = Date.parse('2026-06-01T00:00:00+08:00');
const WINDOW = 8 * HOUR;

const sideMeter = (meter: string, more: Partial<SideMeter> = {}): SideMeter => ({
  meter,
  sign: 1,
  weightMillionths: 1_000_000,
  ratedKw: 100,
  electric: true,
  ...more,
});
const names = ['gate', 'a', 'b'] as const;
const sides = {
  facility: [sideMeter('gate', { weightMillionths: 1_010_101, backup: { meters: [sideMeter('a')] } })],
  it: [sideMeter('a'), sideMeter('b')],
};
const trees: readonly Tree[] = [{ since: 0, sides }];
const [demo] = pueScopes(loadPlan('plan'), ['nanchang'], BEGIN);
const scope: PueScope | null = demo ? { ...demo, sides, validFrom: 0 } : null;

/** An hour of the life of a ledger. */
interface Step {
  /** How each meter was read: silent ones write nothing, and all of it in one when they are back. */
  readonly read: readonly ('well' | 'poorly' | 'not')[];
  readonly joules: number;
  readonly brought: 'nothing' | 'adjust' | 'manual' | 'rescale' | 'import';
  readonly meter: (typeof names)[number];
  /** Hours back, of what is brought */
  readonly back: number;
  readonly length: number;
  /** How many steps of a count are taken before the next hour comes; the rest is left over. */
  readonly taken: number;
}

const well = { arbitrary: fc.constant('well' as const), weight: 8 };
const stepOf: fc.Arbitrary<Step> = fc.record({
  read: fc.array(
    fc.oneof(
      well,
      { arbitrary: fc.constant('poorly' as const), weight: 1 },
      { arbitrary: fc.constant('not' as const), weight: 1 },
    ),
    { minLength: 3, maxLength: 3 },
  ),
  joules: fc.integer({ min: 0, max: 1_000_000 }),
  brought: fc.oneof(
    { arbitrary: fc.constant('nothing' as const), weight: 6 },
    { arbitrary: fc.constantFrom('adjust', 'manual', 'rescale', 'import'), weight: 1 },
  ),
  meter: fc.constantFrom(...names),
  back: fc.integer({ min: 1, max: 30 }),
  length: fc.integer({ min: 1, max: 5 }),
  taken: fc.oneof({ arbitrary: fc.constant(Infinity), weight: 3 }, { arbitrary: fc.constantFrom(0, 1, 2), weight: 1 }),
});

/** Writes hours, gaps, entries and imports as the exporter and the command line do. */
class Pen {
  readonly #database: DatabaseSync;
  readonly #totals = new Map(names.map((name) => [name, { joules: 0, metered: 0, next: BEGIN }]));
  #imported = BEGIN - 40 * HOUR;

  constructor(database: DatabaseSync) {
    this.#database = database;
    for (const name of names) database.prepare('INSERT INTO hour VALUES (?, ?, 0, 0, 0, 1)').run(name, BEGIN - HOUR);
  }

  /** Returns the start of the earliest hour that was written; Infinity where none was. */
  hour(hour: number, step: Step): number {
    const put = this.#database.prepare('INSERT INTO hour VALUES (?, ?, ?, 0, ?, 1)');
    const spoil = this.#database.prepare('INSERT INTO exception VALUES (?, ?)');
    const bridge = this.#database.prepare(
      "INSERT INTO gap (meter, gap_from, gap_to, kind) VALUES (?, ?, ?, 'bridged')",
    );
    let since = Infinity;
    for (const [i, name] of names.entries()) {
      const total = this.#totals.get(name);
      const read = step.read[i];
      if (total === undefined || read === 'not') continue;
      const from = total.next;
      for (; total.next <= hour; total.next += HOUR) {
        const late = total.next < hour;
        total.joules += step.joules * (name === 'gate' ? 3 : 1);
        total.metered += late ? 0 : read === 'well' ? HOUR : HOUR / 2;
        put.run(name, total.next, total.joules, total.metered);
        if (late || read === 'poorly') spoil.run(name, total.next);
      }
      if (from < hour) bridge.run(name, from, hour);
      since = Math.min(since, from);
    }
    return since;
  }

  bring({ brought, meter, back, length, joules }: Step, now: number): void {
    if (brought === 'nothing') return;
    if (brought !== 'import') {
      const from = now - (back + length) * HOUR;
      const factor = brought === 'rescale' ? '11/10' : null;
      this.#database
        .prepare(
          "INSERT INTO entry (at, meter, entry_from, entry_to, joules, millijoules, factor, kind, who, why, evidence) VALUES (0, ?, ?, ?, ?, 0, ?, ?, '', '', 'null')",
        )
        .run(meter, from, from + length * HOUR, factor === null ? joules : 0, factor, brought);
      return;
    }
    const { lastInsertRowid: past } = this.#database.prepare("INSERT INTO past VALUES (NULL, 0, '[]', 'p', 1)").run();
    const from = this.#imported;
    const to = from + length * HOUR;
    if (to > BEGIN) return;
    this.#imported = to;
    const row = this.#database.prepare('INSERT INTO past_hour VALUES (?, ?, ?, ?, 0, ?, 0)');
    for (let i = 1; i <= length; i++) row.run(past, meter, from + (i - 1) * HOUR, joules * i, i * HOUR);
    this.#database
      .prepare('INSERT INTO past_meter VALUES (?, ?, ?, ?, ?, 0, ?, NULL)')
      .run(past, meter, from, to - HOUR, joules * length, length * HOUR);
  }
}

/** Energies of eight hours up to `end`, from the first full hour on. */
function windowOf(book: HourBook, end: number): SpanSum | null {
  const start = firstFullHour(book, trees, 0);
  const from = Math.max(end - WINDOW, start ?? Infinity);
  return from < end ? sumSpan(book, trees, { from, to: end }) : null;
}

test('what is kept from hour to hour is what a new count of the whole ledger gives (property)', () => {
  if (scope === null) throw new TypeError('the demonstration has no site nanchang');
  const seen = { compared: 0, sums: 0, excluded: 0, left: 0 };
  fc.assert(
    fc.property(fc.array(stepOf, { minLength: 5, maxLength: 50, size: 'max' }), (steps) => {
      const database = new DatabaseSync(':memory:');
      try {
        for (const migration of MIGRATIONS) database.exec(migration);
        const pen = new Pen(database);
        const kept = new HourBook(database);
        const counts = new ScopeCounts(kept, [scope], function* (_, end) {
          yield;
          const sum = windowOf(kept, end);
          yield;
          return sum;
        });
        for (const [i, step] of steps.entries()) {
          const hour = BEGIN + i * HOUR;
          const written = pen.hour(hour, step);
          pen.bring(step, hour + HOUR);
          // On time, and when the grace has passed
          for (const [late, since] of [
            [1000, kept.refresh() ? -Infinity : written],
            [600_000, Infinity],
          ] as const) {
            const now = hour + HOUR + late;
            const count = counts.refresh(now, since)[Symbol.iterator]();
            let taken = 0;
            let done: boolean | undefined = false;
            while (!done && taken++ < step.taken) done = count.next().done;
            if (!done) {
              count.return?.();
              seen.left += 1;
              continue;
            }
            const fresh = new HourBook(database);
            const end = lastEnd(fresh, scope, now);
            const sum = windowOf(fresh, end);
            expect(counts.of(scope)).toEqual({ end, count: sum });
            seen.compared += 1;
            if (sum !== null) seen.sums += 1;
            if (sum !== null && sum.countedMs < WINDOW && i > 8) seen.excluded += 1;
          }
        }
      } finally {
        database.close();
      }
    }),
    { seed: 5, numRuns: 40 },
  );
  expect(Math.min(seen.sums, seen.excluded, seen.left)).toBeGreaterThan(100);
});

test('a count that is broken off leaves the one before, and is made up for in the next call', () => {
  if (scope === null) throw new TypeError('the demonstration has no site nanchang');
  const database = new DatabaseSync(':memory:');
  try {
    for (const migration of MIGRATIONS) database.exec(migration);
    const book = new HourBook(database);
    let value = 1;
    const counts = new ScopeCounts(book, [scope], function* () {
      yield;
      return value;
    });
    const now = BEGIN + HOUR / 2;
    finish(counts.refresh(now, -Infinity));
    expect(counts.of(scope)?.count).toBe(1);
    value = 2;
    for (const _ of counts.refresh(now, -Infinity)) break;
    expect(counts.of(scope)?.count).toBe(1);
    finish(counts.refresh(now, Infinity));
    expect(counts.of(scope)?.count).toBe(2);
    value = 3;
    // Hours after those that were counted change nothing in them.
    finish(counts.refresh(now, BEGIN));
    expect(counts.of(scope)?.count).toBe(2);
    finish(counts.refresh(now, BEGIN - HOUR));
    expect(counts.of(scope)?.count).toBe(3);
  } finally {
    database.close();
  }
});
