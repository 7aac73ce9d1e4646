import { mkdtempSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Accountant } from '../../exporter/account/ledger/accountant.ts';
import { openDesks, type Desk } from '../../exporter/account/desks.ts';
import { HourBook } from '../../exporter/account/ledger/hour-book.ts';
import { Instructions, type Instruction } from '../../exporter/account/past/instruction.ts';
import { Clerk } from '../../exporter/account/past/instructions.ts';
import { Ledger } from '../../exporter/account/ledger/ledger.ts';
import { pueScopes, SumMaker } from '../../exporter/account/pue/pue-sites.ts';
import { ageMeter, judgeMeter } from '../../exporter/judge/meter/meter.ts';
import type { MeterAnswer } from '../../exporter/read/reader.ts';
import { loadPlan } from '../../model/load.ts';
import type { Emit, Sample } from '../../model/metrics/metric.ts';
import { rational } from '../../model/rational.ts';
import type { Plan } from '../../model/plan.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { isValid } from '../../model/tree.ts';
import type { Example } from './example.ts';

const HOUR = 3_600_000;
const shipped = fileURLToPath(new URL('../../plan', import.meta.url));

const siteRow = (id?: string): string =>
  `  - { id: ${id}, name: { zh: ${id}, en: ${id} }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 100 }`;

/** The whole estate of an example. */
export function estateOf({ estate, every }: Example): string {
  const sites = [...new Set([...estate.matchAll(/\bsite: ([a-z0-9-]+)/g)].map(([, id]) => id))];
  return `schema: greenflops/v1\nsites:\n${sites.map(siteRow).join('\n')}\n${estate.replaceAll('every: _', `every: ${every}m`)}`;
}

/** An example that is played: devices by its load, judged and booked as the exporter does it, on a clock of its own. */
export class Scene {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly ledgerPath: string;
  readonly begin: number;
  readonly #example: Example;
  readonly #folder: string;
  readonly #watt = new Map<string, number>();
  readonly #wattHours = new Map<string, number>();
  accountant: Accountant;
  #book: HourBook;
  #desks: readonly Desk[];
  now: number;

