import { CsvError, parse } from 'csv-parse/sync';
import { floor, multiply, type Rational } from '../../../model/rational.ts';
import type { Text } from '../../../model/text.ts';
import { columnsOf, isHeader, type Columns, type Layout, type SpanKind } from './energy-columns.ts';
import { figureOf } from './energy-figure.ts';
import { EnergyRows, MOST_MILLIJOULES, tooManyDigits, type EnergyRow } from './energy-rows.ts';
import { spanOf, type Zone } from './energy-time.ts';
import { unitNames, unitOf } from './energy-units.ts';
import { MOST_LINE, textLines, type Chunks, type Encoding } from '../exposition/text-lines.ts';

/** What is wrong with a line of a file. */
export interface LineFault {
  readonly file: string;
  readonly line: number;
  readonly text: Text;
}

export interface EnergyFile {
  readonly kind: SpanKind | null;
  /** lines of data, good and bad */
  readonly lines: number;
  /** the last line has no end: an export that was cut off looks like that */
  readonly unended: number | null;
  readonly faults: readonly LineFault[];
}

const note = (zh: string, en: string): Text => ({ zh, en });

const delimiterOf = (header: string): string => ['\t', ';'].find((one) => header.includes(one)) ?? ',';

/** Fields of one line: no column of ours holds a line break, so a stray quote spoils its own line alone. */
function cellsOf(text: string, delimiter: string): string[] | Text {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  try {
    const records: string[][] = parse(text, { delimiter, trim: true });
    return records[0] ?? [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return note('引号不成对或位置不对', `a quote is misplaced or not closed (${error.code})`);
  }
}

const wrongCount = (cells: readonly string[], needed: number, ended: boolean): Text =>
  note(
    `有 ${cells.length} 列，表头有 ${needed} 列${ended ? '' : '：文件末行是否被截断？'}`,
    `has ${cells.length} columns, the header has ${needed}${ended ? '' : ': was the file cut off here?'}`,
  );

/** Millijoules in the unit of a row. */
function unitOfRow(columns: Columns, name: string): Rational | Text {
  const stated = name === '' ? null : unitOf(name);
  const known = unitNames.join(', ');
  if (name !== '' && stated === null)
    return note(`单位 "${name}" 无法识别（可用单位 ${known}）`, `the unit "${name}" is not known (units: ${known})`);
  if (columns.unit !== null && stated !== null && stated.n !== columns.unit.n)
    return note(
      `单位 "${name}" 与表头 "${columns.energy}" 不同：逐行写单位时表头请写 energy`,
      `the unit "${name}" is another than that of the header "${columns.energy}": name the column "energy" where lines state their unit`,
    );
  return stated ?? columns.unit ?? note('单位为空', 'the unit is empty');
}

/** A line's row, or why it has none. */
function rowOf(
  columns: Columns,
  cells: readonly string[],
  delimiter: string,
  { zone, layout }: EnergyOptions,
): Omit<EnergyRow, 'file' | 'line'> | Text {
  const cell = (name: keyof Columns['at']): string => cells[columns.at[name] ?? -1] ?? '';
  const [only] = layout?.meters.values() ?? [];
  const name = columns.at.meter === undefined ? (only ?? '') : cell('meter');
  if (name === '') return note('meter 为空', 'meter is empty');
  const meter = layout?.meters.get(name) ?? name;
  const first = cell(columns.kind === 'bill' ? 'from' : TIME_COLUMN[columns.kind]);
  const span = spanOf(columns.kind, first, cell('to'), zone);
  if ('zh' in span) return span;
  const figure = figureOf(columns.energy, cell('energy'), delimiter);
  if ('zh' in figure) return figure;
  const unit = unitOfRow(columns, cell('unit'));
  if ('zh' in unit) return unit;
  const millijoules = floor(multiply(figure, unit));
  if (millijoules > MOST_MILLIJOULES)
    return note(
      `${columns.energy} "${cell('energy')}" 大得不可能`,
      `${columns.energy} "${cell('energy')}" is impossibly large`,
    );
  const raw = cell('register');
  const register = raw === '' ? null : figureOf('register', raw, delimiter);
  if (register !== null && 'zh' in register) return register;
  if (register !== null && tooManyDigits(register))
    return note(`register "${raw}" 的位数超出任何寄存器`, `register "${raw}" has more digits than any register`);
  return { meter, ...span, millijoules, register, ownUnit: cell('unit') !== '', reference: cell('reference') };
}

const TIME_COLUMN = { hourly: 'hour', daily: 'date', monthly: 'month' } as const;

export interface EnergyOptions {
  readonly encoding: Encoding;
  readonly zone: Zone;
  /** @default the names that are known, a unit in the header, ids of meters */
  readonly layout?: Layout;
  /** Reading ends at the first line of data beyond it. @default none */
  readonly mostLines?: number;
  /** Reading ends where so many lines are wrong. @default none */
  readonly mostFaults?: number;
}

/** Lines in a step, and characters: some 1 ms of work, 10 ms where each cell of a long line is quoted. */
const [STEP_LINES, STEP_TEXT] = [200, 4096];

/**
 * Reads a file of energies, hourly, daily, monthly or bills as its header says, line by line and in little memory. Rows
 * are added to `rows`, by meter; what is wrong is told by line, and no line is lost silently.
 */
export function readEnergyCsv(
  file: string,
  chunks: Chunks,
  options: EnergyOptions,
  rows: Map<string, EnergyRows>,
): EnergyFile {
  const steps = readEnergySteps(file, chunks, options, rows);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `readEnergyCsv` in steps of about a millisecond, for whoever has other things to do meanwhile. */
export function* readEnergySteps(
  file: string,
  chunks: Chunks,
  options: EnergyOptions,
  rows: Map<string, EnergyRows>,
): Generator<void, EnergyFile> {
  const { encoding, layout, mostLines = Infinity, mostFaults = Infinity } = options;
  const faults: LineFault[] = [];
  let columns: Columns | null = null;
  let delimiter = ',';
  let [lines, last, read] = [0, 0, 0];
  let unended: number | null = null;
  const fault = (line: number, text: Text): void => void faults.push({ file, line, text });
  const done = (): EnergyFile => ({ kind: columns?.kind ?? null, lines, unended, faults });
  try {
    for (const { line, text, ended } of textLines(chunks, encoding)) {
      last = line;
      read += text.length;
      if (line % STEP_LINES === 0 || read > STEP_TEXT) {
        yield;
        read = 0;
      }
      if (faults.length >= mostFaults) return done();
      if (text.trim() === '') continue;
      if (text.length > MOST_LINE) {
        fault(
          line,
          note(`超过 ${MOST_LINE} 个字符，不是表格的一行`, `has more than ${MOST_LINE} characters: no table's line`),
        );
        if (columns === null) return done();
        lines += 1;
        continue;
      }
      if (lines >= mostLines) {
        fault(
          line,
          note(`数据超过 ${mostLines} 行：请拆分文件`, `is beyond ${mostLines} lines of data: split the file`),
        );
        return done();
      }
      if (columns === null) delimiter = delimiterOf(text);
      const cells = cellsOf(text, delimiter);
      if ('zh' in cells) {
        fault(line, cells);
        if (columns === null) return done();
        lines += 1;
        continue;
      }
      // A table's unused columns leave delimiters behind.
      if (cells.every((cell) => cell === '')) continue;
      if (columns === null || isHeader(cells, layout)) {
        const header = columnsOf(cells, layout);
        if (columns !== null) {
          lines += 1;
          fault(
            line,
            note(
              '数据中间又出现表头（多个导出文件拼接而成？）：请删去此行',
              'a header amid the data (files that were joined?): remove this line',
            ),
          );
        }
        if ('zh' in header) {
          fault(line, header);
          return done();
        }
        columns = header;
        continue;
      }
      lines += 1;
      if (!ended) unended = line;
      const row =
        cells.length === columns.count
          ? rowOf(columns, cells, delimiter, options)
          : wrongCount(cells, columns.count, ended);
      if ('zh' in row) {
        fault(line, row);
        continue;
      }
      const own = rows.get(row.meter) ?? new EnergyRows(row.meter);
      rows.set(row.meter, own);
      own.push({ file, line, ...row });
    }
    if (lines === 0) fault(Math.max(1, last), note('文件中没有数据行', 'the file has no line of data'));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    fault(
      last + 1,
      note(
        `字节不是 ${encoding} 编码：请用 --encoding 指明编码`,
        `the bytes are no ${encoding}: say the encoding with --encoding`,
      ),
    );
  }
  return done();
}
