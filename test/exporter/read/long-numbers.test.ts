import { describe, expect, test, vi } from 'vitest';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { parseJson } from '../../../exporter/read/json/json-document.ts';
import { numberIn } from '../../../exporter/read/json/json-value.ts';
import { parseAnswer } from '../../../exporter/read/prometheus/prometheus-answer.ts';
import { ReadError } from '../../../exporter/read/reader.ts';
import { MOST_DIGITS, parseDecimal } from '../../../model/rational.ts';
import { judgeText } from '../vendors/judge-text.ts';

const nines = (count: number) => '9'.repeat(count);
const huge = nines(3_000_000);

function fault(work: () => unknown): ReadError {
  try {
    work();
  } catch (error) {
    if (error instanceof ReadError) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** What `work` gives, and the longest text of which a BigInt was made meanwhile. */
function longestBigInt<T>(work: () => T): [T, number] {
  const made = vi.spyOn(globalThis, 'BigInt');
  try {
    const result = work();
    return [result, Math.max(0, ...made.mock.calls.map(([from]) => String(from).length))];
  } finally {
    made.mockRestore();
  }
}

describe('decimal text', () => {
  test.each([
    ['128 characters', nines(MOST_DIGITS), { n: BigInt(nines(MOST_DIGITS)), d: 1n }],
    ['129 characters', nines(MOST_DIGITS + 1), null],
    ['the largest power of a double', '1e308', { n: 10n ** 308n, d: 1n }],
    ['more than a double', '2e308', null],
    ['more than a double, by its digits', `${nines(100)}e300`, null],
    ['an exponent beyond', '1e400', null],
    ['an exponent far below', '1e-309', null],
    ['the smallest exponent', '1e-308', { n: 1n, d: 10n ** 308n }],
    ['zero with an exponent beyond', '0e400', null],
  ])('%s', (_, text, value) => expect(parseDecimal(text)).toEqual(value));

  test('of millions of digits is no number, and nobody makes a BigInt of it', () => {
    expect(longestBigInt(() => parseDecimal('12345'))).toEqual([{ n: 12345n, d: 1n }, 5]);
    for (const text of [huge, `1.${huge}`, `-${huge}e5`])
      expect(longestBigInt(() => parseDecimal(text))).toEqual([null, 0]);
  });
});

describe('a value of millions of digits', () => {
  test.each([
    ['text', 'line 2: expected a value of at most 128 characters', `a 1\nb ${huge}\n`],
    ['text', 'line 1: expected a value of at most 128 characters', `a 1.${huge}\n`],
    ['text', 'line 1: expected a timestamp in whole milliseconds of at most', `a 1 ${huge}\n`],
    ['openmetrics', 'line 1: expected a value of at most 128 characters', `a ${huge}\n# EOF\n`],
    ['openmetrics', 'line 1: expected the value of an exemplar of at most', `a 1 # {b="c"} ${huge}\n# EOF\n`],
  ] as const)('in %s: %s', (format, words, text) => {
    const [{ failure, message }, digits] = longestBigInt(() => fault(() => parseExposition(text, { format })));
    expect([failure, digits]).toEqual(['protocol', 0]);
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(300);
  });

  test('one of 128 characters is read', () => {
    const value = nines(MOST_DIGITS);
    expect(parseExposition(`a ${value}\n`, { format: 'text' })[0]?.text).toBe(value);
  });

  test('in JSON, as a number and as a string, is no number', () => {
    const { e, s, inf } = parseJson(`{"e": ${huge}, "s": "${huge}", "inf": 1e400}`) as Record<string, never>;
    expect(longestBigInt(() => [e, s, inf].map((value) => numberIn(value!)))).toEqual([[null, null, null], 0]);
  });

  test('in an answer of Prometheus is refused with a short quote', () => {
    const result = [{ metric: {}, value: [1, huge] }];
    const text = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    const { failure, message } = fault(() => parseAnswer(text, 200, 10));
    expect([failure, message.slice(0, 60)]).toEqual([
      'protocol',
      expect.stringContaining('a value of 3000000 characters'),
    ]);
    expect(message.length).toBeLessThan(150);
  });

  test("in a card's energy counter fails the text", () => {
    const labels = '{UUID="G",modelName="NVIDIA H20",hostname="n"}';
    const { message } = fault(() =>
      judgeText(`DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION${labels} 1.${huge}\n`, 'dcgm', 'nvidia-h20'),
    );
    expect(message).toContain('expected a value of at most 128 characters');
  });
});
