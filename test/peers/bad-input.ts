import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { freePort } from '../exporter-process.ts';
import type { Check } from '../tally.ts';
import { greenflops, type Ended } from './greenflops.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';

const shippedPlan = fileURLToPath(new URL('../../plan', import.meta.url));
const shippedEstate = readFileSync(join(shippedPlan, 'estate.yaml'), 'utf8');

interface Asked {
  readonly store: string;
  /** @default the declaration that ships */
  readonly plan?: string;
  /** @default a free one */
  readonly listen?: string;
  readonly more?: readonly string[];
}

/** `greenflops run` of what it should refuse. */
async function refused({ store, plan = shippedPlan, listen, more = [] }: Asked): Promise<Ended> {
  const address = listen ?? `127.0.0.1:${await freePort()}`;
  return greenflops(['run', '--plan', plan, '--store', store, '--web.listen-address', address, ...more]);
}

/** The same with a store in a folder that is not there yet, and will not be: nothing was started. */
async function refusedAtOnce(stage: Stage, asked: Omit<Asked, 'store'>): Promise<Ended> {
  const dir = join(stage.folder(), 'new');
  const ended = await refused({ ...asked, store: `sqlite:${join(dir, 'ledger.db')}` });
  assert.equal(ended.stdout, '', 'no page is announced');
  assert.ok(!existsSync(dir), 'no ledger was made');
  return ended;
}

/** Each fault with the line and the column that it stands at. */
const faults: readonly (readonly [from: string, to: string])[] = [
  ['rated_kw: 900', 'rated_kw: -900'],
  ['category: 2', 'category: 7'],
  ['profile: national-green-dc', 'profile: national-green'],
  ['accelerator: nvidia-h20', 'accelerator: nvidia-h21'],
];

async function brokenDeclaration(stage: Stage): Promise<void> {
  let text = shippedEstate;
  for (const [from, to] of faults) {
    assert.ok(text.includes(from), `the shipped estate has ${from}`);
    text = text.replace(from, to);
  }
  const { code, stderr } = await refusedAtOnce(stage, { plan: stage.plan(text) });
  assert.equal(code, 2);
  for (const [, to] of faults) {
    const [key = '', value = ''] = to.split(': ');
    const line = text.split('\n').findIndex((one) => one.includes(to)) + 1;
    const column = (text.split('\n')[line - 1]?.indexOf(to) ?? Number.NaN) + key.length + 3;
    const said = stderr.split('\n').find((one) => one.includes(`estate.yaml:${line}:${column}`));
    assert.ok(said?.includes(value), `estate.yaml:${line}:${column} with ${value} in\n${stderr}`);
  }
}

async function unknownSite(stage: Stage): Promise<void> {
  const { code, stderr } = await refusedAtOnce(stage, { more: ['--site', 'nanjing'] });
  assert.equal(code, 2);
  assert.match(stderr, /"nanjing".*nanchang, poyang/);
}

async function takenPort(stage: Stage): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  try {
    const { code, stderr } = await refusedAtOnce(stage, { listen: taken });
    assert.equal(code, 1);
    assert.ok(stderr.includes(taken), stderr);
  } finally {
    server.close();
  }
}

/** A second exporter on the ledger of the one that runs. */
async function lockedLedger(run: Run): Promise<void> {
  const before = await run.exporter.metrics();
  const { code, stderr } = await refused({ store: run.store });
  assert.equal(code, 1);
  assert.ok(stderr.includes(run.store.slice('sqlite:'.length)), stderr);
  assert.match(stderr, /in use by another greenflops.*wait for it or stop it, or choose another --store/);
  assert.ok((await run.exporter.metrics()).size >= before.size, 'the first one goes on');
}

/** A ledger as `spoil` leaves it: refused by name with the way out, and not one byte of it changed. */
async function spoiltLedger(stage: Stage, spoil: (path: string) => void, says: RegExp): Promise<void> {
  const dir = stage.folder();
  const path = join(dir, 'ledger.db');
  spoil(path);
  const [bytes, files] = [readFileSync(path), readdirSync(dir)];
  const { code, stderr } = await refused({ store: `sqlite:${path}` });
  assert.equal(code, 1, stderr);
  assert.ok(stderr.includes(path), stderr);
  assert.match(stderr, says);
  assert.ok(readFileSync(path).equals(bytes), 'the file is as it was');
  const added = readdirSync(dir).filter((file) => !files.includes(file) && file !== 'ledger.db.lock');
  assert.deepEqual(added, [], 'nothing beside it');
}

/** Copies a true ledger, and changes the copy. */
function changed(run: Run, change: (bytes: Buffer) => void): (path: string) => void {
  return (path) => {
    const source = new DatabaseSync(run.store.slice('sqlite:'.length), { readOnly: true });
    source.exec(`VACUUM INTO '${path}'`);
    source.close();
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, bytes);
  };
}

const USER_VERSION = 60; // offset of the version in SQLite's header (sqlite.org/fileformat.html, 1.3)
const PAGE = 4096;

export const badInputChecks = (stage: Stage, run: () => Promise<Run>): Check[] => [
  [
    'a broken declaration: exit code 2, every error by file, line and column, nothing started',
    () => brokenDeclaration(stage),
  ],
  ['an unknown --site: exit code 2 and the declared ones', () => unknownSite(stage)],
  ['a taken port: exit code 1 and its name', () => takenPort(stage)],
  ['a ledger in use: exit code 1, its name and the way out', async () => lockedLedger(await run())],
  [
    'a ledger of a newer version: refused, untouched',
    async () => {
      const newer = changed(await run(), (bytes) => bytes.writeUInt32BE(9999, USER_VERSION));
      await spoiltLedger(stage, newer, /version 9999.*newer one/);
    },
  ],
  [
    'a ledger with spoilt pages: refused, untouched',
    async () => {
      const torn = changed(await run(), (bytes) => bytes.fill(0xa5, PAGE, bytes.length));
      await spoiltLedger(stage, torn, /is corrupt[\s\S]*backup/);
    },
  ],
  [
    'a file that is no ledger: refused, untouched',
    () => spoiltLedger(stage, (path) => writeFileSync(path, 'garbage\n'.repeat(1000)), /no greenflops ledger.*backup/),
  ],
];
