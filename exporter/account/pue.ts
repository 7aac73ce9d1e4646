import type { PueReason } from '../../model/reasons.ts';
import { METERED_SHARE } from './meter-account.ts';
import type { HourBook } from './hour-book.ts';
import { HOUR, isFixed, windowStart, type WindowName } from './window.ts';

/** A boundary or topmost IT meter as it enters a side's sum. */
export interface SideMeter {
  readonly meter: string;
  /** +1 import or generation, -1 export */
  readonly sign: 1 | -1;
  /** weight of its carrier, in millionths */
  readonly weightMillionths: bigint;
  readonly ratedKw: number;
}

export interface Sides {
  readonly facility: readonly SideMeter[];
  readonly it: readonly SideMeter[];
}
export const sideNames = ['facility', 'it'] as const;
type PerSide<T> = Record<(typeof sideNames)[number], T>;

export interface PueResult {
  readonly window: WindowName;
  readonly kind: 'annual' | 'interim';
  readonly reason: PueReason | null;
  readonly millijoules: PerSide<bigint>;
  readonly coveredSeconds: PerSide<number>;
  readonly bridgedSeconds: PerSide<number>;
  /** null while the ledger is younger than the window */
  readonly coverage: number | null;
}

const ZERO: PerSide<number> = { facility: 0, it: 0 };
const none = (window: WindowName, reason: PueReason, coverage: number | null = null): PueResult => ({
  window,
  kind: 'interim',
  reason,
  millijoules: { facility: 0n, it: 0n },
  coveredSeconds: ZERO,
  bridgedSeconds: ZERO,
  coverage,
});

const overlap = (a: { from: number; to: number }, from: number, to: number): number =>
  Math.max(0, Math.min(a.to, to) - Math.max(a.from, from));

/** The first hour in which all meters were metered for at least 95 %, or null before there was one. */
export function firstFullHour(book: HourBook, meters: readonly SideMeter[], notBefore: number): number | null {
  const spans = meters.map(({ meter }) => book.span(meter));
  let start = notBefore;
  let end = Infinity;
  for (const span of spans) {
    if (span === null) return null;
    start = Math.max(start, span.first + HOUR);
    end = Math.min(end, span.last + HOUR);
  }
  const bad = new Set(meters.flatMap(({ meter }) => book.exceptions(meter, start, end)));
  for (let hour = start; hour < end; hour += HOUR) if (!bad.has(hour)) return hour;
  return null;
}

/** Hours of [from, to) that do not count, and each meter's bridged gaps that count as metered in this window. */
function exclusions(book: HourBook, meters: readonly SideMeter[], from: number, to: number) {
  const excluded = new Set<number>();
  const bridges = new Map<string, { from: number; to: number }[]>();
  for (const { meter } of meters) {
    const whole = book.bridges(meter, from, to);
    bridges.set(meter, whole);
    const span = book.span(meter);
    const written = { from: span ? span.first + HOUR : to, to: span ? span.last + HOUR : to };
    for (let hour = from; hour < Math.min(written.from, to); hour += HOUR) excluded.add(hour);
    for (let hour = Math.max(from, written.to); hour < to; hour += HOUR) excluded.add(hour);
    for (const hour of book.exceptions(meter, from, to)) {
      const bridged = whole.reduce((sum, gap) => sum + overlap(gap, hour, hour + HOUR), 0);
      const metered = book.at(meter, hour + HOUR).meteredMs - book.at(meter, hour).meteredMs;
      if (metered + bridged < METERED_SHARE * HOUR) excluded.add(hour);
    }
  }
  return { excluded: [...excluded].sort((a, b) => a - b), bridges };
}

/** Neighbouring hours as [from, to) runs, so that an outage of a week costs two look-ups. */
function runs(hours: readonly number[]): { from: number; to: number }[] {
  const list: { from: number; to: number }[] = [];
  for (const hour of hours) {
    const last = list.at(-1);
    if (last?.to === hour) last.to = hour + HOUR;
    else list.push({ from: hour, to: hour + HOUR });
  }
  return list;
}

/**
 * PUE = facility energy / IT energy over the hours of [from, to) in which every boundary meter and every topmost IT
 * meter was metered for at least 95 %; the same hours are left out on both sides (ISO/IEC 30134-2: energies over the
 * same period, never a mean of ratios). `end` is a full hour; `start` the site's first full hour, if it has one.
 */
export function pueOf(book: HourBook, sides: Sides, window: WindowName, end: number, start: number | null): PueResult {
  const meters = [...sides.facility, ...sides.it];
  if (sides.facility.length === 0) return none(window, 'no_boundary_meter');
  if (sides.it.length === 0) return none(window, 'no_it_meter');
  const begin = windowStart(window, end);
  if (start === null || start >= end || (isFixed(window) && begin < start)) return none(window, 'young');
  const from = Math.max(begin, start);
  const { excluded, bridges } = exclusions(book, meters, from, end);
  const left = runs(excluded);
  const counted = (end - from) / HOUR - excluded.length;

  const sum = (side: readonly SideMeter[]) => {
    let micro = 0n;
    let all = 0;
    let covered = 0;
    let bridged = 0;
    let weights = 0;
    for (const { meter, sign, weightMillionths, ratedKw } of side) {
      const first = book.at(meter, from);
      const last = book.at(meter, end);
      let energy = last.millijoules - first.millijoules;
      let metered = last.meteredMs - first.meteredMs;
      const gaps = bridges.get(meter) ?? [];
      let gapMs = gaps.reduce((total, gap) => total + overlap(gap, from, end), 0);
      all += ratedKw * (metered + gapMs);
      for (const run of left) {
        const before = book.at(meter, run.from);
        const after = book.at(meter, run.to);
        energy -= after.millijoules - before.millijoules;
        metered -= after.meteredMs - before.meteredMs;
        gapMs -= gaps.reduce((total, gap) => total + overlap(gap, run.from, run.to), 0);
      }
      micro += BigInt(sign) * energy * weightMillionths;
      covered += ratedKw * (metered + gapMs);
      bridged += ratedKw * gapMs;
      weights += ratedKw;
    }
    return {
      millijoules: micro / 1_000_000n,
      coverage: all / weights / (end - from),
      coveredSeconds: covered / weights / 1000,
      bridgedSeconds: bridged / weights / 1000,
    };
  };

  const facility = sum(sides.facility);
  const it = sum(sides.it);
  const coverage = Math.min(1, facility.coverage, it.coverage);
  if (counted * HOUR < METERED_SHARE * (end - from)) return none(window, 'coverage', coverage);
  if (it.millijoules <= 0n) return none(window, 'no_it_energy', coverage);
  return {
    window,
    kind: window === '12mo' && begin >= start ? 'annual' : 'interim',
    reason: facility.millijoules < it.millijoules ? 'below_one' : null,
    millijoules: { facility: facility.millijoules, it: it.millijoules },
    coveredSeconds: { facility: facility.coveredSeconds, it: it.coveredSeconds },
    bridgedSeconds: { facility: facility.bridgedSeconds, it: it.bridgedSeconds },
    coverage,
  };
}
