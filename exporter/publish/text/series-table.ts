const EMPTY = 0;

/**
 * The series of one family: slot -> tuple of label-value ids, and back by hashing. Two series are one only if every id
 * is the same, so no choice of label values can make two series collide, as joined strings do. 12 to 20 bytes a series
 * and 4 for each label, in flat arrays that the garbage collector never walks.
 */
export class SeriesTable {
  readonly #width: number;
  #tuples: Uint32Array;
  /** Open addressing, at most half full: slot + 1, or EMPTY */
  #buckets: Uint32Array;
  #size = 0;

  constructor(width: number, capacity = 8) {
    this.#width = width;
    this.#tuples = new Uint32Array(width * capacity);
    this.#buckets = new Uint32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  }

  get size(): number {
    return this.#size;
  }

  idAt(slot: number, label: number): number {
    return this.#tuples[slot * this.#width + label] ?? 0;
  }

  /** The tuple's slot, or -1. Reads the first `width` elements. */
  find(tuple: Uint32Array): number {
    const mask = this.#buckets.length - 1;
    for (let bucket = this.#hash(tuple, 0) & mask; ; bucket = (bucket + 1) & mask) {
      const entry = this.#buckets[bucket] ?? EMPTY;
      if (entry === EMPTY) return -1;
      if (this.#equals(entry - 1, tuple)) return entry - 1;
    }
  }

  /** Appends a tuple that `find` does not know; returns its slot. */
  add(tuple: Uint32Array): number {
    const slot = this.#size;
    if ((slot + 1) * this.#width > this.#tuples.length) {
      const wider = new Uint32Array(this.#tuples.length * 2);
      wider.set(this.#tuples);
      this.#tuples = wider;
    }
    for (let i = 0; i < this.#width; i++) this.#tuples[slot * this.#width + i] = tuple[i] ?? 0;
    this.#size++;
    if (this.#size * 2 > this.#buckets.length) this.#rehash();
    else this.#place(slot);
    return slot;
  }

  #rehash(): void {
    this.#buckets = new Uint32Array(this.#buckets.length * 2);
    for (let slot = 0; slot < this.#size; slot++) this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#buckets.length - 1;
    let bucket = this.#hash(this.#tuples, slot * this.#width) & mask;
    while (this.#buckets[bucket] !== EMPTY) bucket = (bucket + 1) & mask;
    this.#buckets[bucket] = slot + 1;
  }

  #equals(slot: number, tuple: Uint32Array): boolean {
    const base = slot * this.#width;
    for (let i = 0; i < this.#width; i++) if (this.#tuples[base + i] !== tuple[i]) return false;
    return true;
  }

  #hash(ids: Uint32Array, base: number): number {
    let hash = 0;
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ (ids[base + i] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }
}
