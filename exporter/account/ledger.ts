import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventKind } from '../../model/reasons.ts';
import type { GapRow, HourRow, MeterAccount } from './meter-account.ts';
import { openLedger } from './open-ledger.ts';

export interface LedgerEvent {
  readonly at: number;
  readonly site: string;
  readonly source: string;
  readonly kind: EventKind;
  readonly detail: Readonly<Record<string, string | number>>;
  /** What stood on the wire, '' where nothing did. */
  readonly wire: string;
}

/** The sides of a site from an hour on, as JSON. */
export interface TreeRow {
  readonly site: string;
  readonly since: number;
  readonly sides: string;
}

/** Net weighted energy of one side of a site, as far as all its meters have come. */
export interface SideRow {
  readonly site: string;
  readonly side: string;
  readonly at: number;
  readonly millijoules: bigint;
  readonly debt: bigint;
}

export interface WorkKey {
  readonly site: string;
  readonly pool: string;
  readonly tenant: string;
  readonly action: string;
  readonly precision: string;
  readonly tier: string;
}
export interface WorkRow extends WorkKey {
  readonly gflop: bigint;
}

/** What one transaction writes. */
export interface Batch {
  readonly plan: string;
  readonly meters: readonly { readonly account: MeterAccount; readonly state: string }[];
  readonly hours: readonly HourRow[];
  readonly gaps: readonly GapRow[];
  readonly trees: readonly TreeRow[];
  readonly sides: readonly SideRow[];
  readonly work: readonly WorkRow[];
  readonly events: readonly LedgerEvent[];
}

export interface Loaded {
  readonly meters: readonly { readonly account: MeterAccount; readonly state: string }[];
  readonly trees: readonly TreeRow[];
  readonly sides: readonly SideRow[];
  readonly work: readonly WorkRow[];
  readonly plan: string | null;
  readonly events: readonly { readonly site: string; readonly kind: string; readonly count: number }[];
}

const int = (value: unknown): number => Number(value);
const split = (millijoules: bigint): [joules: bigint, rest: bigint] => [millijoules / 1000n, millijoules % 1000n];
const join = (joules: unknown, rest: unknown): bigint => (joules as bigint) * 1000n + (rest as bigint);

/** The durable totals: SQLite in WAL with FULL synchronisation, one transaction for each cycle, committed before published. */
export class Ledger {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #close: () => void;
  readonly #put: Record<
    'meter' | 'hour' | 'exception' | 'gap' | 'tree' | 'side' | 'work' | 'event' | 'meta',
    StatementSync
  >;

  constructor(path: string) {
    this.path = path;
    const { database, close } = openLedger(path);
    this.#database = database;
    this.#close = close;
    const upsert = (table: string, columns: number): StatementSync =>
      database.prepare(
        `INSERT OR REPLACE INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`,
      );
    this.#put = {
      meter: upsert('meter', 13),
      hour: upsert('hour', 6),
      exception: upsert('exception', 2),
      gap: upsert('gap', 4),
      tree: upsert('tree', 3),
      side: upsert('site_side', 6),
      work: upsert('work', 7),
      event: database.prepare('INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)'),
      meta: upsert('meta', 2),
    };
  }

  get database(): DatabaseSync {
    return this.#database;
  }

  /** Writes a batch whole or not at all; throws what SQLite says (busy, disk full), after which the batch may be tried again. */
  commit(batch: Batch): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#write(batch);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #write({ plan, meters, hours, gaps, trees, sides, work, events }: Batch): void {
    const put = this.#put;
    for (const { account: a, state } of meters) {
      put.meter.run(
        a.meter,
        state,
        a.hour,
        ...split(a.millijoules),
        a.meteredMs,
        a.hourMeteredMs,
        ...split(a.liveMillijoules),
        a.side,
        ...split(a.sideMillijoules),
        a.unmeteredMs,
      );
    }
    for (const row of hours) {
      put.hour.run(row.meter, row.hour, ...split(row.millijoules), row.meteredMs, plan);
      if (row.exception) put.exception.run(row.meter, row.hour);
    }
    for (const gap of gaps) put.gap.run(gap.meter, gap.from, gap.to, gap.kind);
    for (const { site, since, sides: json } of trees) put.tree.run(site, since, json);
    for (const side of sides) put.side.run(side.site, side.side, side.at, ...split(side.millijoules), side.debt);
    for (const w of work) put.work.run(w.site, w.pool, w.tenant, w.action, w.precision, w.tier, w.gflop);
    for (const e of events) put.event.run(e.at, e.site, e.source, e.kind, JSON.stringify(e.detail), e.wire);
    put.meta.run('plan', plan);
  }

  load(): Loaded {
    const all = (sql: string): Record<string, unknown>[] => {
      const statement = this.#database.prepare(sql);
      statement.setReadBigInts(true);
      return statement.all();
    };
    return {
      meters: all('SELECT * FROM meter').map((row) => ({
        state: String(row['state']),
        account: {
          meter: String(row['meter']),
          hour: int(row['hour']),
          millijoules: join(row['joules'], row['millijoules']),
          meteredMs: int(row['metered_ms']),
          hourMeteredMs: int(row['hour_metered_ms']),
          liveMillijoules: join(row['live_joules'], row['live_millijoules']),
          side: String(row['side']),
          sideMillijoules: join(row['side_joules'], row['side_millijoules']),
          unmeteredMs: int(row['unmetered_ms']),
        },
      })),
      trees: all('SELECT * FROM tree ORDER BY site, since').map((row) => ({
        site: String(row['site']),
        since: int(row['since']),
        sides: String(row['sides']),
      })),
      sides: all('SELECT * FROM site_side').map((row) => ({
        site: String(row['site']),
        side: String(row['side']),
        at: int(row['at']),
        millijoules: join(row['joules'], row['millijoules']),
        debt: row['debt_millijoules'] as bigint,
      })),
      work: all('SELECT * FROM work').map((row) => ({
        site: String(row['site']),
        pool: String(row['pool']),
        tenant: String(row['tenant']),
        action: String(row['action']),
        precision: String(row['precision']),
        tier: String(row['tier']),
        gflop: row['gflop'] as bigint,
      })),
      plan: (all("SELECT value FROM meta WHERE key = 'plan'")[0]?.['value'] as string | undefined) ?? null,
      events: all('SELECT site, kind, count(*) AS count FROM event GROUP BY site, kind').map((row) => ({
        site: String(row['site']),
        kind: String(row['kind']),
        count: int(row['count']),
      })),
    };
  }

  close(): void {
    this.#close();
  }
}
