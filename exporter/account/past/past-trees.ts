import type { Plan } from '../../../model/plan.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { hourOf } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';
import { pueScopes } from '../pue/pue-sites.ts';
import type { Sides, Tree } from '../ledger/sides.ts';

const text = (sides: Sides | undefined): string => JSON.stringify(sides ?? null);
const sidesAt = (trees: readonly Tree[], at: number): Sides | undefined =>
  trees.findLast(({ since }) => since <= at)?.sides;

/** The same without what an hour later says again; the first one begins at 0. */
function joined(trees: readonly Tree[]): Tree[] {
  const list: Tree[] = [];
  for (const tree of trees) if (text(list.at(-1)?.sides) !== text(tree.sides)) list.push(tree);
  return list.map((tree, i) => (i === 0 ? { ...tree, since: 0 } : tree));
}

/** The trees of each scope by what the declaration says now of each hour since `turns`, the instants at which it changes. */
function declared(plan: Plan, sites: readonly string[], turns: readonly number[]): Map<string, Tree[]> {
  const byScope = new Map<string, Tree[]>();
  for (const at of [0, ...turns]) {
    for (const { id, sides } of pueScopes(plan, sites, at)) {
      const before = (byScope.get(id) ?? []).filter(({ since }) => since < hourOf(at));
      byScope.set(id, [...before, { since: hourOf(at), sides }]);
    }
  }
  return byScope;
}

/** Of hours before the first one there is nothing to restate. */
const since = (trees: readonly Tree[], first: number): Tree[] =>
  trees.filter((_, i) => (trees[i + 1]?.since ?? Infinity) > first);

export interface TreeChange {
  readonly scope: string;
  readonly before: readonly Tree[];
  readonly after: readonly Tree[];
  /** The first hour for which they differ */
  readonly from: number;
}

/** Scopes whose trees on record say otherwise of hours that are not closed than the declaration does. `turns`: all instants up to now at which meters begin or end. */
export function treeChanges(
  record: ReadonlyMap<string, readonly Tree[]>,
  {
    plan,
    sites,
    turns,
    book,
    closed,
    now,
  }: {
    readonly plan: Plan;
    readonly sites: readonly string[];
    readonly turns: readonly number[];
    readonly book: HourBook;
    readonly closed: readonly Stretch[];
    readonly now: number;
  },
): TreeChange[] {
  return [...declared(plan, sites, turns)].flatMap(([scope, says]): TreeChange[] => {
    const before = record.get(scope);
    if (before === undefined) return [];
    const members = [...before, ...says].flatMap(({ sides }) => [...sides.facility, ...sides.it]);
    const begins = members.flatMap(({ meter }) => book.span(meter)?.from ?? []);
    if (begins.length === 0) return [];
    const first = Math.min(...begins);
    const points = [...before, ...says].map((tree) => tree.since).concat(closed.flatMap(({ from, to }) => [from, to]));
    const hours = [...new Set([first, ...points])].filter((at) => at >= first).sort((a, b) => a - b);
    const isClosed = (at: number): boolean => closed.some(({ from, to }) => from <= at && at < to);
    const after = joined(
      hours.flatMap((at) => {
        const sides = sidesAt(isClosed(at) ? before : since(says, first), at);
        return sides ? [{ since: at, sides }] : [];
      }),
    );
    // The hour that goes on has the sides of today, whatever came before.
    const differ = hours.find((at) => at < hourOf(now) && text(sidesAt(before, at)) !== text(sidesAt(after, at)));
    return differ === undefined ? [] : [{ scope, before, after, from: differ }];
  });
}
