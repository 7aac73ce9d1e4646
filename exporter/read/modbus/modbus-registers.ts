import { fromDouble, rational, type Rational } from '../../../model/rational.ts';
import type { byteOrders, registerTypes } from '../../../model/schema/places.ts';

type RegisterType = (typeof registerTypes)[number];
type ByteOrder = (typeof byteOrders)[number];

/** How each type is read once its bytes stand in big-endian order. Floats are exact: mantissa x 2^exponent. */
const types: Readonly<Record<RegisterType, { bytes: 2 | 4 | 8; read: (view: DataView) => Rational | null }>> = {
  int16: { bytes: 2, read: (view) => rational(view.getInt16(0)) },
  uint16: { bytes: 2, read: (view) => rational(view.getUint16(0)) },
  int32: { bytes: 4, read: (view) => rational(view.getInt32(0)) },
  uint32: { bytes: 4, read: (view) => rational(view.getUint32(0)) },
  int64: { bytes: 8, read: (view) => rational(view.getBigInt64(0)) },
  uint64: { bytes: 8, read: (view) => rational(view.getBigUint64(0)) },
  float32: { bytes: 4, read: (view) => fromDouble(view.getFloat32(0)) },
  float64: { bytes: 8, read: (view) => fromDouble(view.getFloat64(0)) },
  bcd16: { bytes: 2, read: digits },
  bcd32: { bytes: 4, read: digits },
  bcd64: { bytes: 8, read: digits },
};

/** Two decimal digits a byte; null where a nibble is no digit. */
function digits(view: DataView): Rational | null {
  const text = Buffer.from(view.buffer).toString('hex');
  return /^\d+$/.test(text) ? rational(BigInt(text)) : null;
}

/** CDAB: the low word comes first. BADC: the bytes of each word are swapped. DCBA: both, so little-endian. */
const lowWordFirst: Readonly<Record<ByteOrder, boolean>> = { ABCD: false, CDAB: true, BADC: false, DCBA: true };
const lowByteFirst: Readonly<Record<ByteOrder, boolean>> = { ABCD: false, CDAB: false, BADC: true, DCBA: true };

/** How many registers of 16 bits a number of this type takes. */
export const registerCount = (type: RegisterType): number => types[type].bytes / 2;

/** The number that stands in `wire`, in bytes as they came; null for NaN and the infinities. */
export function decodeRegisters(wire: Uint8Array, type: RegisterType, order: ByteOrder): Rational | null {
  const { bytes, read } = types[type];
  if (wire.length !== bytes) throw new RangeError(`${type} has ${bytes} bytes, not ${wire.length}`);
  const view = new DataView(new ArrayBuffer(bytes));
  for (let at = 0; at < bytes; at++) {
    const word = lowWordFirst[order] ? bytes / 2 - 1 - (at >> 1) : at >> 1;
    const byte = lowByteFirst[order] ? 1 - (at & 1) : at & 1;
    view.setUint8(2 * word + byte, wire[at] ?? 0);
  }
  return read(view);
}
