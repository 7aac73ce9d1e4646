import type { Emit } from '../../../model/metrics/metric.ts';
import { eventsTotal } from '../../../model/metrics/self.ts';
import { acceleratorEnergy, computePflopSeconds } from '../../../model/metrics/compute.ts';
import {
  energyJoules,
  meterUnmeteredSeconds,
  siteEnergyJoules,
  siteEnergyTimestamp,
  waterLitres,
} from '../../../model/metrics/energy.ts';
import type { EventKind } from '../../../model/reasons.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { type MeterEvent, type MeterJudgement } from '../../judge/meter/meter.ts';
import { reachOf, unpackState, unread, type MeterState } from '../../judge/meter/meter-state.ts';
import { RatioNotes } from './applied-ratios.ts';
import type { Brought } from './brought.ts';
import {
  type Batch,
  type CardRow,
  Ledger,
  type LedgerEvent,
  type SideRow,
  type TreeRow,
  type WorkKey,
  type WorkRow,
} from './ledger.ts';
import { book, hourOf, openAccount, type GapRow, type HourRow, type MeterAccount } from './meter-account.ts';
import type { Span } from '../../judge/verdict.ts';
import type { Past } from '../past/past.ts';
import { CarbonCounter } from '../carbon/carbon-counter.ts';
import type { CarbonTerms } from '../carbon/carbon-terms.ts';
import { sideNames, type Sides, type Sum, type Tree } from './sides.ts';
import { SiteSide } from './site-side.ts';
import { atOnce, type Steps } from './slices.ts';

/** A meter that is calculated from others; its counter advances as they do. */
export interface CalculatedMeter {
  readonly meter: Meter;
  readonly sum: Sum;
}

/** While the disk refuses, events wait in memory: this many, then the oldest go. */
const MOST_WAITING_EVENTS = 100_000;

/** A hall's scope is 'site/hall': it has windows, but no counter. */
const isSite = (scope: string): boolean => !scope.includes('/');
const sumName = ({ id }: Meter): string => `meter/${id}`;

const workKey = (w: WorkKey): string => [w.site, w.pool, w.tenant, w.action, w.precision, w.tier].join('/');

const cardKey = ({ site, pool, state }: Omit<CardRow, 'millijoules'>): string => [site, pool, state].join('/');

/** What is booked and not yet written. */
interface Pending {
  /** Meters whose accounts or states have changed */
  readonly meters: Set<string>;
  /** Sums that have advanced */
  readonly moved: Set<SiteSide>;
  readonly trees: TreeRow[];
  readonly hours: HourRow[];
  readonly gaps: GapRow[];
  readonly events: LedgerEvent[];
  readonly work: Map<string, WorkRow>;
  readonly cards: Map<string, CardRow>;
  readonly brought: Brought[];
}

