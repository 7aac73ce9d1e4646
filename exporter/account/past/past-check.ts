import type { DatabaseSync } from 'node:sqlite';
import { nearest } from '../../../model/nearest.ts';
import { floor, multiply, parseDecimal, rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import { outOfRange } from '../../judge/meter/register-limits.ts';
import type { LineFault } from '../../read/past/energy-csv.ts';
import type { EnergyRow, EnergyRows, RowList } from '../../read/past/energy-rows.ts';
import { isoIn, spanText, type Zone } from '../../read/past/energy-time.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';
import { atOnce, type Steps } from '../ledger/slices.ts';
import { decimal, kilowattHours, registerCheck } from './past-register.ts';
import { takenCheck } from './past-taken.ts';
import { unitCheck } from './past-unit.ts';

/** A meter's imported rows in order, no hour twice. */
export interface MeterPast {
  readonly meter: Meter;
  readonly rows: RowList;
}

/** What a row is judged beside. */
interface Beside {
  readonly now: number;
  readonly zone: Zone;
  /** Checking a meter ends where so many of its rows are wrong */
  readonly mostFaults: number;
  /** What the ledger says of a meter's row, in words; null: nothing. */
  readonly inLedger: (meter: Meter) => (row: EnergyRow) => Text | null;
}

/** As for live readings: nothing delivers more than 1.2 times its rated power. 1 kW x 1 ms = 1000 mJ. */
const mostMillijoules = ({ rated_kw }: Meter, ms: number): bigint =>
  floor(multiply(parseDecimal(String(rated_kw)) ?? rational(0n), rational(BigInt(ms) * 6_000n, 5n)));

/** Rows in a step: about 1 ms of work. */
const STEP_ROWS = 200;

/** A year that was mistyped would fill the ledger with hours that nobody has. */
const OLDEST_MS = 10 * 366 * 24 * HOUR_MS;

/** What is wrong with one row by itself. */
function rowFault(row: EnergyRow, meter: Meter, { now, zone }: Beside): Text | null {
  const span = spanText(zone, row);
  if (row.to > now)
    return {
      zh: `${span.zh}尚未结束：只能导入已经过去的时间`,
      en: `${span.en} has not ended: only the past can be imported`,
    };
  const { valid_from: begin = now - OLDEST_MS, valid_to: end = Infinity } = meter;
  if (row.from < begin)
    return {
      zh: `${span.zh}早于 "${meter.id}" 的 valid_from（未声明则为十年前）${isoIn(zone, begin)}：请查年份`,
      en: `${span.en} is before ${isoIn(zone, begin)}, from which "${meter.id}" is valid (ten years ago where valid_from is not declared): check the year`,
    };
  if (row.to > end)
    return {
      zh: `${span.zh}晚于 "${meter.id}" 的 valid_to ${isoIn(zone, end)}`,
      en: `${span.en} is after ${isoIn(zone, end)}, up to which "${meter.id}" is valid`,
    };
  const most = mostMillijoules(meter, row.to - row.from);
  if (row.millijoules > most) {
    const thousand = row.millijoules / 1000n <= most && row.millijoules > 20n * most;
    return {
      zh: `${kilowattHours(row.millijoules)} kWh 超过 "${meter.id}" 在 ${(row.to - row.from) / HOUR_MS} 小时内所能产生的 ${kilowattHours(most)} kWh（1.2 × 额定 ${meter.rated_kw} kW）：${thousand ? '看来大了 1000 倍，' : ''}单位对吗？`,
      en: `${kilowattHours(row.millijoules)} kWh is more than "${meter.id}" can deliver in ${(row.to - row.from) / HOUR_MS} h, ${kilowattHours(most)} kWh (1.2 × ${meter.rated_kw} kW rated): ${thousand ? 'it looks 1000 times too large, ' : ''}is the unit right?`,
    };
  }
  const energy = meter.registers.energy;
  if (row.register === null) return null;
  if (energy === undefined)
    return {
      zh: `"${meter.id}" 没有声明电能寄存器，register 应为空`,
      en: `"${meter.id}" declares no energy register: leave register empty`,
    };
  if (outOfRange(row.register, energy) === null) return null;
  return {
    zh: `register ${decimal(row.register)} 达到或超过声明的 modulus ${energy.modulus}`,
    en: `register ${decimal(row.register)} is at or above the declared modulus ${energy.modulus}`,
  };
}

/** What is wrong with a row beside the accepted one before it. */
function twice(row: EnergyRow, before: EnergyRow, zone: Zone): Text {
  const span = spanText(zone, row);
  const place = `${before.file}:${before.line}`;
  const same = row.from === before.from && row.to === before.to;
  if (!same)
    return {
      zh: `"${row.meter}" 的${span.zh}与 ${place} 的${spanText(zone, before).zh}重叠（结束只写日期时含当日）`,
      en: `${span.en} of "${row.meter}" overlaps ${spanText(zone, before).en} in ${place} (an end that is a plain day includes that day)`,
    };
  const [here, there] = [kilowattHours(row.millijoules), kilowattHours(before.millijoules)];
  return {
    zh: `"${row.meter}" 的${span.zh}在 ${place} 已经出现（${here === there ? '数值相同' : `那里是 ${there} kWh，这里是 ${here} kWh`}）`,
    en: `${span.en} of "${row.meter}" stands in ${place} too (${here === there ? 'the same figure' : `${there} kWh there, ${here} kWh here`})`,
  };
}

/** Of rows over one and the same span that state different energies none can be believed: index -> another such row. */
function* contradictions(own: EnergyRows, order: Uint32Array): Steps<Map<number, EnergyRow>> {
  let seen = 0;
  const found = new Map<number, EnergyRow>();
  let group: { readonly index: number; readonly row: EnergyRow }[] = [];
  const close = (): void => {
    for (const { index, row } of group) {
      const other = group.find((one) => one.row.millijoules !== row.millijoules);
      if (other) found.set(index, other.row);
    }
  };
  for (const index of order) {
    const row = own.at(index);
    if (++seen % STEP_ROWS === 0) yield;
    if (row === undefined) continue;
    const [first] = group;
    if (first && (first.row.from !== row.from || first.row.to !== row.to)) {
      close();
      group = [];
    }
    group.push({ index, row });
  }
  close();
  return found;
}

/** Judges the rows of one meter in order; the good ones and what is wrong with the others. */
function* checkMeter(own: EnergyRows, meter: Meter, beside: Beside): Steps<{ rows: RowList; faults: LineFault[] }> {
  const faults: LineFault[] = [];
  const order = own.sorted();
  const good = new Uint32Array(order.length);
  let count = 0;
  let before: EnergyRow | null = null;
  const disagreement = registerCheck(meter);
  const otherUnit = yield* unitCheck(meter, own);
  const contradicted = yield* contradictions(own, order);
  const inLedger = beside.inLedger(meter);
  let seen = 0;
  for (const index of order) {
    const row = own.at(index);
    if (++seen % STEP_ROWS === 0) yield;
    if (faults.length >= beside.mostFaults) break;
    if (row === undefined) continue;
    const contradicting = contradicted.get(index);
    const text: Text | null =
      rowFault(row, meter, beside) ??
      (contradicting ? twice(row, contradicting, beside.zone) : null) ??
      (before !== null && row.from < before.to ? twice(row, before, beside.zone) : null) ??
      disagreement(row) ??
      otherUnit(row) ??
      inLedger(row);
    if (text !== null) faults.push({ file: row.file, line: row.line, text });
    else {
      good[count++] = index;
      before = row;
    }
  }
  return { rows: own.select(good.subarray(0, count)), faults };
}

/**
 * Checks rows against the declaration, each other and the ledger (null: there is none yet). `pasts` has the good rows
 * alone; whether they are imported although others have faults is for the caller to say.
 */
export const checkPast = (...what: Parameters<typeof checkPastSteps>): CheckedPast => atOnce(checkPastSteps(...what));

export interface CheckedPast {
  readonly pasts: MeterPast[];
  readonly faults: LineFault[];
}

/** The same in steps, for whoever has other things to do meanwhile. */
export function* checkPastSteps(
  rows: ReadonlyMap<string, EnergyRows>,
  meters: readonly Meter[],
  {
    database,
    now,
    zone,
    mostFaults = Infinity,
  }: {
    readonly database: DatabaseSync | null;
    readonly now: number;
    readonly zone: Zone;
    /** Enough of each meter to refuse a file. @default all are told */
    readonly mostFaults?: number;
  },
): Steps<CheckedPast> {
  const inLedger = database === null ? () => () => null : takenCheck(database, zone);
  const faults: LineFault[] = [];
  const pasts: MeterPast[] = [];
  const ids = meters.map(({ id }) => id);
  for (const [id, own] of rows) {
    const meter = meters.find((one) => one.id === id);
    if (meter === undefined) {
      const hint = nearest(id, ids);
      const text = {
        zh: `表 "${id}" 未声明${hint ? `；是不是 "${hint}"？` : ''}`,
        en: `the meter "${id}" is not declared${hint ? `; did you mean "${hint}"?` : ''}`,
      };
      for (const { file, line } of own) faults.push({ file, line, text });
      continue;
    }
    const checked = yield* checkMeter(own, meter, { now, zone, mostFaults, inLedger });
    for (const fault of checked.faults) faults.push(fault);
    if (checked.rows.length > 0) pasts.push({ meter, rows: checked.rows });
  }
  return { pasts, faults };
}
