import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openLedger } from '../../exporter/account/ledger/open-ledger.ts';
import { SCHEMA_VERSION } from '../../exporter/account/ledger/schema.ts';
import type { Check } from '../tally.ts';
import { atEachOperation } from './at-each-operation.ts';
import { filledLedger } from './filled-ledger.ts';
import { contentOf, type Shape, shapeOf } from './ledger-content.ts';

const FAULTS = 20;
const CYCLES = 300;
const ddl = (version: number): string => readFileSync(new URL(`ledger-v${version}.sql`, import.meta.url), 'utf8');

const ENTERED = `FROM filled.site_side AS s, json_each(s.entered) AS e WHERE e.key = meter.meter`;
/** Where columns of older versions are today: what of a meter is in a side stands with the side. */
const MOVED: Readonly<Record<string, string>> = {
  side: `coalesce((SELECT s.site || '/' || s.side ${ENTERED}), '')`,
  side_joules: `coalesce((SELECT CAST(e.value AS INTEGER) / 1000 ${ENTERED}), 0)`,
  plan: '(SELECT hash FROM filled.declaration WHERE id = declaration)',
  side_millijoules: `coalesce((SELECT CAST(e.value AS INTEGER) % 1000 ${ENTERED}), 0)`,
};

/** What of each meter is in each side, whichever version says so. */
function enteredOf(path: string, shape: Shape): unknown[] {
  const database = new DatabaseSync(path);
  try {
    const sql = shape.get('meter')?.includes('side')
      ? `SELECT side, meter, side_joules * 1000 + side_millijoules AS mj FROM meter WHERE side <> '' ORDER BY 1, 2`
      : `SELECT site || '/' || side AS side, e.key AS meter, CAST(e.value AS INTEGER) AS mj
           FROM site_side, json_each(entered) AS e ORDER BY 1, 2`;
    return database
      .prepare(sql)
      .all()
      .map(({ side, meter, mj }) => [side, meter, mj]);
  } finally {
    database.close();
  }
}

/** By which declaration each hour was written, whichever version says so. */
function declarationsOf(path: string, shape: Shape): unknown[] {
  const database = new DatabaseSync(path);
  try {
    const hash = shape.get('hour')?.includes('plan') ? 'plan' : '(SELECT hash FROM declaration WHERE id = declaration)';
    return database.prepare(`SELECT ${hash} AS hash, count(*) AS n, sum(hour) AS hours FROM hour GROUP BY 1`).all();
  } finally {
    database.close();
  }
}

/** Makes a ledger of an older version in `folder`, with the rows of `filled` and a part of them in its write-ahead log alone. */
function oldLedger(version: number, filled: string, folder: string): void {
  const path = join(folder, 'old.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL');
  for (let v = 1; v <= version; v++) database.exec(ddl(v));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.prepare('ATTACH ? AS filled').run(filled);
  const today = shapeOf(filled);
  for (const [table, columns] of shapeOf(path)) {
    const values = columns.map((name) => (today.get(table)?.includes(name) ? name : MOVED[name]));
    database.exec(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM filled.${table}`);
  }
  if (version > 1) {
    database.exec(`INSERT INTO past VALUES (1, 0, '[]', 'plan', 1);
      INSERT INTO past_meter VALUES (1, 'b-load', 0, 3600000, 7, 5, 7200000, '12/1');
      INSERT INTO past_hour VALUES (1, 'b-load', 0, 3, 0, 3600000, 0), (1, 'b-load', 3600000, 7, 5, 7200000, 0)`);
  }
  mkdirSync(join(folder, 'template'));
  for (const ending of ['', '-wal']) cpSync(path + ending, join(folder, 'template', `ledger.db${ending}`));
  database.close();
}

async function migrates(version: number): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-migration-'));
  const [dir, filled] = [join(base, 'store'), join(base, 'filled.db')];
  const path = join(dir, 'ledger.db');
  try {
    await filledLedger(filled, CYCLES);
    oldLedger(version, filled, base);
    const fresh = join(base, 'fresh.db');
    openLedger(fresh).close();
    const [old, today] = [shapeOf(join(base, 'old.db')), shapeOf(fresh)];
    // The columns that both have; what was moved is compared by itself.
    const shape = new Map(
      [...old].map(([table, names]) => [table, names.filter((one) => today.get(table)?.includes(one))]),
    );
    const before = contentOf(join(base, 'old.db'), shape);
    const entered = enteredOf(join(base, 'old.db'), old);
    const declarations = declarationsOf(join(base, 'old.db'), old);
    assert.ok(entered.length > 0 && declarations.length > 0);
    assert.deepEqual([before.version, before.sound, before.rows.length > 10_000], [version, 'ok', true]);
    const seen = { old: 0, new: 0 };
    const prepare = (): void => {
      rmSync(dir, { recursive: true, force: true });
      cpSync(join(base, 'template'), dir, { recursive: true });
    };
    const look = (when: string): void => {
      const found = contentOf(path, shape);
      assert.ok([version, SCHEMA_VERSION].includes(found.version), `${when}: version ${found.version}`);
      assert.deepEqual(found, { ...before, version: found.version }, when);
      assert.deepEqual(shapeOf(path), found.version === version ? old : today, `${when}: tables of another version`);
      seen[found.version === version ? 'old' : 'new'] += 1;
      openLedger(path).close();
      assert.deepEqual(contentOf(path, shape), { ...before, version: SCHEMA_VERSION }, `${when}, and opened again`);
      assert.deepEqual(shapeOf(path), today, `${when}: the tables of today`);
      assert.deepEqual(enteredOf(path, today), entered, `${when}: what entered the sides`);
      assert.deepEqual(declarationsOf(path, today), declarations, `${when}: what the hours were written by`);
    };
    for (const kind of ['kill', 28] as const) {
      const options = { most: FAULTS, prepare, look };
      const { runs, operations, failed } = await atEachOperation(['open', path], dir, kind, options);
      console.log(
        `  ${kind === 'kill' ? 'killed' : 'disk full'} at ${runs} of ${operations} operations, ${failed} failed`,
      );
    }
    console.log(`  left: version ${version} ${seen.old} times, version ${SCHEMA_VERSION} ${seen.new} times`);
    assert.ok(seen.old > 0 && seen.new > 0);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

export const migrationChecks: readonly Check[] = [1, 2].map((version) => [
  `a migration from version ${version} that is killed or has no room leaves the old ledger or a whole new one`,
  () => migrates(version),
]);