  constructor(example: Example) {
    this.#example = example;
    this.#folder = mkdtempSync(join(tmpdir(), 'greenflops-example-'));
    cpSync(shipped, join(this.#folder, 'plan'), { recursive: true });
    writeFileSync(join(this.#folder, 'plan', 'estate.yaml'), estateOf(example));
    this.plan = loadPlan(join(this.#folder, 'plan'));
    this.ledgerPath = join(this.#folder, 'ledger.db');
    this.ledger = new Ledger(this.ledgerPath);
    // What is shown is what is committed: how often the disk is asked is no part of an example.
    this.ledger.database.exec('PRAGMA synchronous = OFF');
    this.begin = Date.parse(example.begin);
    this.now = this.begin;
    for (const { id } of this.plan.estate.meters) this.#wattHours.set(id, example.start?.[id] ?? 5_000_000);
    this.#book = new HourBook(this.ledger.database);
    [this.accountant, this.#desks] = this.#open();
  }

  #open(): [Accountant, readonly Desk[]] {
    const { plan, now: at } = this;
    const sites = plan.estate.sites.map(({ id }) => id);
    const scopes = pueScopes(plan, sites, at);
    const maker = new SumMaker(plan);
    const calculated = plan.estate.meters
      .filter((meter) => meter.source.protocol === 'calculated')
      .map((meter) => ({ meter, sum: maker.plain(meter) }));
    const sides = new Map(scopes.map((scope) => [scope.id, scope.sides]));
    const accountant = new Accountant(this.ledger, plan.hash, sides, at, this.#book.past, calculated);
    return [accountant, openDesks({ plan, sites, scopes, book: this.#book, accountant })];
  }

  /** As after a restart: what is in its declared life now is read from here on. */
  reopen(): void {
    this.accountant.commit();
    [this.accountant, this.#desks] = this.#open();
  }

  meter(id: string): Meter {
    const found = this.plan.estate.meters.find((meter) => meter.id === id);
    if (found === undefined) throw new RangeError(`the example has no meter ${id}`);
    return found;
  }

  /** What the register of a meter shows now, Wh. */
  level(id: string): number {
    return Math.floor(this.#wattHours.get(id) ?? Number.NaN);
  }

  /** Puts another meter in the place of one: its register shows this now. */
  setLevel(id: string, wattHours: number): void {
    this.#wattHours.set(id, wattHours);
  }

  /** What `greenflops meter read` and `meter replace` do, of raw levels in Wh. */
  instruct(id: string, at: number, value: number, initial?: number): void {
    const { database } = this.ledger;
    const asked: Instruction = {
      meter: id,
      kind: initial === undefined ? 'read' : 'replace',
      at: this.begin + at * HOUR,
      value: rational(BigInt(value)),
      initial: initial === undefined ? null : rational(BigInt(initial)),
      who: 'example',
      why: 'example',
      evidence: null,
    };
    this.accountant.commit();
    const number = new Instructions(database).put(asked, this.now);
    new Clerk(database, this.accountant, this.plan.estate.meters).apply(this.now);
    const outcome = new Instructions(database).outcome(number);
    if (outcome === null || 'refused' in outcome) throw new Error(outcome?.refused.en ?? 'nobody carried it out');
  }

  #isSilent(id: string, hour: number): boolean {
    return (this.#example.silent?.[id] ?? []).some(([from, to]) => from < hour && hour < to);
  }

  #answer(meter: Meter): MeterAnswer {
    const { energy } = meter.registers;
    const modulus = energy && 'modulus' in energy ? energy.modulus : null;
    const level = BigInt(this.level(meter.id));
    return {
      ...(energy && { energy: { value: rational(modulus === null ? level : level % modulus), wire: '' } }),
      power: { value: rational(BigInt(Math.round(this.#watt.get(meter.id) ?? 0))), wire: '' },
    };
  }

  /** Reads every meter once at the clock's instant. */
  #read(): void {
    const hour = (this.now - this.begin) / HOUR;
    const instant = { at: this.now, mono: this.now - this.begin };
    for (const meter of this.plan.estate.meters) {
      if (meter.source.protocol === 'calculated' || !isValid(meter, this.now)) continue;
      const state = this.accountant.stateOf(meter.id);
      const judgement = this.#isSilent(meter.id, hour)
        ? ageMeter(meter, state, instant)
        : judgeMeter(meter, state, this.#answer(meter), instant);
      this.accountant.book(meter, judgement, this.now);
    }
  }

  /** Plays on to an hour since the beginning. */
  playTo(hour: number): void {
    const { every, load, acts = [] } = this.#example;
    const step = every * 60_000;
    if (this.now === this.begin) {
      for (const [id, kilowatts] of Object.entries(load)) this.#watt.set(id, kilowatts(0) * 1000);
      this.#read();
    }
    while (this.now < this.begin + hour * HOUR) {
      const from = (this.now - this.begin) / HOUR;
      for (const { act } of acts.filter(({ at }) => at === from)) act(this);
      for (const [id, kilowatts] of Object.entries(load)) {
        const watts = kilowatts(from) * 1000;
        this.#wattHours.set(id, (this.#wattHours.get(id) ?? 0) + (watts * step) / HOUR);
        this.#watt.set(id, watts);
      }
      this.now += step;
      this.#read();
      if (this.now % HOUR === 0) this.accountant.commit();
    }
    for (const { act } of acts.filter(({ at }) => at === hour)) act(this);
  }

  /** What the exporter shows once the last readings of the hour may have come in. */
  shown(): Sample[] {
    this.accountant.commit();
    const later = this.now + Math.max(3 * this.#example.every, 2) * 60_000;
    this.#book.refresh();
    for (const desk of this.#desks) Array.from(desk.count(later, 0));
    const samples: Sample[] = [];
    const emit: Emit = (metric, labels, value) => void samples.push({ metric, labels, value });
    this.accountant.emit(emit, this.plan.estate.meters);
    for (const desk of this.#desks) desk.emit(emit, later);
    return samples;
  }

  close(): void {
    this.ledger.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
