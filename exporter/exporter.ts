import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../model/metrics/index.ts';
import type { Emit, Sample } from '../model/metrics/metric.ts';
import {
  buildInfo,
  clockJumps,
  insecureBind,
  ledgerLastCommit,
  ledgerUp,
  reloadSuccess,
  reloadTimestamp,
} from '../model/metrics/self.ts';
import type { Plan } from '../model/plan.ts';
import { Accountant } from './account/ledger/accountant.ts';
import { Closure } from './account/closure/closure.ts';
import { HourBook } from './account/ledger/hour-book.ts';
import { Ledger } from './account/ledger/ledger.ts';
import type { Difference } from './account/past/restate.ts';
import { lookBack, noteDeclaration } from './declared-past.ts';
import { emitCycle } from './emit-cycle.ts';
import type { ExporterOptions } from './exporter-options.ts';
import { systemClock, type Clock } from './clock.ts';
import { inSlices, type Steps } from './account/ledger/slices.ts';

import { carryOver } from './reload-carry.ts';
import type { Polled } from './source.ts';
import { Slots } from './timetable-slots.ts';
import { openWorks, type Works } from './works.ts';
import { turningPoints } from './turning-points.ts';
import { Board } from './publish/exposition.ts';

/** A wall clock that differs by more from the monotonic one has jumped. */
const JUMP_MS = 2000;
const RETRY_MS = 250;
/** A publication waits this long for windows to be counted; those left over keep their figures until the next one. */
const COUNT_MS = 500;

/** Ends when the work does, however that ends. */
async function settled(work: Promise<unknown>): Promise<void> {
  await Promise.allSettled([work]);
}

function* countSteps(counts: readonly Iterable<void>[]): Steps<true> {
  for (const count of counts) yield* count;
  return true;
}

/** One thread from devices to numbers: reads what is due, judges, books, commits, and only then publishes. */
export class Exporter {
  /** Without the first declaration, which is forgotten when another one takes its place. */
  readonly #options: Omit<ExporterOptions, 'plan'>;
  readonly #firstPlan: string;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #book: HourBook;
  readonly #board: Board;
  #works: Works;
  /** When meters or pools next begin or end their declared life. */
  #turns: number[];
  readonly #stop = new AbortController();
  /** Ends the reads that are open. */
  #breakOff = new AbortController();
  readonly #slots: Slots;
  /** What is being read, or waits for its turn. */
  readonly #reads = new Map<Polled, Promise<void>>();
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
  /** Whether the declaration could be loaded when that was last tried; when the one in use was, Unix ms. */
  #reload: { ok: boolean; at: number };
  #queue: Promise<void> = Promise.resolve();

