import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ModbusTCPClient } from 'jsmodbus';
import { Gateways, openMeter } from '../exporter/read/index.ts';
import { meter } from '../model/schema/meter.ts';
import { quantile, type Result } from './entry.ts';

const METERS = 1000;
/** ms that a device takes for each answer: a serial line behind a gateway */
const LATENCY_MS = 100;
/** Section 10 of the design */
const BUDGET_S = 5;
const TIMEOUT_S = 3;
const CYCLES = 5;
const never = new AbortController().signal;

/** Two registers a meter: the address and the number of words. */
const ENERGY = [3203, 4] as const;
const POWER = [3059, 2] as const;
const registers = {
  energy: { function: 3, address: ENERGY[0], type: 'int64', scale_to_wh: 1, modulus: 'none' },
  power: { function: 3, address: POWER[0], type: 'float32', scale_to_w: 1000 },
};

interface Device {
  readonly port: number;
  readonly unit: number;
}
/** Reads all meters at once, as a beat of the exporter does: s until each had answered or failed. */
interface Fleet {
  cycle(): Promise<{ readonly took: number; readonly answered: boolean }[]>;
  close(): Promise<unknown>;
}

async function timed(read: () => Promise<unknown>): Promise<{ took: number; answered: boolean }> {
  const begun = performance.now();
  const answered = await read().then(
    () => true,
    () => false,
  );
  return { took: (performance.now() - begun) / 1000, answered };
}

function ours(devices: readonly Device[]): Fleet {
  const gateways = new Gateways();
  const readers = devices.map(({ port, unit }, index) => {
    const source = { protocol: 'modbus-tcp', address: `127.0.0.1:${port}`, unit, timeout: `${TIMEOUT_S}s` };
    const declared = { id: `m-${index}`, site: 's', role: 'it', rated_kw: 100, source, registers };
    return openMeter(meter.parse(declared), gateways);
  });
  return {
    cycle: () => Promise.all(readers.map((reader) => timed(() => reader.read(never)))),
    close: () => gateways.close(),
  };
}

/** A jsmodbus client belongs to one unit id and owns its socket: one connection each. */
async function jsmodbus(devices: readonly Device[]): Promise<Fleet> {
  const clients = await Promise.all(
    devices.map(async ({ port, unit }) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      // It learns that it is online from the event.
      const client = new ModbusTCPClient(socket, unit, TIMEOUT_S * 1000);
      await once(socket, 'connect');
      return { socket, client };
    }),
  );
  return {
    cycle: () =>
      Promise.all(
        clients.map(({ client }) =>
          timed(async () => {
            const energy = await client.readHoldingRegisters(...ENERGY);
            const power = await client.readHoldingRegisters(...POWER);
            energy.response.body.valuesAsBuffer.readBigInt64BE();
            power.response.body.valuesAsBuffer.readFloatBE();
          }),
        ),
      ),
    close: async () => clients.forEach(({ socket }) => socket.destroy()),
  };
}

/** Starts devices behind so many gateways. */
async function devicesBehind(gateways: number) {
  const script = fileURLToPath(new URL('modbus-devices.ts', import.meta.url));
  const child = fork(script, [String(gateways), String(LATENCY_MS)]);
  const [ports] = (await once(child, 'message')) as [number[]];
  const perGateway = METERS / gateways;
  const devices = Array.from({ length: METERS }, (_, index) => {
    return { port: ports[Math.floor(index / perGateway)] ?? 0, unit: (index % perGateway) + 1 };
  });
  return {
    devices,
    silence: (gateway: number, unit: number) => child.send({ gateway, unit }),
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

interface Measured {
  /** s: the slowest meter of a cycle, median of the cycles */
  readonly slowest: number;
  /** ms of this process' CPU a cycle */
  readonly cpu: number;
}

/** The first cycle opens the connections, and is not counted. */
async function measure(fleet: Fleet): Promise<Measured> {
  const [slowest, cpu]: [number[], number[]] = [[], []];
  for (let i = 0; i <= CYCLES; i++) {
    const before = process.cpuUsage();
    const reads = await fleet.cycle();
    const { user, system } = process.cpuUsage(before);
    if (reads.some(({ answered }) => !answered)) throw new Error('a meter that is well did not answer');
    if (i === 0) continue;
    slowest.push(Math.max(...reads.map(({ took }) => took)));
    cpu.push((user + system) / 1000);
  }
  return { slowest: quantile(slowest, 0.5), cpu: quantile(cpu, 0.5) };
}

/** s: the slowest of the meters behind other gateways, and of those behind the dead one's. The first meter is dead. */
async function besideDead(fleet: Fleet, perGateway: number): Promise<{ others: number; neighbours: number }> {
  const [dead, ...rest] = await fleet.cycle();
  if (dead?.answered || rest.some(({ answered }) => !answered)) throw new Error('not the dead meter alone failed');
  const slowest = (some: typeof rest) => Math.max(...some.map(({ took }) => took));
  return { neighbours: slowest(rest.slice(0, perGateway - 1)), others: slowest(rest.slice(perGateway - 1)) };
}

/** A cycle of all meters, with jsmodbus over the same devices in the same run. */
export async function modbusBench(): Promise<Result[]> {
  const results: Result[] = [];
  for (const [gateways, how] of [
    [METERS / 10, '10 behind each gateway'],
    [METERS, 'each alone'],
  ] as const) {
    const plant = await devicesBehind(gateways);
    const perGateway = METERS / gateways;
    const [mine, theirs] = [ours(plant.devices), await jsmodbus(plant.devices)];
    const [me, peer] = [await measure(mine), await measure(theirs)];
    const name = 'jsmodbus';
    results.push(
      {
        name: `cycle of ${METERS} Modbus meters, ${how}, ${LATENCY_MS} ms a request`,
        unit: 's',
        value: me.slowest,
        peer: { name, value: peer.slowest },
        budget: { at: 'most', limit: BUDGET_S },
      },
      { name: `CPU of that cycle, ${how}`, unit: 'ms', value: me.cpu, peer: { name, value: peer.cpu } },
    );
    if (perGateway > 1) {
      plant.silence(0, 1);
      const [dead, deadPeer] = [await besideDead(mine, perGateway), await besideDead(theirs, perGateway)];
      results.push(
        {
          name: 'the slowest meter behind other gateways while one meter is dead',
          unit: 's',
          value: dead.others,
          peer: { name, value: deadPeer.others },
          budget: { at: 'most', limit: BUDGET_S },
        },
        {
          name: `the slowest of its ${perGateway - 1} neighbours, which wait for its timeout of ${TIMEOUT_S} s`,
          unit: 's',
          value: dead.neighbours,
          peer: { name, value: deadPeer.neighbours },
        },
      );
    }
    await Promise.all([mine.close(), theirs.close()]);
    await plant.stop();
  }
  return results;
}
