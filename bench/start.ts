import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, type Result } from './entry.ts';
import { startEnvironment } from '../exporter/start-environment.ts';

const RUNS = 5;

/** ms from the start of the process to its first answer, and to the first /metrics, with no device that answers. */
async function startOnce(folder: string): Promise<{ listening: number; metrics: number }> {
  const begun = performance.now();
  const store = `sqlite:${join(folder, 'ledger.db')}`;
  const args = [
    'exporter/cli/main.ts',
    'run',
    '--store',
    store,
    '--web.listen-address',
    '127.0.0.1:0',
    '--log.level',
    'error',
  ];
  const env = { ...process.env, ...startEnvironment };
  const child = spawn('node', args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  try {
    const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
    const url = /https?:\S+/.exec(String(line))?.[0] ?? '';
    await fetch(`${url}/-/healthy`);
    const listening = performance.now() - begun;
    while ((await fetch(`${url}/metrics`)).status !== 200) await sleep(5);
    return { listening, metrics: performance.now() - begun };
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

/** Starts of the whole exporter with the demonstration estate and a new ledger. */
export async function startBench(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-bench-'));
  try {
    await startOnce(mkdtempSync(join(folder, 'run-'))); // what is compiled here is kept for the others
    const runs: { listening: number; metrics: number }[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await startOnce(mkdtempSync(join(folder, 'run-'))));
    const median = (key: 'listening' | 'metrics'): number =>
      quantile(
        runs.map((run) => run[key]),
        0.5,
      );
    return [
      {
        name: 'start, compiled before, until it listens',
        unit: 'ms',
        value: median('listening'),
        budget: { at: 'most', limit: 500 },
      },
      { name: 'start, compiled before, until the first /metrics', unit: 'ms', value: median('metrics') },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
