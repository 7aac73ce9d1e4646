import assert from 'node:assert/strict';
import type { Layout } from '../../../exporter/read/past/energy-columns.ts';
import { readEnergyCsv } from '../../../exporter/read/past/energy-csv.ts';
import type { EnergyRows } from '../../../exporter/read/past/energy-rows.ts';
import { detectEncoding } from '../../../exporter/read/exposition/text-lines.ts';
import { recordings } from '../recordings.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';
import { pieces } from './modbus.ts';

const HOUR = 3_600_000;
const SHANGHAI = { name: 'Asia/Shanghai', offsetMs: 8 * HOUR };
const one: Layout = { columns: null, unit: 'kWh', meters: new Map([['表一', 'gate']]) };
const foreign: Layout = {
  columns: { meter: 'name', hour: 'timestamp', energy: 'powerave' },
  unit: 'Wh',
  meters: new Map([['cbsugpu08', 'gate']]),
};

/** What is wrong is told by line: the reason is all of a message but its quoted cells and figures. */
const kindOf = (text: string): string =>
  text
    .replace(/"[^"]*"?/g, '""')
    .replace(/(?:"",? ?)+/g, '"" ')
    .replace(/[\d-]+/g, '0')
    .replace(/^\S+ "" /, '')
    .slice(0, 24)
    .trim();

/** Headers with the cells of a good line; other cells that may stand in a line, good and bad. */
const tables: readonly (readonly [header: string, line: string])[] = [
  ['meter,hour,energy_kwh,register', 'gate,2026-01-31 08:00,12.5,17.25'],
  ['meter,date,energy,unit', 'gate,2026-01-31,12,MWh'],
  ['meter,from,to,energy_kwh,reference', 'gate,2026-01-05,2026-02-04,74400,B-1'],
  ['name,timestamp,powerave,tempave', 'cbsugpu08,2025-10-20 14:00:00.000,50.1,36'],
  ['hour,energy_kwh', '2026-01-31 08:00,1'],
];
const CELLS = [
  '',
  '0',
  '-1',
  '1e5',
  '1e-30',
  '9'.repeat(40),
  '1.5',
  'x',
  '表一',
  '2026-01-31 08:15',
  '2026-02-30',
  '2026-01-31 24:00',
  '2026-13',
  '0001-01-01',
  '9999-12-31 23:00',
  '2026-01-31T08:00:00+08:00',
  'kWh',
  '__proto__',
  '"a',
  '"1,5"',
];

/** A table in which some cells are others. */
function table(random: Random): string {
  const [header, line] = random.pick(tables);
  const rows = Array.from({ length: 1 + random.int(6) }, () =>
    line
      .split(',')
      .map((cell) => (random.int(12) === 0 ? random.pick(CELLS) : cell))
      .join(','),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

export const csvTarget: Target = {
  name: 'csv',
  // A line with a quote takes csv-parse 0.1 ms, and 16 KiB may be thousands of them; files are read in steps of 4 KiB.
  mostMs: 1000,
  seeds: [
    'meter,hour,energy_kwh,register\ngate,2026-01-31 08:00,12.5,17.25\ngate,2026-01-31T09:00:00+08:00,"1,234.5",\n',
    '\uFEFF表号;日期;电量(度)\r\ngate;2026/1/31;12\r\n',
    'meter\tmonth\tenergy\tunit\ngate\t2026-01\t74.4\tMWh\n',
    'meter,from,to,energy_kwh,reference\ngate,2026-01-05,2026-02-04,74400,B-1\n',
    'hour,energy_kwh\n2026-01-31 08:00,1\n',
    Buffer.from('\uFEFFmeter,hour,energy_kwh\ngate,2026-01-31 08:00,1\n', 'utf16le'),
    Buffer.from(
      'b1edbac52cd0a1cab12cb5e7c1bf286b5768290d0ab5e7b1edd2bb2c323032362f312f333120383a30302c31322e350d0a',
      'hex',
    ),
    ...recordings('../shared/recordings/server-hours/*.txt', 2000),
  ],
  make: table,
  words: [
    'meter',
    'hour',
    'date',
    'from',
    'to',
    'energy_kwh',
    'register',
    '表号',
    '电量(kWh)',
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r\n',
    '2026-01-31 08:00',
    '2026-02-30',
    '24:00',
    '1,234.5',
    '1.5',
    '-1',
    'kWh',
    '\uFEFF',
    ' ',
  ],
  read(bytes, random) {
    const chunks = pieces(bytes, random);
    const rows = new Map<string, EnergyRows>();
    const layout = random.pick([undefined, one, foreign]);
    const encoding = detectEncoding(() => chunks);
    const { faults, lines } = readEnergyCsv('x.csv', chunks, { encoding, zone: SHANGHAI, layout }, rows);
    let kept = 0;
    for (const own of rows.values())
      for (const { from, to, millijoules, line, meter } of own) {
        kept += 1;
        assert.ok(Number.isInteger(from / HOUR) && Number.isInteger(to / HOUR) && from < to, 'full hours');
        assert.ok(millijoules >= 0n && line > 1 && meter !== '');
      }
    assert.ok(kept + faults.length >= lines, 'no line is lost silently');
    for (const { line, text } of faults) {
      assert.ok(line > 0 && text.zh !== '' && text.en !== '');
      assert.ok(text.en.length < 40_000);
    }
    const [first] = faults;
    return first === undefined ? null : kindOf(first.text.en);
  },
};
