import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Plan } from '../../../model/plan.ts';
import { onDisk, writeTables, type FileEntry, type Format } from './audit-file.ts';
import { auditTables } from './audit-tables.ts';
import { auditTime } from './audit-value.ts';
import { verifier } from './audit-verifier.ts';
import { treesOnRecord } from './closing-trees.ts';
import { HourBook } from '../ledger/hour-book.ts';
import { refuse } from '../ledger/ledger-file.ts';
import type { Stretch } from '../past/past.ts';
import { SCHEMA_VERSION } from '../ledger/schema.ts';

export interface AuditOptions {
  readonly plan: Plan;
  readonly program: string;
  readonly format: Format;
  /** Hours and windows of it; infinite where it is open */
  readonly range: Stretch;
}

/** null: as far as the ledger goes */
const bound = (at: number): string | null => (Number.isFinite(at) ? auditTime(at) : null);

/** Makes a folder that is to hold nothing but what is written now. */
function emptyFolder(folder: string): void {
  onDisk(folder, () => mkdirSync(folder, { recursive: true }));
  if (onDisk(folder, () => readdirSync(folder)).length > 0)
    refuse(`文件夹 ${folder} 不是空的：请换一个 --out`, `the folder ${folder} is not empty: choose another --out`);
}

/**
 * Writes the audit file of a ledger: its tables, the script that recomputes them, and a manifest with the SHA-256 of
 * each. One snapshot, also beside a running exporter; the same ledger and range give the same bytes.
 */
export function writeAudit(
  database: DatabaseSync,
  folder: string,
  { plan, program, format, range }: AuditOptions,
): Readonly<Record<string, FileEntry>> {
  emptyFolder(folder);
  database.exec('BEGIN');
  try {
    const source = {
      database,
      book: new HourBook(database),
      trees: treesOnRecord(database),
      plan,
      range,
    };
    const files = writeTables(folder, format, auditTables, source);
    const script = verifier();
    onDisk(`${folder}/verify.py`, () => writeFileSync(`${folder}/verify.py`, script));
    const sha256 = createHash('sha256').update(script).digest('hex');
    const manifest = {
      schema: 'greenflops/audit/v1',
      ledger_schema: SCHEMA_VERSION,
      program,
      declaration: plan.hash,
      time_zone: 'Asia/Shanghai',
      format,
      from: bound(range.from),
      to: bound(range.to),
      files: { ...files, 'verify.py': { sha256, bytes: script.length, rows: {} } },
    };
    const path = `${folder}/manifest.json`;
    onDisk(path, () => writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`));
    return files;
  } finally {
    database.exec('ROLLBACK');
  }
}
