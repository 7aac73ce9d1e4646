import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { readLedger } from '../../exporter/account/ledger/open-ledger.ts';
import { reachOf, unpackState } from '../../exporter/judge/meter/meter-state.ts';
import type { Losses } from './losses.ts';
import type { Published } from './store-child.ts';
import { EPOCH, simulated, STEP_MS, unitsAt } from './store-meters.ts';

const HOUR_MS = 3_600_000;
const byId = new Map(simulated.map((meter) => [meter.id, meter]));

/** In the first life nobody is killed before every meter has been read twice. */
const begun = (id: string): number => EPOCH + STEP_MS * (byId.get(id)?.cycles ?? 0);

/** What a meter has counted from its first reading to `at`, mJ, by the load alone; `unmeteredMs` are no part of it without a register. */
function truth(id: string, at: number, unmeteredMs: bigint): bigint {
  const meter = byId.get(id);
  if (meter === undefined) throw new RangeError(`no meter ${id}`);
  const { register, load } = meter;
  if (register === undefined) return load.base * (BigInt(at - begun(id)) - unmeteredMs);
  const { scale, modulus = 2n ** 80n } = register;
  const counted = (units: bigint): bigint =>
    (units / modulus) * ((modulus * scale[0]) / scale[1]) + ((units % modulus) * scale[0]) / scale[1];
  return counted(unitsAt(meter, at)) - counted(unitsAt(meter, begun(id)));
}

/** How often a register has begun again. */
function rounds(id: string, at: number): bigint {
  const meter = byId.get(id);
  const modulus = meter?.register?.modulus;
  return meter && modulus !== undefined ? unitsAt(meter, at) / modulus : 0n;
}

/** The sides of both sites, and the sign of each meter in them. */
const SIDES: readonly (readonly [site: string, side: string, members: Readonly<Record<string, bigint>>])[] = [
  ['a', 'facility', { 'a-gate': 1n, 'a-sun': 1n }],
  ['a', 'it', { 'a-hall': 1n, 'a-row': 1n }],
  ['b', 'facility', { 'b-gate': 1n, 'b-out': -1n }],
  ['b', 'it', { 'b-load': 1n }],
];

interface Row {
  readonly hour: number;
  readonly energy: bigint;
  readonly meteredMs: number;
}

/** Watches one ledger through many lives of its writer: what was published, what is stored, and what is true. */
export class StoreAudit {
  readonly #losses: Losses;
  readonly #published = new Map<string, bigint>();
  /** When each meter was last read by a cycle that was committed. */
  readonly #readAt = new Map<string, number>();
  /** When a reading of each meter last waited for the next one. */
  readonly #heldAt = new Map<string, number>();
  /** What each meter was last known to have counted. */
  readonly #totals = new Map<string, bigint>();
  /** Truth less total of each meter. */
  readonly #deficits = new Map<string, bigint>();
  readonly #hours = new Map<string, Row>();
  /** The instant of the last cycle that was begun. */
  reached = EPOCH;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

