import type { DatabaseSync } from 'node:sqlite';
import type { Sides, Tree } from '../ledger/sides.ts';

/** The trees on record by site, or hall as 'site/hall'; the oldest first. */
export function treesOnRecord(database: DatabaseSync): Map<string, Tree[]> {
  const trees = new Map<string, Tree[]>();
  for (const { site, since, sides } of database.prepare('SELECT * FROM tree ORDER BY site, since').all()) {
    const list = trees.get(String(site)) ?? [];
    list.push({ since: Number(since), sides: JSON.parse(String(sides)) as Sides });
    trees.set(String(site), list);
  }
  return trees;
}

/** Those of which a span that ends then has something. */
export const treesBefore = (trees: readonly Tree[], end: number): Tree[] => trees.filter(({ since }) => since < end);

export const isSite = (scope: string): boolean => !scope.includes('/');
