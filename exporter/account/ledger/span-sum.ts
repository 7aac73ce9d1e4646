import { Runs, type ClosedGap, type HourBook } from './hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { judgeHours, overlap, type HourVerdict } from '../pue/pue-hours.ts';
import { piecesOf, sideNames, type PerSide, type Piece, type SideMeter, type Sum, type Tree } from './sides.ts';
import { HOUR } from '../pue/window.ts';

/** How seconds of a side's counted hours are known, apart from those that were metered as they passed. */
export const shares = ['bridged', 'manual', 'imported', 'substituted'] as const;
export type Share = (typeof shares)[number];

/** A meter's part in a side's energy: what its reading errors can do to the sum. */
export interface Part {
  readonly meter: string;
  /** Signed and weighted, of the counted hours */
  readonly millijoules: number;
}

/** Energies of both sides over the counted hours of a span. */
export interface SpanSum {
  readonly countedMs: number;
  /** Hours that do not count */
  readonly excluded: ReadonlySet<number>;
  readonly millijoules: PerSide<bigint>;
  /** Metered ms of the whole span, means weighted by rated power; substituted hours included */
  readonly meteredMs: PerSide<number>;
  /** Of the counted hours; by the same means */
  readonly coveredMs: PerSide<number>;
  readonly shareMs: Record<Share, PerSide<number>>;
  readonly parts: PerSide<Part[]>;
}

const zero = (): PerSide<number> => ({ facility: 0, it: 0 });

interface Known {
  energy: bigint;
  metered: number;
  readonly closed: Record<ClosedGap['kind'], number>;
}
const kinds = ['bridged', 'manual', 'imported'] as const;

/** What is known of a meter over a piece of a window, and over the same less some runs of hours. */
function known(book: HourBook, meter: string, { from, to }: Stretch, window: Stretch): (left: Runs) => Known {
  const gaps = book.closedGaps(meter, window.from, window.to);
  const { millijoules, meteredMs } = book.rise(meter, from, to);
  const importedMs = book.importedMs(meter, from, to);
  return (left) => {
    const out = left.list.length === 0 ? null : book.risen(meter, left);
    const closed = { bridged: 0, manual: 0, imported: 0 };
    for (const gap of gaps) {
      closed[gap.kind] += overlap(gap, from, to);
      for (const run of left.list) closed[gap.kind] -= overlap(gap, run.from, run.to);
    }
    const metered = meteredMs - (out?.meteredMs ?? 0) + closed.bridged + closed.manual + closed.imported;
    closed.imported += importedMs - (out?.importedMs ?? 0);
    return { energy: millijoules - (out?.millijoules ?? 0n), metered, closed };
  };
}

interface SideSum {
  micro: bigint;
  weights: number;
  metered: number;
  covered: number;
  readonly share: Record<Share, number>;
  readonly parts: Part[];
}

/** One side of a piece. Its hours that do not count are left out; where a backup stands in, the meter's own are too. */
function sumSide(
  book: HourBook,
  members: readonly SideMeter[],
  piece: Piece,
  window: Stretch,
  { excluded, substituted }: HourVerdict,
): SideSum {
  const sum: SideSum = {
    micro: 0n,
    weights: 0,
    metered: 0,
    covered: 0,
    share: { bridged: 0, manual: 0, imported: 0, substituted: 0 },
    parts: [],
  };
  const add = ({ meter, sign, weightMillionths }: SideMeter, energy: bigint): void => {
    const micro = energy * BigInt(sign * weightMillionths);
    sum.micro += micro;
    sum.parts.push({ meter, millijoules: Number(micro) / 1e6 });
  };
  const stand = (member: SideMeter, { meters, constantMilliwatts = 0 }: Sum, hours: Runs): void => {
    const weight = member.sign * member.weightMillionths;
    for (const run of hours.list) {
      // mW x s are mJ
      sum.micro += BigInt(constantMilliwatts) * BigInt((run.to - run.from) / 1000) * BigInt(weight);
      for (const one of meters) {
        const product = Math.round((weight * one.sign * one.weightMillionths) / 1e6);
        const { millijoules } = book.rise(one.meter, run.from, run.to);
        add({ ...one, sign: product < 0 ? -1 : 1, weightMillionths: Math.abs(product) }, millijoules);
      }
    }
  };
  const outside = new Runs(excluded);
  for (const member of members) {
    const { meter, ratedKw, backup } = member;
    const replaced = [...(substituted.get(member) ?? [])];
    const standing = replaced.filter((hour) => !excluded.has(hour));
    const less = known(book, meter, piece, window);
    const whole = less(new Runs(replaced));
    const own = less(replaced.length === 0 ? outside : new Runs([...excluded, ...standing]));
    add(member, own.energy);
    if (backup && standing.length > 0) stand(member, backup, new Runs(standing));
    sum.weights += ratedKw;
    sum.metered += ratedKw * (whole.metered + replaced.length * HOUR);
    sum.covered += ratedKw * (own.metered + standing.length * HOUR);
    sum.share.substituted += ratedKw * standing.length * HOUR;
    for (const kind of kinds) sum.share[kind] += ratedKw * own.closed[kind];
  }
  return sum;
}

const metersOf = ({ sides }: Piece): string[] =>
  [...sides.facility, ...sides.it].flatMap(({ meter, backup }) => [
    meter,
    ...(backup?.meters ?? []).map((one) => one.meter),
  ]);

/**
 * Adds up both sides over the hours of `span` in which every meter of either, or its backup, was metered for at least
 * 95 %; the same hours are left out on both sides, and those of `left` too. Spans of energy known as a whole count where
 * `span` holds all of them.
 */
export function sumSpan(
  book: HourBook,
  trees: readonly Tree[],
  span: Stretch,
  left: ReadonlySet<number> = new Set(),
): SpanSum {
  const millijoules: PerSide<bigint> = { facility: 0n, it: 0n };
  const [meteredMs, coveredMs] = [zero(), zero()];
  const shareMs: SpanSum['shareMs'] = { bridged: zero(), manual: zero(), imported: zero(), substituted: zero() };
  const parts: PerSide<Part[]> = { facility: [], it: [] };
  const excluded = new Set<number>();
  let countedMs = 0;
  for (const piece of piecesOf(trees, span.from, span.to)) {
    const meters = metersOf(piece);
    book.look(meters, [piece.from, piece.to]);
    const judged = judgeHours(book, piece, span);
    const leaving = [...left].filter((hour) => hour >= piece.from && hour < piece.to);
    const verdict = { ...judged, excluded: new Set([...judged.excluded, ...leaving]) };
    for (const hour of verdict.excluded) excluded.add(hour);
    book.lookRisen(meters, new Runs(verdict.excluded));
    const counted = piece.to - piece.from - verdict.excluded.size * HOUR;
    countedMs += counted;
    for (const name of sideNames) {
      const members = piece.sides[name];
      if (members.length === 0) continue;
      const sum = sumSide(book, members, piece, span, verdict);
      // mW x s are mJ
      const constant = BigInt(piece.sides.constants?.[name] ?? 0) * BigInt(counted / 1000);
      millijoules[name] += sum.micro / 1_000_000n + constant;
      meteredMs[name] += sum.metered / sum.weights;
      coveredMs[name] += sum.covered / sum.weights;
      for (const share of shares) shareMs[share][name] += sum.share[share] / sum.weights;
      parts[name].push(...sum.parts);
    }
  }
  return { countedMs, excluded, millijoules, meteredMs, coveredMs, shareMs, parts };
}