  /** How far a meter that was read longest ago lies behind, at the least. */
  get oldestRead(): number {
    return Math.min(...this.#readAt.values());
  }

  get begunAll(): boolean {
    return simulated.every(({ id }) => this.#published.has(`energy ${id}`));
  }

  /** Takes one line of a child that began at `from`; true where it says that a cycle was committed. */
  line(text: string, from: number): boolean {
    const at = Number(/^[>=](\d+)/.exec(text)?.[1]);
    this.reached = at;
    if (!text.startsWith('=')) return false;
    for (const [series, units] of JSON.parse(text.slice(text.indexOf(' '))) as Published)
      this.#note(series, BigInt(units));
    for (const id of this.#due(at, from)) if (!this.#isHeld(id, at)) this.#readAt.set(id, at);
    for (const { id } of simulated) {
      const energy = this.#published.get(`energy ${id}`);
      if (energy !== undefined) this.#compare(id, energy, this.#published.get(`unmetered ${id}`) ?? 0n);
    }
    return true;
  }

  /**
   * Whether the reading may wait: the first one after more than an hour, which the next one within an hour must confirm
   * unless the register began again between the two. Its total stands still, as it was published or, by a commit of which
   * a kill left no word, stored.
   */
  #isHeld(id: string, at: number): boolean {
    const energy = this.#published.get(`energy ${id}`) ?? 0n;
    const unmetered = this.#published.get(`unmetered ${id}`) ?? 0n;
    if (energy !== this.#totals.get(id) || truth(id, at, unmetered) - energy === this.#deficits.get(id)) return false;
    const before = this.#heldAt.get(id);
    const isAlone = before === undefined || at - before > HOUR_MS || rounds(id, before) < rounds(id, at);
    const isLate = at - (this.#readAt.get(id) ?? at) > HOUR_MS;
    if (isLate && isAlone) this.#heldAt.set(id, at);
    return isLate && isAlone;
  }

  #due(at: number, from: number): string[] {
    return simulated.flatMap(({ id, cycles }) => (((at - from) / STEP_MS) % cycles === 0 ? id : []));
  }

  #note(series: string, value: bigint): void {
    const meter = /^greenflops_(?:meter_)?(energy|unmetered)_\w+\{.*"meter":"([^"]+)"/.exec(series);
    const side = /^greenflops_site_energy_joules_total\{"site":"(\w+)","side":"(\w+)"\}/.exec(series);
    const key = meter ? `${meter[1]} ${meter[2]}` : side ? `side ${side[1]}/${side[2]}` : series;
    if (value < (this.#published.get(key) ?? 0n)) this.#losses.stepsBack += 1;
    this.#published.set(key, value);
  }

  #compare(id: string, energy: bigint, unmeteredMs: bigint): void {
    const deficit = truth(id, this.#readAt.get(id) ?? begun(id), unmeteredMs) - energy;
    this.#losses.drift(this.#deficits.get(id) ?? 0n, deficit);
    this.#deficits.set(id, deficit);
    this.#totals.set(id, energy);
  }

  /**
   * Looks at what a kill has left, before the next life begins at a later instant than `reached`. Says whether the cycle
   * that was begun last is in it.
   * @param whole every page and every hour, not only those since the last audit
   */
  store(path: string, from: number, whole: boolean): void {
    const database = readLedger(path);
    try {
      if (whole) {
        assert.deepEqual({ ...database.prepare('PRAGMA quick_check').get() }, { quick_check: 'ok' });
        this.#hours.clear();
      }
      const counted = new Map<string, bigint>();
      const rows = database.prepare('SELECT * FROM meter');
      rows.setReadBigInts(true);
      for (const row of rows.all()) {
        const id = String(row['meter']);
        const live = joined(row, 'live_');
        this.#kept(`energy ${id}`, live);
        this.#settled(id, reachOf(unpackState(String(row['state']))), from);
        this.#compare(id, live, row['unmetered_ms'] as bigint);
        this.#hourRows(database, id, { open: Number(row['hour']), total: joined(row, '') });
        counted.set(id, live);
      }
      for (const { id } of simulated) if (!counted.has(id)) this.#kept(`energy ${id}`, 0n);
      this.#sides(database, counted);
    } finally {
      database.close();
    }
  }

  /** The store holds what was published, or the cycle after it. */
  #kept(key: string, stored: bigint): void {
    const published = this.#published.get(key) ?? 0n;
    if (stored < published) this.#losses.lost += published - stored;
  }

  /** A reading is in the store with its cycle, or not at all. */
  #settled(id: string, reach: number | null, from: number): void {
    const known = this.#readAt.get(id);
    if (reach === known) return;
    const inFlight = reach !== null && this.#due(this.reached, from).includes(id) && reach === this.reached;
    assert.ok(inFlight, `${id}: the store has come to ${reach}, its last settled reading is of ${known}`);
    this.#readAt.set(id, reach);
  }

  #hourRows(database: DatabaseSync, id: string, { open, total }: { open: number; total: bigint }): void {
    const statement = database.prepare(
      'SELECT hour, joules, millijoules, metered_ms FROM hour WHERE meter = ? AND hour >= ? ORDER BY hour',
    );
    statement.setReadBigInts(true);
    let before = this.#hours.get(id);
    for (const row of statement.all(id, before?.hour ?? 0)) {
      const hour = { hour: Number(row['hour']), energy: joined(row, ''), meteredMs: Number(row['metered_ms']) };
      if (before?.hour === hour.hour) assert.deepEqual(hour, before, `${id}: a closed hour has changed`);
      else if (before) {
        assert.equal(hour.hour, before.hour + HOUR_MS, `${id}: hours are missing`);
        const metered = hour.meteredMs - before.meteredMs;
        assert.ok(hour.energy >= before.energy && metered >= 0 && metered <= HOUR_MS, `${id}: hour ${hour.hour}`);
        this.#spread(id, hour);
      }
      before = hour;
    }
    assert.equal(before?.hour, open - HOUR_MS, `${id}: the last written hour`);
    assert.ok((before?.energy ?? 0n) <= total, `${id}: the hours hold more than the total`);
    if (before) this.#hours.set(id, before);
  }

  /** A register at a steady load: what each hour got is known, whatever gap a kill has left in it. */
  #spread(id: string, { hour, energy }: Row): void {
    const { load, register } = byId.get(id) ?? {};
    if (!load || !register || load.swing !== 0n) return;
    const off = energy - truth(id, hour + HOUR_MS, 0n);
    const step = (2n * register.scale[0]) / register.scale[1];
    assert.ok(off >= -step && off <= step, `${id}: the hour ${hour} is ${off} mJ off`);
  }

  /** A side is the signed sum of what its meters have brought into it. */
  #sides(database: DatabaseSync, counted: ReadonlyMap<string, bigint>): void {
    const statement = database.prepare('SELECT * FROM site_side WHERE site = ? AND side = ?');
    statement.setReadBigInts(true);
    for (const [site, side, members] of SIDES) {
      const row = statement.get(site, side);
      assert.ok(row, `there is no side ${site}/${side}`);
      const entered = JSON.parse(String(row['entered'])) as Record<string, string>;
      assert.deepEqual(Object.keys(entered).sort(), Object.keys(members).sort());
      let sum = 0n;
      for (const [meter, sign] of Object.entries(members)) {
        const part = BigInt(entered[meter] ?? 0);
        assert.ok(part <= (counted.get(meter) ?? 0n), `${meter}: more entered its side than it counted`);
        sum += sign * part;
      }
      const key = `side ${site}/${side}`;
      const total = joined(row, '');
      this.#kept(key, total);
      const off = sum - total - (row['debt_millijoules'] as bigint);
      // What a meter counted before all of its side had begun is in no side: a difference that stays.
      this.#losses.drift(this.#deficits.get(key) ?? off, off);
      this.#deficits.set(key, off);
    }
  }
}

const joined = (row: Record<string, unknown>, prefix: string): bigint =>
  (row[`${prefix}joules`] as bigint) * 1000n + (row[`${prefix}millijoules`] as bigint);
