import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../model/metrics/index.ts';
import type { Emit, Sample } from '../model/metrics/metric.ts';
import { buildInfo, clockJumps, insecureBind, ledgerLastCommit, ledgerUp } from '../model/metrics/self.ts';
import type { Plan } from '../model/plan.ts';
import { Accountant } from './account/accountant.ts';
import { emitInfo } from './account/emit-info.ts';
import { HourBook } from './account/hour-book.ts';
import { Ledger } from './account/ledger.ts';
import { planProgress } from './account/plan-progress.ts';
import { PueDesk } from './account/pue-desk.ts';
import { pueSites } from './account/pue-sites.ts';
import { systemClock, type Clock } from './clock.ts';
import type { MeterEvent } from './judge/meter.ts';
import { openSources, type Sources } from './open-sources.ts';
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
  /** A publication failed beside the timetable; the next beat publishes again. */
  readonly publishFailed?: (error: unknown) => void;
}

/** A wall clock that differs by more from the monotonic one has jumped. */
const JUMP_MS = 2000;
const RETRY_MS = 250;

/** One thread from devices to numbers: reads what is due, judges, books, commits, and only then publishes. */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #accountant: Accountant;
  readonly #pue: PueDesk;
  readonly #board: Board;
  readonly #gateways = new Gateways();
  readonly #polled: Sources['polled'];
  readonly #shows: Sources['shows'];
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
  #turn: Promise<void> = Promise.resolve();

  constructor(options: ExporterOptions) {
    const { plan, sites, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#skew = clock.wall() - clock.mono();
    this.#ledger = new Ledger(options.ledger);
    const counted = pueSites(plan, sites, clock.wall());
    const sides = new Map(counted.map((site) => [site.id, site.sides]));
    const book = new HourBook(this.#ledger.database);
    this.#accountant = new Accountant(this.#ledger, plan.hash, sides, clock.wall(), book.past);
    this.#pue = new PueDesk(book, this.#accountant, counted);
    this.#board = new Board({ catalogue, clock, refused: options.sampleRefused });
    this.#noteDeclaration();
    const { polled, shows } = openSources(plan, sites, {
      accountant: this.#accountant,
      gateways: this.#gateways,
      at: clock.wall(),
    });
    this.#polled = polled;
    this.#shows = shows;
  }

  /** Closed hours keep the declaration that they were counted by; that it changed is on record. */
  #noteDeclaration(): void {
    const { plan, sites } = this.#options;
    const { previousPlan: before } = this.#accountant;
    if (before === null || before === plan.hash) return;
    const event: MeterEvent = { kind: 'declaration', detail: { before, now: plan.hash }, wire: '' };
    for (const site of sites) this.#accountant.note(site, 'declaration', event, Math.round(this.#clock.wall()));
  }

  /**
   * One beat of the timetable: reads what is due, waits a little, then commits and publishes what has come. Beats may
   * overlap; a source is never read twice at once, and commits follow one another.
   */
  async beat(): Promise<void> {
    this.#watchClock();
    const mono = this.#clock.mono();
    const due = this.#polled.filter((source) => source.isDue(mono));
    if (due.length === 0 && !this.#unpublished) return;
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
      this.#accountant.note(site, 'clock', { kind: 'clock_jump', detail: { ms: jump }, wire: '' }, at);
    }
  }

  /** Commits, then publishes. While the ledger refuses, totals stay as they were and the rest goes on. */
  publish(): Promise<void> {
    const turn = this.#turn.then(() => this.#publish());
    // One publication that fails is that beat's, and does not end those that follow.
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #publish(): Promise<void> {
    const now = this.#clock.wall();
    this.#unpublished = false;
    this.#commit(now);
    const cycle = this.#board.begin();
    for (const { metric, labels, value } of this.#committed) cycle.emit(metric, labels, value);
    const compute: Sample[] = [];
    const emit: Emit = (metric, labels, value) => {
      compute.push({ metric, labels, value });
      cycle.emit(metric, labels, value);
    };
    for (const source of this.#polled) source.emit(cycle.emit);
    for (const show of this.#shows) show(emit, this.#clock.mono());
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

  #commit(now: number): void {
    try {
      const closed = this.#accountant.commit();
      this.#pue.count(now, closed);
      this.#ledgerUp = true;
      this.#lastCommit = now;
      const committed: Sample[] = [];
      const emit: Emit = (metric, labels, value) => committed.push({ metric, labels, value });
      this.#accountant.emit(emit, this.#options.plan.estate.meters);
      this.#pue.emit(emit, now);
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

  /** Breaks off open reads, commits what was judged, and closes everything. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#retry) clearTimeout(this.#retry);
    await Promise.allSettled(this.#reads);
    await this.#turn;
    try {
      this.#accountant.commit();
    } finally {
      await Promise.allSettled(this.#polled.map((source) => source.close()));
      await this.#gateways.close();
      this.#ledger.close();
    }
  }
}
