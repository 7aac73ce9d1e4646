import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../exporter/read/json/json-document.ts';
import { wayTo } from '../../../exporter/read/json/json-pointer.ts';
import { numberIn } from '../../../exporter/read/json/json-value.ts';
import { ReadError } from '../../../exporter/read/reader.ts';
import { redfishValue } from '../../../exporter/read/redfish/redfish-property.ts';
import { compare, rational } from '../../../model/rational.ts';

/** Digits before and behind the point, and a power of ten, as JSON writes them. */
const decimal = fc.record({
  whole: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  fraction: fc.stringMatching(/^\d{0,20}$/),
  exponent: fc.integer({ min: -30, max: 30 }),
});

test('every JSON number is read exactly, as a number and in a string', () => {
  fc.assert(
    fc.property(decimal, ({ whole, fraction, exponent }) => {
      const text = `${whole}${fraction === '' ? '' : `.${fraction}`}e${exponent}`;
      const behind = BigInt(`${whole < 0n ? '-' : ''}${fraction || '0'}`);
      const digits = whole * 10n ** BigInt(fraction.length) + behind;
      const power = exponent - fraction.length;
      const exact = power < 0 ? rational(digits, 10n ** BigInt(-power)) : rational(digits * 10n ** BigInt(power));
      for (const form of [text, `"${text}"`]) {
        const [, value] = wayTo(parseJson(`{"a": ${form}}`), '/a');
        expect(compare(numberIn(value!)!, exact), form).toBe(0);
      }
    }),
  );
});

/** Does work that may fail, and only as a read does. */
function orReadError(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
  }
}

const names = fc.constantFrom(
  'Status',
  'State',
  'Reading',
  'ReadingTime',
  'MemberId',
  'DataSourceUri',
  '__proto__',
  '',
);
const pointer = fc
  .array(fc.oneof(names, fc.constantFrom('0', '1', 'MemberId=0', 'Reading=', 'toString'), fc.string()), {
    maxLength: 5,
  })
  .map((segments) => segments.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
const document = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 0, 1e300, 'Enabled', '12.5', '2026-01-02T03:04:05Z'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value;

test('no document and no pointer brings more than a value or a ReadError', () => {
  fc.assert(
    fc.property(document, pointer, fc.boolean(), (value, property, mark) =>
      orReadError(() => redfishValue(parseJson(JSON.stringify(value)), property, mark)),
    ),
    { numRuns: 2000 },
  );
});

test('no text brings more than a document or a ReadError', () => {
  const broken = fc.tuple(fc.json(), fc.nat(), fc.string()).map(([text, at, more]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + more + text.slice(cut + 1);
  });
  fc.assert(
    fc.property(fc.oneof(broken, fc.string({ unit: 'binary' })), (text) => orReadError(() => parseJson(text))),
    { numRuns: 2000 },
  );
});
