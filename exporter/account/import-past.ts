import type { DatabaseSync } from 'node:sqlite';
import { HourBook } from './hour-book.ts';
import { HOUR_MS } from './meter-account.ts';
import { millijoulesOf, type MeterPast } from './past-check.ts';
import { StoreError } from './store-error.ts';

export interface PastFile {
  readonly name: string;
  readonly sha256: string;
}

/** Hours in one transaction: a running exporter waits for it, 20 ms at most on slow disks. */
const BATCH = 1000;

/** Every hour from the first to the last one, those that the file lacks with no energy and no metered time. */
function* hoursOf({ rows }: MeterPast): Iterable<{ hour: number; millijoules: bigint; missing: boolean }> {
  let next = rows[0]?.hour ?? 0;
  for (const row of rows) {
    for (; next < row.hour; next += HOUR_MS) yield { hour: next, millijoules: 0n, missing: true };
    yield { hour: row.hour, millijoules: millijoulesOf(row), missing: false };
    next = row.hour + HOUR_MS;
  }
}

export const hoursIn = ({ rows }: MeterPast): number => ((rows.at(-1)?.hour ?? 0) - (rows[0]?.hour ?? 0)) / HOUR_MS + 1;

/**
 * Writes past energy to a ledger, also while an exporter writes it: rows are staged in small transactions, unseen, and
 * made valid by one last one, which the exporter notices. What an import that was cut off has left is removed first.
 */
export function importPast(
  database: DatabaseSync,
  pasts: readonly MeterPast[],
  {
    plan,
    files,
    now,
    progress,
  }: {
    readonly plan: string;
    readonly files: readonly PastFile[];
    readonly now: number;
    /** hours written so far */
    readonly progress?: (written: number) => void;
  },
): void {
  const transaction = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      database.exec('COMMIT');
      return done;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  const put = (table: string, columns: number) =>
    database.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
  const [putMeter, putHour] = [put('past_meter', 8), put('past_hour', 7)];

  for (const table of ['past_hour', 'past_meter']) {
    const remove = database.prepare(
      `DELETE FROM ${table} WHERE (past, meter${table === 'past_hour' ? ', hour' : ''}) IN
         (SELECT past, meter${table === 'past_hour' ? ', hour' : ''} FROM ${table}
          WHERE past IN (SELECT id FROM past WHERE valid = 0) LIMIT ${BATCH})`,
    );
    while (transaction(() => remove.run().changes) === BATCH);
  }
  const past = transaction(() => {
    database.exec('DELETE FROM past WHERE valid = 0');
    const made = database.prepare('INSERT INTO past (at, files, plan, valid) VALUES (?, ?, ?, 0)');
    return made.run(now, JSON.stringify(files), plan).lastInsertRowid;
  });

  let written = 0;
  for (const one of pasts) {
    const { meter, rows } = one;
    let [millijoules, meteredMs] = [0n, 0];
    const waiting = [...hoursOf(one)];
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH);
      transaction(() => {
        for (const { hour, millijoules: energy, missing } of batch) {
          millijoules += energy;
          if (!missing) meteredMs += HOUR_MS;
          putHour.run(past, meter.id, hour, millijoules / 1000n, millijoules % 1000n, meteredMs, missing ? 1 : 0);
        }
      });
      written += batch.length;
      progress?.(written);
    }
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) continue;
    const register = last.register && `${last.register.n}/${last.register.d}`;
    transaction(() =>
      putMeter.run(
        past,
        meter.id,
        first.hour,
        last.hour,
        millijoules / 1000n,
        millijoules % 1000n,
        meteredMs,
        register,
      ),
    );
  }

  const note = database.prepare('INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)');
  transaction(() => {
    // A meter's first live reading may have come meanwhile, and may have bridged back to an earlier import.
    const book = new HourBook(database);
    const late = pasts.find(({ meter, rows }) => book.covers(meter.id, rows.at(-1)?.hour ?? 0) !== null);
    if (late)
      throw new StoreError({
        zh: `导入期间 "${late.meter.id}" 有了实时读数，与导入的小时重叠：未导入任何内容。请再运行一次，查看是哪些行`,
        en: `while this was written "${late.meter.id}" got live readings that cover imported hours: nothing was imported. Run this again to see which lines they are`,
      });
    database.prepare('UPDATE past SET valid = 1 WHERE id = ?').run(past);
    for (const { meter, rows } of pasts) {
      const detail = {
        hours: rows.length,
        from: new Date(rows[0]?.hour ?? 0).toISOString(),
        to: new Date((rows.at(-1)?.hour ?? 0) + HOUR_MS).toISOString(),
        files: files.map(({ name, sha256 }) => `${name} sha256:${sha256.slice(0, 12)}`).join(' '),
      };
      note.run(now, meter.site, meter.id, 'imported', JSON.stringify(detail), '');
    }
  });
}
