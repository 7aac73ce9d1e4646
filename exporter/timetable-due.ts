/** FNV-1a, mixed as MurmurHash3 ends: spreads ids that differ in one character, and is the same in every process. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/**
 * When a source is due. It is read once as soon as the exporter runs, so that nobody waits for the first figures; from
 * then on in a phase of its own, which follows from its id, so that thousands with one interval do not all fire in one
 * beat. The phase stays however late a beat is. All times are monotonic ms.
 */
export class Due {
  readonly #everyMs: number;
  readonly #phaseMs: number;
  #at = -Infinity;

  constructor(id: string, everyMs: number) {
    this.#everyMs = everyMs;
    // 0 < phase <= interval
    this.#phaseMs = (1 - hash(id) / 2 ** 32) * everyMs;
  }

  isDue(mono: number): boolean {
    return mono >= this.#at;
  }

  /** It is being read: the next time is the first of its phase after this instant. */
  begin(mono: number): void {
    if (this.#at === -Infinity) this.#at = mono + this.#phaseMs;
    else this.#at += this.#everyMs * (Math.floor((mono - this.#at) / this.#everyMs) + 1);
  }
}
