import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createServer } from 'node:net';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { isEmpty, storePath } from './exporter/account/ledger/open-ledger.ts';
import { terminalLanguage } from './model/terminal-language.ts';
import { startEnvironment } from './exporter/start-environment.ts';
import { v8Flags } from './exporter/v8-flags.ts';

/**
 * `npm start`: the twin plays a province's devices on loopback, the exporter reads them over the real protocols.
 * Ends with the first of the two, or on Ctrl-C, both cleanly.
 */
/** Where the demonstration keeps its ledger. */
const FOLDER = process.env['GREENFLOPS_DEMO'] || 'var/demo';
const STORE = `sqlite:${FOLDER}/ledger.db`;
const PAST = `${FOLDER}/past.csv`;
/** A year and a month: every window is whole on the first day. */
const PAST_MONTHS = 13;
const CONTROL = 'http://127.0.0.1:19970';
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
  past: {
    zh: '账本是空的：先导入孪生体过去 13 个月的小时电量（greenflops import {file}）',
    en: "the ledger is empty: 13 months of the twin's hourly energy come first (greenflops import {file})",
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

/** Runs a program of the house to its end. */
async function runWhole(name: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: process.env });
  children.push(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  children.splice(children.indexOf(child), 1);
  if (code !== 0) throw new Error(`${name}: ${say('ended')} (${String(code)})`);
}

/** On an empty ledger the twin's past is imported as any other: its registers are where they were all the time. */
async function importPast(): Promise<void> {
  if (!isEmpty(storePath(STORE))) return;
  console.log(say('past').replace('{file}', PAST));
  const to = Date.now();
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - PAST_MONTHS);
  const answer = await fetch(`${CONTROL}/history?from=${from.getTime()}&to=${to}`);
  if (!answer.ok || !answer.body) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  await writeFile(PAST, answer.body);
  await runWhole('import', ['exporter/cli/main.ts', 'import', PAST, '--plan', 'plan', '--store', STORE]);
}

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
  mkdirSync(FOLDER, { recursive: true });
  await start('twin', ['twin/main.ts', '--plan', 'plan'], /http:\/\//);
  console.log(say('twin'));
  await importPast();
  const exporter = [
    ...v8Flags(SERIES),
    'exporter/cli/main.ts',
    'run',
    '--web.max-series',
    String(SERIES),
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
