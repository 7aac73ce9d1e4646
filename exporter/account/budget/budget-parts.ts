import type { HourBook } from '../ledger/hour-book.ts';
import type { Stretch } from '../past/past.ts';
import { overlap } from '../pue/pue-hours.ts';
import { piecesOf, type SideMeter, type Sides, type Tree } from '../ledger/sides.ts';
import { sumSpan, type SpanSum } from '../ledger/span-sum.ts';
import { monthStart } from '../pue/window.ts';

/** What was counted of a part of a window. */
export interface PartSum extends Stretch {
  readonly sum: SpanSum;
}

const NOBODY: Sides = { facility: [], it: [] };

/** The months of a span, the first and the last one cut where it begins and ends; calendar of Asia/Shanghai. */
export function monthsOf({ from, to }: Stretch): Stretch[] {
  const parts: Stretch[] = [];
  for (let begin = from; begin < to; begin = monthStart(begin, 1))
    parts.push({ from: begin, to: Math.min(monthStart(begin, 1), to) });
  return parts;
}

/**
 * Adds up a part of a window. Which of its hours count is judged by the whole window, so that a gap that is closed
 * across the end of a month counts in both months of a year.
 */
export function sumPart(book: HourBook, trees: readonly Tree[], window: Stretch, part: Stretch): PartSum {
  const inside = piecesOf(trees, part.from, part.to).map(({ from, sides }) => ({ since: from, sides }));
  const masked = [{ since: -Infinity, sides: NOBODY }, ...inside, { since: part.to, sides: NOBODY }];
  const sum = sumSpan(book, masked, window);
  // Hours beside the part have no meter that could fail: all of them were counted.
  const beside = window.to - window.from - (part.to - part.from);
  return { ...part, sum: { ...sum, countedMs: sum.countedMs - beside } };
}

const withBackups = (member: SideMeter): string[] => [
  member.meter,
  ...(member.backup?.meters.map(({ meter }) => meter) ?? []),
];

/** Keeps parts of windows counted for as long as nothing came to their hours. */
export class PartSums {
  readonly #book: HourBook;
  #kept = new Map<string, { readonly state: string; readonly counted: PartSum }>();
  #used = new Map<string, { readonly state: string; readonly counted: PartSum }>();

  constructor(book: HourBook) {
    this.#book = book;
  }

  of(trees: readonly Tree[], window: Stretch, parts: readonly Stretch[]): PartSum[] {
    const state = this.#stateOf(trees, window);
    return parts.map((part) => {
      const key = `${window.from}/${part.from}/${part.to}`;
      const now = state(part);
      const before = this.#used.get(key) ?? this.#kept.get(key);
      const kept = before?.state === now ? before : { state: now, counted: sumPart(this.#book, trees, window, part) };
      this.#used.set(key, kept);
      return kept.counted;
    });
  }

  /** Forgets the parts that nobody has asked for since the last call. */
  sweep(): void {
    this.#kept = this.#used;
    this.#used = new Map();
  }

  /** Hours are written once; what comes to them later is an import, an entry, or a gap that is closed across them. */
  #stateOf(trees: readonly Tree[], window: Stretch): (part: Stretch) => string {
    const members = piecesOf(trees, window.from, window.to).flatMap(({ sides }) => [...sides.facility, ...sides.it]);
    const names = [...new Set(members.flatMap(withBackups))];
    this.#book.look(names, []);
    const meters = names.map((meter) => ({
      span: this.#book.span(meter),
      brought: `${this.#book.entries.of(meter).length}+${this.#book.past.stretches(meter).length}`,
      closed: this.#book.closedGaps(meter, window.from, window.to),
    }));
    return ({ from, to }) =>
      meters
        .map(({ span, brought, closed }) => {
          const gaps = closed.filter((gap) => overlap(gap, from, to) > 0).length;
          return [span && Math.max(span.from, from), span && Math.min(span.to, to), brought, gaps].join(' ');
        })
        .join(', ');
  }
}
