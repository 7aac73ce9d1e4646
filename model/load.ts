import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checks } from './checks/index.ts';
import type { Draft } from './checks/check.ts';
import type { Fault } from './fault.ts';
import { fileKeys, files, type Declared, type FileKey, type Files } from './files.ts';
import { finding, type Finding } from './finding.ts';
import { parse, type Parsed } from './parse.ts';
import type { Plan } from './plan.ts';
import { PlanError } from './plan-error.ts';
import { readFile, type ReadFile } from './read-file.ts';

type Data = { [K in FileKey]?: Declared[K] };

/** Reads and checks the declaration in `dir`. Throws PlanError with every finding of every file at once. */
export function loadPlan(dir: string): Plan {
  const others = filesBeside(dir);
  const data: Data = {};
  const isThere = (key: FileKey): boolean => !files[key].absent || existsSync(join(dir, files[key].name));
  const read = new Map(fileKeys.filter(isThere).map((key) => [key, readFile(dir, files[key].name, others)]));
  const faults = new Map<FileKey, Fault[]>();
  const origins = new Map<FileKey, Parsed<unknown>['origin']>();
  const fit = <K extends FileKey>(key: K, { schema }: Files[K], value: unknown): void => {
    const parsed = parse<Declared[K]>(value, schema);
    data[key] = parsed.data;
    faults.set(key, parsed.faults);
    origins.set(key, parsed.origin);
  };
  for (const key of fileKeys) {
    const source = read.get(key)?.source;
    if (source) fit(key, files[key], source.value);
    else if (!read.has(key)) fit(key, files[key], files[key].absent);
  }
  const draft = draftOf(read, data);
  for (const { file, raw, fault } of checks.flatMap((check) => check(draft))) {
    const path = raw ? fault.path : (origins.get(file)?.(fault.path) ?? fault.path);
    faults.get(file)?.push({ ...fault, path });
  }
  const findings = [...read].flatMap(([key, file]) => findingsOf(file, faults.get(key) ?? []));
  if (findings.length > 0 || !isComplete(data)) throw new PlanError(dir, findings);
  const { accelerators, telemetry, calibration, ...rest } = data;
  return {
    ...rest,
    hash: hashOf(read),
    accelerators: byId(accelerators.accelerators),
    families: byId(telemetry.families),
    calibrations: calibration.calibrations,
    allocations: byId(telemetry.allocations),
  };
}

/** Names in the directory that are no file of the declaration: one of them may be a misspelt one. */
function filesBeside(dir: string): string[] {
  const names = new Set(fileKeys.map((key) => files[key].name));
  try {
    return readdirSync(dir).filter((name) => !names.has(name));
  } catch (error) {
    const place = { file: relative('', dir) || dir, line: 1, column: 1, path: '', value: null };
    const detail = error instanceof Error ? error.message : String(error);
    throw new PlanError(dir, [finding(place, 'no_directory', { detail })]);
  }
}

const draftOf = (read: ReadonlyMap<FileKey, ReadFile>, data: Data): Draft => ({
  data,
  raw: Object.fromEntries(fileKeys.map((key) => [key, read.get(key)?.source?.value])),
  line: (file, path) => read.get(file)?.source?.place(path, 'use').line ?? 1,
});

/** A file's findings in the order of the file. One fault of an anchor is told once, however often it is used. */
function findingsOf({ source, findings }: ReadFile, faults: readonly Fault[]): readonly Finding[] {
  if (!source) return findings;
  const broken = new Set(findings.map(({ line, column }) => `${line}:${column}`));
  const told = new Map<string, Finding>();
  for (const { path, spot, code, params, suggestion } of faults) {
    const place = source.place(path, spot);
    const spotText = `${place.line}:${place.column}`;
    // What a broken alias leaves empty is no fault of its own.
    if (broken.has(spotText)) continue;
    const key = `${spotText} ${code} ${path.at(-1)}`;
    if (!told.has(key)) told.set(key, { ...place, code, params, suggestion });
  }
  return [...findings, ...told.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

const byId = <T extends { id: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

const isComplete = (data: Data): data is Required<Data> => fileKeys.every((key) => data[key] !== undefined);

/** Names and bytes of all files: what the ledger keeps with each hour. */
function hashOf(read: ReadonlyMap<FileKey, ReadFile>): string {
  const hash = createHash('sha256');
  for (const [key, { bytes }] of read) hash.update(`${files[key].name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}
