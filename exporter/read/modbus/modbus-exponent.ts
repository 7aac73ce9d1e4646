import { multiply, rational, type Rational } from '../../../model/rational.ts';
import type { byteOrders, registerTypes } from '../../../model/schema/places.ts';
import { decodeRegisters } from './modbus-registers.ts';
import { ReadError } from '../reader.ts';

type RegisterType = (typeof registerTypes)[number];

/**
 * SunSpec Device Information Model Specification: what a register holds where the device has no such value. With a scale
 * factor it must be known here: once it is scaled, no declared sentinel finds it.
 */
const notImplemented: Readonly<Partial<Record<RegisterType, bigint>>> = {
  int16: -(2n ** 15n),
  uint16: 2n ** 16n - 1n,
  int32: -(2n ** 31n),
  uint32: 2n ** 32n - 1n,
  int64: -(2n ** 63n),
  uint64: 2n ** 64n - 1n,
};
/** The same document lets a scale factor be -10 to 10. */
const MOST = 10n;

interface Exponent {
  /** Of the value: it tells what stands for 'not implemented' */
  readonly type: RegisterType;
  readonly order: (typeof byteOrders)[number];
  /** The exponent's register, an int16, as it came */
  readonly wire: Uint8Array;
  /** Which register it is, for the error */
  readonly where: string;
}

/**
 * A value times ten to the power that another register holds, exactly; null where either is no number.
 * @throws ReadError 'protocol' where the exponent is none that a scale factor may be
 */
export function scaled(value: Rational | null, { type, order, wire, where }: Exponent): Rational | null {
  const exponent = decodeRegisters(wire, 'int16', order)?.n;
  if (exponent === undefined || exponent === notImplemented.int16) return null;
  if (exponent < -MOST || exponent > MOST) {
    throw new ReadError('protocol', `${where} holds exponent ${exponent}, not within -${MOST} to ${MOST}`);
  }
  if (!value || (value.d === 1n && value.n === notImplemented[type])) return null;
  return multiply(value, exponent < 0n ? rational(1, 10n ** -exponent) : rational(10n ** exponent));
}
