import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { AuditSource, AuditTable, Cell, Row } from './audit-table.ts';
import { refuse } from '../ledger/ledger-file.ts';

/** What the manifest says of a file. */
export interface FileEntry {
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: Readonly<Record<string, number>>;
}

const PIECE = 1 << 16;

/** What is done with a file of the folder; where the disk refuses, the user is told which file, why, and what to do. */
export function onDisk<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    return refuse(
      `${path} 无法写入（${error.message}）：导出未完成。请腾出空间或检查权限，删除该文件夹后重新导出，或换一个 --out`,
      `${path} cannot be written (${error.message}): the export is not complete. Make room or check permissions, remove the folder and export again, or choose another --out`,
      error,
    );
  }
}

/** Writes text piece by piece and hashes it on the way: a year of hours never stands in memory. */
class HashedFile {
  readonly #path: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #waiting = '';
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = onDisk(path, () => openSync(path, 'wx'));
  }

  write(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length >= PIECE) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting);
    onDisk(this.#path, () => {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    });
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#waiting = '';
  }

  close(): { sha256: string; bytes: number } {
    this.#flush();
    onDisk(this.#path, () => closeSync(this.#file));
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }
}

/** RFC 4180: quoted where it holds a comma, a quote or a line end; CRLF after each record. */
const field = (cell: Cell): string =>
  cell === null ? '' : /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
const record = (row: Row): string => `${row.map(field).join(',')}\r\n`;

type Counted = (table: AuditTable) => Iterable<Row>;

function writeFile(
  path: string,
  tables: readonly AuditTable[],
  source: AuditSource,
  lines: (rows: Counted) => Iterable<string>,
): FileEntry {
  const file = new HashedFile(path);
  const rows: Record<string, number> = Object.fromEntries(tables.map(({ name }) => [name, 0]));
  function* counted({ name, rows: all }: AuditTable): Iterable<Row> {
    for (const row of all(source)) {
      rows[name] = (rows[name] ?? 0) + 1;
      yield row;
    }
  }
  for (const line of lines(counted)) file.write(line);
  return { ...file.close(), rows };
}

function* csv(table: AuditTable, rows: Counted): Iterable<string> {
  yield record(table.columns);
  for (const row of rows(table)) yield record(row);
}

function* json(tables: readonly AuditTable[], rows: Counted): Iterable<string> {
  let before = '{';
  for (const table of tables) {
    yield `${before}\n${JSON.stringify(table.name)}: [`;
    let comma = '';
    for (const row of rows(table)) {
      yield `${comma}\n${JSON.stringify(Object.fromEntries(table.columns.map((column, i) => [column, row[i] ?? null])))}`;
      comma = ',';
    }
    yield ']';
    before = ',';
  }
  yield '\n}\n';
}

export const formats = ['csv', 'json'] as const;
export type Format = (typeof formats)[number];

/** Writes the parts into a folder; each file's entry for the manifest by its name. */
export function writeTables(
  folder: string,
  format: Format,
  tables: readonly AuditTable[],
  source: AuditSource,
): Record<string, FileEntry> {
  if (format === 'json')
    return { 'audit.json': writeFile(`${folder}/audit.json`, tables, source, (rows) => json(tables, rows)) };
  return Object.fromEntries(
    tables.map((table) => {
      const name = `${table.name}.csv`;
      return [name, writeFile(`${folder}/${name}`, [table], source, (rows) => csv(table, rows))];
    }),
  );
}
