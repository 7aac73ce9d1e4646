import { nearest } from '../../model/nearest.ts';
import { compare, floor, multiply, parseDecimal, rational } from '../../model/rational.ts';
import type { Meter } from '../../model/schema/meter.ts';
import type { Text } from '../../model/text.ts';
import { outOfRange } from '../judge/register-limits.ts';
import type { HourlyRow, LineFault } from '../read/hourly-csv.ts';
import type { HourBook } from './hour-book.ts';
import { HOUR_MS } from './meter-account.ts';
import { decimal, MILLIJOULES_PER_KWH, registerCheck } from './past-register.ts';

/** A meter's imported hours in order, each once. */
export interface MeterPast {
  readonly meter: Meter;
  readonly rows: readonly HourlyRow[];
}

/** As for live readings: nothing delivers more than 1.2 times its rated power. */
const HEADROOM = rational(6n, 5n);

/** Credited energy is never more than the truth: what is below a millijoule is left out. */
export const millijoulesOf = ({ energy }: HourlyRow): bigint => floor(multiply(energy, MILLIJOULES_PER_KWH));

const iso = (at: number): string => new Date(at).toISOString();

/** A year that was mistyped would fill the ledger with hours that nobody has. */
const OLDEST_MS = 10 * 366 * 24 * HOUR_MS;

/** What is wrong with one row by itself. */
function rowFault(row: HourlyRow, meter: Meter, now: number): Text | null {
  if (row.hour + HOUR_MS > now)
    return {
      zh: `小时 ${iso(row.hour)} 尚未结束：只能导入已经过去的整点小时`,
      en: `the hour ${iso(row.hour)} has not ended: only full hours of the past can be imported`,
    };
  const { valid_from: begin = now - OLDEST_MS } = meter;
  if (row.hour < begin)
    return {
      zh: `小时 ${iso(row.hour)} 早于 "${meter.id}" 的 valid_from（未声明则为十年前）${iso(begin)}：请查年份`,
      en: `the hour ${iso(row.hour)} is before ${iso(begin)}, from which "${meter.id}" is valid (ten years ago where valid_from is not declared): check the year`,
    };
  const most = multiply(HEADROOM, parseDecimal(String(meter.rated_kw)) ?? rational(0n));
  if (compare(row.energy, most) > 0)
    return {
      zh: `energy_kwh ${decimal(row.energy)} 超过 "${meter.id}" 一小时所能产生的 ${decimal(most)}（1.2 × 额定 ${meter.rated_kw} kW）：单位是 kWh 吗？`,
      en: `energy_kwh ${decimal(row.energy)} is more than "${meter.id}" can deliver in an hour, ${decimal(most)} (1.2 × ${meter.rated_kw} kW rated): is the unit kWh?`,
    };
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

/** What is wrong with a row beside what the ledger holds already. */
function overlap({ hour }: HourlyRow, { id }: Meter, book: HourBook): Text | null {
  const taken = book.covers(id, hour);
  if (taken === null) return null;
  return taken === 'live'
    ? {
        zh: `小时 ${iso(hour)} 起 "${id}" 已有实时读数：导入只能补更早的小时`,
        en: `from the hour ${iso(hour)} on "${id}" has live readings: an import can only bring earlier hours`,
      }
    : { zh: `"${id}" 的小时 ${iso(hour)} 已经导入过`, en: `the hour ${iso(hour)} of "${id}" was imported before` };
}

/** Checks rows against the declaration, each other and the ledger. Nothing is to be imported unless there is no fault. */
export function checkPast(
  rows: readonly HourlyRow[],
  meters: readonly Meter[],
  book: HourBook | null,
  now: number,
): { pasts: MeterPast[]; faults: LineFault[] } {
  const faults: LineFault[] = [];
  const fault = ({ file, line }: HourlyRow, text: Text | null) => text && faults.push({ file, line, text });
  const ids = meters.map(({ id }) => id);
  const pasts: MeterPast[] = [];
  for (const [id, own] of Map.groupBy(rows, ({ meter }) => meter)) {
    const meter = meters.find((one) => one.id === id);
    const first = own[0];
    if (meter === undefined) {
      const hint = nearest(id, ids);
      if (first)
        fault(first, {
          zh: `表 "${id}" 未声明（行数：${own.length}）${hint ? `；是不是 "${hint}"？` : ''}`,
          en: `the meter "${id}" is not declared (lines: ${own.length})${hint ? `; did you mean "${hint}"?` : ''}`,
        });
      continue;
    }
    const sorted = own.toSorted((a, b) => a.hour - b.hour);
    const disagreement = registerCheck(meter);
    for (const [at, row] of sorted.entries()) {
      const before = sorted[at - 1];
      const twice = before?.hour === row.hour && {
        zh: `"${id}" 的小时 ${iso(row.hour)} 在 ${before.file}:${before.line} 已经出现`,
        en: `the hour ${iso(row.hour)} of "${id}" stands in ${before.file}:${before.line} too`,
      };
      fault(row, rowFault(row, meter, now) || twice || disagreement(row) || (book && overlap(row, meter, book)));
    }
    pasts.push({ meter, rows: sorted });
  }
  return { pasts, faults };
}
