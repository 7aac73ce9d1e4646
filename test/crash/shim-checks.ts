import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { type Check, tally } from '../tally.ts';
import { shimEnv } from './shim.ts';

/** A folder and the copy that stands for its disk. */
interface Folders {
  readonly dir: string;
  readonly copy: string;
}

/** Runs a program under the shim; `use` gets its process. Both end when `use` does. */
async function under(program: string, use: (folders: Folders, child: ChildProcess) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-shim-'));
  const folders = { dir: join(base, 'dir'), copy: join(base, 'copy') };
  const child = spawn(
    process.execPath,
    ['--no-warnings', '-e', `const dir = ${JSON.stringify(folders.dir)};\n${program}`],
    {
      env: await shimEnv(folders.dir, folders.copy),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = once(child, 'exit');
  try {
    await use(folders, child);
  } finally {
    child.kill('SIGKILL');
    await gone;
    rmSync(base, { recursive: true });
  }
}

/** Ids in the copy of the ledger as SQLite recovers them; null where the copy holds no such table. */
function recovered({ copy }: Folders): number[] | null {
  const path = join(copy, 'ledger.db');
  if (!existsSync(path)) return null;
  const db = new DatabaseSync(path);
  try {
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    return db
      .prepare('SELECT id FROM rows ORDER BY id')
      .all()
      .map(({ id }) => Number(id));
  } finally {
    db.close();
  }
}

/** A table that is on the disk for sure (where the level allows), then `then`. */
const ledger = (level: string, then: string) => `
  const db = new (require('node:sqlite').DatabaseSync)(dir + '/ledger.db');
  const say = (text) => require('node:fs').writeSync(1, text + '\\n');
  db.exec('PRAGMA synchronous = ${level}; PRAGMA journal_mode = WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY) STRICT');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  ${then}
  setInterval(() => {}, 1000);`;

const afterCommit = (level: string, expected: number[] | null): Check => [
  `synchronous=${level}: after one COMMIT the disk holds ${expected === null ? 'nothing' : `${expected.length} rows`}`,
  () =>
    under(ledger(level, `db.exec('INSERT INTO rows VALUES (1)'); say('committed');`), async (folders, child) => {
      await once(child.stdout!, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      assert.deepEqual(recovered(folders), expected);
    }),
];

const kills = 10;
const many = ledger(
  'FULL',
  `db.exec('PRAGMA wal_autocheckpoint = 4');
  const insert = db.prepare('INSERT INTO rows VALUES (?)');
  for (let id = 1; ; id++) { insert.run(id); say(String(id)); }`,
);

/** All cases of the shim itself: it holds what was synced, and no more than that. */
export const shimChecks: readonly Check[] = [
  afterCommit('FULL', [1]),
  afterCommit('NORMAL', []),
  afterCommit('OFF', null),
  [
    `${kills} kills while FULL commits and checkpoints: the disk holds every row that was announced`,
    async () => {
      for (let kill = 0; kill < kills; kill++)
        await under(many, async (folders, child) => {
          let said = '';
          child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
          await once(child.stdout!, 'data');
          await setTimeout(20 + 37 * kill);
          child.kill('SIGKILL');
          await once(child, 'close');
          const announced = said.split('\n').length - 1;
          const ids = recovered(folders) ?? [];
          assert.ok(
            ids.length >= announced && ids.length <= announced + 1,
            `${announced} announced, ${ids.length} kept`,
          );
          assert.equal(ids.at(-1), ids.length);
        });
    },
  ],
  [
    'a plain file: what was written after its last sync is not on the disk, a name leaves with a sync of the folder',
    () =>
      under(
        `const fs = require('node:fs');
        const fd = fs.openSync(dir + '/plain', 'w');
        fs.writeSync(fd, 'synced'); fs.fsyncSync(fd); fs.writeSync(fd, ' not synced');
        fs.writeFileSync(dir + '/never', 'x');
        fs.writeSync(fs.openSync(dir + '/gone', 'w'), 'x'); fs.fsyncSync(fs.openSync(dir + '/gone', 'r+')); fs.unlinkSync(dir + '/gone');
        process.on('SIGUSR2', () => { fs.fsyncSync(fs.openSync(dir, 'r')); fs.writeSync(1, 'done'); });
        fs.writeSync(1, 'ready');
        setInterval(() => {}, 1000);`,
        async ({ dir, copy }, child) => {
          await once(child.stdout!, 'data');
          assert.equal(readFileSync(join(dir, 'plain'), 'utf8'), 'synced not synced');
          assert.equal(readFileSync(join(copy, 'plain'), 'utf8'), 'synced');
          assert.ok(!existsSync(join(copy, 'never')));
          assert.ok(existsSync(join(copy, 'gone')));
          child.kill('SIGUSR2');
          await once(child.stdout!, 'data');
          assert.ok(!existsSync(join(copy, 'gone')));
        },
      ),
  ],
  [
    'a database stays locked across a sync: the shim drops no lock of its host',
    () =>
      under(
        ledger(
          'FULL',
          `db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; INSERT INTO rows VALUES (1)'); say('held');`,
        ),
        async ({ dir }, child) => {
          await once(child.stdout!, 'data');
          const other = new DatabaseSync(join(dir, 'ledger.db'));
          assert.throws(() => other.exec('BEGIN IMMEDIATE'), { message: /locked/ });
          other.close();
        },
      ),
  ],
];

if (import.meta.main) await tally('fsync shim', shimChecks);
