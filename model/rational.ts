/**
 * An exact number n / d, d > 0. Registers, scales and sample texts are kept as rationals, so that no binary
 * floating point stands between a meter's register and the ledger.
 */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const rational = (n: bigint | number, d: bigint | number = 1n): Rational => ({ n: BigInt(n), d: BigInt(d) });

export const multiply = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });

export const add = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });

export const subtract = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });

/** Rounds towards minus infinity: credited energy is never more than the truth. */
export function floor({ n, d }: Rational): bigint {
  const q = n / d;
  return n % d < 0n ? q - 1n : q;
}

/** a - b < 0 as a comparator result: negative, 0 or positive. */
export function compare(a: Rational, b: Rational): number {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Characters of a number: no counter has more than 40 digits, and the work of reading a number grows with the square of
 * its length.
 */
export const MOST_DIGITS = 128;
/** What a double has (IEEE 754): every exporter keeps its numbers in one. */
const MOST_EXPONENT = 308;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Reads decimal text ("-1.25e3") exactly; null where the text is no finite decimal number, is longer than 128 characters,
 * has an exponent beyond 308 in either direction, or stands for more than a double can hold (1e400).
 */
export function parseDecimal(text: string): Rational | null {
  if (text.length > MOST_DIGITS) return null;
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  if (Math.abs(Number(exponent)) > MOST_EXPONENT || !Number.isFinite(Number(text))) return null;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  return power >= 0 ? { n: digits * 10n ** BigInt(power), d: 1n } : { n: digits, d: 10n ** BigInt(-power) };
}

/** A number of the declaration as it was written: 31.2 is 312 tenths, not the double beside it. Throws RangeError for what is no finite number. */
export function exactDecimal(value: number): Rational {
  const read = parseDecimal(String(value));
  if (!read) throw new RangeError(`${value} is no finite number`);
  return read;
}

/** A finite double as the exact rational that it stands for; null for NaN and the infinities. */
export function fromDouble(value: number): Rational | null {
  if (!Number.isFinite(value)) return null;
  let n = value;
  let d = 1n;
  while (!Number.isInteger(n)) {
    n *= 2;
    d *= 2n;
  }
  return { n: BigInt(n), d };
}
