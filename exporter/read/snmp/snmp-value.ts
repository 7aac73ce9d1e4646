import { createHash } from 'node:crypto';
import { fromDouble, parseDecimal, rational, type Rational } from '../../../model/rational.ts';

/** A variable binding as net-snmp hands it over: `type` is the ASN.1 tag, bytes stay bytes. */
export interface SnmpVariable {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

interface Type {
  readonly name: string;
  /** null: the device answered, but with no number. */
  readonly read: (value: unknown) => Rational | null;
}

const whole = (value: unknown) => (Number.isSafeInteger(value) ? rational(value as number) : null);
const none = () => null;

/** Tags of RFC 2578, 7.1 and RFC 3416, 3. */
const types: Readonly<Record<number, Type>> = {
  1: { name: 'Boolean', read: none },
  2: { name: 'Integer32', read: whole },
  3: { name: 'Bits', read: none },
  4: { name: 'OctetString', read: (value) => parseDecimal(textOf(value)?.trim() ?? '') },
  5: { name: 'Null', read: none },
  6: { name: 'OID', read: none },
  64: { name: 'IpAddress', read: none },
  65: { name: 'Counter32', read: whole },
  66: { name: 'Gauge32', read: whole },
  67: { name: 'TimeTicks', read: whole },
  68: { name: 'Opaque', read: (value) => (value instanceof Buffer ? opaque(value) : null) },
  70: { name: 'Counter64', read: (value) => (value instanceof Buffer ? unsigned(value) : null) },
};

/** RFC 3416, 4.2.1: an OID's own exceptions, which stand beside the values of others. */
const absences: Readonly<Record<number, string>> = {
  128: 'noSuchObject: the device has no such object',
  129: 'noSuchInstance: the device has the object, but not with this index',
  130: 'endOfMibView: the device has nothing behind this OID',
};

/** Why there is no value at this OID, in words; undefined where there is one. */
export const absence = ({ type }: SnmpVariable): string | undefined => absences[type];

/** true: a value that announces more bytes than the datagram held, or of a type that does not exist. */
export const isCut = ({ type, value }: SnmpVariable): boolean =>
  !(type in absences) && (!(type in types) || (value === null && type !== 5));

/** The number at an OID, exactly; null where what stands there is no number. */
export const snmpNumber = ({ type, value }: SnmpVariable): Rational | null => types[type]?.read(value) ?? null;

/** Type and value as text: what stood on the wire. */
export function snmpWire(variable: SnmpVariable): string {
  const { type, value } = variable;
  const name = types[type]?.name ?? absence(variable) ?? `type ${type}`;
  if (value === null || value === undefined) return name;
  if (type === 70) return `${name} ${snmpNumber(variable)?.n ?? hex(value)}`;
  if (type === 4 || type === 68)
    return `${name} ${textOf(value) === null ? hex(value) : JSON.stringify(textOf(value))}`;
  return `${name} ${typeof value === 'number' || typeof value === 'string' ? value : hex(value)}`;
}

/**
 * A text that is no number, as a number that is another one when the text is: 48 bits of its SHA-256. For `restart`
 * alone, where devices show the date of the last reset in formats of their own. An empty text says nothing.
 */
export function textNumber({ type, value }: SnmpVariable): Rational | null {
  const text = type === 4 ? textOf(value)?.trim() : '';
  return text ? rational(createHash('sha256').update(text).digest().readUIntBE(0, 6)) : null;
}

/** Longer texts are no numbers, and no evidence that somebody reads. */
const LONGEST = 200;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Printable text without the NULs at its end that fixed-size strings have; null where it is none. */
function textOf(value: unknown): string | null {
  if (!(value instanceof Buffer) || value.length > LONGEST) return null;
  try {
    const text = utf8.decode(value).replace(/\0+$/, '');
    return /\p{Cc}/u.test(text.trim()) ? null : text.trim() === '' ? '' : text;
  } catch {
    return null;
  }
}

const hex = (value: unknown) =>
  value instanceof Buffer ? `0x${value.subarray(0, LONGEST / 2).toString('hex')}` : JSON.stringify(value);

/** Nine bytes begin with a zero that keeps the sign bit clear; eight with that bit set come from careless devices. */
function unsigned(bytes: Buffer): Rational | null {
  if (bytes.length === 0 || bytes.length > 9 || (bytes.length === 9 && bytes[0] !== 0)) return null;
  return rational(BigInt(`0x${bytes.toString('hex')}`));
}

/** Net-SNMP wraps these in an Opaque: tag 9f, the inner type, a length, the bytes (draft-perkins-opaque-01). */
const wrapped: Readonly<Record<number, (bytes: Buffer) => Rational | null>> = {
  0x76: unsigned,
  0x78: (bytes) => (bytes.length === 4 ? fromDouble(bytes.readFloatBE()) : null),
  0x79: (bytes) => (bytes.length === 8 ? fromDouble(bytes.readDoubleBE()) : null),
  0x7a: (bytes) =>
    bytes.length > 0 && bytes.length <= 8
      ? rational(BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`)))
      : null,
  0x7b: unsigned,
};

function opaque(bytes: Buffer): Rational | null {
  const [tag, type = 0, length] = bytes;
  return tag === 0x9f && length === bytes.length - 3 ? (wrapped[type]?.(bytes.subarray(3)) ?? null) : null;
}
