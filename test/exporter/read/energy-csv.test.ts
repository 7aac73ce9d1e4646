import { describe, expect, test } from 'vitest';
import { readEnergyCsv } from '../../../exporter/read/past/energy-csv.ts';
import type { EnergyRows } from '../../../exporter/read/past/energy-rows.ts';
import { zoneOf } from '../../../exporter/read/past/energy-time.ts';
import { detectEncoding } from '../../../exporter/read/exposition/text-lines.ts';

const KWH = 3_600_000_000n;
const at = (iso: string): number => Date.parse(iso);

/** Reads bytes in pieces of `size`, as they come from a disk. */
function read(content: string | Uint8Array, { zone = 'Asia/Shanghai', size = 1 << 16 } = {}) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const chunks = function* () {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  };
  const stated = zoneOf(zone);
  if (stated === null) throw new Error(zone);
  const encoding = detectEncoding(chunks);
  const byMeter = new Map<string, EnergyRows>();
  const file = readEnergyCsv('past.csv', chunks(), { encoding, zone: stated }, byMeter);
  const rows = [...byMeter.values()].flatMap((own) => [...own]);
  return { ...file, encoding, rows, said: file.faults.map(({ line, text }) => `${line}: ${text.en}`) };
}
const HEAD = 'meter,hour,energy_kwh,register';

/** 表号,小时,电量(kWh) and 电表一,2026/1/31 8:00,12.5 in GBK */
const GBK = Uint8Array.from(
  Buffer.from(
    'b1edbac52cd0a1cab12cb5e7c1bf286b5768290d0ab5e7b1edd2bb2c323032362f312f333120383a30302c31322e350d0a',
    'hex',
  ),
);

