import { CsvError, parse } from 'csv-parse/sync';
import { parseDecimal, type Rational } from '../../model/rational.ts';
import { nearest } from '../../model/nearest.ts';
import type { Text } from '../../model/text.ts';

/** One hour of one meter, as a file has it. */
export interface HourlyRow {
  readonly file: string;
  /** counted from 1, the header's line */
  readonly line: number;
  readonly meter: string;
  /** start of the hour, Unix ms */
  readonly hour: number;
  /** energy of that hour, kWh */
  readonly energy: Rational;
  /** raw level of the energy register at the hour's end, as `greenflops probe` shows it */
  readonly register: Rational | null;
}

/** What is wrong with a line of a file. */
export interface LineFault {
  readonly file: string;
  readonly line: number;
  readonly text: Text;
}

const required = ['meter', 'hour', 'energy_kwh'];
const columns = [...required, 'register'];
const HOUR = 3_600_000;
/** RFC 3339 with its zone: an hour without one is another hour elsewhere. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)$/;

/** Unix ms, NaN where the text is no time or its day is in no calendar: Date.parse takes 30 February for 2 March. */
function timeOf(text: string): number {
  const [, day = '', clock = '', zone = ''] = TIME.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return Number.NaN;
  return Date.parse(`${day}T${clock}${zone}`);
}

const note = (zh: string, en: string): Text => ({ zh, en });

function headerFault(header: readonly string[]): Text | null {
  const missing = required.filter((name) => !header.includes(name));
  const strange = header.filter((name) => !columns.includes(name));
  const twice = header.filter((name, at) => header.indexOf(name) !== at);
  if (missing.length + strange.length + twice.length === 0) return null;
  const found = header.map((name) => `"${name}"`).join(', ');
  const hint = strange.map((name) => nearest(name, missing)).find(Boolean);
  return note(
    `表头应为 ${columns.join(',')}（register 可省略），实际为 ${found}${hint ? `；是不是 "${hint}"？` : ''}`,
    `the header must be ${columns.join(',')} (register may be left out), found ${found}${hint ? `; did you mean "${hint}"?` : ''}`,
  );
}

/** A record's fields, or why it has none. */
function rowOf(record: Readonly<Record<string, string>>): Omit<HourlyRow, 'file' | 'line'> | Text {
  const { meter = '', hour: time = '', energy_kwh: kwh = '', register: raw = '' } = record;
  const hour = timeOf(time);
  if (Number.isNaN(hour))
    return note(
      `hour "${time}" 不是带时区的时间：请写成如 2026-01-31T08:00:00+08:00`,
      `hour "${time}" is no time with a zone: write one like 2026-01-31T08:00:00+08:00`,
    );
  if (hour % HOUR !== 0)
    return note(
      `hour "${time}" 不是整点：每行是一个整点小时，写其开始时刻`,
      `hour "${time}" is no full hour: a line is one full hour, named by its start`,
    );
  const energy = parseDecimal(kwh);
  if (energy === null || energy.n < 0n)
    return note(
      `energy_kwh "${kwh}" 不是非负的十进制数（不要千位分隔符和单位）`,
      `energy_kwh "${kwh}" is no decimal number of 0 or more (no thousands separator, no unit)`,
    );
  const register = raw === '' ? null : parseDecimal(raw);
  if (raw !== '' && (register === null || register.n < 0n))
    return note(`register "${raw}" 不是非负的十进制数`, `register "${raw}" is no decimal number of 0 or more`);
  return { meter, hour, energy, register };
}

/** Reads a file of hourly energy (RFC 4180, UTF-8 with or without a byte order mark). What is wrong is told by line; no line is lost silently. */
export function readHourlyCsv(file: string, bytes: Uint8Array): { rows: HourlyRow[]; faults: LineFault[] } {
  const rows: HourlyRow[] = [];
  const faults: LineFault[] = [];
  const fault = (line: number, text: Text) => faults.push({ file, line, text });
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    let wrong: Text | null = null;
    const records: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      columns: (header: string[]) => {
        wrong = headerFault(header);
        return header;
      },
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    if (records.length === 0 && wrong === null) wrong = note('文件中没有数据行', 'the file has no line of data');
    if (wrong !== null) fault(1, wrong);
    else
      for (const { record, info } of records) {
        const row = rowOf(record);
        if ('zh' in row) fault(info.lines, row);
        else rows.push({ file, line: info.lines, ...row });
      }
  } catch (error) {
    if (error instanceof CsvError) {
      const line = Number(error['lines'] ?? 1);
      fault(line, note(`不是合法的 CSV：${error.message}`, `no valid CSV: ${error.message}`));
    } else if (error instanceof TypeError) {
      fault(
        1,
        note('不是 UTF-8 编码（可能是 GBK）：请另存为 UTF-8', 'the file is not UTF-8 (perhaps GBK): save it as UTF-8'),
      );
    } else throw error;
  }
  return { rows, faults };
}
