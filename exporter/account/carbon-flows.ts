import { floor, rational } from '../../model/rational.ts';
import type { HourBook } from './hour-book.ts';
import { judgeHours } from './pue-hours.ts';
import { piecesOf, type Flow, type Piece, type SideMeter, type Sum, type Tree } from './sides.ts';
import { HOUR } from './window.ts';

/** What crossed the boundary over a span of hours that count, in mJ; by carrier where it is bought. */
export interface FlowSpan {
  readonly from: number;
  readonly to: number;
  readonly imported: ReadonlyMap<string, bigint>;
  readonly generated: bigint;
  readonly exported: bigint;
}

type Hours = ReadonlySet<number>;

/** Where runs of hours begin and end. */
export const edgesOf = (hours: Hours): number[] =>
  [...hours].flatMap((hour) => [hour, hour + HOUR].filter((at) => hours.has(at) !== hours.has(at - HOUR)));

/** A backup as it stands for the meter whose place it takes. */
function standIn(member: SideMeter, { meters, constantMilliwatts = 0 }: Sum): Sum {
  const weight = member.sign * member.weightMillionths;
  return {
    meters: meters.map((one) => {
      const product = Math.round((weight * one.sign * one.weightMillionths) / 1e6);
      return { ...one, sign: product < 0 ? -1 : 1, weightMillionths: Math.abs(product) };
    }),
    constantMilliwatts: Math.round((constantMilliwatts * weight) / 1e6),
  };
}

/** The meters that a sum is made of in an hour. */
function membersAt(sum: Sum, hour: number, backed: ReadonlyMap<string, Hours>): Sum {
  if (backed.size === 0) return sum;
  const { meters, constantMilliwatts = 0 } = sum;
  const parts = meters.map((member): Sum =>
    member.backup && backed.get(member.meter)?.has(hour) ? standIn(member, member.backup) : { meters: [member] },
  );
  return {
    meters: parts.flatMap((part) => part.meters),
    constantMilliwatts: parts.reduce((total, part) => total + (part.constantMilliwatts ?? 0), constantMilliwatts),
  };
}

/** Reads each meter's total at an instant once, until written hours change: a year by the hour has 8,760 of them. */
export class Totals {
  readonly book: HourBook;
  readonly #read = new Map<string, { readonly version: number; readonly totals: Map<number, bigint> }>();

  constructor(book: HourBook) {
    this.book = book;
  }

  at(meter: string, instant: number): bigint {
    const { version } = this.book;
    let read = this.#read.get(meter);
    if (read?.version !== version) this.#read.set(meter, (read = { version, totals: new Map() }));
    const known = read.totals.get(instant);
    if (known !== undefined) return known;
    const total = this.book.at(meter, instant).millijoules;
    // Past the last written hour the total is not known yet.
    if (instant <= (this.book.span(meter)?.to ?? -Infinity)) read.totals.set(instant, total);
    return total;
  }
}

/**
 * The hours of `span` that count by the rule of PUE, as spans between `cuts` (full hours); hours whose tree does not
 * say what crossed the boundary are left out. Cutting finer changes no sum: levels are rounded, not differences.
 */
export function flowSpans(
  totals: Totals,
  trees: readonly Tree[],
  span: { readonly from: number; readonly to: number },
  cuts: readonly number[],
): FlowSpan[] {
  const level = ({ meters, constantMilliwatts = 0 }: Sum, at: number): bigint => {
    const micro = meters.reduce(
      (sum, { meter, sign, weightMillionths }) => sum + BigInt(sign * weightMillionths) * totals.at(meter, at),
      0n,
    );
    // mW x s are mJ
    return floor(rational(micro, 1_000_000n)) + BigInt(constantMilliwatts) * BigInt(at / 1000);
  };
  const measure = (piece: Piece, flows: readonly Flow[]): FlowSpan[] => {
    const { excluded, substituted } = judgeHours(totals.book, piece, span);
    const backed = new Map([...substituted].map(([{ meter }, hours]) => [meter, hours]));
    const inner = [...cuts, ...edgesOf(excluded), ...[...backed.values()].flatMap(edgesOf)];
    const within = inner.filter((at) => piece.from < at && at < piece.to);
    const marks = [...new Set([piece.from, ...within, piece.to])].sort((a, b) => a - b);
    return marks.slice(1).flatMap((to, i): FlowSpan[] => {
      const from = marks[i] ?? to;
      if (excluded.has(from)) return [];
      const imported = new Map<string, bigint>();
      const others = { generation: 0n, export: 0n };
      for (const { direction, carrier, sum } of flows) {
        const members = membersAt(sum, from, backed);
        const energy = level(members, to) - level(members, from);
        if (direction === 'import') imported.set(carrier, (imported.get(carrier) ?? 0n) + energy);
        else others[direction] += energy;
      }
      return [{ from, to, imported, generated: others.generation, exported: others.export }];
    });
  };
  return piecesOf(trees, span.from, span.to).flatMap((piece) =>
    piece.sides.flows ? measure(piece, piece.sides.flows) : [],
  );
}
