import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../cache.ts';

const module = fileURLToPath(new URL('tools', import.meta.url));
const oldest = 3; // Prometheus' major version: 3 refuses a scrape without a valid Content-Type, as the peers should

/** The real servers' programs, as paths or as names found on the PATH. */
export interface PeerTools {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus and promtool: those on the PATH where both are version 3 or newer, else built once from the versions that
 * tools/go.mod and tools/go.sum pin, and kept in the user's cache. Rejects with what to install where Go is missing.
 */
export async function peerTools(): Promise<PeerTools> {
  if ((await major('prometheus')) >= oldest && (await major('promtool')) >= oldest)
    return { prometheus: 'prometheus', promtool: 'promtool' };
  const folder = await cached('peers', [join(module, 'go.mod'), join(module, 'go.sum')], build);
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
}

/** The major version that a program prints ("prometheus, version 3.5.0 (branch …"); 0 where it cannot be run. */
async function major(program: string): Promise<number> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, ['--version']);
    return Number(/version v?(\d+)\./.exec(stdout + stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Builds what go.mod lists as tools. No -trimpath: it would compile anew what the Go build cache holds already. */
async function build(folder: string): Promise<void> {
  console.log(
    'Building Prometheus and promtool, once on this machine: about 6 minutes on 2 cores, with the downloads …',
  );
  const began = performance.now();
  const minutes = () => ((performance.now() - began) / 60_000).toFixed(1);
  const progress = setInterval(() => console.log(`… still building, ${minutes()} min`), 30_000);
  try {
    const go = spawn('go', ['install', '-ldflags=-s -w', 'tool'], {
      cwd: module,
      env: { ...process.env, GOBIN: folder },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let said = '';
    go.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = `${said}${chunk}`.slice(-4000)));
    const [code] = (await once(go, 'close')) as [number | null];
    if (code !== 0) throw new Error(`go install tool in test/peers/tools: exit code ${code}\n${said}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(
        'A real Prometheus 3 and promtool are needed: neither is on the PATH, and there is no Go (1.26 or newer) to build them. Install either, then run this again.',
        { cause: error },
      );
    throw error;
  } finally {
    clearInterval(progress);
  }
  console.log(`Built in ${minutes()} min.`);
}
