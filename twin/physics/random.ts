/**
 * A stream of numbers in [0, 1) that depends on the seed and the keys alone: each thing draws from its own stream, so
 * that adding a pool does not change another pool's jobs. FNV-1a for the keys, mulberry32 for the stream.
 */
export function random(seed: number, ...keys: (string | number)[]): () => number {
  let state = 0x811c9dc5;
  for (const character of [seed, ...keys].join('/'))
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `digits` hexadecimal digits from the stream, for serial numbers. */
export function hex(next: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');
}
