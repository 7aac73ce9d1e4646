import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Result } from './entry.ts';
import { rows } from './snmp-rows.ts';

const PDUS = 2000;
/** One round: each PDU is read once, evenly over it. */
const ROUND_MS = 60_000;
const WARM_UP_MS = 5000;
/** USER_HZ: in what /proc/PID/stat counts CPU time (proc(5)); 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;

const child = (script: string, ...args: string[]): ChildProcess =>
  fork(fileURLToPath(new URL(script, import.meta.url)), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

/** The next message of a child, which must not end before it. */
async function told<T>(from: ChildProcess): Promise<T> {
  const ends = new AbortController();
  const died = once(from, 'exit', ends).then(([code]: unknown[]) => {
    throw new Error(`a measured process ended: ${String(code)}`);
  });
  died.catch(() => {}); // the message came first
  const [message]: unknown[] = await Promise.race([once(from, 'message', ends), died]);
  ends.abort();
  return message as T;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Peer {
  readonly pid: number;
  scrape(port: number): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's snmp_exporter (0.21) with the same three rows; null where it is not installed. */
async function startPeer(): Promise<Peer | null> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-bench-snmp-'));
  const address = `127.0.0.1:${await freePort()}`;
  const metrics = rows.map(({ name, oid, tag }) => {
    return { name: `pdu_${name}`, oid, type: tag === 4 ? 'DisplayString' : 'gauge', help: name };
  });
  const module = { version: 2, auth: { community: 'public' }, get: rows.map(({ oid }) => oid), metrics };
  writeFileSync(join(folder, 'snmp.yml'), JSON.stringify({ pdu: module }));
  const flags = [`--config.file=${join(folder, 'snmp.yml')}`, `--web.listen-address=${address}`, '--log.level=error'];
  const server = spawn('prometheus-snmp-exporter', flags, { stdio: 'ignore' });
  const started = await Promise.race([
    once(server, 'spawn').then(() => true),
    once(server, 'error').then(() => false),
  ]).catch(() => false);
  const { pid } = server;
  if (!started || pid === undefined) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const kill = () => server.kill('SIGKILL');
  process.on('exit', kill);
  while (!(await fetch(`http://${address}/`).catch(() => null))) await sleep(50);
  return {
    pid,
    async scrape(port) {
      const response = await fetch(`http://${address}/snmp?target=127.0.0.1:${port}&module=pdu`);
      const text = await response.text();
      if (!/^pdu_power 121$/m.test(text))
        throw new Error(`snmp_exporter said ${response.status}: ${text.slice(0, 500)}`);
    },
    async stop() {
      process.off('exit', kill);
      server.kill();
      await once(server, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

/** CPU ms of a process: user and system time, fields 14 and 15 of /proc/PID/stat. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function scrapeAll(peer: Peer, ports: readonly number[], ms: number): Promise<number> {
  const before = cpuOf(peer.pid);
  const begun = performance.now();
  const done: Promise<void>[] = [];
  for (const [index, port] of ports.entries()) {
    const wait = begun + (index * ms) / ports.length - performance.now();
    if (wait > 0) await sleep(wait);
    done.push(peer.scrape(port));
  }
  await Promise.all(done);
  return cpuOf(peer.pid) - before;
}

/** 2,000 PDUs read in one minute by our reader and by snmp_exporter, side by side: the share of one core that each took. */
export async function snmpBench(): Promise<Result[]> {
  const pdus = child('snmp-pdus.ts', String(PDUS));
  const reader = child('snmp-reader.ts');
  let peer: Peer | null = null;
  try {
    const ports = await told<number[]>(pdus);
    peer = await startPeer();
    if (peer === null) console.error('snmp: prometheus-snmp-exporter is not installed: measured without it');
    const round = async (message: { ports?: number[]; ms: number }): Promise<[ours: number, theirs: number | null]> => {
      reader.send(message);
      return Promise.all([told<number>(reader), peer && scrapeAll(peer, ports, message.ms)]);
    };
    await round({ ports, ms: WARM_UP_MS });
    const [ours, theirs] = await round({ ms: ROUND_MS });
    const share = (cpu: number) => (100 * cpu) / ROUND_MS;
    return [
      {
        name: `${PDUS} SNMP PDUs a minute, three OIDs each`,
        unit: '% of one core',
        value: share(ours),
        ...(theirs === null ? {} : { peer: { name: 'snmp_exporter 0.21', value: share(theirs) } }),
        budget: { at: 'most', limit: 25 },
      },
    ];
  } finally {
    await peer?.stop();
    for (const one of [reader, pdus]) if (one.connected) one.disconnect();
  }
}
