import { describe, expect, test } from 'vitest';
import { JsonNumber, parseJson, type Json } from '../../../exporter/read/json/json-document.ts';
import { wayTo } from '../../../exporter/read/json/json-pointer.ts';
import { dateTime, markIn, numberIn, timeIn, wireOf } from '../../../exporter/read/json/json-value.ts';

const at = (text: string, pointer = ''): Json => wayTo(parseJson(text), pointer).at(-1)!;
const number = (text: string) => numberIn(at(text));

describe('numbers', () => {
  test.each<[string, bigint, bigint]>([
    ['12.10', 1210n, 100n],
    ['1e3', 1000n, 1n],
    ['-1.5E-2', -15n, 1000n],
    ['9007199254740993', 9_007_199_254_740_993n, 1n],
    ['0.1', 1n, 10n],
    ['-0', 0n, 1n],
    ['"12.5"', 125n, 10n],
    ['" 9007199254740993 "', 9_007_199_254_740_993n, 1n],
    ['1e308', 10n ** 308n, 1n],
  ])('%s is exact', (text, n, d) => expect(number(text)).toEqual({ n, d }));

  test.each([
    'null',
    '""',
    '"N/A"',
    '"NaN"',
    '"12,5"',
    '"12.5 kW"',
    '"0x1f"',
    '"1e99999"',
    '1e9999',
    '1e400',
    `"${'9'.repeat(129)}"`,
  ])('%s is no number', (text) => expect(number(text)).toBeNull());

  test.each(['true', '{"value": 1}', '[1]', '[]'])('%s is where no number can stand', (text) =>
    expect(() => number(text)).toThrow(/instead of a number/),
  );

  test('what stood there is the evidence', () =>
    expect([at('12.10'), at('"12.10"'), at('null'), at(`"${'x'.repeat(500)}"`)].map((one) => wireOf(one))).toEqual([
      '12.10',
      '"12.10"',
      'null',
      `"${'x'.repeat(119)}`,
    ]));
});

describe('pointers (the examples of RFC 6901, 5)', () => {
  const document = parseJson(
    '{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8}',
  );
  test.each<[string, string]>([
    ['/foo/0', '"bar"'],
    ['/', '0'],
    ['/a~1b', '1'],
    ['/c%d', '2'],
    ['/e^f', '3'],
    ['/g|h', '4'],
    ['/i\\j', '5'],
    ['/k"l', '6'],
    ['/ ', '7'],
    ['/m~0n', '8'],
  ])('%s', (pointer, wire) => expect(wireOf(wayTo(document, pointer).at(-1)!)).toBe(wire));

  test('~01 is ~1, and no /', () => expect(wireOf(at('{"a~1b": 1, "a/b": 2}', '/a~01b'))).toBe('1'));

  test('the whole document', () => expect(wayTo(document, '')).toEqual([document]));

  test.each([
    ['/bar', 'the document has no "bar"; it has foo, , a/b'],
    ['/foo/2', '/foo is a list of 2, which has no "2"'],
    ['/foo/01', 'has no "01"'],
    ['/foo/-', 'has no "-"'],
    ['/foo/0/x', '/foo/0 is "bar": nothing is below it'],
    ['/toString', 'has no "toString"'],
    ['/__proto__', 'has no "__proto__"'],
  ])('%s leads nowhere', (pointer, words) => expect(() => wayTo(document, pointer)).toThrow(words));

  test('a name __proto__ is a name like any other', () => {
    expect(wireOf(at('{"__proto__": {"a": 5}}', '/__proto__/a'))).toBe('5');
    expect(() => at('{"__proto__": {"a": 5}}', '/a')).toThrow('has no "a"');
  });
});

describe('times', () => {
  test.each<[string, number]>([
    ['2019-08-13T04:14:33+06:00', Date.UTC(2019, 7, 12, 22, 14, 33)],
    ['2026-01-02T03:04:05.678Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02 03:04:05 +0800', Date.UTC(2026, 0, 1, 19, 4, 5)],
    ['2026-01-02T03:04z', Date.UTC(2026, 0, 2, 3, 4)],
  ])('%s', (text, ms) => expect(dateTime(text)).toBe(ms));

  test.each(['2026-01-02T03:04:05', '2026-01-02', '0000-00-00T00:00:00Z', '2026-13-02T03:04:05Z', '12.5', ''])(
    '%j names no instant',
    (text) => expect(dateTime(text)).toBeNull(),
  );

  test('a mark of a reset is a time or a count', () => {
    expect(markIn('2026-01-02T03:04:05Z')).toEqual({ n: BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)), d: 1n });
    expect(markIn(new JsonNumber('7'))).toEqual({ n: 7n, d: 1n });
    expect(markIn(null)).toBeNull();
  });

  test('seconds and milliseconds since 1970 are told apart by their size', () => {
    const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    expect(timeIn(new JsonNumber(String(ms)))).toBe(ms);
    expect(timeIn(new JsonNumber('1767323045.678'))).toBe(ms);
    expect(timeIn('1767323045')).toBe(ms - 678);
    expect(timeIn('1971-01-01T00:00:00Z')).toBe(Date.UTC(1971, 0, 1));
    expect([timeIn(null), timeIn('')]).toEqual([null, null]);
    for (const wrong of ['2026-01-02T03:04:05', 'now'] as const)
      expect(() => timeIn(wrong)).toThrow('instead of a time with its zone');
  });
});

describe('texts that are no document', () => {
  test.each(['', '{', '<html>', "{'a': 1}", '{"a": NaN}', '{"a": 1} x', '\ufeff{}'])('%j', (text) =>
    expect(() => parseJson(text)).toThrow(/the text is no JSON/),
  );

  test('nesting that would exhaust the stack', () => {
    for (const open of ['[', '{"a":']) expect(() => parseJson(open.repeat(100_000))).toThrow('nested deeper than 64');
    expect(() => parseJson('['.repeat(64) + ']'.repeat(64))).not.toThrow();
    expect(() => parseJson(`["${'['.repeat(100)}", "\\"${'{'.repeat(100)}"]`)).not.toThrow();
    expect(() => parseJson(`[${'[],'.repeat(1000)}1]`)).not.toThrow();
  });
});
