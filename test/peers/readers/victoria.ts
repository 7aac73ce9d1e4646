import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../../exporter-process.ts';
import type { Backfilled } from '../backfilled.ts';
import { end } from '../end.ts';

const PROGRAM = 'victoria-metrics';
const patience = 20_000; // ms until the server must be ready

/** Why it cannot be had here; undefined where it can. */
export const noVictoria = (): string | undefined =>
  spawnSync(PROGRAM, ['-version']).error ? `${PROGRAM} (Debian package victoria-metrics) is not installed` : undefined;

/** A real VictoriaMetrics whose past is this exposition text, with times in milliseconds. */
export async function startVictoria(text: string): Promise<Backfilled> {
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-victoria-'));
  const address = `127.0.0.1:${await freePort()}`;
  const server = spawn(
    PROGRAM,
    [`-storageDataPath=${join(folder, 'data')}`, `-httpListenAddr=${address}`, '-retentionPeriod=10y'],
    { stdio: 'ignore' },
  );
  const kill = () => server.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its server along
  const url = `http://${address}`;
  const ready = async (): Promise<boolean> => (await fetch(`${url}/health`).catch(() => null))?.ok ?? false;
  for (const until = Date.now() + patience; !(await ready()); await setTimeout(50))
    if (server.exitCode !== null || Date.now() > until) throw new Error(`${PROGRAM} was not ready at ${address}`);
  const answer = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: text });
  if (!answer.ok) throw new Error(`import: status ${answer.status}`);
  // What was taken is shown once it is flushed.
  await fetch(`${url}/internal/force_flush`);
  return {
    url,
    async stop() {
      await end(server);
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
