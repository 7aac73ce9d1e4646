/** A network of addresses, in numbers. */
export interface Cidr {
  /** 32 or 128 */
  readonly width: number;
  /** Bits that all of its addresses have in common */
  readonly prefix: number;
  /** Its first address */
  readonly network: bigint;
  /** What is written behind the prefix; 0n where it is written as a network */
  readonly host: bigint;
  /** An IPv4 address in IPv6's clothes (::ffff:0:0/96), which Kubernetes refuses */
  readonly mapped: boolean;
}

/** Of a text that zod took as CIDR. */
export function parseCidr(text: string): Cidr {
  const [address = '', bits = ''] = text.split('/');
  const six = address.includes(':');
  const width = six ? 128 : 32;
  const prefix = Number(bits);
  const value = six ? sixOf(address) : address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const host = value & ((1n << BigInt(width - prefix)) - 1n);
  return { width, prefix, network: value - host, host, mapped: six && value >> 32n === 0xffffn };
}

/** The URL parser writes an IPv6 address out in groups of hexadecimal digits, with at most one '::'. */
function sixOf(address: string): bigint {
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first = [], last = []] = [head, tail].map((groups) => groups.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** True where every address of `inner` is one of `outer`'s. */
export const contains = (outer: Cidr, inner: Cidr): boolean =>
  outer.width === inner.width &&
  outer.prefix <= inner.prefix &&
  inner.network >> BigInt(outer.width - outer.prefix) === outer.network >> BigInt(outer.width - outer.prefix);
