import type { DatabaseSync } from 'node:sqlite';
import type { Meter } from '../../../model/schema/meter.ts';
import type { FileDropSource } from '../../../model/schema/sources.ts';
import type { Layout } from '../../read/past/energy-columns.ts';
import { readEnergySteps, type LineFault } from '../../read/past/energy-csv.ts';
import type { EnergyRows } from '../../read/past/energy-rows.ts';
import { zoneOf } from '../../read/past/energy-time.ts';
import type { DropFile } from '../../read/file-drop/drop-file.ts';
import type { Steps } from '../ledger/slices.ts';
import { importPastSteps } from './import-past.ts';
import { checkPastSteps } from './past-check.ts';

/** Five years of one meter's hours. */
const MOST_LINES = 50_000;
/** Enough to see what is wrong with a file. */
const MOST_FAULTS = 100;
/** Hours in a transaction: some 2 ms on a fast disk. */
const BATCH = 200;

/** Meters whose files are put into one folder. */
export interface DropGroup {
  readonly meters: readonly Meter[];
  readonly source: FileDropSource;
  /** Hash of the declaration */
  readonly plan: string;
}

export type Dropped =
  | { readonly lines: number }
  /** The first fault by line, and how many there are at least */
  | { readonly fault: LineFault; readonly faults: number };

const called = ({ id, source }: Meter): string =>
  source.protocol === 'file-drop' && source.meter !== undefined ? source.meter : id;

const layoutOf = ({ meters, source }: Pick<DropGroup, 'meters' | 'source'>): Layout => ({
  columns: source.columns ?? null,
  unit: source.unit ?? null,
  meters: new Map(meters.map((meter) => [called(meter), meter.id])),
});

/** Lines of meters whose files do not belong here: a job that writes elsewhere, or a name that is not declared. */
function strangers(rows: Map<string, EnergyRows>, { meters, source }: DropGroup): LineFault[] {
  const faults: LineFault[] = [];
  for (const [id, own] of rows) {
    const first = own.at(0);
    if (first === undefined || meters.some((meter) => meter.id === id)) continue;
    const names = [...layoutOf({ meters, source }).meters.keys()].slice(0, 20).join(', ');
    faults.push({
      file: first.file,
      line: first.line,
      text: {
        zh: `表 "${id}" 的文件不放在此文件夹；此处的表：${names}`,
        en: `files of the meter "${id}" are not put into this folder; those of ${names} are`,
      },
    });
  }
  return faults;
}

/**
 * Brings what a file holds into the ledger as the past, as `greenflops import` does: all of it, or nothing. In steps of
 * some ms; ended early, nothing was brought. Throws what the ledger says.
 * @param now Unix ms
 */
export function* dropSteps(database: DatabaseSync, file: DropFile, group: DropGroup, now: number): Steps<Dropped> {
  const { meters, source, plan } = group;
  const zone = zoneOf(source.time_zone);
  if (zone === null) throw new TypeError(`time_zone ${source.time_zone} is no zone`);
  const rows = new Map<string, EnergyRows>();
  const read = yield* readEnergySteps(
    file.name,
    file.chunks,
    {
      encoding: source.encoding ?? file.encoding,
      zone,
      layout: layoutOf(group),
      mostLines: MOST_LINES,
      mostFaults: MOST_FAULTS,
    },
    rows,
  );
  const early = [...read.faults, ...strangers(rows, group)];
  const { pasts, faults } =
    early.length > 0
      ? { pasts: [], faults: early }
      : yield* checkPastSteps(rows, meters, { database, now, zone, mostFaults: MOST_FAULTS });
  const [fault] = faults.toSorted((a, b) => a.line - b.line);
  if (fault) return { fault, faults: faults.length };
  const files = [{ name: file.name, sha256: file.sha256 }];
  yield* importPastSteps(database, pasts, { plan, files, now, batch: BATCH });
  return { lines: read.lines };
}
