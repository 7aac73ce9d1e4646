import assert from 'node:assert/strict';
import {
  absence,
  isCut,
  snmpNumber,
  snmpWire,
  textNumber,
  type SnmpVariable,
} from '../../../exporter/read/snmp/snmp-value.ts';
import type { Target } from '../target.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** The first byte is the tag, the second says as what net-snmp hands the rest over: whatever it may come to. */
function variable(bytes: Buffer): SnmpVariable {
  const [type = 0, form = 0] = bytes;
  const rest = bytes.subarray(2);
  const values: readonly unknown[] = [
    rest,
    rest.length >= 4 ? rest.readInt32BE(0) : rest.length,
    // net-snmp adds up the bytes of an integer, however many there are
    rest.subarray(0, 12).reduce((sum, byte) => sum * 256 + byte, 0),
    rest.toString('latin1'),
    null,
    undefined,
    rest.length % 2 === 0,
    [...rest.subarray(0, 4)],
  ];
  return { oid: '1.3.6.1.2.1.1.3.0', type, value: values[form % values.length] };
}

export const snmpTarget: Target = {
  name: 'snmp-value',
  seeds: [
    hex('02010000002a'),
    hex('4101ffffffff'),
    hex('460000ffffffffffffffff'),
    hex('46000123456789abcdef'),
    hex('44009f780442f60000'),
    hex('44009f7908405edd2f1a9fbe77'),
    hex('44009f7a08ffffffffffffffff'),
    hex('44009f7b080123456789abcdef'),
    Buffer.concat([hex('0400'), Buffer.from(' 123.4 ')]),
    Buffer.concat([hex('0400'), Buffer.from('12.5\0\0\0')]),
    Buffer.concat([hex('0400'), Buffer.from('2026-11-24,8:0:0.0')]),
    hex('8004'),
    hex('8104'),
    hex('8204'),
    hex('0504'),
  ],
  words: [
    ...[1, 2, 3, 4, 5, 6, 64, 65, 66, 67, 68, 70, 128, 129, 130].map((tag) => Buffer.of(tag, 0)),
    hex('9f78'),
    hex('9f79'),
    '12.5',
    '-1',
    '电',
  ],
  read(bytes) {
    const one = variable(bytes);
    const wire = snmpWire(one);
    assert.ok(wire.length < 8 * bytes.length + 100, 'evidence is no longer than what came');
    const number = snmpNumber(one);
    if (number !== null) assert.ok(number.d > 0n);
    textNumber(one);
    const absent = absence(one);
    if (absent !== undefined) {
      assert.equal(number, null);
      return 'absent';
    }
    if (isCut(one)) return 'cut';
    return number === null ? 'no number' : null;
  },
};
