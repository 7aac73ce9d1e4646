import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HourBook } from '../../exporter/account/hour-book.ts';
import { isEmpty, readLedger } from '../../exporter/account/open-ledger.ts';
import type { Check } from '../tally.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const KILLS = 8;
const HOURS = 60_000;
const HOUR_MS = 3_600_000;
const BEGIN = Math.floor(Date.now() / HOUR_MS - HOURS - 1) * HOUR_MS;

/** Kills an import at moments spread over its whole run: it has brought every hour, or none, and the next one goes on. */
async function kills(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-import-kill-'));
  const path = join(folder, 'ledger.db');
  const csv = join(folder, 'past.csv');
  const rows = Array.from(
    { length: HOURS },
    (_, i) => `nc-gate,${new Date(BEGIN + i * HOUR_MS).toISOString().slice(0, 19)}Z,1\n`,
  );
  writeFileSync(csv, `meter,hour,energy_kwh\n${rows.join('')}`);
  const start = () =>
    spawn(process.execPath, ['exporter/cli/main.ts', 'import', csv, '--store', `sqlite:${path}`], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  /** kWh in the ledger; null: nothing is there to be seen. */
  const brought = (): number | null => {
    if (isEmpty(path)) return null;
    const database = readLedger(path);
    try {
      assert.equal(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'], 'ok');
      return Number(new HourBook(database).at('nc-gate', Date.now()).millijoules / 3_600_000_000n);
    } finally {
      database.close();
    }
  };
  const ends = (code: number) => `an import that nobody disturbs ends with 0, not ${code}`;
  try {
    const began = performance.now();
    const first = start();
    const [code] = (await once(first, 'exit')) as [number];
    assert.equal(code, 0, ends(code));
    const whole = performance.now() - began;
    assert.equal(brought(), HOURS);
    const seen = { none: 0, all: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      rmSync(path, { force: true });
      for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true });
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
    rmSync(folder, { recursive: true, force: true });
  }
}

export const importChecks: readonly Check[] = [
  ['an import that is killed has brought every hour or none, and the next one is whole', kills],
];
