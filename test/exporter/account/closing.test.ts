import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonical, type Json } from '../../../exporter/account/audit/closing-canonical.ts';
import { ratioText } from '../../../exporter/account/audit/closing-sum.ts';
import { writeAdjustment } from '../../../exporter/account/past/adjust.ts';
import { closeMonth } from '../../../exporter/account/audit/closing.ts';
import { monthSpan } from '../../../exporter/account/audit/closing-month.ts';
import { openBesideWriter } from '../../../exporter/account/ledger/open-ledger.ts';
import { HourBook } from '../../../exporter/account/ledger/hour-book.ts';
import { ledgerUp } from '../../../model/metrics/self.ts';
import { pueEnergyJoules } from '../../../model/metrics/pue.ts';
import { twinScene } from '../../twin-scene.ts';
import { adjustmentOf } from '../../verify/adjustment.ts';
import { at, auditedYear, type AuditedYear } from '../../verify/audited-year.ts';

let year: AuditedYear;
beforeEach(() => {
  year = auditedYear();
});
afterEach(() => year.remove());

const rows = (sql: string) => year.ledger.database.prepare(sql).all();
/** What a refusal says, in English. */
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'not refused';
};

test('months close in order, once, and when they are over; the first may be any', () => {
  year.readTo(at('2026-01-20T00:00'));
  expect(refusal(() => year.close('2025-11', at('2025-11-30T23:59')))).toBe(
    'the month 2025-11 is not over: close it after 2025-12-01 00:00 (Asia/Shanghai)',
  );
  const first = year.close('2025-11', at('2025-12-01T00:00'));
  expect(refusal(() => year.close('2025-11', at('2026-01-20T00:00')))).toBe(
    'the month 2025-11 cannot be closed: closed up to 2025-11. Correct it with greenflops adjust',
  );
  expect(refusal(() => year.close('2025-10', at('2026-01-20T00:00')))).toContain('closed up to 2025-11');
  const second = year.close('2025-12', at('2026-01-20T00:00'));
  expect(second.previous).toBe(first.hash);
  expect(second.hash).toBe(createHash('sha256').update(`${first.hash}\n${second.body}`).digest('hex'));
  expect(canonical(JSON.parse(second.body) as Json)).toBe(second.body);
  expect(rows('SELECT month, previous, hash, body FROM closing ORDER BY month')).toEqual([{ ...first }, { ...second }]);
  expect(rows("SELECT site, source FROM event WHERE kind = 'closed'")).toEqual(
    [1, 2].map(() => ({ site: 's', source: 'closing' })),
  );
});

test('a hole in the order is refused', () => {
  year.readTo(at('2026-01-20T00:00'));
  year.close('2025-10', at('2025-12-05T00:00'));
  expect(refusal(() => year.close('2025-12', at('2026-01-20T00:00')))).toBe(
    'months are closed in order: after 2025-10 comes 2025-11, not 2025-12',
  );
});

test('a month in which the ledger begins, or that was over before, is not whole', () => {
  year.readTo(at('2026-02-01T12:00'));
  for (const month of ['2024-01', '2024-02'])
    expect(refusal(() => year.close(month, at('2026-02-01T12:00')))).toContain(`do not reach over all of ${month}`);
});

test('a meter of a side without hours up to the end is named; other meters do not matter', () => {
  year.readTo(at('2026-02-01T12:00'));
  year.close('2025-12', at('2026-01-01T12:00'));
  expect(refusal(() => year.close('2026-01', at('2026-02-01T12:00')))).toMatch(
    /hours do not reach over all of 2026-01; .*\n {2}ups: \S+ \S+ – 2026-01-31 20:00\nwait for them, .*--accept-gaps/,
  );
  const { body } = year.close('2026-01', at('2026-02-01T12:00'), 'ups is being repaired');
  expect(JSON.parse(body)).toMatchObject({
    accepted_gaps: 'ups is being repaired',
    who: 'auditor',
    declaration: year.plan.hash,
  });
});

