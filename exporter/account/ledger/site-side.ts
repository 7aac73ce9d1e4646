import type { SideRow } from './ledger.ts';
import type { Stretch } from '../past/past.ts';
import type { SideMeter, Sum } from './sides.ts';

/** A meter's live counter at an instant. */
export interface Point {
  readonly at: number;
  readonly millijoules: bigint;
}

function valueAt(points: readonly Point[], at: number): bigint {
  const after = points.findIndex((point) => point.at >= at);
  const b = points[after];
  const a = points[after - 1];
  if (b === undefined) throw new RangeError(`no point at or after ${at}`);
  if (a === undefined || b.at === at) return b.millijoules;
  return a.millijoules + ((b.millijoules - a.millijoules) * BigInt(at - a.at)) / BigInt(b.at - a.at);
}

/** While one meter of a side is silent the others' points wait for it: so many of each, then every second one goes. */
const MOST_POINTS = 1000;

const thinned = (points: readonly Point[]): Point[] => points.filter((_, i) => i % 2 === 0 || i === points.length - 1);

/**
 * A sum of meters: the net weighted energy of one side of a site, or a calculated meter. It advances to the latest instant that all of its meters have reached,
 * so that what is added and what is taken off are always summed over the same time and the counter never steps back.
 */
export class SiteSide {
  readonly site: string;
  readonly side: string;
  readonly meters: readonly SideMeter[];
  readonly #constant: bigint;
  readonly #points = new Map<string, Point[]>();
  #at: number | null;
  #millijoules: bigint;
  #debt: bigint;
  #previous: Point | null = null;
  /** Stretches in which what is taken off was not metered: the sum credits nothing of them, so that it is never above the truth. */
  #dark: readonly Stretch[];

  constructor(site: string, side: string, { meters, constantMilliwatts = 0 }: Sum, row: SideRow | undefined) {
    this.site = site;
    this.side = side;
    this.meters = meters;
    this.#constant = BigInt(constantMilliwatts);
    this.#at = row?.at ?? null;
    this.#millijoules = row?.millijoules ?? 0n;
    this.#debt = row?.debt ?? 0n;
    this.#dark = row?.dark ?? [];
  }

  /** Goes on after a restart: `entered` of the meter's energy was in the sum at the side's instant. */
  resume(meter: string, entered: bigint, point: Point): void {
    const points =
      this.#at === null || this.#at >= point.at ? [point] : [{ at: this.#at, millijoules: entered }, point];
    this.#points.set(meter, points);
  }

  record(meter: string, point: Point): void {
    const points = this.#points.get(meter);
    if (points === undefined) this.#points.set(meter, [point]);
    else if (point.at > (points.at(-1)?.at ?? -Infinity)) {
      points.push(point);
      if (points.length > MOST_POINTS) this.#points.set(meter, thinned(points));
    }
    // The wall clock went back: the newest instant keeps its place and takes the energy.
    else points[points.length - 1] = { at: points.at(-1)?.at ?? point.at, millijoules: point.millijoules };
  }

  /** A meter was not metered over a stretch; true where the sum credits nothing of it. */
  darken(meter: string, { from, to }: Stretch): boolean {
    if (to <= Math.max(from, this.#at ?? -Infinity) || !this.#isTakenOff(meter)) return false;
    this.#dark = [...this.#dark, { from, to }];
    return true;
  }

  #isTakenOff(meter: string): boolean {
    return this.meters.some((one) => one.meter === meter && one.sign < 0);
  }

  /** [from, to) less the stretches that are dark: where everything that is taken off is known. */
  #lit(from: number, to: number): Stretch[] {
    const late = this.meters.flatMap(({ meter, sign }) => {
      const first = this.#points.get(meter)?.[0]?.at ?? from;
      return sign < 0 && first > from ? [{ from, to: first }] : [];
    });
    let lit: Stretch[] = [{ from, to }];
    for (const dark of [...this.#dark, ...late]) {
      lit = lit.flatMap((part) => [
        { from: part.from, to: Math.min(part.to, Math.max(part.from, dark.from)) },
        { from: Math.max(part.from, Math.min(part.to, dark.to)), to: part.to },
      ]);
      lit = lit.filter((part) => part.from < part.to);
    }
    return lit;
  }

  /** Moves on as far as all meters have come; true where it moved. */
  advance(): boolean {
    let reach = Infinity;
    let latest = -Infinity;
    for (const { meter } of this.meters) {
      const points = this.#points.get(meter);
      const first = points?.[0];
      const last = points?.at(-1);
      if (first === undefined || last === undefined) return false;
      reach = Math.min(reach, last.at);
      latest = Math.max(latest, first.at);
    }
    const begin = this.#at ?? latest;
    if (reach === Infinity || reach < latest || (this.#at !== null && reach <= this.#at)) return false;
    let micro = 0n;
    for (const { from, to } of this.#lit(begin, reach)) {
      // mW x ms are millionths of a joule
      micro += this.#constant * BigInt(Math.round(to - from)) * 1000n;
      for (const { meter, sign, weightMillionths } of this.meters) {
        const points = this.#points.get(meter) ?? [];
        // A meter that came later is in the sum from its first reading on.
        micro += BigInt(sign) * BigInt(weightMillionths) * (valueAt(points, to) - valueAt(points, from));
      }
    }
    for (const { meter } of this.meters) {
      const points = this.#points.get(meter) ?? [];
      const later = points.filter((point) => point.at > reach);
      this.#points.set(meter, [{ at: reach, millijoules: valueAt(points, reach) }, ...later]);
    }
    this.#dark = this.#dark.filter(({ to }) => to > reach);
    this.#previous = { at: begin, millijoules: this.#millijoules };
    this.#at = reach;
    const net = micro / 1_000_000n + this.#debt;
    if (net < 0n) this.#debt = net;
    else {
      this.#debt = 0n;
      this.#millijoules += net;
    }
    return true;
  }

  /** Where it stood before it last moved; null before it did. */
  get previous(): Point | null {
    return this.#previous;
  }

  /** Points that wait for a meter which has not come so far. */
  get waiting(): number {
    return [...this.#points.values()].reduce((sum, points) => sum + points.length, 0);
  }

  /** null before all meters were read once. */
  get row(): SideRow | null {
    const { site, side } = this;
    if (this.#at === null) return null;
    const entered = new Map(this.meters.map(({ meter }) => [meter, this.#points.get(meter)?.[0]?.millijoules ?? 0n]));
    return { site, side, at: this.#at, millijoules: this.#millijoules, debt: this.#debt, entered, dark: this.#dark };
  }
}
