import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { ReadError, type MeterAnswer, type ReadFailure } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';
import { answer, scriptedLine } from '../../exporter/read/dlt645-server.ts';
import { adu, rtuFrame, scriptedRtuServer, scriptedServer } from '../../exporter/read/modbus-server.ts';
import type { Check } from '../../tally.ts';
import { startToxiproxy, type Proxy, type Toxic } from './toxiproxy-server.ts';

const TIMEOUT_MS = 500;
/** Time beyond its timeout in which a read must have ended; two cores may be busy. */
const SLACK_MS = 400;
const PATIENCE_MS = 5000;

/** A server whose register says how often it was set: a late answer is not the right one. */
interface Server extends AsyncDisposable {
  readonly address: string;
}
interface Subject {
  readonly name: string;
  /** @param level what the register holds at this moment */
  readonly serve: (level: () => number) => Promise<Server>;
  readonly source: (address: string) => object;
  readonly energy: object;
  /** The register's steps in one of its units */
  readonly steps: bigint;
}

const words = (level: number): number[] => [3, 4, 0, 0, level >> 8, level & 0xff];
const modbusEnergy = { function: 3, address: 3203, type: 'uint32', scale_to_wh: 1, modulus: 'none' };
const subjects: readonly Subject[] = [
  {
    name: 'Modbus TCP',
    serve: (level) => scriptedServer((asked) => void asked.socket.write(adu(asked, words(level())))),
    source: (address) => ({ protocol: 'modbus-tcp', address, timeout: `${TIMEOUT_MS}ms` }),
    energy: modbusEnergy,
    steps: 1n,
  },
  {
    name: 'Modbus RTU over TCP',
    serve: (level) => scriptedRtuServer((asked) => void asked.socket.write(rtuFrame(asked.unit, words(level())))),
    source: (address) => ({ protocol: 'modbus-tcp', framing: 'rtu', address, timeout: `${TIMEOUT_MS}ms` }),
    energy: modbusEnergy,
    steps: 1n,
  },
  {
    name: 'DL/T 645',
    serve: (level) => scriptedLine((asked) => void asked.socket.write(answer(asked, String(level()).padStart(8, '0')))),
    source: (address) => ({ protocol: 'dlt645', address, meter: '000000000161', timeout: `${TIMEOUT_MS}ms` }),
    energy: { identifier: '00010000', scale_to_wh: 1000, modulus: 'none' },
    steps: 100n,
  },
  {
    name: 'exposition over HTTP',
    async serve(level) {
      const server = createServer((_, response) => response.end(`energy_joules_total ${level()}\n`));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
        async [Symbol.asyncDispose]() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
    source: (address) => ({ protocol: 'exposition', url: `http://${address}/metrics`, timeout: `${TIMEOUT_MS}ms` }),
    energy: { metric: 'energy_joules_total', scale_to_j: 1, modulus: 'none' },
    steps: 1n,
  },
];

/** What befalls the connection, and what a read may then come to: null is the right value. */
const ways: readonly { name: string; toxics: readonly Toxic[]; ends: readonly (ReadFailure | null)[] }[] = [
  { name: '80 ms of latency', toxics: [{ type: 'latency', attributes: { latency: 80, jitter: 20 } }], ends: [null] },
  { name: 'ten times the timeout', toxics: [{ type: 'latency', attributes: { latency: 5000 } }], ends: ['timeout'] },
  {
    name: 'a request that is late by ten timeouts',
    toxics: [{ type: 'latency', attributes: { latency: 5000 }, stream: 'upstream' }],
    ends: ['timeout'],
  },
  {
    name: 'byte by byte, both ways',
    toxics: (['upstream', 'downstream'] as const).map((stream) => ({
      type: 'slicer',
      attributes: { average_size: 1, size_variation: 0, delay: 100 }, // us: an HTTP answer is 200 bytes
      stream,
    })),
    ends: [null],
  },
  { name: 'half-open', toxics: [{ type: 'timeout', attributes: { timeout: 0 } }], ends: ['timeout'] },
  { name: 'reset', toxics: [{ type: 'reset_peer', attributes: { timeout: 0 } }], ends: ['protocol'] },
  { name: 'cut after 6 bytes', toxics: [{ type: 'limit_data', attributes: { bytes: 6 } }], ends: ['protocol'] },
  { name: 'closed after 100 ms', toxics: [{ type: 'timeout', attributes: { timeout: 100 } }], ends: ['protocol'] },
];

/** Reads once: null for the right value, else why it failed; whatever else it gives is a fault. */
async function outcome(read: () => Promise<MeterAnswer>, level: number, steps: bigint): Promise<ReadFailure | null> {
  try {
    const { energy } = await read();
    assert.deepEqual(
      [energy?.value?.n, energy?.value?.d],
      [BigInt(level), steps],
      'an answer that is not of this request',
    );
    return null;
  } catch (error) {
    if (error instanceof ReadError) return error.failure;
    throw error;
  }
}

/** One subject through every way, over one reader: it fails in time, and comes back by itself. */
async function through(subject: Subject, proxyTo: (name: string, upstream: string) => Promise<Proxy>): Promise<void> {
  let level = 1000;
  await using server = await subject.serve(() => level);
  const proxy = await proxyTo(subject.name.replaceAll(/\W+/g, '-'), server.address);
  const gateways = new Gateways();
  const declared = meter.parse({
    id: 'm-1',
    site: 's',
    role: 'it',
    rated_kw: 100,
    source: subject.source(proxy.address),
    registers: { energy: subject.energy },
  });
  const reader = openMeter(declared, gateways);
  const readOnce = () => {
    level += 1;
    return outcome(() => reader.read(AbortSignal.timeout(60_000)), level, subject.steps);
  };
  /** ms until it reads the right value again */
  async function recovers(what: string): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const failure = await readOnce();
      const took = performance.now() - begun;
      if (failure === null) return took;
      assert.ok(took < PATIENCE_MS, `${subject.name} after ${what}: still ${failure} after ${took} ms`);
      await sleep(20);
    }
  }
  async function befalls(name: string, ends: readonly (ReadFailure | null)[]): Promise<string> {
    for (let times = 0; times < 2; times++) {
      const begun = performance.now();
      const end = await readOnce();
      const took = performance.now() - begun;
      assert.ok(ends.includes(end), `${subject.name}, ${name}: ${end ?? 'the right value'}`);
      assert.ok(took < TIMEOUT_MS + SLACK_MS, `${subject.name}, ${name}: ${took} ms`);
    }
    return ends.map((one) => one ?? 'the right value').join(' or ');
  }
  try {
    await recovers('the start');
    for (const { name, toxics, ends } of ways) {
      for (const toxic of toxics) await proxy.add(toxic);
      const found = await befalls(name, ends);
      await proxy.clear();
      const back = await recovers(name);
      console.log(`  ${subject.name}, ${name}: ${found}; right again after ${Math.round(back)} ms`);
    }
    await proxy.enable(false);
    await befalls('nobody listens', ['refused']);
    await proxy.enable(true);
    await recovers('nobody listened');
  } finally {
    await reader.close();
    await gateways.close();
  }
}

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Our readers through a network that fails. */
export function toxiproxyChecks(): Check[] {
  const why = hasGo() ? undefined : 'no Go on the PATH, which builds toxiproxy';
  return subjects.map((subject): Check => [
    `toxiproxy: ${subject.name} through ${ways.length + 1} faults of the network, and back`,
    async () => {
      const toxiproxy = await startToxiproxy();
      try {
        await through(subject, (name, upstream) => toxiproxy.proxy(name, upstream));
      } finally {
        await toxiproxy.stop();
      }
    },
    why,
  ]);
}
