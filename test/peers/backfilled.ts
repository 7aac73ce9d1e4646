import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { end } from './end.ts';
import { peerTools } from './tools.ts';

export interface Backfilled {
  readonly url: string;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

const patience = 60_000; // ms until the server must be ready

/**
 * A real Prometheus whose past is this OpenMetrics text, made to blocks by promtool. It scrapes nothing.
 * @param text in pieces; samples of one series stand in the order of their time, in seconds
 */
export async function startBackfilled(text: Iterable<string>, flags: readonly string[] = []): Promise<Backfilled> {
  const { prometheus, promtool } = await peerTools();
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-backfilled-'));
  const [past, data, config] = [join(folder, 'past.txt'), join(folder, 'data'), join(folder, 'prometheus.yml')];
  await writeFile(past, text);
  await writeFile(config, '{}');
  await promisify(execFile)(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', past, data]);
  await rm(past);
  const server = spawn(
    prometheus,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=10y',
      '--web.listen-address=127.0.0.1:0',
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const kill = () => server.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its server along
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = `${log}${chunk}`.slice(-20_000)));

  async function stop(): Promise<void> {
    await end(server);
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  }
  const port = () => /msg="Listening on".* address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
  const ready = async () => port() !== undefined && (await fetch(`http://127.0.0.1:${port()}/-/ready`)).ok;
  for (const until = Date.now() + patience; !(await ready()); await setTimeout(50))
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`${prometheus} was not ready within ${patience / 1000} s. Its log:\n${log}`);
    }
  return { url: `http://127.0.0.1:${port()}`, stop };
}
