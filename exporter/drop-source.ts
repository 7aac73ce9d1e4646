import { isDeepStrictEqual } from 'node:util';
import { dropFiles, dropFilesWaiting } from '../model/metrics/file-drop.ts';
import type { Emit } from '../model/metrics/metric.ts';
import {
  sourceConsecutiveFailures,
  sourceDuration,
  sourceFailures,
  sourceLastSuccess,
  sourceUp,
} from '../model/metrics/source.ts';
import type { Meter } from '../model/schema/meter.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { DropGroup } from './account/past/drop-import.ts';
import { DropDesk } from './account/past/drop-desk.ts';
import type { DropOutcome } from './account/past/drop-book.ts';
import type { Clock } from './clock.ts';
import type { MeterEvent } from './judge/meter/meter.ts';
import { DropFolder } from './read/file-drop/drop-folder.ts';
import { ReadError } from './read/reader.ts';
import type { Polled } from './source.ts';
import { Due } from './timetable-due.ts';

const OUTCOMES: readonly DropOutcome[] = ['imported', 'refused', 'known'];

/** What is remembered of a folder between looks. */
interface Memory {
  readonly folder: DropFolder;
  readonly failures: Map<string, number>;
  inARow: number;
  up: boolean | null;
  waiting: number;
  durationMs: number;
  lastSuccess: number | null;
}

interface DropOptions {
  readonly group: DropGroup;
  /** Path of the ledger */
  readonly ledger: string;
  readonly note: Accountant['note'];
}

/** A folder into which files are put: looked at on the timetable, for all meters that share it. */
export class DropSource implements Polled {
  readonly #meters: readonly Meter[];
  readonly #note: Accountant['note'];
  readonly #desk: DropDesk;
  readonly #due: Due;
  #busy = false;
  #memory: Memory;

  constructor({ group, ledger, note }: DropOptions) {
    const { folder } = group.source;
    this.#meters = group.meters;
    this.#note = note;
    this.#desk = new DropDesk(group, ledger);
    this.#memory = {
      folder: new DropFolder(folder),
      failures: new Map(),
      inARow: 0,
      up: null,
      waiting: 0,
      durationMs: 0,
      lastSuccess: null,
    };
    this.#due = new Due(this.key, Math.min(...group.meters.map(({ every }) => every)));
  }

  get key(): string {
    return `file-drop ${this.#desk.folder}`;
  }

  resume(earlier: Polled): void {
    if (!(earlier instanceof DropSource)) return;
    this.#memory = earlier.#memory;
    this.#desk.resume(earlier.#desk);
  }

  isDue(mono: number): boolean {
    return !this.#busy && this.#due.isDue(mono);
  }

  /**
   * Looks at the folder once and takes what is complete, one file after the other, in slices. Has no deadline, for each
   * file has its limits: what was begun is done in any case, unless the exporter stops or is declared anew. Never rejects.
   */
  async poll(clock: Clock, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const begun = clock.mono();
    this.#due.begin(begun);
    this.#busy = true;
    const memory = this.#memory;
    try {
      const { complete, waiting } = await memory.folder.scan();
      const left = await this.#desk.take(complete, clock, stop);
      memory.waiting = waiting.length + left;
      if (stop.aborted) return;
      if (memory.up === false) this.#tell({ kind: 'back', detail: {}, wire: '' }, clock);
      memory.up = true;
      memory.inARow = 0;
      memory.lastSuccess = clock.wall();
    } catch (error) {
      if (stop.aborted) return;
      this.#failed(
        error instanceof ReadError ? error : new ReadError('protocol', String(error), { cause: error }),
        clock,
      );
    } finally {
      memory.durationMs = clock.mono() - begun;
      this.#busy = false;
    }
  }

  #failed({ failure, message }: ReadError, clock: Clock): void {
    const memory = this.#memory;
    memory.failures.set(failure, (memory.failures.get(failure) ?? 0) + 1);
    memory.inARow += 1;
    if (memory.up !== false) this.#tell({ kind: 'silent', detail: { failure, message }, wire: '' }, clock);
    memory.up = false;
  }

  #tell(event: MeterEvent, clock: Clock): void {
    for (const { site, id } of this.#meters) this.#note(site, id, event, Math.round(clock.wall()));
  }

  emit(emit: Emit): void {
    const { failures, inARow, up, waiting, durationMs, lastSuccess } = this.#memory;
    for (const { site, id: source } of this.#meters) {
      const labels = { site, source };
      if (up !== null) {
        emit(sourceUp, labels, up ? 1 : 0);
        emit(sourceDuration, labels, durationMs / 1000);
        emit(sourceConsecutiveFailures, labels, inARow);
      }
      if (lastSuccess !== null) emit(sourceLastSuccess, labels, lastSuccess / 1000);
      for (const [failure, count] of failures) emit(sourceFailures, { ...labels, failure }, count);
    }
    // Files are the folder's: counted under its first meter.
    const [first] = this.#meters;
    const { book } = this.#desk;
    if (first === undefined || book === null) return;
    const labels = { site: first.site, source: first.id };
    for (const outcome of OUTCOMES) emit(dropFiles, { ...labels, outcome }, book.count(outcome));
    emit(dropFilesWaiting, labels, waiting);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One source for each folder that meters name. Throws where meters of one folder disagree about its files. */
export function dropSources(
  meters: readonly Meter[],
  { plan, ledger, note }: { readonly plan: string } & Omit<DropOptions, 'group'>,
): DropSource[] {
  const groups = new Map<string, { meters: Meter[] } & Omit<DropGroup, 'meters'>>();
  for (const meter of meters) {
    const { source } = meter;
    if (source.protocol !== 'file-drop') continue;
    const group = groups.get(source.folder) ?? { meters: [], source, plan };
    if (!isDeepStrictEqual({ ...group.source, meter: undefined }, { ...source, meter: undefined }))
      throw new Error(
        `meter ${meter.id}: its folder ${source.folder} is that of ${group.meters[0]?.id}: columns, unit, time_zone and encoding have to be the same`,
      );
    group.meters.push(meter);
    groups.set(source.folder, group);
  }
  return Array.from(groups.values(), (group) => new DropSource({ group, ledger, note }));
}
