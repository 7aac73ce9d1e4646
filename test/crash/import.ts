import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HourBook } from '../../exporter/account/ledger/hour-book.ts';
import { isEmpty, openLedger, readLedger } from '../../exporter/account/ledger/open-ledger.ts';
import type { Check } from '../tally.ts';
import { type Fault, faultEnv } from './shim.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KILLS = 8;
const HOURS = 60_000;
const FULL = 6;
const FEW_HOURS = 5000;
const HOUR_MS = 3_600_000;
const BEGIN = Math.floor(Date.now() / HOUR_MS - HOURS - 1) * HOUR_MS;

/** A folder with a ledger and a file of so many hours, 1 kWh each. */
function scene(hours: number) {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-import-'));
  const store = join(folder, 'store');
  const path = join(store, 'ledger.db');
  const csv = join(folder, 'past.csv');
  const rows = Array.from(
    { length: hours },
    (_, i) => `nc-gate,${new Date(BEGIN + i * HOUR_MS).toISOString().slice(0, 19)}Z,1\n`,
  );
  writeFileSync(csv, `meter,hour,energy_kwh\n${rows.join('')}`);
  const begin = (): void => {
    rmSync(store, { recursive: true, force: true });
    mkdirSync(store);
  };
  begin();
  return {
    store,
    path,
    begin,
    start: (env = process.env, stderr: 'inherit' | 'pipe' = 'inherit') =>
      spawn(process.execPath, ['exporter/cli/main.ts', 'import', csv, '--store', `sqlite:${path}`], {
        cwd: root,
        env,
        stdio: ['ignore', 'ignore', stderr],
      }),
    /** kWh in the ledger; null: nothing is there to be seen. */
    brought: (): number | null => {
      if (isEmpty(path)) return null;
      const database = readLedger(path);
      try {
        assert.equal(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'], 'ok');
        return Number(new HourBook(database).at('nc-gate', Date.now()).millijoules / 3_600_000_000n);
      } finally {
        database.close();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const ends = (code: number | null) => `an import that nobody disturbs ends with 0, not ${code}`;

/** Kills an import at moments spread over its whole run: it has brought every hour, or none, and the next one goes on. */
async function kills(): Promise<void> {
  const { begin, start, brought, remove } = scene(HOURS);
  try {
    const began = performance.now();
    const first = start();
    const [code] = (await once(first, 'exit')) as [number];
    assert.equal(code, 0, ends(code));
    const whole = performance.now() - began;
    assert.equal(brought(), HOURS);
    const seen = { none: 0, all: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      begin();
      // The program starts for half of the time; its transactions fill the other half.
      const child = start();
      const exit = once(child, 'exit');
      await Promise.race([sleep(whole * (0.5 + (0.5 * kill) / KILLS)), exit]);
      child.kill('SIGKILL');
      await exit;
      const kwh = brought();
      assert.ok(kwh === null || kwh === HOURS, `${kwh} of ${HOURS} hours were brought`);
      seen[kwh === null ? 'none' : 'all'] += 1;
      if (kwh !== null) continue;
      const [again] = (await once(start(), 'exit')) as [number];
      assert.equal(again, 0, ends(again));
      assert.equal(brought(), HOURS);
    }
    assert.ok(seen.none > 0, 'no kill came before the end');
    console.log(`  kills=${KILLS} nothing brought ${seen.none} times, everything ${seen.all} times`);
  } finally {
    remove();
  }
}

/** Lets the disk get full at operations spread over an import: it brings nothing and says so, and the next one is whole. */
async function fullDisk(): Promise<void> {
  const { store, path, begin, start, brought, remove } = scene(FEW_HOURS);
  const run = async (fault: Fault) => {
    const child = start(await faultEnv(store, fault), 'pipe');
    const [said, [code]] = await Promise.all([
      text(child.stderr ?? process.stdin),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    return { said, code };
  };
  try {
    // The ledger is there before, with nothing in it.
    openLedger(path).close();
    const { said, code } = await run({ fault: 'count' });
    assert.equal(code, 0, ends(code));
    const operations = Number(/operations=(\d+)/.exec(said)?.[1]);
    let failed = 0;
    for (let i = 0; i < FULL; i++) {
      begin();
      openLedger(path).close();
      const full = await run({ fault: 28, after: Math.floor((i * operations) / FULL) });
      // Late enough, all is committed, and what was refused only tidies up.
      assert.equal(brought(), full.code === 0 ? FEW_HOURS : null, `it ended with ${full.code}`);
      if (full.code === 0) continue;
      failed += 1;
      assert.match(full.said, /disk space|磁盘空间/, 'it says what to look at');
      const [again] = (await once(start(), 'exit')) as [number];
      assert.equal(again, 0, ends(again));
      assert.equal(brought(), FEW_HOURS);
    }
    assert.ok(failed > 0, 'no operation of the import needed room');
    console.log(`  disk full at ${FULL} of ${operations} operations: nothing was brought ${failed} times`);
  } finally {
    remove();
  }
}

export const importChecks: readonly Check[] = [
  ['an import that is killed has brought every hour or none, and the next one is whole', kills],
  ['an import whose disk gets full brings nothing and says why, and the next one is whole', fullDisk],
];
