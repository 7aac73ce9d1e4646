import { exact, type AuditSource, type AuditTable, type Row } from './audit-table.ts';
import { auditTime, energyOf, joulesText } from './audit-value.ts';

/** Cumulative totals of a meter as its rows are passed. */
interface Running {
  millijoules: bigint;
  meteredMs: number;
}

function* written(
  meter: string,
  rows: Iterable<Record<string, unknown>>,
  base: Running,
  { from, to }: AuditSource['range'],
  words: { source: string; batch: string | null; plan: string | null },
): Iterable<Row> {
  let before = { ...base };
  for (const row of rows) {
    const hour = Number(row['hour']);
    const total = {
      millijoules: base.millijoules + energyOf(row),
      meteredMs: base.meteredMs + Number(row['metered_ms']),
    };
    if (hour >= from && hour < to) {
      yield [
        meter,
        auditTime(hour),
        joulesText(total.millijoules),
        joulesText(total.millijoules - before.millijoules),
        String(total.meteredMs - before.meteredMs),
        words.source,
        words.batch,
        words.plan ?? String(row['plan']),
      ];
    }
    before = total;
  }
  base.millijoules = before.millijoules;
  base.meteredMs = before.meteredMs;
}

/** Written hours in order: imports first, for live readings have every hour from their first one on. */
function* hoursOf(source: AuditSource): Iterable<Row> {
  const { database, range } = source;
  const meters = exact(database, 'SELECT meter FROM hour UNION SELECT meter FROM past_meter ORDER BY meter').all();
  const batches = exact(
    database,
    'SELECT past, plan FROM past_meter JOIN past ON past.id = past WHERE meter = ? AND valid = 1 ORDER BY first',
  );
  const imported = exact(database, 'SELECT * FROM past_hour WHERE past = ? AND meter = ? ORDER BY hour');
  // A meter's first row stands for 'before the first reading'.
  const live = exact(
    database,
    `SELECT hour.*, hash AS plan FROM hour JOIN declaration ON id = declaration
      WHERE meter = ?1 AND hour > (SELECT min(hour) FROM hour WHERE meter = ?1) ORDER BY hour`,
  );
  for (const { meter: id } of meters) {
    const meter = String(id);
    const base: Running = { millijoules: 0n, meteredMs: 0 };
    for (const { past, plan } of batches.all(meter)) {
      const words = { source: 'past', batch: String(past), plan: String(plan) };
      yield* written(meter, imported.iterate(past as bigint, meter), base, range, words);
    }
    yield* written(meter, live.iterate(meter), base, range, { source: 'live', batch: null, plan: null });
  }
}

export const hoursTable: AuditTable = {
  name: 'hours',
  columns: ['meter', 'hour', 'cumulative_j', 'energy_j', 'metered_ms', 'source', 'import', 'plan'],
  rows: hoursOf,
};
