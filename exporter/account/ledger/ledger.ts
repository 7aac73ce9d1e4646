import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventKind } from '../../../model/reasons.ts';
import type { CardState } from '../../../model/card-states.ts';
import { packState, type MeterState } from '../../judge/meter/meter-state.ts';
import { BroughtBook, type Brought } from './brought.ts';
import { Checkpointer } from './checkpointer.ts';
import { LateBookings } from '../audit/closing-late.ts';
import type { GapRow, HourRow, MeterAccount } from './meter-account.ts';
import { openLedger } from './open-ledger.ts';
import type { Stretch } from '../past/past.ts';
import { atOnce, type Steps } from './slices.ts';

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

/** A sum of meters, such as the net weighted energy of one side of a site, as far as all its meters have come. */
export interface SideRow {
  readonly site: string;
  readonly side: string;
  readonly at: number;
  readonly millijoules: bigint;
  readonly debt: bigint;
  /** Of each meter's counter, what is in the sum */
  readonly entered: ReadonlyMap<string, bigint>;
  /** Stretches after `at` of which nothing is to be credited */
  readonly dark?: readonly Stretch[];
}

/** Emissions of a site's live readings by one basis. */
export interface CarbonRow {
  readonly site: string;
  readonly basis: 'location' | 'market';
  readonly milligrams: bigint;
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

/** Energy that a pool's accelerators drew in one state. */
export interface CardRow {
  readonly site: string;
  readonly pool: string;
  readonly state: CardState;
  readonly millijoules: bigint;
}

/** A current-transformer ratio by which a meter's readings are scaled from then on, 'n/d'. */
export interface RatioRow {
  readonly meter: string;
  readonly since: number;
  readonly ratio: string;
}

/** What one transaction writes. */
export interface Batch {
  readonly plan: string;
  /** Unix ms of what was booked last */
  readonly at: number;
  readonly siteOf: (meter: string) => string;
  readonly meters: readonly { readonly account: MeterAccount; readonly state: MeterState }[];
  readonly hours: readonly HourRow[];
  readonly gaps: readonly GapRow[];
  readonly trees: readonly TreeRow[];
  readonly sides: readonly SideRow[];
  readonly carbon: readonly CarbonRow[];
  readonly work: readonly WorkRow[];
  readonly cards: readonly CardRow[];
  readonly ratios: readonly RatioRow[];
  readonly brought: readonly Brought[];
  readonly events: readonly LedgerEvent[];
}

export interface Loaded {
  readonly meters: readonly { readonly account: MeterAccount; readonly state: string }[];
  readonly trees: readonly TreeRow[];
  readonly sides: readonly SideRow[];
  readonly carbon: readonly CarbonRow[];
  readonly work: readonly WorkRow[];
  readonly cards: readonly CardRow[];
  readonly plan: string | null;
  readonly events: readonly { readonly site: string; readonly kind: string; readonly count: number }[];
}

/** Some 1 ms of them */
const ROWS_IN_A_STEP = 200;

const int = (value: unknown): number => Number(value);
const split = (millijoules: bigint): [joules: bigint, rest: bigint] => [millijoules / 1000n, millijoules % 1000n];
const join = (joules: unknown, rest: unknown): bigint => (joules as bigint) * 1000n + (rest as bigint);

/** The durable totals: SQLite in WAL with FULL synchronisation, one transaction for each cycle, committed before published. */
export class Ledger {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #close: () => void;
  readonly #checkpointer: Checkpointer;
  readonly #late: LateBookings;
  readonly #brought: BroughtBook;
  readonly #put: Record<
    | 'meter'
    | 'declaration'
    | 'hour'
    | 'exception'
    | 'gap'
    | 'tree'
    | 'side'
    | 'carbon'
    | 'work'
    | 'cards'
    | 'ratio'
    | 'event'
    | 'meta',
    StatementSync
  >;

  constructor(path: string) {
    this.path = path;
    const { database, close } = openLedger(path);
    this.#database = database;
    this.#close = close;
    this.#checkpointer = new Checkpointer(database, path);
    this.#late = new LateBookings(database);
    this.#brought = new BroughtBook(database);
    const upsert = (table: string, columns: number): StatementSync =>
      database.prepare(
        `INSERT OR REPLACE INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`,
      );
    this.#put = {
      meter: upsert('meter', 10),
      declaration: database.prepare('INSERT OR IGNORE INTO declaration (hash) VALUES (?)'),
      hour: database.prepare(
        'INSERT OR REPLACE INTO hour VALUES (?, ?, ?, ?, ?, (SELECT id FROM declaration WHERE hash = ?))',
      ),
      exception: upsert('exception', 2),
      gap: upsert('gap', 8),
      tree: upsert('tree', 3),
      side: upsert('site_side', 8),
      carbon: upsert('carbon', 3),
      work: upsert('work', 7),
      cards: upsert('card_energy', 5),
      ratio: upsert('ratio', 3),
      event: database.prepare('INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)'),
      meta: upsert('meta', 2),
    };
  }

