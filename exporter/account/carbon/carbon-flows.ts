import type { HourBook } from '../ledger/hour-book.ts';
import { judgeHours } from '../pue/pue-hours.ts';
import { piecesOf, type Flow, type Piece, type SideMeter, type Sum, type Tree } from '../ledger/sides.ts';
import { HOUR } from '../pue/window.ts';

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

/** Instants that are looked up one by one; hours in a row that are read at once, in some ms. */
const FEW = 10;
const MANY = 500;

const MILLION = 1_000_000n;
const floored = (micro: bigint): bigint => micro / MILLION - (micro % MILLION < 0n ? 1n : 0n);

/** Reads each meter's total at an instant once, until written hours change: a year by the hour has 8,760 of them. */
export class Totals {
  readonly book: HourBook;
  readonly #read = new Map<string, { readonly version: number; readonly totals: Map<number, bigint> }>();

  constructor(book: HourBook) {
    this.book = book;
  }

  #of(meter: string): Map<number, bigint> {
    const { version } = this.book;
    let read = this.#read.get(meter);
    if (read?.version !== version) this.#read.set(meter, (read = { version, totals: new Map() }));
    return read.totals;
  }

  /** Reads many instants, in order, at once. */
  look(meters: readonly string[], instants: readonly number[]): void {
    for (const meter of meters) {
      const totals = this.#of(meter);
      const unknown = instants.filter((at) => !totals.has(at));
      const [first, last] = [unknown[0], unknown.at(-1)];
      if (first === undefined || last === undefined || unknown.length < FEW) continue;
      for (const [at, { millijoules }] of this.book.totals(meter, first, last + HOUR)) totals.set(at, millijoules);
    }
  }

  at(meter: string, instant: number): bigint {
    const totals = this.#of(meter);
    const known = totals.get(instant);
    if (known !== undefined) return known;
    const total = this.book.at(meter, instant).millijoules;
    // Past the last written hour the total is not known yet.
    if (instant <= (this.book.span(meter)?.to ?? -Infinity)) totals.set(instant, total);
    return total;
  }
}

/**
 * The hours of `span` that count by the rule of PUE, as spans between `cuts` (full hours); hours whose tree does not
 * say what crossed the boundary are left out. Cutting finer changes no sum: levels are rounded, not differences.
 */
export function* flowSpans(
  totals: Totals,
  trees: readonly Tree[],
  span: { readonly from: number; readonly to: number },
  cuts: readonly number[],
): Iterable<FlowSpan> {
  const level = ({ meters, constantMilliwatts = 0 }: Sum, at: number): bigint => {
    const micro = meters.reduce(
      (sum, { meter, sign, weightMillionths }) => sum + BigInt(sign * weightMillionths) * totals.at(meter, at),
      0n,
    );
    // mW x s are mJ
    return floored(micro) + BigInt(constantMilliwatts) * BigInt(at / 1000);
  };
  function* measure(piece: Piece, flows: readonly Flow[]): Iterable<FlowSpan> {
    const { excluded, substituted } = judgeHours(totals.book, piece, span);
    const backed = new Map([...substituted].map(([{ meter }, hours]) => [meter, hours]));
    const inner = [...cuts, ...edgesOf(excluded), ...[...backed.values()].flatMap(edgesOf)];
    const within = inner.filter((at) => piece.from < at && at < piece.to);
    const marks = [...new Set([piece.from, ...within, piece.to])].sort((a, b) => a - b);
    // An hour begins where the one before it ended.
    const levels = new Map<Flow, { readonly members: Sum; readonly at: number; readonly value: bigint }>();
    const meters = flows.flatMap(({ sum }) => sum.meters.map(({ meter }) => meter));
    for (const [i, from] of marks.entries()) {
      const to = marks[i + 1];
      if (i % MANY === 0) totals.look(meters, marks.slice(i, i + MANY + 1));
      if (to === undefined || excluded.has(from)) continue;
      const imported = new Map<string, bigint>();
      const others = { generation: 0n, export: 0n };
      for (const flow of flows) {
        const { direction, carrier, sum } = flow;
        const members = membersAt(sum, from, backed);
        const before = levels.get(flow);
        const value = level(members, to);
        const energy =
          value - (before?.members === members && before.at === from ? before.value : level(members, from));
        levels.set(flow, { members, at: to, value });
        if (direction === 'import') imported.set(carrier, (imported.get(carrier) ?? 0n) + energy);
        else others[direction] += energy;
      }
      yield { from, to, imported, generated: others.generation, exported: others.export };
    }
  }
  for (const piece of piecesOf(trees, span.from, span.to))
    if (piece.sides.flows) yield* measure(piece, piece.sides.flows);
}
