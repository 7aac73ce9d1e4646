import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from './entry.ts';

const NODES = 10_000;
const MIB = 1024 * 1024;

/** What a first sync took: bytes, ms and seconds. */
interface Sync {
  readonly seconds: number;
  readonly objects: number;
  /** Longest hold of the event loop, ms of CPU */
  readonly held: number;
  /** The most that the process ever held, bytes */
  readonly rss: number;
}

/** A process that says one thing; it ends when the channel to it does. */
async function said(script: URL, ...args: string[]): Promise<[message: unknown, child: ChildProcess]> {
  const child = fork(fileURLToPath(script), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const died = once(child, 'exit').then(([code, signal]: unknown[]) => {
    throw new Error(`${script.pathname} ended: ${String(code ?? signal)}`);
  });
  died.catch(() => {}); // its end is no news once it has spoken
  const [message]: unknown[] = await Promise.race([once(child, 'message'), died]);
  return [message, child];
}

async function sync(script: URL, url: string): Promise<Sync> {
  const [message, child] = await said(script, url);
  child.disconnect();
  const result = message as Sync;
  if (result.objects !== NODES) throw new Error(`${script.pathname}: ${result.objects} nodes instead of ${NODES}`);
  return result;
}

/** Installs the peer when its lock file says so: 68 packages, 83 MB. */
async function installPeer(): Promise<void> {
  const folder = fileURLToPath(new URL('kubernetes-peer/', import.meta.url));
  const stamp = `${folder}node_modules/.greenflops-stamp`;
  const hash = createHash('sha256')
    .update(readFileSync(`${folder}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('  installing @kubernetes/client-node, once (83 MB) …');
  const npm = spawn('npm', ['ci', '--workspaces=false', '--loglevel=error', '--progress=false'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code]: unknown[] = await once(npm, 'exit');
  if (code !== 0) throw new Error(`npm ci in bench/kubernetes-peer: exit code ${String(code)}`);
  writeFileSync(stamp, hash);
}

/** First sync of 10,000 nodes of 13 KB from a server on loopback, beside the official client's informer. */
export async function kubernetesBench(): Promise<Result[]> {
  await installPeer();
  const [url, server] = await said(new URL('kubernetes-server.ts', import.meta.url), String(NODES));
  const ours = await sync(new URL('kubernetes-ours.ts', import.meta.url), String(url));
  const theirs = await sync(new URL('kubernetes-peer/informer.mjs', import.meta.url), String(url));
  server.disconnect();
  const row = (what: string, unit: string, value: (sync: Sync) => number, limit: number): Result => ({
    name: `first sync of ${NODES} Kubernetes nodes, ${what}`,
    unit,
    value: value(ours),
    peer: { name: '@kubernetes/client-node informer', value: value(theirs) },
    budget: { at: 'most', limit },
  });
  return [
    row('time', 's', ({ seconds }) => seconds, 5),
    row('peak RSS', 'MiB', ({ rss }) => rss / MIB, 250),
    row('longest block of the event loop', 'ms', ({ held }) => held, 50),
  ];
}
