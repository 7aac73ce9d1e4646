import { METERED_SHARE } from './meter-account.ts';
import type { HourBook } from './hour-book.ts';
import { HOUR } from './window.ts';

/** A boundary or topmost IT meter as it enters a side's sum. */
export interface SideMeter {
  readonly meter: string;
  /** +1 import or generation, -1 export */
  readonly sign: 1 | -1;
  /** weight of its carrier, in millionths */
  readonly weightMillionths: number;
  readonly ratedKw: number;
  /** GB 40879 counts electricity alone */
  readonly electric: boolean;
}

export interface Sides {
  readonly facility: readonly SideMeter[];
  readonly it: readonly SideMeter[];
}
export const sideNames = ['facility', 'it'] as const;

/** Which meters made up the sides from an hour on, until the next one: closed hours keep the tree that they were counted by. */
export interface Tree {
  readonly since: number;
  readonly sides: Sides;
}

/** A part of a window with one tree. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly sides: Sides;
}

export const piecesOf = (trees: readonly Tree[], from: number, to: number): Piece[] =>
  trees
    .map(({ since, sides }, i) => ({
      from: Math.max(from, since),
      to: Math.min(to, trees[i + 1]?.since ?? Infinity),
      sides,
    }))
    .filter((piece) => piece.from < piece.to);

export const overlap = (a: { from: number; to: number }, from: number, to: number): number =>
  Math.max(0, Math.min(a.to, to) - Math.max(a.from, from));

/** Full hours of [from, to) that a span of time touches. */
function* hoursOf(span: { from: number; to: number }, from: number, to: number): Iterable<number> {
  const begin = Math.max(from, Math.floor(span.from / HOUR) * HOUR);
  for (let hour = begin; hour < Math.min(to, span.to); hour += HOUR) yield hour;
}

/** Hours of a piece that do not count, because some meter of either side was metered for less than 95 % of them. */
export function excludedHours(
  book: HourBook,
  { from, to, sides }: Piece,
  window: { from: number; to: number },
): number[] {
  const excluded = new Set<number>();
  for (const { meter } of [...sides.facility, ...sides.it]) {
    const span = book.span(meter);
    const written = span ?? { from: to, to };
    for (const hour of hoursOf({ from, to: written.from }, from, to)) excluded.add(hour);
    for (const hour of hoursOf({ from: written.to, to }, from, to)) excluded.add(hour);
    for (const skipped of book.skips(meter, from, to))
      for (const hour of hoursOf(skipped, from, to)) excluded.add(hour);
    const whole = book.bridges(meter, window.from, window.to);
    for (const hour of book.exceptions(meter, from, to)) {
      const bridged = whole.reduce((sum, gap) => sum + overlap(gap, hour, hour + HOUR), 0);
      const metered = book.at(meter, hour + HOUR).meteredMs - book.at(meter, hour).meteredMs;
      if (metered + bridged < METERED_SHARE * HOUR) excluded.add(hour);
    }
  }
  return [...excluded].sort((a, b) => a - b);
}

/** The first hour in which all meters of both sides were metered for at least 95 %, or null before there was one. */
export function firstFullHour(book: HourBook, trees: readonly Tree[], notBefore: number): number | null {
  for (const { from, to, sides } of piecesOf(trees, notBefore, Infinity)) {
    const meters = [...sides.facility, ...sides.it].map(({ meter }) => meter);
    const spans = meters.map((meter) => book.span(meter));
    if (meters.length === 0 || spans.includes(null)) continue;
    const begin = Math.max(from, ...spans.map((span) => span?.from ?? 0));
    const end = Math.min(to, ...spans.map((span) => span?.to ?? 0));
    const bad = new Set(meters.flatMap((meter) => book.exceptions(meter, begin, end)));
    const skips = meters.flatMap((meter) => book.skips(meter, begin, end));
    for (let hour = begin; hour < end; hour += HOUR) {
      const skip = skips.find((one) => overlap(one, hour, hour + HOUR) > 0);
      // A skip may be years long: it is passed in one step.
      if (skip) hour = Math.max(hour, Math.floor((skip.to - 1) / HOUR) * HOUR);
      else if (!bad.has(hour)) return hour;
    }
  }
  return null;
}
