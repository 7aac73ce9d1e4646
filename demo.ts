import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { terminalLanguage } from './exporter/cli/say.ts';
import { startEnvironment } from './exporter/start-environment.ts';
import { v8Flags } from './exporter/v8-flags.ts';

/**
 * `npm start`: the twin plays a province's devices on loopback, the exporter reads them over the real protocols.
 * Ends with the first of the two, or on Ctrl-C, both cleanly.
 */
const STORE = 'sqlite:var/demo/ledger.db';
const SERIES = 10_000;
/** Page, accelerators, the two sites' meters, the twin's control: named in plan/estate.yaml and README.md too. */
const PORTS = [9960, 19400, 19502, 19503, 19970];
/** A child that does not end by itself after a signal is killed after this long. */
const PATIENCE_MS = 10_000;

const words = {
  twin: {
    zh: '孪生体已就绪：两个示范园区的电表与加速器（数据均为虚构）',
    en: 'the twin plays the devices of two demonstration sites (all figures invented)',
  },
  page: { zh: '打开页面：', en: 'open the page: ' },
  stop: { zh: '按 Ctrl-C 结束', en: 'Ctrl-C ends it' },
  taken: {
    zh: '端口 {taken} 已被占用：可能已有一个演示在另一个终端中运行，请先结束它。演示需要 127.0.0.1 的端口 {ports}',
    en: 'port {taken} is taken: a demonstration may already be running in another terminal, end that one first. The demonstration needs the ports {ports} of 127.0.0.1',
  },
  ended: { zh: '提前结束，原因见上', en: 'ended early; the reason stands above' },
} as const;
const say = (key: keyof typeof words): string => words[key][terminalLanguage()];

const children: ChildProcess[] = [];

/** Starts a program of the house and waits for the line that says it is ready. */
async function start(name: string, args: readonly string[], ready: RegExp): Promise<string> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...startEnvironment },
  });
  children.push(child);
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`${name}: ${say('ended')} (${String(code)})`);
  });
  const line = (async () => {
    for await (const text of createInterface({ input: child.stdout })) if (ready.test(text)) return text;
    return ended;
  })();
  return Promise.race([line, ended]);
}

const isTaken = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    server.close();
    await once(server, 'close');
    return false;
  } catch {
    return true;
  }
};

/** Throws where another program has one of the ports. */
async function checkPorts(): Promise<void> {
  const taken: number[] = [];
  for (const port of PORTS) if (await isTaken(port)) taken.push(port);
  if (taken.length === 0) return;
  throw new Error(say('taken').replace('{taken}', taken.join(', ')).replace('{ports}', PORTS.join(', ')));
}

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

let stopping = false;

async function stop(code: number): Promise<void> {
  // Ctrl-C reaches every process of the terminal, and may come twice: once from it and once handed on.
  if (stopping) return;
  stopping = true;
  // The exporter first: it must not see its devices vanish.
  for (const child of children.toReversed()) {
    if (!isAlive(child)) continue;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await exit;
    clearTimeout(timer);
  }
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

try {
  await checkPorts();
  mkdirSync('var/demo', { recursive: true });
  await start('twin', ['twin/main.ts', '--plan', 'plan'], /http:\/\//);
  console.log(say('twin'));
  const exporter = [
    ...v8Flags(SERIES),
    'exporter/cli/main.ts',
    'run',
    '--plan',
    'plan',
    '--store',
    STORE,
    '--log.level',
    'warn',
  ];
  const line = await start('exporter', exporter, /http/);
  console.log(`${say('page')}${/http\S+/.exec(line)?.[0] ?? line}   ${say('stop')}`);
  for (const child of children) child.once('exit', () => void stop(1));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}
