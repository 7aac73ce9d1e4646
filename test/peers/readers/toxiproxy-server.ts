import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../cache.ts';
import { freePort } from '../../exporter-process.ts';
import { end } from '../end.ts';

const module = fileURLToPath(new URL('../tools-toxiproxy', import.meta.url));
const PATIENCE_MS = 10_000;

/** A fault of the network, as toxiproxy names it. */
export interface Toxic {
  readonly type: 'latency' | 'timeout' | 'reset_peer' | 'slicer' | 'limit_data' | 'bandwidth';
  readonly attributes: Readonly<Record<string, number>>;
  /** upstream: towards the device */
  readonly stream?: 'upstream' | 'downstream';
}

/** A way to a server through toxiproxy. */
export interface Proxy {
  /** host:port */
  readonly address: string;
  add(toxic: Toxic): Promise<void>;
  /** false: connections are refused, and open ones are cut */
  enable(enabled: boolean): Promise<void>;
  /** Ends all toxics. */
  clear(): Promise<void>;
}

/** Toxiproxy as the version that tools-toxiproxy/go.mod pins, built once and kept in the user's cache. */
async function program(): Promise<string> {
  const folder = await cached('toxiproxy', [join(module, 'go.mod'), join(module, 'go.sum')], async (unfinished) => {
    console.log('Building toxiproxy, once on this machine: about half a minute on 2 cores …');
    const env = { ...process.env, GOBIN: unfinished };
    await promisify(execFile)('go', ['install', '-ldflags=-s -w', 'tool'], { cwd: module, env });
  });
  return join(folder, 'server');
}

/** Starts toxiproxy on loopback. */
export async function startToxiproxy() {
  const port = await freePort();
  const child = spawn(await program(), ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its proxy along

  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const url = `http://127.0.0.1:${port}${path}`;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) });
    const said = await response.text();
    if (!response.ok) throw new Error(`toxiproxy ${method} ${path}: ${response.status} ${said}`);
    return said === '' ? null : JSON.parse(said);
  }
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const up = await ask('GET', '/proxies').then(
      () => true,
      () => false,
    );
    if (up) break;
    if (Date.now() > until) throw new Error(`toxiproxy does not answer on port ${port}`);
  }
  return {
    /** @param upstream host:port of the server behind it */
    async proxy(name: string, upstream: string): Promise<Proxy> {
      const made = await ask('POST', '/proxies', { name, upstream, listen: '127.0.0.1:0', enabled: true });
      const { listen: address } = made as { listen: string };
      const path = `/proxies/${name}`;
      return {
        address,
        add: async (toxic) =>
          void (await ask('POST', `${path}/toxics`, { stream: 'downstream', toxicity: 1, ...toxic })),
        // The port that it took is named, so that it takes the same one again.
        enable: async (enabled) => void (await ask('POST', path, { listen: address, upstream, enabled })),
        async clear() {
          const toxics = (await ask('GET', `${path}/toxics`)) as { name: string }[];
          for (const toxic of toxics) await ask('DELETE', `${path}/toxics/${toxic.name}`);
        },
      };
    },
    async stop() {
      process.off('exit', kill);
      await end(child, 3000);
    },
  };
}