const pending = (before?: Pending, after?: Pending): Pending => ({
  meters: new Set([...(before?.meters ?? []), ...(after?.meters ?? [])]),
  moved: new Set([...(before?.moved ?? []), ...(after?.moved ?? [])]),
  trees: [...(before?.trees ?? []), ...(after?.trees ?? [])],
  hours: [...(before?.hours ?? []), ...(after?.hours ?? [])],
  gaps: [...(before?.gaps ?? []), ...(after?.gaps ?? [])],
  events: [...(before?.events ?? []), ...(after?.events ?? [])],
  work: new Map([...(before?.work ?? []), ...(after?.work ?? [])]),
  cards: new Map([...(before?.cards ?? []), ...(after?.cards ?? [])]),
  brought: [...(before?.brought ?? []), ...(after?.brought ?? [])],
});

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
  readonly #sums: SiteSide[] = [];
  readonly #carbon = new Map<SiteSide, CarbonCounter>();
  readonly #sumsOf = new Map<string, SiteSide[]>();
  readonly #calculated: readonly CalculatedMeter[];
  readonly #work = new Map<string, WorkRow>();
  readonly #cards = new Map<string, CardRow>();
  readonly #eventCounts = new Map<string, { site: string; kind: string; count: number }>();
  readonly #siteOf = new Map<string, string>();
  #at = 0;
  readonly #trees = new Map<string, readonly Tree[]>();
  readonly #ratios: RatioNotes;
  #pending = pending();

  /**
   * @param scopes the sides of each site, and of each hall as 'site/hall', by the declaration that is in force
   * @param at Unix ms: sides that differ from those on record hold from this hour on
   * @param past where meters go on that were never read live
   * @param carbon what the emissions of each site are counted by
   */
  constructor(
    ledger: Ledger,
    plan: string,
    scopes: ReadonlyMap<string, Sides>,
    at = 0,
    past?: Past,
    calculated: readonly CalculatedMeter[] = [],
    carbon: readonly CarbonTerms[] = [],
  ) {
    this.#ledger = ledger;
    this.#past = past;
    this.#plan = plan;
    this.#sites = new Set([...scopes.keys()].filter(isSite));
    this.#calculated = calculated;
    const loaded = ledger.load();
    this.previousPlan = loaded.plan;
    for (const { account, state } of loaded.meters) {
      this.#accounts.set(account.meter, account);
      this.#states.set(account.meter, unpackState(state));
    }
    this.#ratios = new RatioNotes(ledger.database);
    for (const row of loaded.work) this.#work.set(workKey(row), row);
    for (const row of loaded.cards) this.#cards.set(cardKey(row), row);
    for (const row of loaded.events) this.#eventCounts.set(`${row.site}/${row.kind}`, { ...row });
    for (const { site, since, sides } of loaded.trees) this.#plant(site, { since, sides: JSON.parse(sides) as Sides });
    for (const [scope, sides] of scopes) {
      this.#grow(scope, sides, at);
      if (!isSite(scope)) continue;
      for (const name of sideNames)
        this.#open(scope, name, { meters: sides[name], constantMilliwatts: sides.constants?.[name] }, loaded.sides, at);
      const terms = carbon.find(({ site }) => site === scope);
      if (terms === undefined || sides.flows === undefined) continue;
      const counter = new CarbonCounter(terms, sides.flows, loaded.carbon, loaded.sides);
      for (const [name, sum] of counter.sums) this.#carbon.set(this.#open(scope, name, sum, loaded.sides, at), counter);
    }
    for (const { meter, sum } of calculated) this.#open(meter.site, sumName(meter), sum, loaded.sides, at);
  }

  /** Goes on with a sum where it stands. */
  #open(site: string, name: string, sum: Sum, rows: readonly SideRow[], at: number): SiteSide {
    const row = rows.find((one) => one.site === site && one.side === name);
    // What a meter took off between the sum's instant and its end, without being metered, nobody knows.
    const isGone = row !== undefined && this.#tookOff(site, name, row, sum);
    const dark = [...(row?.dark ?? []), ...(isGone ? [{ from: row.at, to: at }] : [])];
    const side = new SiteSide(site, name, sum, row && { ...row, dark });
    this.#sums.push(side);
    for (const { meter } of sum.meters) {
      this.#sumsOf.set(meter, [...(this.#sumsOf.get(meter) ?? []), side]);
      const account = this.#accounts.get(meter);
      const reach = reachOf(this.stateOf(meter));
      if (!account || reach === null) continue;
      // What a meter counted before it came to this sum is not in it.
      const entered = row?.entered.get(meter) ?? account.liveMillijoules;
      side.resume(meter, entered, { at: reach, millijoules: account.liveMillijoules });
    }
    return side;
  }

  /** Whether a meter that was taken off a side has left it. */
  #tookOff(site: string, name: string, { entered }: SideRow, { meters }: Sum): boolean {
    const side = name === 'facility' || name === 'it' ? name : null;
    const stay = new Set(meters.map(({ meter }) => meter));
    const before = side ? this.treesOf(site).flatMap(({ sides }) => sides[side]) : [];
    return before.some(({ meter, sign }) => sign < 0 && entered.has(meter) && !stay.has(meter));
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
    this.#pending.trees.push({ site, since, sides: text });
  }

  /** Which meters made up the sides of a site, from when on; the newest last. */
  treesOf(site: string): readonly Tree[] {
    return this.#trees.get(site) ?? [];
  }

  /** The figures of the newest committed event of a source. */
  newestEvent(source: string, kind: EventKind): LedgerEvent['detail'] | null {
    return this.#ledger.newestEvent(source, kind);
  }

  stateOf(meter: string): MeterState {
    return this.#states.get(meter) ?? this.#past?.stateOf(meter) ?? unread;
  }

  /** Books what a meter's reading came to. */
  book(meter: Meter, judgement: Pick<MeterJudgement, 'state' | 'spans' | 'unmetered' | 'events'>, at: number): void {
    const { state, spans, unmetered, events } = judgement;
    this.#ratios.note(meter, spans);
    this.#siteOf.set(meter.id, meter.site);
    this.#at = at;
    const reach = reachOf(state);
    let account = this.#accounts.get(meter.id);
    if (account === undefined && reach !== null) {
      // The reading that settles a register credits from the first one on.
      const begin = spans[0]?.from ?? reach;
      const opened = openAccount(meter.id, begin);
      account = opened.account;
      this.#pending.hours.push(opened.row);
      this.#accounts.set(meter.id, account);
      this.#record(meter.id, begin, 0n);
    }
    this.#states.set(meter.id, state);
    for (const event of events) this.note(meter.site, meter.id, event, at);
    if (account === undefined) return;
    account.unmeteredMs += unmetered;
    for (const span of spans) {
      const { rows, gaps } = book(account, span);
      for (const row of rows) this.#pending.hours.push(row);
      for (const gap of gaps) this.#pending.gaps.push(gap);
      this.#record(meter.id, span.to, account.liveMillijoules);
      if (span.kind === 'unmetered') this.#darken(meter.id, span);
    }
    this.#pending.meters.add(meter.id);
  }

  #record(meter: string, at: number, millijoules: bigint): void {
    for (const sum of this.#sumsOf.get(meter) ?? []) sum.record(meter, { at, millijoules });
  }

  #darken(meter: string, span: Span): void {
    for (const sum of this.#sumsOf.get(meter) ?? []) if (sum.darken(meter, span)) this.#pending.moved.add(sum);
  }

  /** Adds work done, in 1e9 operations. */
  credit(work: readonly WorkRow[]): void {
    for (const row of work) {
      const key = workKey(row);
      const total = { ...row, gflop: (this.#work.get(key)?.gflop ?? 0n) + row.gflop };
      this.#work.set(key, total);
      this.#pending.work.set(key, total);
    }
  }

  /** Adds energy that accelerators drew. */
  draw(rows: readonly CardRow[]): void {
    for (const row of rows) {
      const key = cardKey(row);
      const total = { ...row, millijoules: (this.#cards.get(key)?.millijoules ?? 0n) + row.millijoules };
      this.#cards.set(key, total);
      this.#pending.cards.set(key, total);
    }
  }

  note(site: string, source: string, event: MeterEvent, at: number): void {
    const { events } = this.#pending;
    events.push({ site, source, at, ...event });
    if (events.length > MOST_WAITING_EVENTS) events.shift();
    this.#tally(site, event.kind);
  }

  #tally(site: string, kind: string): void {
    const key = `${site}/${kind}`;
    const count = this.#eventCounts.get(key)?.count ?? 0;
    this.#eventCounts.set(key, { site, kind, count: count + 1 });
  }

  /** Adds what somebody brings to the next commit. */
  bring(brought: Brought): void {
    this.#pending.brought.push(brought);
  }

  #advance(sum: SiteSide): void {
    if (!sum.advance()) return;
    this.#pending.moved.add(sum);
    const { side, previous, row } = sum;
    if (previous && row) this.#carbon.get(sum)?.credit(side, previous, row);
  }

  /** `commitSteps` without a pause. */
  commit(): number {
    return atOnce(this.commitSteps());
  }

  /**
   * Writes all that is booked in one transaction; throws what the disk says, keeping everything for the next try. What is
   * booked between the steps is the next commit's. Returns the start of the earliest hour that was closed or credited to,
   * Infinity where none was: windows over it are to be counted again.
   * @param taken called when it is settled what is written, and before anything else is booked
   */
  *commitSteps(taken?: () => void): Steps<number> {
    for (const sum of this.#sums) {
      this.#advance(sum);
      yield;
    }
    const written = this.#pending;
    const batch = this.#batch(written);
    this.#pending = pending();
    let done = false;
    try {
      taken?.();
      const added = yield* this.#ledger.commitSteps(batch);
      done = true;
      this.#ratios.written(batch.ratios.length);
      for (const { site, kind } of added) this.#tally(site, kind);
    } finally {
      if (!done) this.#pending = pending(written, this.#pending);
    }
    const touched = [...written.hours.map(({ hour }) => hour), ...written.gaps.map(({ from }) => hourOf(from))];
    return touched.reduce((earliest, hour) => Math.min(earliest, hour), Infinity);
  }

  /** Accounts go on while they are written. */
  #batch({ meters, moved, trees, hours, gaps, events, work, cards, brought }: Pending): Batch {
    const carbon = [...new Set([...moved].flatMap((sum) => this.#carbon.get(sum) ?? []))].map(({ rows }) => rows);
    return {
      plan: this.#plan,
      at: this.#at,
      siteOf: (meter) => this.#siteOf.get(meter) ?? '',
      meters: [...meters].flatMap((meter) => {
        const account = this.#accounts.get(meter);
        return account ? [{ account: { ...account }, state: this.stateOf(meter) }] : [];
      }),
      hours,
      gaps,
      trees,
      sides: [...[...moved].flatMap(({ row }) => row ?? []), ...carbon.flatMap(({ sides }) => sides)],
      carbon: carbon.flatMap((rows) => rows.carbon),
      work: [...work.values()],
      cards: [...cards.values()],
      ratios: this.#ratios.rows,
      brought,
      events,
    };
  }

  /** The open hour of a meter: its start, how far it has come, and how much of that was metered; null before the first reading. */
  openHour(meter: string): { hour: number; reach: number; meteredMs: number } | null {
    const account = this.#accounts.get(meter);
    const reach = reachOf(this.stateOf(meter));
    return account && reach !== null ? { hour: account.hour, reach, meteredMs: account.hourMeteredMs } : null;
  }

  /** Emits the durable counters; to be called when it is settled what a commit writes, and to be shown when that is done. */
  emit(emit: Emit, meters: readonly Meter[]): void {
    for (const { id, site, role, carrier } of meters) {
      const account = this.#accounts.get(id);
      if (account === undefined || !this.#sites.has(site)) continue;
      const evidence = 'measured';
      const total = { units: account.liveMillijoules, digits: 3 };
      // Litres are booked as joules are.
      if (role === 'water') emit(waterLitres, { site, meter: id }, total);
      else emit(energyJoules, { site, meter: id, role, carrier, evidence }, total);
      emit(meterUnmeteredSeconds, { site, meter: id }, account.unmeteredMs / 1000);
    }
    for (const sum of this.#sums) {
      const { row } = sum;
      // Sums of what is bought enter emissions alone.
      if (!row || this.#carbon.has(sum)) continue;
      const { site, side, at, millijoules } = row;
      const owner = this.#calculated.find(({ meter }) => meter.site === site && sumName(meter) === side)?.meter;
      if (owner) {
        const { id: meter, role, carrier } = owner;
        emit(energyJoules, { site, meter, role, carrier, evidence: 'calculated' }, { units: millijoules, digits: 3 });
        continue;
      }
      emit(siteEnergyJoules, { site, side }, { units: millijoules, digits: 3 });
      emit(siteEnergyTimestamp, { site, side }, at / 1000);
    }
    for (const counter of new Set(this.#carbon.values())) counter.emit(emit);
    for (const { gflop, ...labels } of this.#work.values()) {
      if (this.#sites.has(labels.site)) emit(computePflopSeconds, labels, { units: gflop, digits: 6 });
    }
    for (const { millijoules, ...labels } of this.#cards.values()) {
      if (this.#sites.has(labels.site)) emit(acceleratorEnergy, labels, { units: millijoules, digits: 3 });
    }
    for (const { site, kind, count } of this.#eventCounts.values()) emit(eventsTotal, { site, kind }, count);
  }
}
