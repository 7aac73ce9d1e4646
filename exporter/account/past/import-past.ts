import type { DatabaseSync } from 'node:sqlite';
import { HourBook } from '../ledger/hour-book.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { atOnce, type Steps } from '../ledger/slices.ts';
import type { Stretch } from './past.ts';
import type { MeterPast } from './past-check.ts';
import { closedMonths } from './past-closed.ts';
import { transaction } from './past-transaction.ts';
import { StoreError } from '../ledger/store-error.ts';

export interface PastFile {
  readonly name: string;
  readonly sha256: string;
}

/** Hours in one transaction: a running exporter waits for it, 20 ms at most on slow disks. */
const BATCH = 1000;

interface PastHour {
  readonly hour: number;
  readonly millijoules: bigint;
  /** false: the hour's own energy is not known */
  readonly metered: boolean;
  /** the span of a coarse figure, with its first hour */
  readonly gap: Stretch | null;
}

/** An even spread over `hours` whole hours that adds up to the millijoule: the last hour has the remainder. */
export const evenly = (millijoules: bigint, hours: number): { each: bigint; last: bigint } => {
  const each = millijoules / BigInt(hours);
  return { each, last: millijoules - each * BigInt(hours - 1) };
};

/** Every hour from the first to the last one, those that the file lacks with no energy and no metered time. */
function* hoursOf({ rows }: MeterPast): Iterable<PastHour> {
  let next = rows.at(0)?.from ?? 0;
  for (const { from, to, millijoules } of rows) {
    for (; next < from; next += HOUR_MS) yield { hour: next, millijoules: 0n, metered: false, gap: null };
    const fine = to - from === HOUR_MS;
    const { each, last } = evenly(millijoules, (to - from) / HOUR_MS);
    for (; next < to; next += HOUR_MS) {
      const energy = next + HOUR_MS === to ? last : each;
      yield { hour: next, millijoules: energy, metered: fine, gap: fine || next > from ? null : { from, to } };
    }
  }
}

export const hoursIn = ({ rows }: MeterPast): number => ((rows.at(-1)?.to ?? 0) - (rows.at(0)?.from ?? 0)) / HOUR_MS;

/** What the event of an import says of a meter. */
function detailOf({ rows }: MeterPast, files: readonly PastFile[], skipped: number): LedgerEvent['detail'] {
  let hours = 0;
  const references: string[] = [];
  for (const { from, to, reference } of rows) {
    hours += (to - from) / HOUR_MS;
    if (reference !== '') references.push(reference);
  }
  return {
    hours,
    from: new Date(rows.at(0)?.from ?? 0).toISOString(),
    to: new Date(rows.at(-1)?.to ?? 0).toISOString(),
    files: files.map(({ name, sha256 }) => `${name} sha256:${sha256.slice(0, 12)}`).join(' '),
    ...(references.length > 0 && { references: references.join(' ') }),
    ...(skipped > 0 && { skipped }),
  };
}

/**
 * Writes past energy to a ledger, also while an exporter writes it: rows are staged in small transactions, unseen, and
 * made valid by one last one, which the exporter notices. What an import that was cut off has left is removed first.
 */
export const importPast = (...what: Parameters<typeof importPastSteps>): void => atOnce(importPastSteps(...what));

export interface ImportOptions {
  readonly plan: string;
  readonly files: readonly PastFile[];
  readonly now: number;
  /** lines of the files that were left out */
  readonly skipped?: number;
  /** hours written so far */
  readonly progress?: (written: number) => void;
  /** Hours in one transaction. @default BATCH */
  readonly batch?: number;
}

/** The same in steps of one transaction each; none is open between them. Ended early, nothing was imported. */
export function* importPastSteps(
  database: DatabaseSync,
  pasts: readonly MeterPast[],
  { plan, files, now, skipped = 0, progress, batch = BATCH }: ImportOptions,
): Steps<void> {
  const put = (table: string, columns: number) =>
    database.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
  const [putMeter, putHour, putGap] = [put('past_meter', 8), put('past_hour', 7), put('past_gap', 4)];

  const keys = { past_hour: 'past, meter, hour', past_gap: 'past, meter, gap_from', past_meter: 'past, meter' };
  for (const [table, key] of Object.entries(keys)) {
    const remove = database.prepare(
      `DELETE FROM ${table} WHERE (${key}) IN
         (SELECT ${key} FROM ${table} WHERE past IN (SELECT id FROM past WHERE valid = 0) LIMIT ${batch})`,
    );
    while ((yield* transaction(database, () => remove.run().changes)) === batch) yield;
  }
  const closedBefore = new Set(closedMonths(database).map(({ month }) => month));
  const past = yield* transaction(database, () => {
    database.exec('DELETE FROM past WHERE valid = 0');
    const made = database.prepare('INSERT INTO past (at, files, plan, valid) VALUES (?, ?, ?, 0)');
    return made.run(now, JSON.stringify(files), plan).lastInsertRowid;
  });

  let written = 0;
  for (const one of pasts) {
    const { meter, rows } = one;
    let [millijoules, meteredMs] = [0n, 0];
    const hours = hoursOf(one)[Symbol.iterator]();
    for (let next = hours.next(); next.done !== true;) {
      yield* transaction(database, () => {
        for (let size = 0; size < batch && next.done !== true; size++, next = hours.next()) {
          const { hour, millijoules: energy, metered, gap } = next.value;
          millijoules += energy;
          if (metered) meteredMs += HOUR_MS;
          putHour.run(past, meter.id, hour, millijoules / 1000n, millijoules % 1000n, meteredMs, metered ? 0 : 1);
          if (gap) putGap.run(past, meter.id, gap.from, gap.to);
          written += 1;
        }
      });
      progress?.(written);
      yield;
    }
    const [first, last] = [rows.at(0), rows.at(-1)];
    if (!first || !last) continue;
    const register = last.register && `${last.register.n}/${last.register.d}`;
    yield* transaction(database, () =>
      putMeter.run(
        past,
        meter.id,
        first.from,
        last.to - HOUR_MS,
        millijoules / 1000n,
        millijoules % 1000n,
        meteredMs,
        register,
      ),
    );
  }

  const note = database.prepare('INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)');
  const details = pasts.map((one) => ({ meter: one.meter, detail: JSON.stringify(detailOf(one, files, skipped)) }));
  yield* transaction(database, () => {
    // A meter's first live reading may have come meanwhile, and may have bridged back to an earlier import.
    const book = new HourBook(database);
    const late = pasts.find(({ meter, rows }) => book.covers(meter.id, (rows.at(-1)?.to ?? 0) - HOUR_MS) !== null);
    if (late)
      throw new StoreError({
        zh: `导入期间 "${late.meter.id}" 有了实时读数，与导入的小时重叠：未导入任何内容。请再运行一次，查看是哪些行`,
        en: `while this was written "${late.meter.id}" got live readings that cover imported hours: nothing was imported. Run this again to see which lines they are`,
      });
    const closed = closedMonths(database).find(
      ({ month, from, to }) =>
        !closedBefore.has(month) &&
        pasts.some(({ rows }) => (rows.at(0)?.from ?? to) < to && (rows.at(-1)?.to ?? from) > from),
    );
    if (closed)
      throw new StoreError({
        zh: `导入期间 ${closed.month} 月已结账：未导入任何内容`,
        en: `while this was written the month ${closed.month} was closed: nothing was imported`,
      });
    database.prepare('UPDATE past SET valid = 1 WHERE id = ?').run(past);
    for (const { meter, detail } of details) note.run(now, meter.site, meter.id, 'imported', detail, '');
  });
}
