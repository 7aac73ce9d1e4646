import type { Rational } from '../../../model/rational.ts';

const HOUR = 3_600_000;

/** Energy of a meter over a span of full hours, as a file has it. */
export interface EnergyRow {
  readonly file: string;
  /** counted from 1, the header's line */
  readonly line: number;
  readonly meter: string;
  /** Unix ms, full hours */
  readonly from: number;
  readonly to: number;
  /** of the whole span; what is below a millijoule is left out: credited energy is never more than the truth */
  readonly millijoules: bigint;
  /** raw level of the energy register at the span's end, as `greenflops probe` shows it */
  readonly register: Rational | null;
  /** true: the row itself states its unit */
  readonly ownUnit: boolean;
  /** of a bill, '' for none */
  readonly reference: string;
}

/** Rows that can be looked at one by one: an array is one. */
export interface RowList extends Iterable<EnergyRow> {
  readonly length: number;
  at(index: number): EnergyRow | undefined;
}

/** No register counts further: its digits are an unsigned 64-bit number. */
export const tooManyDigits = ({ n, d }: Rational): boolean => n >= 2n ** 64n || String(d).length > NO_LEVEL;
/** Millijoules: nothing on Earth draws this within the span of a row. */
export const MOST_MILLIJOULES = 2n ** 63n - 1n;
const NO_LEVEL = 255;

const columns = (size: number) => ({
  file: new Uint16Array(size),
  line: new Uint32Array(size),
  from: new Int32Array(size),
  hours: new Int32Array(size),
  millijoules: new BigInt64Array(size),
  level: new BigUint64Array(size),
  decimals: new Uint8Array(size),
  ownUnit: new Uint8Array(size),
});

/** Rows of one meter in columns, 34 bytes each: as objects, five years of ten meters would take over 100 MB. */
export class EnergyRows implements RowList {
  readonly meter: string;
  readonly #files: string[] = [];
  readonly #references = new Map<number, string>();
  #columns = columns(16);
  #length = 0;

  constructor(meter: string) {
    this.meter = meter;
  }

  get length(): number {
    return this.#length;
  }

  #grow(): void {
    const { file, line, from, hours, millijoules, level, decimals, ownUnit } = this.#columns;
    this.#columns = columns(2 * file.length);
    this.#columns.file.set(file);
    this.#columns.line.set(line);
    this.#columns.from.set(from);
    this.#columns.hours.set(hours);
    this.#columns.millijoules.set(millijoules);
    this.#columns.level.set(level);
    this.#columns.decimals.set(decimals);
    this.#columns.ownUnit.set(ownUnit);
  }

  push(row: Omit<EnergyRow, 'meter'>): void {
    const at = this.#length;
    if (at === this.#columns.file.length) this.#grow();
    const to = this.#columns;
    if (this.#files.at(-1) !== row.file) this.#files.push(row.file);
    to.file[at] = this.#files.length - 1;
    to.line[at] = row.line;
    to.from[at] = row.from / HOUR;
    to.hours[at] = (row.to - row.from) / HOUR;
    to.millijoules[at] = row.millijoules;
    to.level[at] = row.register?.n ?? 0n;
    to.decimals[at] = row.register === null ? NO_LEVEL : String(row.register.d).length - 1;
    to.ownUnit[at] = Number(row.ownUnit);
    if (row.reference !== '') this.#references.set(at, row.reference);
    this.#length += 1;
  }

  at(place: number): EnergyRow | undefined {
    const index = place < 0 ? place + this.#length : place;
    const { file, line, from, hours, millijoules, level, decimals, ownUnit } = this.#columns;
    if (index < 0 || index >= this.#length) return undefined;
    const start = (from[index] ?? 0) * HOUR;
    const places = decimals[index] ?? NO_LEVEL;
    return {
      file: this.#files[file[index] ?? 0] ?? '',
      line: line[index] ?? 0,
      meter: this.meter,
      from: start,
      to: start + (hours[index] ?? 0) * HOUR,
      millijoules: millijoules[index] ?? 0n,
      register: places === NO_LEVEL ? null : { n: level[index] ?? 0n, d: 10n ** BigInt(places) },
      ownUnit: ownUnit[index] === 1,
      reference: this.#references.get(index) ?? '',
    };
  }

  *[Symbol.iterator](): Iterator<EnergyRow> {
    for (let index = 0; index < this.#length; index++) {
      const row = this.at(index);
      if (row) yield row;
    }
  }

  /** Its indexes by time; of rows that begin together the shortest first, then as they stand in the files. */
  sorted(): Uint32Array {
    const { from, hours } = this.#columns;
    const order = Uint32Array.from({ length: this.#length }, (_, index) => index);
    return order.sort((a, b) => (from[a] ?? 0) - (from[b] ?? 0) || (hours[a] ?? 0) - (hours[b] ?? 0) || a - b);
  }

  /** The rows at these indexes. */
  select(indexes: Uint32Array): RowList {
    const at = (place: number): EnergyRow | undefined => {
      const index = indexes.at(place);
      return index === undefined ? undefined : this.at(index);
    };
    return {
      length: indexes.length,
      at,
      *[Symbol.iterator]() {
        for (let place = 0; place < indexes.length; place++) {
          const row = at(place);
          if (row) yield row;
        }
      },
    };
  }
}