  get database(): DatabaseSync {
    return this.#database;
  }

  /**
   * Writes a batch whole or not at all; throws what SQLite says (busy, disk full), after which the batch may be tried again.
   * Returns the events that the ledger added of itself: hours of closed months that were written late, windows that changed.
   */
  commit(batch: Batch): readonly LedgerEvent[] {
    return atOnce(this.commitSteps(batch));
  }

  /** The same in steps; between them nothing else may write through this connection. Ended early, nothing is written. */
  *commitSteps(batch: Batch): Steps<readonly LedgerEvent[]> {
    this.#checkpointer.prepare(batch.meters.length + batch.hours.length);
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const added = yield* this.#write(batch);
      this.#database.exec('COMMIT');
      this.#checkpointer.copy();
      return added;
    } finally {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    }
  }

  *#write(batch: Batch): Steps<readonly LedgerEvent[]> {
    const { plan, siteOf, meters, hours, gaps, trees, sides, carbon, work, cards, ratios, brought, events } = batch;
    const put = this.#put;
    let rows = 0;
    for (const { account: a, state } of meters) {
      put.meter.run(
        a.meter,
        packState(state),
        a.hour,
        ...split(a.millijoules),
        a.meteredMs,
        a.hourMeteredMs,
        ...split(a.liveMillijoules),
        a.unmeteredMs,
      );
      if (++rows % ROWS_IN_A_STEP === 0) yield;
    }
    if (hours.length > 0) put.declaration.run(plan);
    for (const row of hours) {
      put.hour.run(row.meter, row.hour, ...split(row.millijoules), row.meteredMs, plan);
      if (row.exception) put.exception.run(row.meter, row.hour);
      if (++rows % ROWS_IN_A_STEP === 0) yield;
    }
    for (const gap of gaps) {
      const [before, after] = [gap.levels?.from ?? null, gap.levels?.to ?? null];
      put.gap.run(gap.meter, gap.from, gap.to, gap.kind, before, after, ...split(gap.millijoules));
    }
    for (const { site, since, sides: json } of trees) put.tree.run(site, since, json);
    for (const { site, side, at, millijoules, debt, entered, dark = [] } of sides) {
      const members = Object.fromEntries([...entered].map(([meter, value]) => [meter, String(value)]));
      put.side.run(site, side, at, ...split(millijoules), debt, JSON.stringify(members), JSON.stringify(dark));
      yield;
    }
    for (const { site, basis, milligrams } of carbon) put.carbon.run(site, basis, milligrams);
    for (const w of work) put.work.run(w.site, w.pool, w.tenant, w.action, w.precision, w.tier, w.gflop);
    for (const { site, pool, state, millijoules } of cards) put.cards.run(site, pool, state, ...split(millijoules));
    for (const { meter, since, ratio } of ratios) put.ratio.run(meter, since, ratio);
    const added = [...this.#late.book(hours, batch.at, siteOf), ...brought.flatMap((one) => this.#brought.write(one))];
    for (const e of [...events, ...added])
      put.event.run(e.at, e.site, e.source, e.kind, JSON.stringify(e.detail), e.wire);
    put.meta.run('plan', plan);
    return added;
  }

  newestEvent(source: string, kind: EventKind): LedgerEvent['detail'] | null {
    const row = this.#database
      .prepare('SELECT detail FROM event WHERE source = ? AND kind = ? ORDER BY id DESC LIMIT 1')
      .get(source, kind);
    return row === undefined ? null : (JSON.parse(String(row['detail'])) as LedgerEvent['detail']);
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
        dark: JSON.parse(String(row['dark'])) as Stretch[],
        entered: new Map(
          Object.entries(JSON.parse(String(row['entered'])) as Record<string, string>).map(([meter, value]) => [
            meter,
            BigInt(value),
          ]),
        ),
      })),
      carbon: all('SELECT * FROM carbon').map((row) => ({
        site: String(row['site']),
        basis: row['basis'] as CarbonRow['basis'],
        milligrams: row['milligrams'] as bigint,
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
      cards: all('SELECT * FROM card_energy').map((row) => ({
        site: String(row['site']),
        pool: String(row['pool']),
        state: row['state'] as CardState,
        millijoules: join(row['joules'], row['millijoules']),
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
    this.#checkpointer.close();
    this.#close();
  }
}
