/** A longer label value is a fault of its source; Prometheus servers commonly refuse a whole scrape for one. */
const maxLabelLength = 1024;

/**
 * Label values as small integers. A value is kept once however many series carry it, and is forgotten with the last of
 * them, so a label that changes with every restart of a device cannot fill the memory.
 */
export class LabelValues {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];

  /** The id of a value that some series carries already; undefined where none does. */
  find(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    return this.#ids.get(text);
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }

  /** Counts one more use and returns the id. */
  take(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#free.pop() ?? this.#texts.length;
      this.#ids.set(text, id);
      this.#texts[id] = text;
      this.#uses[id] = 0;
    }
    this.#uses[id] = (this.#uses[id] ?? 0) + 1;
    return id;
  }

  /** Counts one use less; the last one frees the id. */
  release(id: number): void {
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = left;
    if (left > 0) return;
    this.#ids.delete(this.text(id));
    this.#texts[id] = '';
    this.#free.push(id);
  }

  /** Distinct values in use. */
  get size(): number {
    return this.#ids.size;
  }
}

/** Why a value cannot stand in an exposition text; null where it can. */
export function labelFault(value: unknown): string | null {
  if (typeof value !== 'string') return `is ${value === undefined ? 'missing' : `a ${typeof value}, not a string`}`;
  if (value.length > maxLabelLength) return `is ${value.length} characters long, more than ${maxLabelLength}`;
  // A lone surrogate turns into U+FFFD in UTF-8, so that two values would print alike; Prometheus' lexer ends at NUL.
  if (!value.isWellFormed() || value.includes('\0')) return 'holds a lone surrogate or NUL';
  return null;
}
