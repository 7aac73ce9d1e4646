import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../exporter/cli/main.ts', import.meta.url));

export interface Ended {
  /** null: it had to be killed */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `greenflops` in English until it ends by itself; killed after `patience` ms. */
export async function greenflops(args: readonly string[], patience = 20_000): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, GREENFLOPS_LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => (said[name] += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

export interface LedgerEvent {
  readonly at: number;
  readonly source: string;
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly wire: string;
}

/** `greenflops events ID --json`, while an exporter writes the ledger. */
export async function eventsOf(store: string, id: string): Promise<LedgerEvent[]> {
  const { code, stdout, stderr } = await greenflops(['events', id, '--store', store, '--limit', '1000', '--json']);
  if (code !== 0) throw new Error(`greenflops events ${id}: exit code ${code}\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEvent);
}
