import { expect, test } from 'vitest';
import { absence, isCut, snmpNumber, snmpWire, textNumber } from '../../../exporter/read/snmp/snmp-value.ts';
import { compareOids, isWithin, plainOid } from '../../../exporter/read/snmp/snmp-oid.ts';
import { compare, parseDecimal, type Rational } from '../../../model/rational.ts';

const at = (type: number, value: unknown) => ({ oid: '1.3.6.1', type, value });
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const same = (value: Rational | null, decimal: string | null) =>
  value === null || decimal === null ? value === decimal : compare(value, parseDecimal(decimal)!) === 0;

/** Tag, what net-snmp makes of it, the number in decimal digits or null, the wire's text. */
const numbers: [number, unknown, string | null, string][] = [
  [2, -1, '-1', 'Integer32 -1'],
  [2, 2_147_483_647, '2147483647', 'Integer32 2147483647'],
  [65, 4_294_967_295, '4294967295', 'Counter32 4294967295'],
  [66, 0, '0', 'Gauge32 0'],
  [67, 165_528_150, '165528150', 'TimeTicks 165528150'],
  [70, bytes('0020000000000001'), '9007199254740993', 'Counter64 9007199254740993'],
  [70, bytes('00ffffffffffffffff'), '18446744073709551615', 'Counter64 18446744073709551615'],
  [70, bytes('ffffffffffffffff'), '18446744073709551615', 'Counter64 18446744073709551615'],
  [70, bytes('01ffffffffffffffff'), null, 'Counter64 0x01ffffffffffffffff'],
  [70, bytes(''), null, 'Counter64 0x'],
  [4, Buffer.from('12.5 '), '12.5', 'OctetString "12.5 "'],
  [4, Buffer.from('-0.001'), '-0.001', 'OctetString "-0.001"'],
  [4, Buffer.from('1234\0\0'), '1234', 'OctetString "1234"'],
  [4, Buffer.from('12.5 kWh'), null, 'OctetString "12.5 kWh"'],
  [4, Buffer.from(''), null, 'OctetString ""'],
  [4, Buffer.from('  '), null, 'OctetString ""'],
  [4, bytes('00ff10'), null, 'OctetString 0x00ff10'],
  [4, Buffer.from('机柜'), null, 'OctetString "机柜"'],
  [4, Buffer.alloc(5000, '9'), null, `OctetString 0x${'39'.repeat(100)}`],
  // 123.456 as a float is 16181625 / 2^17, not the decimal; 1e-3 as a double likewise
  [68, bytes('9f780442f6e979'), '123.45600128173828125', 'Opaque 0x9f780442f6e979'],
  [68, bytes('9f79083ff8000000000000'), '1.5', 'Opaque 0x9f79083ff8000000000000'],
  [68, bytes('9f78047fc00000'), null, 'Opaque 0x9f78047fc00000'],
  [68, bytes('9f7a01ff'), '-1', 'Opaque 0x9f7a01ff'],
  [68, bytes('9f7b01ff'), '255', 'Opaque 0x9f7b01ff'],
  [68, bytes('9f780342f6e9'), null, 'Opaque 0x9f780342f6e9'],
  [68, bytes('9f780442f6'), null, 'Opaque 0x9f780442f6'],
  [68, bytes('9f'), null, 'Opaque 0x9f'],
  [5, null, null, 'Null'],
  [6, '1.3.6', null, 'OID 1.3.6'],
  [64, '10.0.0.1', null, 'IpAddress 10.0.0.1'],
];
test.each(numbers)('tag %i, %o is %s', (type, value, decimal, wire) => {
  const number = snmpNumber(at(type, value));
  expect(same(number, decimal), `${number?.n}/${number?.d}`).toBe(true);
  expect(snmpWire(at(type, value))).toBe(wire);
  expect(absence(at(type, value))).toBeUndefined();
  expect(isCut(at(type, value))).toBe(false);
});

test('an OID without a value says why', () => {
  expect([128, 129, 130].map((type) => absence(at(type, null))?.split(':')[0])).toEqual([
    'noSuchObject',
    'noSuchInstance',
    'endOfMibView',
  ]);
  expect([128, 129, 130].map((type) => snmpNumber(at(type, null)))).toEqual([null, null, null]);
});

test('what was cut off within its value is told from an empty one', () => {
  expect(isCut(at(70, null))).toBe(true);
  expect(isCut(at(4, null))).toBe(true);
  expect(isCut(at(99, 1))).toBe(true);
});

test('a text that is no number is one for a restart: the same for the same text, another for another', () => {
  const of = (value: string) => textNumber(at(4, Buffer.from(value)));
  expect(of('04/16/2019 14:43:21')).toEqual(of('04/16/2019 14:43:21 '));
  expect(of('04/16/2019 14:43:21')).not.toEqual(of('04/16/2019 14:43:22'));
  expect(of('04/16/2019 14:43:21')?.n).toBeLessThan(2n ** 48n);
  expect(of('')).toBeNull();
  expect(textNumber(at(64, '10.0.0.1'))).toBeNull();
});

test('OIDs are ordered arc by arc, and stand below one another by whole arcs', () => {
  expect(plainOid('.1.3.006.1')).toBe('1.3.6.1');
  const sorted = ['1.3', '1.3.6', '1.3.6.1', '1.3.6.2', '1.3.6.10', '1.4'];
  expect(sorted.toReversed().toSorted(compareOids)).toEqual(sorted);
  expect(compareOids('1.3.6', '1.3.6')).toBe(0);
  expect(compareOids('1.3', '1.3.0')).toBeLessThan(0);
  expect(isWithin('1.3.61', '1.3.6')).toBe(false);
  expect(isWithin('1.3.6.1', '1.3.6')).toBe(true);
});
