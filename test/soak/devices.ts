import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rational } from '../../model/rational.ts';
import type { Meter } from '../../model/schema/meter.ts';
import { ReadError, type MeterAnswer, type Reader } from '../../exporter/read/reader.ts';

const HOUR = 3_600_000;

/** How the meters behave, by their number: of each hundred, so many. */
const manners = [
  { of: 3, manner: 'dead' },
  { of: 2, manner: 'slow' },
  { of: 4, manner: 'flapping' },
  { of: 2, manner: 'garbled' },
  { of: 1, manner: 'throwing' },
  { of: 88, manner: 'sound' },
] as const;
type Manner = (typeof manners)[number]['manner'];

export function mannerOf(index: number): Manner {
  let left = index % 100;
  for (const { of, manner } of manners) {
    if (left < of) return manner;
    left -= of;
  }
  return 'sound';
}

/** Of every meter: 1 Wh a second is 3.6 kW. */
const WATTS = 3600n;
/** What a register shows at a time of the run (ms since it began), Wh. */
const level = (index: number, ms: number): bigint => BigInt(1_000_000 + 1000 * index) + BigInt(Math.floor(ms / 1000));

const raw = (value: bigint) => ({ value: rational(value), wire: String(value) });

/** A meter that is there only in memory. `elapsed` says how far the simulated time has come, ms. */
export function fakeMeter({ id }: Meter, elapsed: () => number): Reader<MeterAnswer> {
  const index = Number(/\d+$/.exec(id)?.[0] ?? 0);
  const manner = mannerOf(index);
  const good = (): MeterAnswer => ({ energy: raw(level(index, elapsed())), power: raw(WATTS) });
  return {
    async read(signal) {
      const ms = elapsed();
      if (manner === 'dead') throw new ReadError('refused', `connect ${id}: nobody listens`);
      if (manner === 'throwing') throw new TypeError(`the reader of ${id} has a fault`);
      // One hour there, one hour not.
      if (manner === 'flapping' && Math.floor(ms / HOUR + index / 7) % 2 === 1)
        throw new ReadError('timeout', `${id}: no answer`);
      if (manner === 'garbled' && Math.floor(ms / 60_000) % 5 === 0)
        return { energy: { value: null, wire: 'ffffffff' }, power: { value: null, wire: '7fc00000' } };
      if (manner === 'slow') await sleep(30, undefined, { signal, ref: false });
      return good();
    },
    close: async () => {},
  };
}

/** Pools of accelerators behind one real HTTP server, so that sockets and parsers take part. */
export async function servePools(devices: number, elapsed: () => number) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const pool = request.url?.slice(1) ?? '';
    // Every seventh answer of one pool is cut off.
    if (pool === 'pool-1' && requests % 7 === 0) {
      request.socket.destroy();
      return;
    }
    const lines: string[] = [];
    const step = Math.floor(elapsed() / 60_000);
    for (let i = 0; i < devices; i++) {
      const labels = `{gpu="${i % 8}",UUID="GPU-${pool}-${i}",modelName="NVIDIA A800-SXM4-80GB",Hostname="${pool}-n${i >> 3}"}`;
      lines.push(
        `DCGM_FI_PROF_PIPE_TENSOR_ACTIVE${labels} 0.${(step + i) % 10}`,
        `DCGM_FI_DEV_SM_CLOCK${labels} 1410`,
        `DCGM_FI_DEV_POWER_USAGE${labels} ${200 + ((step + i) % 100)}`,
      );
    }
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end(`${lines.join('\n')}\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
