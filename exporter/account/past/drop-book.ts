import type { DatabaseSync } from 'node:sqlite';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Steps } from '../ledger/slices.ts';
import type { PastFile } from './import-past.ts';
import { transaction } from './past-transaction.ts';

/** What became of a file that was put into a folder. A closed list, label values of greenflops_drop_files_total. */
export const dropOutcomes = {
  imported: { zh: '已入账', en: 'its energy is in the ledger' },
  refused: { zh: '有误，未入账', en: 'something of it is wrong, nothing was booked' },
  known: { zh: '内容先前已入账', en: 'its bytes are in the ledger already' },
} as const;
export type DropOutcome = keyof typeof dropOutcomes;

/** The events of the last two; what was imported has the import's own. */
const EVENTS = { file_refused: 'refused', file_known: 'known' } as const satisfies Record<string, DropOutcome>;
type DropEvent = keyof typeof EVENTS;

interface Told {
  /** Unix ms */
  readonly at: number;
  /** By what the file is known again */
  readonly key: string;
  readonly file: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** What a ledger knows of the files of some meters: no bytes are booked twice, and no wrong ones tried twice. */
export class DropBook {
  readonly #meters: readonly Meter[];
  /** By what a file is known -> the name under which that became so */
  readonly #known: Readonly<Record<DropOutcome, Map<string, string>>> = {
    imported: new Map(),
    refused: new Map(),
    known: new Map(),
  };

  /** @param meters those that share a folder */
  constructor(database: DatabaseSync, meters: readonly Meter[]) {
    this.#meters = meters;
    const ids = JSON.stringify(meters.map(({ id }) => id));
    const imported = database.prepare(
      `SELECT files FROM past WHERE valid = 1 AND id IN
         (SELECT past FROM past_meter WHERE meter IN (SELECT value FROM json_each(?))) ORDER BY id`,
    );
    for (const row of imported.all(ids))
      for (const { name, sha256 } of JSON.parse(String(row['files'])) as PastFile[]) this.imported({ name, sha256 });
    const events = database.prepare(
      `SELECT kind, detail FROM event
         WHERE kind IN ('file_refused', 'file_known') AND source IN (SELECT value FROM json_each(?)) ORDER BY id`,
    );
    for (const row of events.all(ids)) {
      const { key, file } = JSON.parse(String(row['detail'])) as { key: string; file: string };
      this.#remember(EVENTS[row['kind'] as DropEvent], key, file);
    }
  }

  #remember(outcome: DropOutcome, key: string, name: string): void {
    const names = this.#known[outcome];
    if (!names.has(key)) names.set(key, name);
  }

  /** Files by outcome, since the ledger was made. */
  count(outcome: DropOutcome): number {
    return this.#known[outcome].size;
  }

  /** The first name of bytes that are in the ledger. */
  importedAs(sha256: string): string | null {
    return this.#known.imported.get(sha256) ?? null;
  }

  /** Whether all is told of a file by this key. */
  isTold(outcome: DropOutcome, key: string): boolean {
    return this.#known[outcome].has(key);
  }

  /** Its energy became valid: that is on record already. */
  imported({ name, sha256 }: PastFile): void {
    this.#remember('imported', sha256, name);
  }

  /** Writes down that a file was not imported, and why; throws what SQLite says. */
  *tell(database: DatabaseSync, kind: DropEvent, { at, key, file, detail }: Told): Steps<void> {
    const [meter] = this.#meters;
    const put = database.prepare('INSERT INTO event (at, site, source, kind, detail, wire) VALUES (?, ?, ?, ?, ?, ?)');
    const json = JSON.stringify({ file, ...detail, key });
    yield* transaction(database, () => put.run(at, meter?.site ?? '', meter?.id ?? '', kind, json, ''));
    this.#remember(EVENTS[kind], key, file);
  }
}
