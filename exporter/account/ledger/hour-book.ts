import type { DatabaseSync } from 'node:sqlite';
import { floor, multiply, rational } from '../../../model/rational.ts';
import { Entries, partBefore, type Entry } from './entries.ts';
import { LiveHours } from './live-hours.ts';
import { HOUR_MS } from './meter-account.ts';
import { Past, type Cumulative, type Stretch } from '../past/past.ts';

/** A span of time whose energy is known as a whole, though not when within it: it counts for windows that hold all of it. */
export interface ClosedGap extends Stretch {
  /** bridged by the register that went on; manual: closed by a hand reading; imported: a day's, a month's figure, a bill */
  readonly kind: 'bridged' | 'manual' | 'imported';
}

/** Runs of hours, in order. */
export class Runs {
  readonly list: readonly Stretch[];
  /** The same for the same hours */
  readonly key: string;

  constructor(hours: Iterable<number>) {
    const list: { from: number; to: number }[] = [];
    for (const hour of [...new Set(hours)].sort((a, b) => a - b)) {
      const last = list.at(-1);
      if (last?.to === hour) last.to = hour + HOUR_MS;
      else list.push({ from: hour, to: hour + HOUR_MS });
    }
    this.list = list;
    this.key = list.map(({ from, to }) => `${from}-${to}`).join(' ');
  }
}

/** What a meter rose by, and how much of the metered time was imported. */
export interface Risen extends Cumulative {
  readonly importedMs: number;
}

/** Windows of one scope that leave out different hours: this many are kept, and as many again of the hour before. */
const MOST_RUNS = 16;

/** The written hours, live and imported ones, and what people added to them, read for windows. Hours are named by their start. */
export class HourBook {
  readonly past: Past;
  readonly entries: Entries;
  readonly #live: LiveHours;
  readonly #risen = new Map<string, { readonly state: string; readonly over: Map<string, Risen> }>();
  #version = 0;

  constructor(database: DatabaseSync) {
    this.past = new Past(database);
    this.entries = new Entries(database);
    this.#live = new LiveHours(database);
  }

  /** Counts many windows on one state of the ledger: what was looked up once is kept until `work` ends. */
  snapshot<T>(work: () => T): T {
    return this.#live.snapshot(work);
  }

  /** Within `snapshot`: looks up at once what windows with ends at `instants` need of these meters. */
  look(meters: readonly string[], instants: readonly number[]): void {
    this.#live.look(meters, instants);
  }

  /** Within `snapshot`: looks up at once what these meters rose by over runs of hours. */
  lookRisen(meters: readonly string[], runs: Runs): void {
    if (runs.list.length === 0) return;
    const plain = meters.filter((meter) => this.#isPlain(meter) && !this.#kept(meter).has(runs.key));
    if (plain.length === 0) return;
    for (const [meter, rise] of this.#live.risen(plain, runs.list))
      this.#keep(this.#kept(meter), runs, { ...rise, importedMs: 0 });
  }

  /** Whether nobody has added anything to what was read live. */
  #isPlain(meter: string): boolean {
    return this.entries.of(meter).length === 0 && this.past.stretches(meter).length === 0;
  }

  #kept(meter: string): Map<string, Risen> {
    const state = `${this.#version} ${this.entries.of(meter).length}`;
    let kept = this.#risen.get(meter);
    if (kept?.state !== state) this.#risen.set(meter, (kept = { state, over: new Map<string, Risen>() }));
    return kept.over;
  }

