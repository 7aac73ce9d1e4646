import { describe, expect, test } from 'vitest';
import { readHourlyCsv } from '../../../exporter/read/hourly-csv.ts';

const read = (text: string | Uint8Array) =>
  readHourlyCsv('past.csv', typeof text === 'string' ? new TextEncoder().encode(text) : text);
const HEAD = 'meter,hour,energy_kwh,register';

describe('hourly energy from a file', () => {
  test('columns in any order, zones, quotes, a byte order mark, CRLF and blank lines', () => {
    const { rows, faults } = read(
      '\uFEFFhour,meter,energy_kwh\r\n2026-01-31T08:00:00+08:00,"gate",12.5\r\n\r\n2026-01-31 01:00Z,gate,1.3e1\r\n',
    );
    expect(faults).toEqual([]);
    expect(rows).toEqual([
      {
        file: 'past.csv',
        line: 2,
        meter: 'gate',
        hour: Date.parse('2026-01-31T00:00:00Z'),
        energy: { n: 125n, d: 10n },
        register: null,
      },
      {
        file: 'past.csv',
        line: 4,
        meter: 'gate',
        hour: Date.parse('2026-01-31T01:00:00Z'),
        energy: { n: 13n, d: 1n },
        register: null,
      },
    ]);
  });

  test.each([
    ['no zone', 'gate,2026-01-31T08:00:00,1,', /no time with a zone/],
    ['a day that is none', 'gate,2026-13-31T08:00:00Z,1,', /no time with a zone/],
    ['a day of another calendar', 'gate,2026-02-30T08:00:00Z,1,', /no time with a zone/],
    ['the 25th hour', 'gate,2026-01-31T24:00:00Z,1,', /no time with a zone/],
    ['not a full hour', 'gate,2026-01-31T08:30:00Z,1,', /no full hour/],
    ['a zone of half an hour makes no full hour', 'gate,2026-01-31T08:00:00+05:30,1,', /no full hour/],
    ['a thousands separator', 'gate,2026-01-31T08:00:00Z,"1,234",', /no decimal number/],
    ['a unit', 'gate,2026-01-31T08:00:00Z,12 kWh,', /no decimal number/],
    ['nothing', 'gate,2026-01-31T08:00:00Z,,', /energy_kwh ""/],
    ['less than nothing', 'gate,2026-01-31T08:00:00Z,-1,', /0 or more/],
    ['a register that is no number', 'gate,2026-01-31T08:00:00Z,1,n/a', /register "n\/a"/],
    ['a field too many', 'gate,2026-01-31T08:00:00Z,1,2,3', /no valid CSV/],
  ])('%s is told with its line', (_, line, message) => {
    const { faults } = read(`${HEAD}\ngate,2026-01-31T07:00:00Z,1,\n${line}\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.line).toBe(3);
    expect(faults[0]?.text.en).toMatch(message);
    expect(faults[0]?.text.zh).toMatch(/\p{Script=Han}/u);
  });

  test.each([
    ['a column that nobody knows', 'meter,hour,energy_kw\n', /did you mean "energy_kwh"/],
    ['a column twice', `${HEAD},meter\n`, /the header must be/],
    ['an empty file', '', /no line of data/],
    ['a header alone', `${HEAD}\n`, /no line of data/],
  ])('%s', (_, text, message) => {
    const { rows, faults } = read(text);
    expect(rows).toEqual([]);
    expect(faults.map(({ text: { en } }) => en)).toEqual([expect.stringMatching(message)]);
  });

  test('GBK is told from UTF-8', () => {
    const gbk = Uint8Array.from([...new TextEncoder().encode(`${HEAD}\n`), 0xb5, 0xe7, 0xb1, 0xed]);
    expect(read(gbk).faults[0]?.text.en).toMatch(/not UTF-8/);
  });
});
