import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../model/metrics/index.ts';
import type { Emit, Sample } from '../model/metrics/metric.ts';
import { buildInfo, clockJumps, insecureBind, ledgerLastCommit, ledgerUp } from '../model/metrics/self.ts';
import type { Plan } from '../model/plan.ts';
import { isValid } from '../model/tree.ts';
import { Accountant } from './account/ledger/accountant.ts';
import { carbonTerms } from './account/carbon/carbon-terms.ts';
import { openDesks, type Desk } from './account/desks.ts';
import { Closure } from './account/closure/closure.ts';
import { emitInfo } from './account/emit-info.ts';
import { endLives } from './account/ledger/end-lives.ts';
import { HourBook } from './account/ledger/hour-book.ts';
import { Clerk } from './account/past/instructions.ts';
import { Ledger } from './account/ledger/ledger.ts';
import { planProgress } from './account/plan-progress.ts';
import { differenceText, isSame, pastDifference, restate, type Difference } from './account/past/restate.ts';
import { pueScopes, SumMaker } from './account/pue/pue-sites.ts';
import { systemClock, type Clock } from './clock.ts';
import type { MeterEvent } from './judge/meter/meter.ts';
import { inSlices, type Steps } from './account/ledger/slices.ts';
import { openSources, type Sources } from './open-sources.ts';
import { turningPoints } from './turning-points.ts';
import { Board } from './publish/exposition.ts';
import type { Appendix, Snapshot } from './publish/snapshot.ts';
import { Gateways } from './read/index.ts';

export interface ExporterOptions {
  readonly plan: Plan;
  /** Ids of the sites that this exporter reads. */
  readonly sites: readonly string[];
  /** Path of the ledger. */
  readonly ledger: string;
  readonly version: string;
  /** @default the system's clock */
  readonly clock?: Clock;
  /** How long the answers of a beat are waited for before what has come is committed: a dead meter delays none. @default 1000 */
  readonly patienceMs?: number;
  /** The server listens beyond this machine without TLS or authentication. @default false */
  readonly insecure?: boolean;
  readonly publish: (snapshot: Snapshot) => void;
  /** The process's own metrics, rendered. */
  readonly appendix?: () => Promise<Appendix>;
  /** A commit failed; what was judged is kept and tried again. */
  readonly commitFailed?: (error: unknown) => void;
  /** A sample that cannot be published: left out, and told. */
  readonly sampleRefused?: (error: unknown) => void;
  /** Why hours of the past that are not closed are made into what the declaration says of them. @default they stay as they are */
  readonly restate?: string;
  /** The declaration says otherwise of the past than the ledger, and `restate` was not asked for. */
  readonly pastDiffers?: (what: Readonly<Record<string, string | number>>) => void;
  /** A publication failed beside the timetable; the next beat publishes again. */
  readonly publishFailed?: (error: unknown) => void;
}

/** A wall clock that differs by more from the monotonic one has jumped. */
const JUMP_MS = 2000;
const RETRY_MS = 250;
/** A publication waits this long for windows to be counted; those left over keep their figures until the next one. */
const COUNT_MS = 500;

function* countSteps(counts: readonly Iterable<void>[]): Steps<true> {
  for (const count of counts) yield* count;
  return true;
}

interface Works extends Sources {
  readonly accountant: Accountant;
  readonly clerk: Clerk;
  readonly desks: readonly Desk[];
}

