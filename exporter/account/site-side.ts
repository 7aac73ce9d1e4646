import type { SideMeter } from './pue-hours.ts';
import type { SideRow } from './ledger.ts';

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
 * Net weighted energy of one side of a site. It advances to the latest instant that all of its meters have reached,
 * so that import, export and generation are always summed over the same time and the counter never steps back.
 */
export class SiteSide {
  readonly site: string;
  readonly side: string;
  readonly meters: readonly SideMeter[];
  readonly #points = new Map<string, Point[]>();
  #at: number | null;
  #millijoules: bigint;
  #debt: bigint;

  constructor(site: string, side: string, meters: readonly SideMeter[], row: SideRow | undefined) {
    this.site = site;
    this.side = side;
    this.meters = meters;
    this.#at = row?.at ?? null;
    this.#millijoules = row?.millijoules ?? 0n;
    this.#debt = row?.debt ?? 0n;
  }

  /** 'site/side': what a meter's record says that it belongs to. */
  get key(): string {
    return `${this.site}/${this.side}`;
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
    for (const { meter, sign, weightMillionths } of this.meters) {
      const points = this.#points.get(meter) ?? [];
      // A meter that came later is in the sum from its first reading on.
      const rise = valueAt(points, reach) - valueAt(points, Math.max(begin, points[0]?.at ?? begin));
      micro += BigInt(sign) * BigInt(weightMillionths) * rise;
      this.#points.set(meter, [
        { at: reach, millijoules: valueAt(points, reach) },
        ...points.filter((point) => point.at > reach),
      ]);
    }
    this.#at = reach;
    const net = micro / 1_000_000n + this.#debt;
    if (net < 0n) this.#debt = net;
    else {
      this.#debt = 0n;
      this.#millijoules += net;
    }
    return true;
  }

  /** Points that wait for a meter which has not come so far. */
  get waiting(): number {
    return [...this.#points.values()].reduce((sum, points) => sum + points.length, 0);
  }

  /** How much of a meter's live counter is in the sum. */
  entered(meter: string): bigint {
    return this.#points.get(meter)?.[0]?.millijoules ?? 0n;
  }

  /** null before all meters were read once. */
  get row(): SideRow | null {
    const { site, side } = this;
    return this.#at === null ? null : { site, side, at: this.#at, millijoules: this.#millijoules, debt: this.#debt };
  }
}
