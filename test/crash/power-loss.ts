import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExporter } from '../exporter-process.ts';
import type { Check } from '../tally.ts';
import { plant } from './plant.ts';
import { shimEnv } from './shim.ts';

const LOSSES = 8;
const PATIENCE_MS = 20_000;

/** What a ledger on the disk says of each meter's exposed counter, in joules. */
function totals(path: string): Map<string, number> {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare('SELECT meter, live_joules AS joules FROM meter').all();
    return new Map(rows.map(({ meter, joules }) => [String(meter), Number(joules)]));
  } finally {
    database.close();
  }
}

const isBegun = (published: ReadonlyMap<string, number>): boolean =>
  published.size >= 2 && [...published.values()].every((joules) => joules > 0);

/** Power goes while the exporter runs; what had been synced is all that is left. No published total may be missing. */
async function loss(afterMs: number): Promise<void> {
  const devices = plant();
  const base = mkdtempSync(join(tmpdir(), 'greenflops-power-'));
  const dir = join(base, 'store');
  const disk = join(base, 'disk');
  mkdirSync(dir);
  try {
    const exporter = await startExporter(devices.dir, `sqlite:${join(dir, 'ledger.db')}`, {
      env: await shimEnv(dir, disk),
    });
    const published = new Map<string, number>();
    // Counted from the first total on, which needs two readings of a meter: a busy machine may take long to get there.
    let until = Infinity;
    for (const patience = Date.now() + PATIENCE_MS; Date.now() < Math.min(until, patience);) {
      for (const [series, value] of await exporter.metrics()) {
        const meter = /^greenflops_energy_joules_total\{.*meter="(\w+)"/.exec(series)?.[1];
        if (meter) published.set(meter, value);
      }
      if (until === Infinity && isBegun(published)) until = Date.now() + afterMs;
      await sleep(20);
    }
    await exporter.stop('SIGKILL');
    assert.ok(isBegun(published), 'something was published');
    cpSync(disk, join(base, 'restarted'), { recursive: true });
    const kept = totals(join(base, 'restarted', 'ledger.db'));
    for (const [meter, joules] of published) {
      assert.ok(
        (kept.get(meter) ?? 0) >= Math.floor(joules),
        `${meter}: ${joules} J were published, the disk holds ${kept.get(meter)}`,
      );
    }
  } finally {
    devices.remove();
    rmSync(base, { recursive: true });
  }
}

export const powerLossChecks: readonly Check[] = Array.from({ length: LOSSES }, (_, i) => [
  `the power goes ${270 * i} ms after the first totals: no published total is lost`,
  () => loss(270 * i),
]);
