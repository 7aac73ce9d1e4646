import { METERED_SHARE } from '../ledger/meter-account.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { piecesOf, type Piece, type SideMeter, type Tree } from '../ledger/sides.ts';
import { HOUR } from './window.ts';

export const overlap = (a: { from: number; to: number }, from: number, to: number): number =>
  Math.max(0, Math.min(a.to, to) - Math.max(a.from, from));

/** Full hours of [from, to) that a span of time touches. */
function* hoursOf(span: { from: number; to: number }, from: number, to: number): Iterable<number> {
  const begin = Math.max(from, Math.floor(span.from / HOUR) * HOUR);
  for (let hour = begin; hour < Math.min(to, span.to); hour += HOUR) yield hour;
}

/** Hours of [from, to) in which a meter was metered for less than 95 %; spans that the window holds whole count as metered. */
export function poorHours(
  book: HourBook,
  meter: string,
  { from, to }: { from: number; to: number },
  window: { from: number; to: number },
): Set<number> {
  const poor = new Set<number>();
  const written = book.span(meter) ?? { from: to, to };
  for (const hour of hoursOf({ from, to: written.from }, from, to)) poor.add(hour);
  for (const hour of hoursOf({ from: written.to, to }, from, to)) poor.add(hour);
  for (const skipped of book.skips(meter, from, to)) for (const hour of hoursOf(skipped, from, to)) poor.add(hour);
  for (const hour of book.exceptions(meter, from, to)) poor.add(hour);
  if (poor.size === 0) return poor;
  return new Set(unclosed(book, meter, [...poor], window));
}

/** Of hours that were poorly metered, those that no span of energy known as a whole makes good within the window. */
function unclosed(book: HourBook, meter: string, hours: number[], window: { from: number; to: number }): number[] {
  const whole = book.closedGaps(meter, window.from, window.to);
  if (whole.length === 0) return hours;
  return hours.filter((hour) => {
    const closed = whole.reduce((sum, gap) => sum + overlap(gap, hour, hour + HOUR), 0);
    return closed === 0 || book.rise(meter, hour, hour + HOUR).meteredMs + closed < METERED_SHARE * HOUR;
  });
}

/** Which hours of a piece do not count, and in which ones a meter's backup stands in for it. */
export interface HourVerdict {
  readonly excluded: ReadonlySet<number>;
  readonly substituted: ReadonlyMap<SideMeter, ReadonlySet<number>>;
}

/** An hour counts when every meter of both sides, or its backup, was metered for at least 95 % of it. */
export function judgeHours(book: HourBook, piece: Piece, window: { from: number; to: number }): HourVerdict {
  const excluded = new Set<number>();
  const substituted = new Map<SideMeter, ReadonlySet<number>>();
  for (const member of [...piece.sides.facility, ...piece.sides.it]) {
    const poor = poorHours(book, member.meter, piece, window);
    if (poor.size === 0) continue;
    const missing = new Set<number>();
    if (member.backup) {
      const unknown = member.backup.meters.map(({ meter }) => poorHours(book, meter, piece, window));
      for (const hour of poor) if (unknown.some((hours) => hours.has(hour))) missing.add(hour);
      substituted.set(member, new Set([...poor].filter((hour) => !missing.has(hour))));
    }
    for (const hour of member.backup ? missing : poor) excluded.add(hour);
  }
  return { excluded, substituted };
}

/** The first hour in which all meters of both sides were metered for at least 95 %, or null before there was one. */
export function firstFullHour(book: HourBook, trees: readonly Tree[], notBefore: number): number | null {
  for (const { from, to, sides } of piecesOf(trees, notBefore, Infinity)) {
    const meters = [...sides.facility, ...sides.it].map(({ meter }) => meter);
    book.look(meters, []);
    const spans = meters.map((meter) => book.span(meter));
    if (meters.length === 0 || spans.includes(null)) continue;
    const begin = Math.max(from, ...spans.map((span) => span?.from ?? 0));
    const end = Math.min(to, ...spans.map((span) => span?.to ?? 0));
    const bad = Map.groupBy(
      meters.flatMap((meter) => book.exceptions(meter, begin, end).map((hour) => ({ meter, hour }))),
      ({ hour }) => hour,
    );
    // A span of energy known as a whole makes an hour good for a window that begins with that hour, and so before the span.
    const isFull = (hour: number): boolean =>
      (bad.get(hour) ?? []).every(({ meter }) => unclosed(book, meter, [hour], { from: hour, to: end }).length === 0);
    const skips = meters.flatMap((meter) => book.skips(meter, begin, end));
    for (let hour = begin; hour < end; hour += HOUR) {
      const skip = skips.find((one) => overlap(one, hour, hour + HOUR) > 0);
      // A skip may be years long: it is passed in one step.
      if (skip) hour = Math.max(hour, Math.floor((skip.to - 1) / HOUR) * HOUR);
      else if (isFull(hour)) return hour;
    }
  }
  return null;
}
