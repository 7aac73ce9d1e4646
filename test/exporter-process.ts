import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../exporter/cli/main.ts', import.meta.url));

/** Below the range from which the kernel takes ports for connections: a port of there may be taken before it is used. */
const PORTS = { from: 18_000, to: 32_000 };

/** A port of loopback that nobody listens on just now, and that no connection will take by chance. */
export async function freePort(): Promise<number> {
  const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}

export interface ExporterProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Values by series as the text says them: 'name{labels}' -> number. Throws where nothing listens. */
  metrics(): Promise<Map<string, number>>;
  /** Sends the signal and waits for the end; the exit code, null after a kill. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `greenflops run` as its users do and waits until it serves. */
export async function startExporter(
  plan: string,
  store: string,
  { port, env = process.env, args = [] }: { port?: number; env?: NodeJS.ProcessEnv; args?: readonly string[] } = {},
): Promise<ExporterProcess> {
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const flags = [
    'run',
    '--plan',
    plan,
    '--store',
    store,
    '--web.listen-address',
    address,
    '--log.level',
    'error',
    ...args,
  ];
  const child = spawn(process.execPath, [main, ...flags], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('http')) return;
    await exit; // ended without the line: the other side of the race says so
  })();
  await Promise.race([
    ready,
    exit.then(([code]) => {
      throw new Error(`greenflops ${flags.join(' ')} ended with ${code} before it served`);
    }),
  ]);
  const url = `http://${address}`;
  return {
    url,
    child,
    async metrics() {
      const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5000) })).text();
      const rows = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      return new Map(
        rows.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
      );
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return (await exit)[0];
    },
  };
}
