import type { Text } from '../../../model/text.ts';
import type { SpanKind } from './energy-columns.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A zone with a fixed offset. */
export interface Zone {
  readonly name: string;
  readonly offsetMs: number;
}

/** Asia/Shanghai has had no daylight saving since 1991: a fixed offset is exact for every ledger. */
const named: Readonly<Record<string, number>> = { 'Asia/Shanghai': 8 * HOUR, UTC: 0, Z: 0 };

function offsetOf(text: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])([01]\d):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) return Object.hasOwn(named, text) ? named[text] : undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
}

/** 'Asia/Shanghai', 'UTC', '+08:00'; null for what is none of these. */
export function zoneOf(text: string): Zone | null {
  const offsetMs = offsetOf(text);
  return offsetMs === undefined ? null : { name: text, offsetMs };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** 2026-01-31T08:00+08:00 */
export function isoIn({ offsetMs }: Zone, at: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const offset = `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${new Date(at + offsetMs).toISOString().slice(0, 16)}${offset}`;
}

const YEAR = '(\\d{4})';
const DATE = new RegExp(`^${YEAR}[-/年](\\d{1,2})[-/月](\\d{1,2})日?`);
const MONTH = new RegExp(`^${YEAR}(?:[-/年](\\d{1,2})|(\\d\\d))月?$`);
const CLOCK = /^(?:T| +)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.0+)?)? *(Z|[+-]\d\d:\d\d)?$/;

/** Midnight UTC of a day, undefined where no calendar has it: Date.UTC takes 30 February for 2 March. */
function dayOf(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? at : undefined;
}

interface Instant {
  readonly at: number;
  /** written as 24:00, which only an end may be */
  readonly midnight24: boolean;
  /** a day without a time */
  readonly plain: boolean;
}

function instantOf(text: string, zone: Zone): Instant | null {
  const [date, year, month, dayOfMonth] = DATE.exec(text) ?? [];
  if (date === undefined) return null;
  const day = dayOf(Number(year), Number(month), Number(dayOfMonth));
  if (day === undefined) return null;
  const rest = text.slice(date.length);
  if (rest === '') return { at: day - zone.offsetMs, midnight24: false, plain: true };
  const [clock, hours, minutes, seconds = '0', stated] = CLOCK.exec(rest) ?? [];
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  if (clock === undefined || m > 59 || s > 59 || h > 24 || (h === 24 && m + s > 0)) return null;
  const offset = stated === undefined ? zone.offsetMs : offsetOf(stated);
  if (offset === undefined) return null;
  return { at: day + h * HOUR + m * 60_000 + s * 1000 - offset, midnight24: h === 24, plain: false };
}

export interface TimeSpan {
  /** Unix ms, both on full hours */
  readonly from: number;
  readonly to: number;
}

const note = (zh: string, en: string): Text => ({ zh, en });
const noTime = (name: string, text: string): Text =>
  note(
    `${name} "${text}" 不是时间：请写成如 2026-01-31 08:00 或 2026-01-31T08:00:00+08:00`,
    `${name} "${text}" is no time: write one like 2026-01-31 08:00 or 2026-01-31T08:00:00+08:00`,
  );
const noStart = (name: string, text: string): Text =>
  note(
    `${name} "${text}"：24:00 只能作结束时刻，开始时刻请写次日 0:00`,
    `${name} "${text}": 24:00 can only be an end; write the next day's 0:00`,
  );

function hourSpan(text: string, zone: Zone): TimeSpan | Text {
  const start = instantOf(text, zone);
  if (start === null || start.plain) return noTime('hour', text);
  if (start.midnight24) return noStart('hour', text);
  return { from: start.at, to: start.at + HOUR };
}

function daySpan(text: string, zone: Zone): TimeSpan | Text {
  const day = instantOf(text, zone);
  if (day?.plain) return { from: day.at, to: day.at + DAY };
  return note(`date "${text}" 不是日期：请写成如 2026-01-31`, `date "${text}" is no day: write one like 2026-01-31`);
}

function monthSpan(text: string, zone: Zone): TimeSpan | Text {
  const [, year, separated, joined] = MONTH.exec(text) ?? [];
  const month = Number(separated ?? joined);
  if (year !== undefined && month >= 1 && month <= 12) {
    const start = (count: number) => Date.UTC(Number(year), count, 1) - zone.offsetMs;
    return { from: start(month - 1), to: start(month) };
  }
  return note(`month "${text}" 不是月份：请写成如 2026-01`, `month "${text}" is no month: write one like 2026-01`);
}

/** A plain day as an end is the whole of that day, as bills print their periods. */
function billSpan(text: string, endText: string, zone: Zone): TimeSpan | Text {
  const start = instantOf(text, zone);
  const end = instantOf(endText, zone);
  if (start === null) return noTime('from', text);
  if (end === null) return noTime('to', endText);
  if (start.midnight24) return noStart('from', text);
  const to = end.plain ? end.at + DAY : end.at;
  if (start.at < to) return { from: start.at, to };
  return note(`to "${endText}" 不晚于 from "${text}"`, `to "${endText}" is not after from "${text}"`);
}

const readers: Readonly<Record<SpanKind, (first: string, second: string, zone: Zone) => TimeSpan | Text>> = {
  hourly: (text, _, zone) => hourSpan(text, zone),
  daily: (text, _, zone) => daySpan(text, zone),
  monthly: (text, _, zone) => monthSpan(text, zone),
  bill: billSpan,
};

/** The span of time that the cells of a row name; times without a zone are the given zone's. */
export function spanOf(kind: SpanKind, first: string, second: string, zone: Zone): TimeSpan | Text {
  const span = readers[kind](first, second, zone);
  if ('zh' in span || (span.from % HOUR === 0 && span.to % HOUR === 0)) return span;
  const cells = [first, second].filter(Boolean).map((cell) => `"${cell}"`);
  return note(
    `${cells.join(' – ')} 不在整点上（时区 ${zone.name}）：每行的起止须为整点`,
    `${cells.join(' – ')} is no full hour (zone ${zone.name}): a line begins and ends on full hours`,
  );
}

/** An hour or a longer span, as messages name it. */
export function spanText(zone: Zone, { from, to }: TimeSpan): Text {
  const begin = isoIn(zone, from);
  if (to - from === HOUR) return { zh: `小时 ${begin} `, en: `the hour ${begin}` };
  const whole = `${begin} – ${isoIn(zone, to)}`;
  return { zh: `时段 ${whole} `, en: `the span ${whole}` };
}
