import type { PueReason } from '../../model/reasons.ts';
import { METERED_SHARE } from './meter-account.ts';
import type { HourBook } from './hour-book.ts';
import { excludedHours, overlap, piecesOf, sideNames, type Piece, type SideMeter, type Tree } from './pue-hours.ts';
import { HOUR, isFixed, windowStart, type WindowName } from './window.ts';

type PerSide<T> = Record<(typeof sideNames)[number], T>;

export interface PueResult {
  readonly window: WindowName;
  readonly kind: 'annual' | 'interim';
  readonly reason: PueReason | null;
  readonly millijoules: PerSide<bigint>;
  readonly coveredSeconds: PerSide<number>;
  readonly bridgedSeconds: PerSide<number>;
  readonly importedSeconds: PerSide<number>;
  /** null while the ledger is younger than the window */
  readonly coverage: number | null;
}

const zero = (): PerSide<number> => ({ facility: 0, it: 0 });
const none = (window: WindowName, reason: PueReason, coverage: number | null = null): PueResult => ({
  window,
  kind: 'interim',
  reason,
  millijoules: { facility: 0n, it: 0n },
  coveredSeconds: zero(),
  bridgedSeconds: zero(),
  importedSeconds: zero(),
  coverage,
});

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

interface Sum {
  readonly micro: bigint;
  /** Metered ms, bridged ones included, of the whole piece and of its counted hours: means weighted by rated power */
  readonly metered: number;
  readonly covered: number;
  readonly bridged: number;
  /** Of the counted hours, what was imported */
  readonly imported: number;
}

/** One side of a piece, its excluded hours left out. */
function sumSide(
  book: HourBook,
  side: readonly SideMeter[],
  piece: Piece,
  excluded: readonly number[],
  window: { from: number; to: number },
): Sum {
  const { from, to } = piece;
  const left = runs(excluded);
  let micro = 0n;
  let [metered, covered, bridged, imported, weights] = [0, 0, 0, 0, 0];
  for (const { meter, sign, weightMillionths, ratedKw } of side) {
    const rise = (a: number, b: number) => {
      const [before, after] = [book.at(meter, a), book.at(meter, b)];
      return { energy: after.millijoules - before.millijoules, ms: after.meteredMs - before.meteredMs };
    };
    const gaps = book.bridges(meter, window.from, window.to);
    const gapMs = (a: number, b: number): number => gaps.reduce((total, gap) => total + overlap(gap, a, b), 0);
    const all = rise(from, to);
    let { energy, ms } = all;
    let spanned = gapMs(from, to);
    const importedMs = (a: number, b: number) => book.past.at(meter, b).meteredMs - book.past.at(meter, a).meteredMs;
    let past = importedMs(from, to);
    metered += ratedKw * (ms + spanned);
    for (const run of left) {
      const out = rise(run.from, run.to);
      energy -= out.energy;
      ms -= out.ms;
      spanned -= gapMs(run.from, run.to);
      past -= importedMs(run.from, run.to);
    }
    micro += BigInt(sign) * energy * BigInt(weightMillionths);
    covered += ratedKw * (ms + spanned);
    bridged += ratedKw * spanned;
    imported += ratedKw * past;
    weights += ratedKw;
  }
  const mean = (sum: number): number => sum / weights;
  return { micro, metered: mean(metered), covered: mean(covered), bridged: mean(bridged), imported: mean(imported) };
}

/** Each counted hour is 95 % metered, and 95 % of the hours count: a lower coverage means that the hours are wrong. */
const LEAST_COVERAGE = METERED_SHARE * METERED_SHARE;

/**
 * PUE = facility energy / IT energy over the hours of a window in which every boundary meter and every topmost IT
 * meter was metered for at least 95 %; the same hours are left out on both sides (ISO/IEC 30134-2: energies over the
 * same period, never a mean of ratios). `end` is a full hour; `start` the site's first full hour, if it has one.
 */
export function pueOf(
  book: HourBook,
  trees: readonly Tree[],
  window: WindowName,
  end: number,
  start: number | null,
): PueResult {
  const now = trees.at(-1)?.sides;
  if (now === undefined || now.facility.length === 0) return none(window, 'no_boundary_meter');
  if (now.it.length === 0) return none(window, 'no_it_meter');
  const begin = windowStart(window, end);
  if (start === null || start >= end || (isFixed(window) && begin < start)) return none(window, 'young');
  const span = { from: Math.max(begin, start), to: end };
  const millijoules: PerSide<bigint> = { facility: 0n, it: 0n };
  const [metered, covered, bridged, imported] = [zero(), zero(), zero(), zero()];
  let counted = 0;
  for (const piece of piecesOf(trees, span.from, end)) {
    const excluded = excludedHours(book, piece, span);
    counted += piece.to - piece.from - excluded.length * HOUR;
    for (const name of sideNames) {
      if (piece.sides[name].length === 0) continue;
      const sum = sumSide(book, piece.sides[name], piece, excluded, span);
      millijoules[name] += sum.micro / 1_000_000n;
      metered[name] += sum.metered;
      covered[name] += sum.covered / 1000;
      bridged[name] += sum.bridged / 1000;
      imported[name] += sum.imported / 1000;
    }
  }
  const length = end - span.from;
  const coverage = Math.min(1, metered.facility / length, metered.it / length);
  if (counted < METERED_SHARE * length || coverage < LEAST_COVERAGE) return none(window, 'coverage', coverage);
  if (millijoules.it <= 0n) return none(window, 'no_it_energy', coverage);
  return {
    window,
    kind: window === '12mo' && begin >= start ? 'annual' : 'interim',
    reason: millijoules.facility < millijoules.it ? 'below_one' : null,
    millijoules,
    coveredSeconds: covered,
    bridgedSeconds: bridged,
    importedSeconds: imported,
    coverage,
  };
}
