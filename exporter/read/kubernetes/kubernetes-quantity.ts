import { ReadError } from '../reader.ts';

/** Kubernetes' suffixes (apimachinery resource.Quantity). 1000 is written 1k: the canonical form has no trailing zeros. */
const powers: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** The number of an extended resource, which are whole. @throws ReadError 'protocol' where it is none */
export function countOf(quantity: string | number): number {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?(?:[eE][+]?\d{1,2})?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  const power = Object.hasOwn(powers, suffix) ? powers[suffix] : undefined;
  const count = digits === undefined || power === undefined ? NaN : Number(digits) * power;
  if (!Number.isSafeInteger(count))
    throw new ReadError('protocol', `${JSON.stringify(quantity)} is no count of an extended resource`);
  return count;
}