  #keep(over: Map<string, Risen>, { key }: Runs, rise: Risen): void {
    const oldest = over.keys().next().value;
    if (over.size >= MOST_RUNS && oldest !== undefined) over.delete(oldest);
    over.set(key, rise);
  }

  /** What a meter rose by over all of some runs together. Kept: windows leave out the same hours for months, and written hours do not change. */
  risen(meter: string, runs: Runs): Risen {
    const over = this.#kept(meter);
    const known = over.get(runs.key);
    if (known !== undefined) return known;
    const sum = { millijoules: 0n, meteredMs: 0, importedMs: 0 };
    for (const { from, to } of runs.list) {
      const { millijoules, meteredMs } = this.rise(meter, from, to);
      sum.millijoules += millijoules;
      sum.meteredMs += meteredMs;
      sum.importedMs += this.importedMs(meter, from, to);
    }
    const end = runs.list.at(-1)?.to ?? -Infinity;
    if (end <= (this.span(meter)?.to ?? -Infinity)) this.#keep(over, runs, sum);
    return sum;
  }

  /** Metered time of imported hours between two hours' starts. */
  importedMs(meter: string, from: number, to: number): number {
    if (this.past.stretches(meter).length === 0) return 0;
    return this.past.at(meter, to).meteredMs - this.past.at(meter, from).meteredMs;
  }

  /** Looks for what other processes, or the writer itself, have added; true where there is something new. */
  refresh(): boolean {
    const past = this.past.refresh();
    const changed = this.entries.refresh() || past;
    if (changed) this.#version += 1;
    return changed;
  }

  /** Rises when hours that were written before have other totals. */
  get version(): number {
    return this.#version;
  }

  /** Of the hours that were written before `instant`, an hour's start or end; nothing before the first. */
  #written(meter: string, instant: number): Cumulative {
    const live = this.#live.at(meter, instant);
    if (live !== null && this.past.stretches(meter).length === 0) return live;
    const past = this.past.at(meter, instant);
    if (live === null) return past;
    return { millijoules: past.millijoules + live.millijoules, meteredMs: past.meteredMs + live.meteredMs };
  }

  /** Totals at `instant`, an hour's start or end, with what people have added. */
  at(meter: string, instant: number): Cumulative {
    const written = this.#written(meter, instant);
    const entries = this.entries.of(meter);
    if (entries.length === 0) return written;
    const added = entries.reduce((sum, entry) => sum + this.#added(entry, instant), 0n);
    return { ...written, millijoules: written.millijoules + added };
  }

  /** `at` for each instant of [from, to) up to which an hour was read live, of meters to which nobody has added anything. */
  *totals(meter: string, from: number, to: number): Iterable<[instant: number, total: Cumulative]> {
    if (this.#isPlain(meter)) yield* this.#live.totals(meter, from, to);
  }

  #added(entry: Entry, instant: number): bigint {
    const { meter, from, to, factor } = entry;
    if (factor === null) return partBefore(entry, instant);
    if (instant <= from) return 0n;
    const held = this.#written(meter, Math.min(instant, to)).millijoules - this.#written(meter, from).millijoules;
    return floor(multiply({ n: factor.n - factor.d, d: factor.d }, rational(held)));
  }

  /** What a meter's energy and metered time rose by between two hours' starts. */
  rise(meter: string, from: number, to: number): Cumulative {
    const [before, after] = [this.at(meter, from), this.at(meter, to)];
    return { millijoules: after.millijoules - before.millijoules, meteredMs: after.meteredMs - before.meteredMs };
  }

  /** The written hours in order, [from, to) each. */
  #stretches(meter: string): Stretch[] {
    const ends = this.#live.ends(meter);
    const live = ends === null ? [] : [{ from: ends.first + HOUR_MS, to: ends.last + HOUR_MS }];
    return [...this.past.stretches(meter), ...live];
  }

  /** From the start of the first written hour to the end of the last one. */
  span(meter: string): Stretch | null {
    const stretches = this.#stretches(meter);
    const first = stretches[0];
    return first === undefined ? null : { from: first.from, to: stretches.at(-1)?.to ?? first.to };
  }

  /** Whether the meter was ever read by the exporter itself. */
  isLive(meter: string): boolean {
    return this.#live.ends(meter) !== null;
  }

  /** Who has the hour already: live readings have all hours from their first one on. null: it may be imported. */
  covers(meter: string, hour: number): 'live' | 'past' | null {
    if (hour > (this.#live.ends(meter)?.first ?? Infinity)) return 'live';
    return this.past.stretches(meter).some(({ from, to }) => from <= hour && hour < to) ? 'past' : null;
  }

  /** Written hours in [from, to) in which the meter was metered for less than 95 %. */
  exceptions(meter: string, from: number, to: number): number[] {
    return [...this.past.exceptions(meter, from, to), ...this.#live.exceptions(meter, from, to)];
  }

  /** Stretches that touch [from, to) of which no hour is written: between imports, or where the wall clock jumped over them. */
  skips(meter: string, from: number, to: number): Stretch[] {
    const stretches = this.#stretches(meter);
    const holes = stretches
      .map((stretch, i) => ({ from: stretches[i - 1]?.to ?? stretch.from, to: stretch.from }))
      .filter((hole) => hole.from < hole.to && hole.from < to && hole.to > from);
    const jumps = this.#live.gaps(meter).filter((gap) => gap.kind === 'skipped' && gap.from < to && gap.to > from);
    return [...holes, ...jumps];
  }

  /** Spans that lie whole within [from, to] and whose energy is known as a whole. */
  closedGaps(meter: string, from: number, to: number): ClosedGap[] {
    const bridged = this.#live
      .gaps(meter)
      .filter((gap) => gap.kind === 'bridged' && gap.from >= from && gap.to <= to)
      .map((gap) => ({ from: gap.from, to: gap.to, kind: 'bridged' as const }));
    const manual = this.entries
      .of(meter)
      .filter((entry) => entry.kind === 'manual' && entry.from >= from && entry.to <= to)
      .map((entry) => ({ from: entry.from, to: entry.to, kind: 'manual' as const }));
    const imported = this.past.gaps(meter, from, to).map((gap) => ({ ...gap, kind: 'imported' as const }));
    return [...bridged, ...manual, ...imported];
  }
}
