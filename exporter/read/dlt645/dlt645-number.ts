import { rational, type Rational } from '../../../model/rational.ts';
import type { Digits } from '../../../model/dlt645-items.ts';

const SIGN = 0x80;

/**
 * The number that an item's bytes hold: two decimal digits a byte, last byte first. null where a nibble is no digit, as
 * in the FFH bytes with which meters say that they have no reading.
 */
export function decodeItem(bytes: Uint8Array, { decimals, signed }: Digits): Rational | null {
  const digits = Buffer.from(bytes).reverse();
  const negative = signed && (digits[0] ?? 0) >= SIGN;
  if (negative) digits[0] = (digits[0] ?? 0) - SIGN;
  const text = digits.toString('hex');
  if (!/^\d+$/.test(text)) return null;
  return rational(negative ? -BigInt(text) : BigInt(text), 10n ** BigInt(decimals));
}
