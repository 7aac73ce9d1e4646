import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedger } from '../../exporter/account/ledger/open-ledger.ts';
import { startExporter, type ExporterProcess } from '../exporter-process.ts';
import type { Check } from '../tally.ts';
import { act } from './at-each-operation.ts';
import { shimDisk, smallDisk, type WeakDisk } from './full-disk.ts';
import { contentOf, shapeOf } from './ledger-content.ts';
import { plant } from './plant.ts';
import { liveTotals } from './live-totals.ts';

const PATIENCE_MS = 20_000;
/** How long the disk refuses before the first and the second look: several cycles. */
const REFUSING_MS = 4000;

type Metrics = Awaited<ReturnType<ExporterProcess['metrics']>>;

const up = (metrics: Metrics): number | undefined => metrics.get('greenflops_ledger_up');
const committed = (metrics: Metrics): number => metrics.get('greenflops_ledger_last_commit_timestamp_seconds') ?? 0;
const totals = (metrics: Metrics): Map<string, number> =>
  new Map(
    [...metrics].flatMap(([series, value]) => {
      const meter = /^greenflops_energy_joules_total\{.*meter="(\w+)"/.exec(series)?.[1];
      return meter === undefined ? [] : [[meter, value]];
    }),
  );
const unmetered = (metrics: Metrics): number =>
  [...metrics].find(([series]) => /^greenflops_meter_unmetered.*meter="fans"/.test(series))?.[1] ?? Number.NaN;

async function until(exporter: ExporterProcess, what: string, holds: (metrics: Metrics) => boolean): Promise<Metrics> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    const metrics = await exporter.metrics();
    if (holds(metrics)) return metrics;
  }
  throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
}

/**
 * A disk refuses while the exporter runs, and takes again; then it refuses once more and the exporter is killed. Serving
 * goes on, nothing is published that is not in the ledger, a metric says so, and nothing is lost or counted twice.
 */
async function refuses(make: () => Promise<WeakDisk>): Promise<void> {
  const devices = plant();
  const disk = await make();
  const path = join(disk.dir, 'ledger.db');
  const start = () => startExporter(devices.dir, `sqlite:${path}`, { env: disk.env });
  let exporter = await start();
  console.log(`  ${disk.means}`);
  try {
    await until(exporter, 'every meter has a total', (metrics) => totals(metrics).size === 3);
    const offsets = liveTotals(path).offsets;
    const stall = async (): Promise<void> => {
      disk.refuse();
      const first = await until(exporter, 'greenflops_ledger_up is 0', (metrics) => up(metrics) === 0);
      await sleep(REFUSING_MS);
      const later = await exporter.metrics();
      assert.equal(up(later), 0);
      assert.equal(committed(later), committed(first), 'the time of the last commit stands still');
      assert.deepEqual(totals(later), totals(first), 'no total moves');
      assert.deepEqual(liveTotals(path).joules, totals(later), 'what is published is what the ledger holds');
      assert.ok([...later].some(([series, value]) => series.startsWith('greenflops_source_up') && value === 1));
      assert.ok(
        [...later.keys()].some((series) => series.startsWith('greenflops_power_watts')),
        'power is shown',
      );
      assert.equal((await fetch(exporter.url)).status, 200, 'the page is served');
    };
    /** The registers have caught up exactly: a total and its register differ by what they differed by at the beginning. */
    const whole = async (): Promise<Metrics> => {
      disk.accept();
      const before = devices.joules();
      const metrics = await until(
        exporter,
        'the totals catch up',
        (now) =>
          up(now) === 1 &&
          Date.now() / 1000 - committed(now) < 2 &&
          (totals(now).get('gate') ?? 0) > before - 3 * devices.watts,
      );
      assert.deepEqual(liveTotals(path).offsets, offsets, 'registers and totals go together');
      return metrics;
    };
    await stall();
    const back = await whole();
    // Power alone was read all the time and is kept in memory: not a second of it is missing.
    assert.equal(unmetered(back), 0, 'no second is unmetered');
    const missing = devices.joules() - (totals(back).get('fans') ?? 0);
    assert.ok(missing >= 0 && missing < 6 * devices.watts, `power alone: ${missing} J are missing`);
    await stall();
    await exporter.stop('SIGKILL');
    disk.accept();
    exporter = await start();
    await whole();
    assert.equal(await exporter.stop(), 0);
  } finally {
    await exporter.stop('SIGKILL');
    disk.remove();
    devices.remove();
  }
}

/** What is told of a disk that refuses when the ledger is opened: a full disk is no other writer, a read-only one no corrupt file. */
async function refusesAtStart(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-weak-start-'));
  const path = join(base, 'ledger.db');
  try {
    openLedger(path).close();
    const shape = shapeOf(path);
    const before = contentOf(path, shape);
    for (const fault of [28, 30] as const) {
      for (const name of ['ledger.db', 'new.db']) {
        const { code, said } = await act(['open', join(base, name)], base, { fault });
        assert.notEqual(code, 0);
        assert.match(said, /disk space|磁盘空间/, `errno ${fault}, ${name}`);
        assert.doesNotMatch(said, /is corrupt|已损坏|in use|正被/, `errno ${fault}, ${name}`);
      }
      assert.deepEqual(contentOf(path, shape), before);
    }
  } finally {
    rmSync(base, { recursive: true });
  }
}

export const weakDiskChecks: readonly Check[] = [
  ['a full disk: serving goes on, nothing uncommitted is published, nothing is lost', () => refuses(smallDisk)],
  ['a read-only disk: the same', () => refuses(() => shimDisk(30))],
  ['a disk that refuses at the start is called neither a corrupt ledger nor another writer', refusesAtStart],
];
