import type { DatabaseSync } from 'node:sqlite';
import type { Plan } from '../../../model/plan.ts';
import { entryStatement, putEntry } from '../ledger/brought.ts';
import { treesOnRecord } from '../audit/closing-trees.ts';
import { HourBook } from '../ledger/hour-book.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { closedMonths } from './past-closed.ts';
import { ratioCorrections, RESTATE } from './past-ratios.ts';
import { treeChanges, type TreeChange } from './past-trees.ts';
import { monthlyPue, reissued, treesWith } from '../ledger/reissue.ts';
import type { Tree } from '../ledger/sides.ts';

interface Options {
  readonly plan: Plan;
  readonly sites: readonly string[];
  /** All instants up to now at which meters begin or end their declared life */
  readonly turns: readonly number[];
  readonly now: number;
}

/** What the declaration says of hours that are not closed, where the ledger says otherwise. */
export interface Difference {
  readonly ratios: ReturnType<typeof ratioCorrections>;
  readonly trees: readonly TreeChange[];
}

export const isSame = ({ ratios, trees }: Difference): boolean => ratios.length === 0 && trees.length === 0;

const iso = (at: number): string => new Date(at).toISOString();

/** For an event and a log line: which meters' ratios, and which sites' trees. */
export const differenceText = ({ ratios, trees }: Difference): LedgerEvent['detail'] => ({
  ...(ratios.length > 0 && { ct_ratio: [...new Set(ratios.map(({ meter }) => meter))].join(' ') }),
  ...(trees.length > 0 && { trees: trees.map(({ scope, from }) => `${scope} from ${iso(from)}`).join(', ') }),
});

export function pastDifference(database: DatabaseSync, { plan, sites, turns, now }: Options): Difference {
  const book = new HourBook(database);
  const own = plan.estate.meters.filter(({ site }) => sites.includes(site));
  const closed = closedMonths(database);
  return {
    ratios: ratioCorrections(database, book, own),
    trees: treeChanges(treesOnRecord(database), { plan, sites, turns, book, closed, now }),
  };
}

/** Makes the hours that are not closed what the declaration says of them: all of it in one transaction, or nothing. */
export function restate(database: DatabaseSync, reason: string, options: Options): Difference {
  const { plan, now } = options;
  const difference = pastDifference(database, options);
  if (isSame(difference)) return difference;
  const { ratios, trees: changes } = difference;
  const record = treesOnRecord(database);
  const touched = new Map<string, readonly Tree[]>([
    ...ratios.flatMap(({ meter }) => [...treesWith(record, meter)]),
    ...changes.map(({ scope, before }) => [scope, before] as const),
  ]);
  const span = { from: Math.min(...[...ratios, ...changes].map(({ from }) => from)), to: now };
  const before = monthlyPue(new HourBook(database), touched, span, now);
  database.exec('BEGIN IMMEDIATE');
  try {
    const entry = entryStatement(database);
    for (const one of ratios) putEntry(entry, { ...one, who: RESTATE, why: reason, evidence: null }, now);
    const [drop, put] = [
      database.prepare('DELETE FROM tree WHERE site = ?'),
      database.prepare('INSERT INTO tree VALUES (?, ?, ?)'),
    ];
    for (const { scope, after } of changes) {
      drop.run(scope);
      for (const { since, sides } of after) put.run(scope, since, JSON.stringify(sides));
    }
    const rewritten = treesOnRecord(database);
    const then = new Map([...touched.keys()].map((scope) => [scope, rewritten.get(scope) ?? []]));
    const after = monthlyPue(new HourBook(database), then, span, now);
    const events = [
      ...ratios.map(({ meter, from, to, factor, millijoules }): LedgerEvent => {
        const site = plan.estate.meters.find(({ id }) => id === meter)?.site ?? '';
        const by: LedgerEvent['detail'] = factor === undefined ? { millijoules: String(millijoules) } : { factor };
        const detail = { reason, from: iso(from), to: iso(to), ...by };
        return { at: now, site, source: meter, kind: 'restated', detail, wire: '' };
      }),
      ...reissued('restated', { before, after, span, now }, { reason }).map((event) => {
        const old = changes.find(({ scope }) => scope === event.source);
        return old ? { ...event, detail: { ...event.detail, trees_before: JSON.stringify(old.before) } } : event;
      }),
    ];
    const event = database.prepare(
      'INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)',
    );
    for (const e of events) event.run(e.at, e.site, e.source, e.kind, JSON.stringify(e.detail), e.wire);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
  return difference;
}