/** One thread from devices to numbers: reads what is due, judges, books, commits, and only then publishes. */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #book: HourBook;
  /** Outlives the works: an hour of power is not lost when a meter's life begins. */
  readonly #closure: Closure;
  readonly #board: Board;
  readonly #gateways = new Gateways();
  #works: Works;
  /** When meters or pools next begin or end their declared life. */
  #turns: number[];
  readonly #stop = new AbortController();
  readonly #reads = new Set<Promise<void>>();
  /** What the last commit made true; shown until the next one. */
  #committed: Sample[] = [];
  #lastCommit: number | null = null;
  #ledgerUp = true;
  #retry: NodeJS.Timeout | null = null;
  /** A read ended since the last publication. */
  #unpublished = false;
  #jumps = 0;
  #skew: number;
  #turning = false;
  #queue: Promise<void> = Promise.resolve();

  constructor(options: ExporterOptions) {
    const { plan, sites, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#skew = clock.wall() - clock.mono();
    this.#ledger = new Ledger(options.ledger);
    this.#book = new HourBook(this.#ledger.database);
    const note: Accountant['note'] = (...told) => this.#works.accountant.note(...told);
    this.#closure = new Closure({ plan, sites, book: this.#book, note });
    this.#board = new Board({ catalogue, clock, refused: options.sampleRefused });
    this.#turns = turningPoints(plan, sites, clock.wall());
    const difference = this.#lookBack(Math.round(clock.wall()));
    this.#works = this.#open(clock.wall());
    this.#noteDeclaration(difference);
  }

  /** Everything that depends on which meters and pools are in their declared life. */
  #open(at: number): Works {
    const { plan, sites } = this.#options;
    const scopes = pueScopes(plan, sites, at);
    const sides = new Map(scopes.map((scope) => [scope.id, scope.sides]));
    const maker = new SumMaker(plan);
    const calculated = plan.estate.meters
      .filter((meter) => meter.source.protocol === 'calculated' && sites.includes(meter.site) && isValid(meter, at))
      .map((meter) => ({ meter, sum: maker.plain(meter) }));
    const carbon = sites.map((site) => carbonTerms(plan, site));
    const book = this.#book;
    const accountant = new Accountant(this.#ledger, plan.hash, sides, at, book.past, calculated, carbon);
    const own = plan.estate.meters.filter(({ site }) => sites.includes(site));
    endLives(accountant, own, at);
    return {
      accountant,
      clerk: new Clerk(this.#ledger.database, accountant, plan.estate.meters),
      desks: [...openDesks({ plan, sites, scopes, book, accountant }), this.#closure],
      ...openSources(plan, sites, { accountant, closure: this.#closure, gateways: this.#gateways, at }),
    };
  }

  /** A meter or pool begins or ends its declared life: everything goes on as after a restart. */
  async #turn(): Promise<void> {
    const now = this.#clock.wall();
    if (now < (this.#turns[0] ?? Infinity) || this.#turning) return;
    this.#turning = true;
    try {
      await Promise.allSettled(this.#reads);
      this.#flush();
      await this.publish();
      // What could not be committed is still to be: the next beat tries again.
      if (!this.#ledgerUp) return;
      await Promise.allSettled(this.#works.polled.map((source) => source.close()));
      this.#turns = this.#turns.filter((at) => at > now);
      this.#works = this.#open(now);
    } finally {
      this.#turning = false;
    }
  }

  /** Restates the past, where that is asked for; else what the declaration and the ledger say otherwise of it. */
  #lookBack(now: number): Difference | null {
    const { plan, sites, restate: reason } = this.#options;
    const turns = turningPoints(plan, sites, -Infinity).filter((at) => at <= now);
    const { database } = this.#ledger;
    if (reason !== undefined) {
      restate(database, reason, { plan, sites, turns, now });
      return null;
    }
    const difference = pastDifference(database, { plan, sites, turns, now });
    if (isSame(difference)) return null;
    this.#options.pastDiffers?.(differenceText(difference));
    return difference;
  }

  /** Closed hours keep the declaration that they were counted by; that it changed is on record. */
  #noteDeclaration(difference: Difference | null): void {
    const { plan, sites } = this.#options;
    const { accountant } = this.#works;
    const { previousPlan: before } = accountant;
    if (before === null || before === plan.hash) return;
    const event: MeterEvent = { kind: 'declaration', detail: { before, now: plan.hash }, wire: '' };
    for (const site of sites) accountant.note(site, 'declaration', event, Math.round(this.#clock.wall()));
    if (difference === null) return;
    const differs: MeterEvent = { kind: 'past_differs', detail: differenceText(difference), wire: '' };
    for (const site of sites) accountant.note(site, 'declaration', differs, Math.round(this.#clock.wall()));
  }

  /**
   * One beat of the timetable: reads what is due, waits a little, then commits and publishes what has come. Beats may
   * overlap; a source is never read twice at once, and commits follow one another.
   */
  async beat(): Promise<void> {
    this.#watchClock();
    await this.#turn();
    if (this.#turning) return;
    const mono = this.#clock.mono();
    const due = this.#works.polled.filter((source) => source.isDue(mono));
    if (due.length === 0 && !this.#unpublished && !this.#works.clerk.isAsked()) return;
    const reads = due.map((source) => this.#track(source.poll(this.#clock, this.#stop.signal)));
    await Promise.race([Promise.all(reads), sleep(this.#options.patienceMs ?? 1000, undefined, { ref: false })]);
    await this.publish();
  }

  async #track(read: Promise<void>): Promise<void> {
    this.#reads.add(read);
    await read;
    this.#reads.delete(read);
    this.#unpublished = true;
  }

  #watchClock(): void {
    const skew = this.#clock.wall() - this.#clock.mono();
    const jump = Math.round(skew - this.#skew);
    this.#skew = skew;
    if (Math.abs(jump) <= JUMP_MS) return;
    this.#jumps += 1;
    const at = Math.round(this.#clock.wall());
    for (const site of this.#options.sites) {
      this.#works.accountant.note(site, 'clock', { kind: 'clock_jump', detail: { ms: jump }, wire: '' }, at);
    }
  }

  /** Commits, then publishes. While the ledger refuses, totals stay as they were and the rest goes on. */
  publish(): Promise<void> {
    const next = this.#queue.then(() => this.#publish());
    // One publication that fails is that beat's, and does not end those that follow.
    this.#queue = next.catch(() => {});
    return next;
  }

  async #publish(): Promise<void> {
    const now = this.#clock.wall();
    this.#unpublished = false;
    await this.#commit(now);
    const cycle = this.#board.begin();
    for (const { metric, labels, value } of this.#committed) cycle.emit(metric, labels, value);
    const compute: Sample[] = [];
    const emit: Emit = (metric, labels, value) => {
      compute.push({ metric, labels, value });
      cycle.emit(metric, labels, value);
    };
    for (const source of this.#works.polled) source.emit(cycle.emit);
    for (const show of this.#works.shows) show(emit, this.#clock.mono());
    const { plan, sites, version, publish, appendix } = this.#options;
    planProgress(plan, compute, now, cycle.emit);
    emitInfo(plan, sites, now, cycle.emit);
    cycle.emit(buildInfo, { version, plan_hash: plan.hash }, 1);
    cycle.emit(ledgerUp, {}, this.#ledgerUp ? 1 : 0);
    if (this.#lastCommit !== null) cycle.emit(ledgerLastCommit, {}, this.#lastCommit / 1000);
    cycle.emit(clockJumps, {}, this.#jumps);
    cycle.emit(insecureBind, {}, this.#options.insecure ? 1 : 0);
    publish(await cycle.finish(await appendix?.()));
  }

  async #commit(now: number): Promise<void> {
    try {
      const { accountant, clerk, desks } = this.#works;
      const { signal } = this.#stop;
      const committed: Sample[] = [];
      const emit: Emit = (metric, labels, value) => committed.push({ metric, labels, value });
      const commit = accountant.commitSteps(() => accountant.emit(emit, this.#options.plan.estate.meters));
      const written = await inSlices(commit, { signal });
      // The exporter is being stopped, which commits at once.
      if (written === null) return;
      const applied = clerk.apply(now);
      const since = this.#book.refresh() || applied ? -Infinity : written;
      this.#ledgerUp = true;
      this.#lastCommit = now;
      const counts = countSteps(desks.map((desk) => desk.count(now, since)));
      if ((await inSlices(counts, { mostMs: COUNT_MS, signal })) === null) this.#unpublished = true;
      for (const desk of desks) desk.emit(emit, now);
      this.#committed = committed;
    } catch (error) {
      if (this.#ledgerUp) this.#options.commitFailed?.(error);
      this.#ledgerUp = false;
      this.#retry ??= setTimeout(() => {
        this.#retry = null;
        this.publish().catch((reason: unknown) => this.#options.publishFailed?.(reason));
      }, RETRY_MS);
    }
  }

  #flush(): void {
    const now = { at: Math.round(this.#clock.wall()), mono: this.#clock.mono() };
    for (const flush of this.#works.flushes) flush(now);
  }

  /** Breaks off open reads, commits what was judged, and closes everything. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#retry) clearTimeout(this.#retry);
    await Promise.allSettled(this.#reads);
    await this.#queue;
    this.#flush();
    try {
      this.#works.accountant.commit();
    } finally {
      await Promise.allSettled(this.#works.polled.map((source) => source.close()));
      await this.#gateways.close();
      this.#ledger.close();
    }
  }
}
