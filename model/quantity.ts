import { parseDecimal, multiply, type Rational } from './rational.ts';

/** Kubernetes' suffixes (apimachinery resource.Quantity), by the power that they stand for. */
const decimal = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const binary = ['Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/**
 * A whole number as Kubernetes writes it: 1000 is 1k, 20000000 is 20M. Whoever reads a quantity and writes it again
 * (Kueue's webhook does) makes this of it, so that what is declared otherwise would differ for ever.
 */
export const quantity = (count: number | bigint): string => shortened(BigInt(count), 1000n, decimal);

/** Cores from thousandths: 1500m, 12, 1k. */
export const cores = (milli: number | bigint): string =>
  BigInt(milli) % 1000n === 0n ? quantity(BigInt(milli) / 1000n) : `${milli}m`;

/** Memory from mebibytes: 512Gi. */
export const mebibytes = (mebi: number | bigint): string =>
  BigInt(mebi) === 0n ? '0' : shortened(BigInt(mebi), 1024n, binary);

/** An amount of a resource by the unit in which the queues' shares keep it. */
export const amountOf = (resource: string, count: number): string =>
  resource === 'cpu' ? cores(count) : resource === 'memory' ? mebibytes(count) : quantity(count);

function shortened(value: bigint, by: bigint, suffixes: readonly string[]): string {
  let [count, at] = [value, 0];
  for (; at < suffixes.length - 1 && count !== 0n && count % by === 0n; at++) count /= by;
  return `${count}${suffixes[at]}`;
}

const powers = new Map<string, Rational>([
  ['n', { n: 1n, d: 1_000_000_000n }],
  ['u', { n: 1n, d: 1_000_000n }],
  ['m', { n: 1n, d: 1000n }],
  ...decimal.map((suffix, i): [string, Rational] => [suffix, { n: 1000n ** BigInt(i), d: 1n }]),
  ...['Ki', ...binary].map((suffix, i): [string, Rational] => [suffix, { n: 1024n ** BigInt(i + 1), d: 1n }]),
]);

/** What a quantity stands for, exactly; null where the text is none. */
export function parseQuantity(text: string): Rational | null {
  const [, digits = '', suffix = ''] =
    /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(text.trim()) ?? [];
  const value = digits === '' ? null : parseDecimal(digits);
  const power = powers.get(suffix);
  return value && power ? multiply(value, power) : null;
}
