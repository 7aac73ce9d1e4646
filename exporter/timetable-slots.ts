/** Reads that go on at once: sockets and memory of answers, not devices, which have limits of their own. */
export const READS_AT_ONCE = 256;

/** So many at once; the others wait in the order in which they came. */
export class Slots {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(count = READS_AT_ONCE) {
    this.#free = count;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((begin) => this.#queue.push(begin));
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      // A slot is handed on, never free in between: who came later cannot slip in.
      if (next) next();
      else this.#free++;
    }
  }
}