  constructor(options: ExporterOptions) {
    const { plan, ...others } = options;
    const { sites, clock = systemClock } = others;
    this.#options = others;
    this.#firstPlan = plan.hash;
    this.#clock = clock;
    this.#skew = clock.wall() - clock.mono();
    this.#ledger = new Ledger(options.ledger);
    this.#book = new HourBook(this.#ledger.database);
    this.#slots = new Slots(options.readsAtOnce);
    this.#board = new Board({
      catalogue,
      clock,
      seriesBudget: options.seriesBudget,
      refused: options.sampleRefused,
    });
    const now = clock.wall();
    this.#reload = { ok: true, at: now };
    this.#turns = turningPoints(plan, sites, now);
    const difference = this.#lookBack(plan, now);
    this.#works = this.#open(plan, now);
    noteDeclaration(this.#works, sites, difference, Math.round(now));
  }

  /** It was asked to restate by the declaration that the exporter was started with, and by no later one. */
  #lookBack(plan: Plan, now: number): Difference | null {
    const { restate: reason, ...options } = this.#options;
    const asked = plan.hash === this.#firstPlan ? { ...options, restate: reason } : options;
    return lookBack(this.#ledger.database, plan, asked, Math.round(now));
  }

  /** @param closure outlives the works of one declaration: an hour of power is not lost when a meter's life begins */
  #open(plan: Plan, at: number, closure = this.#newClosure(plan)): Works {
    const { sites, remote = [] } = this.#options;
    return openWorks(plan, { sites, remote, ledger: this.#ledger, book: this.#book, closure, at });
  }

  #newClosure(plan: Plan): Closure {
    const note: Accountant['note'] = (...told) => this.#works.accountant.note(...told);
    return new Closure({ plan, sites: this.#options.sites, book: this.#book, note });
  }

  /** A meter or pool begins or ends its declared life: everything goes on as after a restart. */
  async #turn(): Promise<void> {
    if (this.#clock.wall() < (this.#turns[0] ?? Infinity)) return;
    // What could not be committed is still to be: the next beat tries again.
    await this.#renew(this.#works.plan);
  }

  /**
   * Goes on with a declaration. What was read until now is committed first; the ledger stays open, and what is
   * remembered of meters and sources that are declared as before goes on. False, with the works as they were, where the
   * ledger refuses; throws, with the works as they were, where the declaration cannot be worked with.
   */
  async #renew(plan: Plan): Promise<boolean> {
    this.#turning = true;
    try {
      await this.#settle();
      this.#flush();
      const before = this.#works;
      // In the queue, so that no commit runs beside it.
      const renewed = this.#queue.then(async () => {
        await this.#publish();
        return this.#ledgerUp && !this.#stop.signal.aborted && this.#change(plan);
      });
      this.#queue = settled(renewed);
      if (!(await renewed)) return false;
      await this.#close(before);
      return true;
    } finally {
      this.#turning = false;
    }
  }

  /** Puts other works in the place of these. Nothing else happens in between. */
  #change(plan: Plan): boolean {
    const before = this.#works;
    try {
      // What was noted while the last commit was written.
      before.accountant.commit();
    } catch {
      return false;
    }
    const now = this.#clock.wall();
    const goesOn = plan === before.plan;
    const difference = goesOn ? null : this.#lookBack(plan, now);
    const works = this.#open(plan, now, goesOn ? before.closure : undefined);
    carryOver(before, works, Math.round(now));
    this.#works = works;
    this.#turns = turningPoints(plan, this.#options.sites, now);
    if (!goesOn) noteDeclaration(works, this.#options.sites, difference, Math.round(now));
    return true;
  }

  /** Waits for open reads, but not for those that hang: they are broken off and count as none. */
  async #settle(): Promise<void> {
    const reads = Promise.allSettled(this.#reads.values());
    await Promise.race([reads, this.#patience()]);
    this.#breakOff.abort();
    await reads;
    this.#breakOff = new AbortController();
  }

  async #close({ polled, gateways }: Works): Promise<void> {
    await Promise.allSettled(polled.map((source) => source.close()));
    await gateways.close();
  }

  /**
   * Takes another declaration into use, whole or not at all; the one before stays where this rejects, because it cannot
   * be worked with, and where it returns false, because the ledger refuses just now.
   */
  async reload(plan: Plan): Promise<boolean> {
    const { sites } = this.#options;
    const gone = sites.filter((site) => !plan.estate.sites.some(({ id }) => id === site));
    if (gone.length > 0)
      throw new Error(`site ${gone.join(', ')} is declared no more: restart the exporter without it`);
    while (this.#turning) await sleep(RETRY_MS);
    if (plan.hash !== this.#works.plan.hash && !(await this.#renew(plan))) return false;
    this.#reload = { ok: true, at: this.#clock.wall() };
    this.#unpublished = true;
    return true;
  }

  /** A declaration could not be loaded: says so until one is. */
  reloadRefused(): void {
    this.#reload = { ...this.#reload, ok: false };
    this.#unpublished = true;
  }

  /**
   * One beat of the timetable: reads what is due, waits a little, then commits and publishes what has come. Beats may
   * overlap; a source is never read twice at once, and commits follow one another.
   */
  async beat(): Promise<void> {
    if (this.#turning) return;
    this.#watchClock();
    await this.#turn();
    if (this.#turning) return;
    const mono = this.#clock.mono();
    const due = this.#works.polled.filter((source) => !this.#reads.has(source) && source.isDue(mono));
    if (due.length === 0 && !this.#unpublished && !this.#works.clerk.isAsked()) return;
    const reads = due.map((source) => this.#read(source));
    await Promise.race([Promise.all(reads), this.#patience()]);
    if (!this.#turning) await this.publish();
  }

  #patience(): Promise<void> {
    return sleep(this.#options.patienceMs ?? 1000, undefined, { ref: false });
  }

  /** Its deadline begins with its turn, not while it waits. */
  #read(source: Polled): Promise<void> {
    const { signal } = this.#breakOff;
    const read = this.#slots
      .run(() => source.poll(this.#clock, signal))
      .finally(() => {
        this.#reads.delete(source);
        this.#unpublished = true;
      });
    this.#reads.set(source, read);
    return read;
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
    this.#queue = settled(next);
    return next;
  }

  async #publish(): Promise<void> {
    const now = this.#clock.wall();
    this.#unpublished = false;
    await this.#commit(now);
    const cycle = this.#board.begin();
    const { version, publish, appendix, insecure = false } = this.#options;
    emitCycle(cycle.emit, {
      ...this.#options,
      works: this.#works,
      committed: this.#committed,
      now,
      mono: this.#clock.mono(),
    });
    const { plan } = this.#works;
    cycle.emit(buildInfo, { version, plan_hash: plan.hash }, 1);
    cycle.emit(ledgerUp, {}, this.#ledgerUp ? 1 : 0);
    if (this.#lastCommit !== null) cycle.emit(ledgerLastCommit, {}, this.#lastCommit / 1000);
    cycle.emit(clockJumps, {}, this.#jumps);
    cycle.emit(insecureBind, {}, insecure ? 1 : 0);
    cycle.emit(reloadSuccess, {}, this.#reload.ok ? 1 : 0);
    cycle.emit(reloadTimestamp, {}, this.#reload.at / 1000);
    publish(await cycle.finish(await appendix?.()), plan);
  }

  async #commit(now: number): Promise<void> {
    try {
      const { plan, accountant, clerk, desks } = this.#works;
      const { signal } = this.#stop;
      const committed: Sample[] = [];
      const emit: Emit = (metric, labels, value) => committed.push({ metric, labels, value });
      const commit = accountant.commitSteps(() => accountant.emit(emit, plan.estate.meters));
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
    this.#breakOff.abort();
    if (this.#retry) clearTimeout(this.#retry);
    while (this.#turning) await sleep(10);
    await Promise.allSettled(this.#reads.values());
    await this.#queue;
    this.#flush();
    try {
      this.#works.accountant.commit();
    } finally {
      await this.#close(this.#works);
      this.#ledger.close();
    }
  }
}