test('what is booked into a closed month after the close is on record beside it, to the millijoule', () => {
  year.readTo(at('2026-02-01T12:00'));
  year.close('2026-01', at('2026-02-01T12:00'), 'ups is being repaired');
  expect(rows('SELECT * FROM late')).toEqual([]);
  const { meters } = JSON.parse(String(rows('SELECT body FROM closing')[0]?.['body'])) as {
    meters: { meter: string; millijoules: string; metered_ms: number }[];
  };
  const closed = meters.find(({ meter }) => meter === 'ups');
  year.readTo(at('2026-02-03T00:00'));
  const now = new HourBook(year.ledger.database).rise('ups', at('2026-01-01T00:00'), at('2026-02-01T00:00'));
  const more = now.millijoules - BigInt(closed?.millijoules ?? 0);
  expect(more).toBeGreaterThan(0n);
  expect(rows('SELECT * FROM late')).toEqual([
    {
      meter: 'ups',
      month: '2026-01',
      hour_from: at('2026-01-31T20:00'),
      hour_to: at('2026-01-31T23:00'),
      at: at('2026-02-03T00:00'),
      joules: Number(more / 1000n),
      millijoules: Number(more % 1000n),
      metered_ms: now.meteredMs - (closed?.metered_ms ?? 0),
    },
  ]);
  const [event] = rows("SELECT site, source, detail FROM event WHERE kind = 'adjusted'");
  expect(event).toMatchObject({ site: 's', source: 'ups' });
  expect(JSON.parse(String(event?.['detail']))).toMatchObject({
    month: '2026-01',
    millijoules: String(more),
    why: 'booked_after_close',
  });
  // The next month is open: nothing of it is late.
  year.readTo(at('2026-02-20T00:00'));
  expect(rows('SELECT count(*) AS n FROM late')).toEqual([{ n: 1 }]);
});

// With pauses of 2 ms: for a lock that is never free SQLite's patience ends, and an exporter commits once a second.
test('closes beside a writer that commits all the time', async () => {
  year.readTo(at('2026-01-20T00:00'));
  const writer = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const { DatabaseSync } = require('node:sqlite');
     const database = new DatabaseSync(workerData, { timeout: 0 });
     let written = 0;
     let stop = false;
     parentPort.on('message', () => { stop = true; });
     const write = () => {
       if (stop) { database.close(); parentPort.postMessage(written); return; }
       try {
         database.exec("INSERT INTO event (at, site, source, kind, detail, wire) VALUES (0, 's', 'x', 'gap', '{}', '')");
         if (written++ === 0) parentPort.postMessage('begun');
       } catch {} // busy: tried again, as the exporter does
       setTimeout(write, 2);
     };
     write();`,
    { eval: true, workerData: year.path },
  );
  const message = () => new Promise<unknown>((resolve) => writer.once('message', resolve));
  await message();
  for (const month of ['2025-10', '2025-11', '2025-12']) year.close(month, at('2026-01-20T00:00'));
  const stopped = message();
  writer.postMessage('stop');
  const written = await stopped;
  expect(rows('SELECT month FROM closing ORDER BY month').map(({ month }) => month)).toEqual([
    '2025-10',
    '2025-11',
    '2025-12',
  ]);
  expect(rows("SELECT count(*) AS n FROM event WHERE source = 'x'")[0]?.['n']).toBe(written);
  await writer.terminate();
});

test('a running exporter goes on beside a close, and shows an adjusting entry with its next cycle', async () => {
  const start = at('2026-11-01T10:20');
  const scene = await twinScene(undefined, start, at('2026-09-25T00:00'));
  try {
    await scene.beat();
    const energy = { site: 'nanchang', window: '30d', side: 'facility' };
    const before = scene.value(pueEnergyJoules, energy) ?? Number.NaN;
    const month = monthSpan('2026-10');
    if (month === null) throw new Error('2026-10 is no month');
    const { database, close } = openBesideWriter(scene.ledger);
    const options = { at: start, who: 'li', program: 'test', declaration: scene.plan.hash, acceptedGaps: null };
    const closed = closeMonth(database, month, options);
    expect(JSON.parse(closed.body)).toMatchObject({
      sites: [
        { site: 'nanchang', reason: null },
        { site: 'poyang', reason: null },
      ],
    });
    const adjustment = adjustmentOf(
      start,
      'nc-gate',
      '2026-10-20T00:00',
      '2026-10-21T00:00',
      -3_600_000_000n,
      'adjust',
    );
    writeAdjustment(database, 'nanchang', adjustment);
    close();
    await scene.step(60_000);
    expect(scene.value(ledgerUp, {})).toBe(1);
    expect(scene.value(pueEnergyJoules, energy)).toBeCloseTo(before - 3_600_000, 3);
  } finally {
    await scene.close();
  }
}, 60_000);

test.each([
  [5n, 4n, '1.250000000'],
  [1n, 3n, '0.333333333'],
  [2n, 3n, '0.666666667'],
  [2_000_000_001n, 2_000_000_000n, '1.000000001'],
])('ratio %s / %s is %s', (facility, it, text) => expect(ratioText(facility, it)).toBe(text));
