import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Accountant } from '../../../exporter/account/ledger/accountant.ts';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import type { SideMeter } from '../../../exporter/account/ledger/sides.ts';
import { atOnce, inSlices, type Steps } from '../../../exporter/account/ledger/slices.ts';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { energyJoules, siteEnergyJoules } from '../../../model/metrics/energy.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { rational } from '../../../model/rational.ts';
import { meter as meterSchema } from '../../../model/schema/meter.ts';

const METERS = 450;
const EVERY = 15_000;

const meters = Array.from({ length: METERS }, (_, i) =>
  meterSchema.parse({
    id: `m${i}`,
    site: 's',
    role: i === 0 ? 'facility' : 'it',
    rated_kw: 100_000,
    registers: { energy: { function: 3, address: 0, type: 'int64', scale_to_wh: 1, modulus: 'none' } },
    source: { protocol: 'modbus-tcp', address: 'h:502' },
  }),
);
const member = (meter: string): SideMeter => ({
  meter,
  sign: 1,
  weightMillionths: 1_000_000,
  ratedKw: 100_000,
  electric: true,
});
const members = meters.map(({ id }) => member(id));
const sides = new Map([['s', { facility: members.slice(0, 1), it: members.slice(1) }]]);

function read(accountant: Accountant, cycle: number): void {
  // A cycle is a quarter of an hour: hours are closed in every fourth one.
  const at = cycle * 60 * EVERY;
  for (const [i, meter] of meters.entries()) {
    const answer = { energy: { value: rational(BigInt(cycle * (1000 + i))), wire: '' } };
    accountant.book(meter, judgeMeter(meter, accountant.stateOf(meter.id), answer, { at, mono: at }), at);
  }
}

/** What the ledger holds, as text. */
const held = (ledger: Ledger): string =>
  JSON.stringify(
    [
      ...Object.values(ledger.load()),
      ledger.database.prepare('SELECT * FROM hour').all(),
      ledger.database.prepare('SELECT site, source, kind, detail FROM event').all(),
    ],
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value instanceof Map ? [...value] : value),
  );

function counters(accountant: Accountant): bigint[] {
  const values: bigint[] = [];
  const emit: Emit = (metric, _, value) => {
    if ((metric === energyJoules || metric === siteEnergyJoules) && typeof value === 'object') values.push(value.units);
  };
  accountant.emit(emit, meters);
  return values;
}

function withLedger<T>(use: (ledger: Ledger, accountant: Accountant) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  const ledger = new Ledger(join(folder, 'ledger.db'));
  try {
    return use(ledger, new Accountant(ledger, 'p', sides));
  } finally {
    ledger.close();
    rmSync(folder, { recursive: true });
  }
}

/** What happens in one commit: at which step readings come in, and at which one it is broken off. */
const commit = fc.record({
  readAt: fc.integer({ min: 0, max: 8 }),
  breakAt: fc.option(fc.integer({ min: 1, max: 8 }), { nil: Infinity, freq: 3 }),
});

test('readings that come while a commit is written are the next one’s, and nothing of a commit that is broken off is lost (property)', () => {
  const seen = { broken: 0, whole: 0, between: 0 };
  fc.assert(
    fc.property(fc.array(commit, { minLength: 2, maxLength: 6 }), (commits) => {
      const plain = withLedger((ledger, accountant) => {
        for (let cycle = 0; cycle <= commits.length; cycle++) read(accountant, cycle);
        accountant.commit();
        return held(ledger);
      });
      withLedger((ledger, accountant) => {
        read(accountant, 0);
        const outcomes: [found: unknown, wanted: unknown][] = [];
        for (const [i, { readAt, breakAt }] of commits.entries()) {
          let taken: bigint[] = [];
          const before = held(ledger);
          const steps = accountant.commitSteps(() => (taken = counters(accountant)));
          let step = 0;
          let done: boolean | undefined = false;
          for (; !done && step < breakAt; step++) {
            if (step === readAt) read(accountant, i + 1);
            done = steps.next().done;
          }
          if (!done) {
            steps.return?.();
            outcomes.push([held(ledger), before]);
            seen.broken += 1;
          } else {
            // What is shown is what the ledger holds, whatever was booked meanwhile.
            const { meters: rows, sides: sums } = ledger.load();
            const live = new Map(rows.map(({ account }) => [account.meter, account.liveMillijoules]));
            const shown = [...meters.flatMap(({ id }) => live.get(id) ?? []), ...sums.map((row) => row.millijoules)];
            outcomes.push([taken, shown]);
            seen.whole += 1;
          }
          expect(outcomes.map(([found]) => found)).toEqual(outcomes.map(([, wanted]) => wanted));
          if (readAt < step) seen.between += 1;
          else read(accountant, i + 1);
        }
        accountant.commit();
        expect(held(ledger)).toBe(plain);
      });
    }),
    { seed: 5, numRuns: 15 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
});

test('work in slices lets the event loop go round, ends with its result, and early where it is called off', async () => {
  function* work(ms: number): Steps<string> {
    for (const until = performance.now() + ms; performance.now() < until;) yield;
    return 'done';
  }
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await sleep(2);
  turns = 0;
  expect(await inSlices(work(100), { signal: new AbortController().signal })).toBe('done');
  expect(turns).toBeGreaterThan(2);
  expect(await inSlices(work(10_000), { mostMs: 20, signal: new AbortController().signal })).toBeNull();
  expect(await inSlices(work(10_000), { signal: AbortSignal.abort() })).toBeNull();
  turns = 0;
  expect(atOnce(work(20))).toBe('done');
  expect(turns).toBe(0);
  clearInterval(timer);
});
