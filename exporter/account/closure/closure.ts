import { closureSuspect, closureUnexplained } from '../../../model/metrics/closure.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import type { Plan } from '../../../model/plan.ts';
import type { ClosureSuspect } from '../../../model/reasons.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import { isValid } from '../../../model/tree.ts';
import type { Instant, MeterEvent } from '../../judge/meter/meter.ts';
import { balanceOf, type Balance } from './closure-balance.ts';
import { poolSuspects, type Finding } from './closure-pool.ts';
import { ClosurePools, type PoolAnswer } from './closure-pools.ts';
import { closureTree, type Junction, type MeterLevel } from './closure-tree.ts';
import { SuspectWatch } from './closure-watch.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { hourOf } from '../ledger/meter-account.ts';
import { HOUR } from '../pue/window.ts';

type Note = (site: string, source: string, event: MeterEvent, at: number) => void;

interface ClosureOptions {
  readonly plan: Plan;
  readonly sites: readonly string[];
  readonly book: HourBook;
  /** Where events go. */
  readonly note: Note;
}

/** Hours over which meters must close. */
const WINDOW = 24 * HOUR;
/** Answers in a row that make or end a suspicion of a pool; a meter's come from a whole day. */
const STEADY_ANSWERS = 3;

/**
 * Energy closure: accelerators <= IT meters, PDU outputs <= UPS outputs <= boundary. What a level does not explain is
 * published, and what does not close for a known cause is suspected by its name (DESIGN section 5).
 */
export class Closure {
  readonly #options: ClosureOptions;
  readonly #meters: ReadonlyMap<string, Meter>;
  readonly #metersOf: ReadonlyMap<string, Meter[]>;
  readonly #pools: ClosurePools;
  readonly #watch = new SuspectWatch();
  readonly #unexplained = new Map<string, ReadonlyMap<string, number>>();
  readonly #due = new Set<string>();
  #end = 0;

  constructor(options: ClosureOptions) {
    this.#options = options;
    this.#meters = new Map(options.plan.estate.meters.map((meter) => [meter.id, meter]));
    this.#metersOf = Map.groupBy(options.plan.estate.meters, ({ site }) => site);
    this.#pools = new ClosurePools(options.plan);
  }

  /** Takes in one answer of a pool. */
  observe(answer: PoolAnswer, now: Instant): void {
    const { site, pool } = answer;
    const look = this.#pools.observe(answer, now);
    if (look === null) return;
    for (const [suspect, judge] of poolSuspects) {
      const event = this.#watch.note({ site, pool, meter: '', suspect }, judge(look), STEADY_ANSWERS);
      if (event) this.#options.note(site, pool, event, Math.round(now.at));
    }
  }

  /** A desk's count, to be called in each beat: see `Desk.count`. */
  count(now: number, since: number): Iterable<void> {
    const end = hourOf(now);
    if (since < end || end !== this.#end) for (const site of this.#options.sites) this.#due.add(site);
    this.#end = end;
    return this.#steps(end, now);
  }

  *#steps(end: number, now: number): Iterable<void> {
    for (const site of this.#due) {
      this.#due.delete(site);
      this.#unexplained.set(site, this.#close(site, end, now));
      yield;
    }
  }

  #close(site: string, end: number, now: number): ReadonlyMap<string, number> {
    const { plan, book } = this.#options;
    const day = { from: end - WINDOW, to: end };
    const meters = this.#metersOf.get(site) ?? [];
    const tree = closureTree({ ...plan.estate, meters }, site, end - 1);
    const unexplained = new Map<string, number>();
    // While a meter's life begins or ends within it, a day has two trees: it closes nothing.
    const isStill = meters.every((meter) => isValid(meter, day.from) === isValid(meter, end - 1));
    if (isStill) {
      const pue = tree.pue && balanceOf(book, tree.pue, this.#meters, day);
      this.#suspect(site, '', 'boundary_missing', tree.pue, pue, now);
      const levels = new Map<MeterLevel, (Balance | null)[]>();
      for (const junction of tree.junctions) {
        const balance = balanceOf(book, junction, this.#meters, day);
        const { level } = junction;
        if (level !== null) levels.set(level, [...(levels.get(level) ?? []), balance]);
        // More IT energy than comes in is told by its own name.
        const isTold = level === 'boundary' && pue?.exceeds === true;
        const meter = junction.above.length === 1 ? (junction.above[0]?.meter ?? '') : '';
        const judged = isTold && balance ? { ...balance, exceeds: false } : balance;
        this.#suspect(site, meter, 'meter_children_exceed', junction, judged, now);
      }
      for (const [level, balances] of levels) {
        const ratio = ratioOf(balances);
        if (ratio !== null) unexplained.set(level, ratio);
      }
    }
    const it = this.#accelerators(site, tree.it, end);
    if (it !== null) unexplained.set('it', it);
    return unexplained;
  }

  #suspect(
    site: string,
    meter: string,
    suspect: ClosureSuspect,
    junction: Junction | null,
    balance: Balance | null,
    now: number,
  ): void {
    if (junction === null || balance === null) return;
    const finding: Finding = balance.exceeds && {
      above: junction.above.map((one) => one.meter).join(' '),
      below: junction.below.map((one) => one.meter).join(' '),
      above_kwh: kwh(balance.aboveMillijoules),
      below_kwh: kwh(balance.belowMillijoules),
    };
    const event = this.#watch.note({ site, pool: '', meter, suspect }, finding, 1);
    if (event) this.#options.note(site, junction.above[0]?.meter ?? site, event, Math.round(now));
  }

  /** IT meters against accelerators over the last full hour; null where a pool or a meter is not known for 95 % of it. */
  #accelerators(site: string, it: Junction['above'], end: number): number | null {
    const hour = { from: end - HOUR, to: end };
    const watts = this.#pools.watts(site, hour.from);
    if (it.length === 0 || watts === null) return null;
    const balance = balanceOf(this.#options.book, { above: it, below: [] }, this.#meters, hour);
    if (balance === null || balance.aboveMillijoules <= 0n) return null;
    // mJ / ms are W
    const above = Number(balance.aboveMillijoules) / HOUR;
    return (above - watts) / above;
  }

  emit(emit: Emit): void {
    for (const [site, levels] of this.#unexplained) {
      for (const [level, ratio] of levels) emit(closureUnexplained, { site, level }, ratio);
    }
    for (const subject of this.#watch.suspected) emit(closureSuspect, { ...subject }, 1);
  }
}

const kwh = (millijoules: bigint): number => Number((Number(millijoules) / 3.6e9).toFixed(1));

/** null where a part of the level is not known, or nothing came through it. */
function ratioOf(balances: readonly (Balance | null)[]): number | null {
  let [above, below] = [0n, 0n];
  for (const balance of balances) {
    if (balance === null) return null;
    above += balance.aboveMillijoules;
    below += balance.belowMillijoules;
  }
  return above <= 0n ? null : Number(above - below) / Number(above);
}
