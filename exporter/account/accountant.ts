import type { Emit } from '../../model/metrics/metric.ts';
import { eventsTotal } from '../../model/metrics/self.ts';
import { computePflopSeconds } from '../../model/metrics/compute.ts';
import {
  energyJoules,
  meterUnmeteredSeconds,
  siteEnergyJoules,
  siteEnergyTimestamp,
} from '../../model/metrics/energy.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { type MeterEvent, type MeterJudgement } from '../judge/meter.ts';
import { packState, reachOf, unpackState, unread, type MeterState } from '../judge/meter-state.ts';
import { Ledger, type LedgerEvent, type TreeRow, type WorkKey, type WorkRow } from './ledger.ts';
import { book, hourOf, openAccount, type GapRow, type HourRow, type MeterAccount } from './meter-account.ts';
import { sideNames, type Sides, type Tree } from './pue-hours.ts';
import type { Past } from './past.ts';
import { SiteSide } from './site-side.ts';

/** While the disk refuses, events wait in memory: this many, then the oldest go. */
const MOST_WAITING_EVENTS = 100_000;

const workKey = (w: WorkKey): string => [w.site, w.pool, w.tenant, w.action, w.precision, w.tier].join('/');

/**
 * Turns judged readings into totals. What is booked lives in memory until `commit` has written it whole;
 * only committed totals are ever emitted.
 */
export class Accountant {
  readonly #ledger: Ledger;
  readonly #plan: string;
  readonly #past: Past | undefined;
  /** What is emitted: a ledger may hold sites that this exporter does not read. */
  readonly #sites: ReadonlySet<string>;
  /** Hash of the declaration that wrote the ledger last; null where it is new. */
  readonly previousPlan: string | null;
  readonly #accounts = new Map<string, MeterAccount>();
  readonly #states = new Map<string, MeterState>();
  readonly #sides: SiteSide[] = [];
  readonly #sideOf = new Map<string, SiteSide>();
  readonly #work = new Map<string, WorkRow>();
  readonly #eventCounts = new Map<string, { site: string; kind: string; count: number }>();
  readonly #dirty = new Set<string>();
  readonly #trees = new Map<string, readonly Tree[]>();
  #newTrees: TreeRow[] = [];
  #hours: HourRow[] = [];
  #gaps: GapRow[] = [];
  #events: LedgerEvent[] = [];
  #newWork = new Map<string, WorkRow>();

  /**
   * @param sites the sides of each site by the declaration that is in force
   * @param at Unix ms: sides that differ from those on record hold from this hour on
   * @param past where meters go on that were never read live
   */
  constructor(ledger: Ledger, plan: string, sites: ReadonlyMap<string, Sides>, at = 0, past?: Past) {
    this.#ledger = ledger;
    this.#past = past;
    this.#plan = plan;
    this.#sites = new Set(sites.keys());
    const loaded = ledger.load();
    this.previousPlan = loaded.plan;
    for (const { account, state } of loaded.meters) {
      this.#accounts.set(account.meter, account);
      this.#states.set(account.meter, unpackState(state));
    }
    for (const row of loaded.work) this.#work.set(workKey(row), row);
    for (const row of loaded.events) this.#eventCounts.set(`${row.site}/${row.kind}`, { ...row });
    for (const { site, since, sides } of loaded.trees) this.#plant(site, { since, sides: JSON.parse(sides) as Sides });
    for (const [site, sides] of sites) {
      this.#grow(site, sides, at);
      for (const name of sideNames) {
        const row = loaded.sides.find((one) => one.site === site && one.side === name);
        const side = new SiteSide(site, name, sides[name], row);
        this.#sides.push(side);
        for (const { meter } of sides[name]) {
          this.#sideOf.set(meter, side);
          const account = this.#accounts.get(meter);
          const reach = reachOf(this.stateOf(meter));
          if (!account || reach === null) continue;
          // What a meter counted before it came to this side is not this side's.
          const entered = account.side === side.key ? account.sideMillijoules : account.liveMillijoules;
          side.resume(meter, entered, { at: reach, millijoules: account.liveMillijoules });
        }
      }
    }
  }

  #plant(site: string, tree: Tree): void {
    const trees = (this.#trees.get(site) ?? []).filter(({ since }) => since < tree.since);
    this.#trees.set(site, [...trees, tree]);
  }