describe('energy from a file', () => {
  test('hours: columns in any order, zones, quotes, a byte order mark, CRLF and blank lines', () => {
    const { rows, faults, kind, lines } = read(
      '\uFEFFhour,meter,energy_kwh,register\r\n2026-01-31T08:00:00+08:00,"gate",12.5,17.25\r\n\r\n2026-01-31 01:00Z,gate,1.3e1,\r\n',
    );
    expect({ faults, kind, lines }).toEqual({ faults: [], kind: 'hourly', lines: 2 });
    const same = { file: 'past.csv', meter: 'gate', ownUnit: false, reference: '' };
    expect(rows).toEqual([
      {
        ...same,
        line: 2,
        from: at('2026-01-31T00:00Z'),
        to: at('2026-01-31T01:00Z'),
        millijoules: (25n * KWH) / 2n,
        register: { n: 1725n, d: 100n },
      },
      {
        ...same,
        line: 4,
        from: at('2026-01-31T01:00Z'),
        to: at('2026-01-31T02:00Z'),
        millijoules: 13n * KWH,
        register: null,
      },
    ]);
  });

  test.each([
    ['a day', 'meter,date,energy_kwh', 'm,2026-01-31,1', '2026-01-30T16:00Z', '2026-01-31T16:00Z'],
    ['a month', 'meter,month,energy_kwh', 'm,2026-02,1', '2026-01-31T16:00Z', '2026-02-28T16:00Z'],
    ['a month as bills write it', '表号,月份,电量(度)', 'm,202602,1', '2026-01-31T16:00Z', '2026-02-28T16:00Z'],
    [
      'a bill of whole days',
      'meter,from,to,energy_kwh',
      'm,2026-01-05,2026/2/4,1',
      '2026-01-04T16:00Z',
      '2026-02-04T16:00Z',
    ],
    [
      'a bill up to 24:00',
      'meter,from,to,energy_kwh',
      'm,2026-01-31 0:00,2026-01-31 24:00,1',
      '2026-01-30T16:00Z',
      '2026-01-31T16:00Z',
    ],
    [
      'a bill with zones',
      'meter,from,to,energy_kwh',
      'm,2026-01-01T00:00Z,2026-01-02T00:00:00+08:00,1',
      '2026-01-01T00:00Z',
      '2026-01-01T16:00Z',
    ],
    [
      'an hour as a spreadsheet writes it',
      '电表,时间,电量（千瓦时）',
      'm,2026/1/31 8:00,1',
      '2026-01-31T00:00Z',
      '2026-01-31T01:00Z',
    ],
    [
      'Chinese dates',
      '表号,起始,结束,电量(kWh)',
      'm,2026年1月1日,2026年1月1日,1',
      '2025-12-31T16:00Z',
      '2026-01-01T16:00Z',
    ],
  ])('%s', (_, head, line, from, to) => {
    const { rows, said } = read(`${head}\n${line}\n`);
    expect(said).toEqual([]);
    expect(rows).toMatchObject([{ from: at(from), to: at(to), millijoules: KWH }]);
  });

  test('the zone that is stated holds for times that state none', () => {
    const { rows } = read(`${HEAD}\nm,2026-01-31 08:00,1,\nm,2026-01-31 08:00+09:00,1,\n`, { zone: '-02:00' });
    expect(rows.map(({ from }) => from)).toEqual([at('2026-01-31T10:00Z'), at('2026-01-30T23:00Z')]);
  });

  test.each([
    ['energy_wh', '1000'],
    ['energy_kwh', '1'],
    ['energy_mwh', '.001'],
    ['energy_j', '3600000'],
    ['energy_gj', '0.0036'],
    ['电量(千瓦时)', '1'],
    ['电量(度)', '1'],
    ['电量(MWh)', '0.001'],
    ['energy,unit', '1000,Wh'],
    ['电量,单位', '0.001,兆瓦时'],
  ])('a kilowatt-hour as %s', (column, cells) => {
    const { rows, said } = read(`meter,month,${column}\nm,2026-01,${cells}\n`);
    expect({ said, energies: rows.map(({ millijoules }) => millijoules) }).toEqual({ said: [], energies: [KWH] });
  });

  test('units may differ by line through the column "unit" alone', () => {
    const { rows, said } = read(
      'meter,month,energy,unit\nm,2026-01,1,MWh\nm,2026-02,1000,kWh\nm,2026-03,1,\nm,2026-04,1,hp\n',
    );
    expect(rows.map(({ millijoules, ownUnit }) => [millijoules, ownUnit])).toEqual([
      [1000n * KWH, true],
      [1000n * KWH, true],
    ]);
    expect(said).toEqual(['4: the unit is empty', expect.stringMatching(/^5: the unit "hp" is not known/)]);
    expect(read('meter,month,energy_kwh,unit\nm,2026-01,1,MWh\n').said).toEqual([
      expect.stringMatching(/another than that of the header/),
    ]);
  });

  test('thousands separators inside quotes are read, exactly; a decimal comma is refused, and so is what might be one', () => {
    expect(read(`${HEAD}\nm,2026-01-31 08:00,"1,234.5",\n`).rows[0]?.millijoules).toBe((12345n * KWH) / 10n);
    for (const text of [`${HEAD}\nm,2026-01-31 08:00,"0,123",\n`, 'meter;hour;energy_kwh\nm;2026-01-31 08:00;1,234\n'])
      expect(read(text).said).toEqual([expect.stringMatching(/decimal comma/)]);
  });

  test.each([
    ['UTF-8', new TextEncoder().encode('表号,小时,电量(kWh)\n电表一,2026/1/31 8:00,12.5\n'), 'utf-8'],
    [
      'UTF-16 with a byte order mark, as "Unicode text" has it',
      new Uint8Array(Buffer.from('\uFEFF表号\t小时\t电量(kWh)\n电表一\t2026/1/31 8:00\t12.5\n', 'utf16le')),
      'utf-16le',
    ],
    ['GBK', GBK, 'gb18030'],
  ])('%s, whatever the pieces in which it is read', (_, bytes, encoding) => {
    for (const size of [1, 2, 3, 7, 1 << 16]) {
      const found = read(bytes, { size });
      expect(found).toMatchObject({ encoding, said: [], rows: [{ meter: '电表一', millijoules: (25n * KWH) / 2n }] });
    }
  });

  test('bytes that are in no encoding are told', () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode(`${HEAD}\nm,2026-01-31 08:00,1,\n`), 0xff, 0xff, 0x0a]);
    expect(read(bytes).said).toEqual([expect.stringMatching(/are no gb18030: say the encoding with --encoding/)]);
  });

  test.each([
    ['a day that is none', 'gate,2026-13-31T08:00:00Z,1,', /is no time/],
    ['a day of another calendar', 'gate,2026-02-30T08:00:00Z,1,', /is no time/],
    ['a day alone', 'gate,2026-02-20,1,', /is no time/],
    ['the 25th hour', 'gate,2026-01-31T25:00:00Z,1,', /is no time/],
    ['24:00 as a start', 'gate,2026-01-31 24:00,1,', /24:00 can only be an end/],
    ['not a full hour', 'gate,2026-01-31T08:30:00Z,1,', /no full hour/],
    ['a zone of half an hour makes no full hour', 'gate,2026-01-31T08:00:00+05:30,1,', /no full hour/],
    ['a unit', 'gate,2026-01-31T08:00:00Z,12 kWh,', /has a unit/],
    ['nothing', 'gate,2026-01-31T08:00:00Z,,', /energy_kwh is empty/],
    ['no number', 'gate,2026-01-31T08:00:00Z,NaN,', /"NaN" is no decimal number/],
    ['less than nothing', 'gate,2026-01-31T08:00:00Z,-1,', /is negative/],
    ['more than anything', 'gate,2026-01-31T08:00:00Z,1e99,', /impossibly large/],
    ['no meter', ',2026-01-31T08:00:00Z,1,', /meter is empty/],
    ['a register that is no number', 'gate,2026-01-31T08:00:00Z,1,n/a', /register "n\/a"/],
    ['a register beyond 64 bits', 'gate,2026-01-31T08:00:00Z,1,18446744073709551616', /more digits than any register/],
    ['a field too many', 'gate,2026-01-31T08:00:00Z,1,2,3', /has 5 columns, the header has 4/],
    ['a stray quote', 'gate,2026-01-31T08:00:00Z,1,"2', /a quote is misplaced or not closed/],
    ['a header amid the data', HEAD, /a header amid the data/],
  ])('%s is told with its line, and spoils no other', (_, line, message) => {
    const { faults, rows } = read(`${HEAD}\ngate,2026-01-31T07:00:00Z,1,\n${line}\ngate,2026-01-31T09:00:00Z,1,\n`);
    expect(rows.map((row) => row.line)).toEqual([2, 4]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.line).toBe(3);
    expect(faults[0]?.text.en).toMatch(message);
    expect(faults[0]?.text.zh).toMatch(/\p{Script=Han}/u);
  });

  test('the greatest level of an unsigned 64-bit register is kept', () => {
    expect(read(`${HEAD}\nm,2026-01-31 08:00,1,18446744073709551615\n`).rows[0]?.register).toEqual({
      n: 2n ** 64n - 1n,
      d: 1n,
    });
  });

  test('files that were joined with another order of columns are read by the newer header', () => {
    const { rows, said } = read(`${HEAD}\ngate,2026-01-31 07:00,1,\nhour,meter,energy_mwh\n2026-01-31 08:00,gate,2\n`);
    expect(rows.map(({ millijoules }) => millijoules / KWH)).toEqual([1n, 2000n]);
    expect(said).toEqual([expect.stringMatching(/^3: a header amid the data/)]);
  });

  test('a file that stops amid a line is told', () => {
    expect(read(`${HEAD}\ngate,2026-01-31 07:00,1,\ngate,2026-01-31`).said).toEqual([
      '3: has 2 columns, the header has 4: was the file cut off here?',
    ]);
    expect(read(`${HEAD}\ngate,2026-01-31 07:00,1,5`)).toMatchObject({ said: [], unended: 2 });
  });

  test.each([
    [
      'a column that nobody knows',
      'meter,hour,energy_kw\n',
      /"energy_kw" is not known; did you mean "energy_kwh"\?.*found: "meter", "hour", "energy_kw"; needed is one of: meter,hour/,
    ],
    ['a column twice', `${HEAD},表号\n`, /"表号" says again/],
    ['no unit', 'meter,hour,energy\n', /"energy" has no unit/],
    ['no time', 'meter,energy_kwh,register\n', /no column of time/],
    ['a bill without an end', 'meter,from,energy_kwh\n', /"to" is missing/],
    ['two kinds in one', 'meter,hour,month,energy_kwh\n', /"month" does not go with/],
    ['an empty file', '', /no line of data/],
    ['a header alone', `${HEAD}\n`, /no line of data/],
  ])('%s', (_, text, message) => {
    const { rows, said } = read(text);
    expect(rows).toEqual([]);
    expect(said).toEqual([expect.stringMatching(message)]);
  });
});
