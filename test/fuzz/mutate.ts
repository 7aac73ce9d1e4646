import type { Random } from './random.ts';

/** Longer inputs are cut: limits of sizes are looked at elsewhere, each with its own test. */
export const MOST_BYTES = 16 * 1024;

/** Ends of ranges, in bytes and in digits; bytes that begin or break UTF-8, and CESU's surrogates. */
const BYTES = [0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x5c, 0x68, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xed, 0xf0, 0xfe, 0xff];
const PIECES = [
  '-1',
  '0',
  '-0',
  '1e999',
  '1e-999',
  'NaN',
  '+Inf',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999999999999999999999999',
  '0x10',
  '1_000',
  '1e5',
  '١٢',
  '电表',
  '😀',
  '\u0000',
  '\uFEFF',
  '\\',
  '"',
  '\n',
  '\r\n',
  '{}',
  '[]',
  'null',
  '__proto__',
  'constructor',
  'toString',
].map((text) => Buffer.from(text));
const SURROGATE = Buffer.from([0xed, 0xa0, 0xbd]);

type Change = (bytes: Buffer, random: Random, words: readonly Buffer[], seeds: readonly Buffer[]) => Buffer;

const splice = (bytes: Buffer, at: number, remove: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]);

/** What can happen to bytes on their way, and what somebody may do to them on purpose. */
const changes: readonly Change[] = [
  // a bit falls over
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.int(copy.length)]! ^= 1 << random.int(8);
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.int(copy.length)] = random.pick(BYTES);
    return copy;
  },
  // the end is missing, or the beginning
  (bytes, random) => bytes.subarray(0, random.int(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.int(bytes.length + 1)),
  (bytes, random) => splice(bytes, random.int(bytes.length + 1), random.int(16), Buffer.alloc(0)),
  // something is put in
  (bytes, random) => splice(bytes, random.int(bytes.length + 1), 0, random.pick(PIECES)),
  (bytes, random) => splice(bytes, random.int(bytes.length + 1), random.int(8), random.pick(PIECES)),
  (bytes, random, words) => splice(bytes, random.int(bytes.length + 1), random.int(4), random.pick(words)),
  (bytes, random) => splice(bytes, random.int(bytes.length + 1), 0, SURROGATE),
  (bytes, random) => splice(bytes, random.int(bytes.length + 1), 0, Buffer.alloc(random.int(64), random.int(256))),
  // a part stands there again, some times or many
  (bytes, random) => {
    const [at, size] = [random.int(bytes.length + 1), 1 + random.int(40)];
    const part = bytes.subarray(at, at + size);
    const times = random.int(10) === 0 ? random.int(2000) : random.int(4);
    return splice(bytes, at, 0, Buffer.concat(Array.from({ length: Math.min(times, MOST_BYTES / size) }, () => part)));
  },
  // a number is another one
  (bytes, random) => {
    const text = bytes.toString('latin1');
    const numbers = [...text.matchAll(/\d+/g)];
    const one = numbers[random.int(Math.max(1, numbers.length))];
    return one ? splice(bytes, one.index, one[0].length, random.pick(PIECES)) : bytes;
  },
  // two inputs grow together
  (bytes, random, _, seeds) => {
    const other = random.pick(seeds);
    return Buffer.concat([
      bytes.subarray(0, random.int(bytes.length + 1)),
      other.subarray(random.int(other.length + 1)),
    ]);
  },
];

/** One change of a good input, or up to six. */
export function mutate(random: Random, seeds: readonly Buffer[], words: readonly Buffer[]): Buffer {
  let bytes = random.pick(seeds);
  for (let left = random.int(2) === 0 ? 1 : 1 + random.int(6); left > 0; left--)
    bytes = random.pick(changes)(bytes, random, words, seeds);
  return bytes.subarray(0, MOST_BYTES);
}