  /** Puts the sides of today on record where they are not those of yesterday. */
  #grow(site: string, sides: Sides, at: number): void {
    const last = this.#trees.get(site)?.at(-1);
    const text = JSON.stringify(sides);
    if (last && JSON.stringify(last.sides) === text) return;
    const since = last ? hourOf(at) : 0;
    this.#plant(site, { since, sides });
    this.#newTrees.push({ site, since, sides: text });
  }

  /** Which meters made up the sides of a site, from when on; the newest last. */
  treesOf(site: string): readonly Tree[] {
    return this.#trees.get(site) ?? [];
  }

  stateOf(meter: string): MeterState {
    return this.#states.get(meter) ?? this.#past?.stateOf(meter) ?? unread;
  }

  /** Books what a meter's reading came to. */
  book(meter: Meter, judgement: MeterJudgement, at: number): void {
    const { state, spans, unmetered, events } = judgement;
    const reach = reachOf(state);
    let account = this.#accounts.get(meter.id);
    if (account === undefined && reach !== null) {
      // The reading that settles a register credits from the first one on.
      const begin = spans[0]?.from ?? reach;
      const opened = openAccount(meter.id, begin);
      account = opened.account;
      this.#hours.push(opened.row);
      this.#accounts.set(meter.id, account);
      this.#record(meter.id, begin, 0n);
    }
    this.#states.set(meter.id, state);
    for (const event of events) this.note(meter.site, meter.id, event, at);
    if (account === undefined) return;
    account.unmeteredMs += unmetered;
    for (const span of spans) {
      const { rows, gaps } = book(account, span);
      this.#hours = this.#hours.concat(rows);
      this.#gaps = this.#gaps.concat(gaps);
      this.#record(meter.id, span.to, account.liveMillijoules);
    }
    this.#dirty.add(meter.id);
  }

  #record(meter: string, at: number, millijoules: bigint): void {
    this.#sideOf.get(meter)?.record(meter, { at, millijoules });
  }

  /** Adds work done, in 1e9 operations. */
  credit(work: readonly WorkRow[]): void {
    for (const row of work) {
      const key = workKey(row);
      const total = { ...row, gflop: (this.#work.get(key)?.gflop ?? 0n) + row.gflop };
      this.#work.set(key, total);
      this.#newWork.set(key, total);
    }
  }

  note(site: string, source: string, event: MeterEvent, at: number): void {
    this.#events.push({ site, source, at, ...event });
    if (this.#events.length > MOST_WAITING_EVENTS) this.#events.shift();
    const key = `${site}/${event.kind}`;
    const count = this.#eventCounts.get(key)?.count ?? 0;
    this.#eventCounts.set(key, { site, kind: event.kind, count: count + 1 });
  }

  /**
   * Writes all that is booked in one transaction; throws what the disk says, keeping everything for the next try.
   * True where hours were closed, so that windows are to be counted again.
   */
  commit(): boolean {
    const closed = this.#hours.length > 0;
    for (const side of this.#sides.filter((one) => one.advance())) {
      for (const { meter } of side.meters) {
        const account = this.#accounts.get(meter);
        if (account) Object.assign(account, { side: side.key, sideMillijoules: side.entered(meter) });
        this.#dirty.add(meter);
      }
    }
    this.#ledger.commit({
      plan: this.#plan,
      meters: [...this.#accounts.values()]
        .filter(({ meter }) => this.#dirty.has(meter))
        .map((account) => ({ account, state: packState(this.stateOf(account.meter)) })),
      hours: this.#hours,
      gaps: this.#gaps,
      trees: this.#newTrees,
      sides: this.#sides.flatMap(({ row }) => row ?? []),
      work: [...this.#newWork.values()],
      events: this.#events,
    });
    this.#dirty.clear();
    this.#hours = [];
    this.#gaps = [];
    this.#newTrees = [];
    this.#events = [];
    this.#newWork = new Map();
    return closed;
  }

  /** The open hour of a meter: its start, how far it has come, and how much of that was metered; null before the first reading. */
  openHour(meter: string): { hour: number; reach: number; meteredMs: number } | null {
    const account = this.#accounts.get(meter);
    const reach = reachOf(this.stateOf(meter));
    return account && reach !== null ? { hour: account.hour, reach, meteredMs: account.hourMeteredMs } : null;
  }

  /** Emits the durable counters; to be called right after a commit, before anything else is booked. */
  emit(emit: Emit, meters: readonly Meter[]): void {
    for (const { id, site, role, carrier } of meters) {
      const account = this.#accounts.get(id);
      if (account === undefined || !this.#sites.has(site)) continue;
      const evidence = 'measured';
      emit(energyJoules, { site, meter: id, role, carrier, evidence }, { units: account.liveMillijoules, digits: 3 });
      emit(meterUnmeteredSeconds, { site, meter: id }, account.unmeteredMs / 1000);
    }
    for (const { row } of this.#sides) {
      if (!row) continue;
      const { site, side, at, millijoules } = row;
      emit(siteEnergyJoules, { site, side }, { units: millijoules, digits: 3 });
      emit(siteEnergyTimestamp, { site, side }, at / 1000);
    }
    for (const { gflop, ...labels } of this.#work.values()) {
      if (this.#sites.has(labels.site)) emit(computePflopSeconds, labels, { units: gflop, digits: 6 });
    }
    for (const { site, kind, count } of this.#eventCounts.values()) emit(eventsTotal, { site, kind }, count);
  }
}
