import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startTwin, type Twin, type TwinOptions } from '../../twin/twin.ts';

/** Ports that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map((server) => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      return new Promise<number>((resolve) => server.close(() => resolve(port)));
    }),
  );
}

/** A folder with `text` as its estate.yaml, gone after the test. */
export function planWith(text: string): string {
  const plan = mkdtempSync(join(tmpdir(), 'twin-'));
  writeFileSync(join(plan, 'estate.yaml'), text);
  onTestFinished(() => rmSync(plan, { recursive: true }));
  return plan;
}

/** The estate that ships, with other ports. */
export async function shippedPlan(): Promise<string> {
  const [gateway1, gateway2, exporters] = await freePorts(3);
  const text = readFileSync(new URL('../../plan/estate.yaml', import.meta.url), 'utf8');
  return planWith(
    text
      .replaceAll('127.0.0.1:19502', `127.0.0.1:${gateway1}`)
      .replaceAll('127.0.0.1:19503', `127.0.0.1:${gateway2}`)
      .replaceAll('127.0.0.1:19400', `127.0.0.1:${exporters}`),
  );
}

/** One site with one meter of each model, and a pool of each shape. */
export const smallEstate = (modbus: number, http: number): string => `
sites: [{ id: s }]
clusters: [{ id: c, site: s }]
meters:
  - { id: gate, site: s, role: facility, rated_kw: 200, source: { protocol: modbus-tcp, address: "127.0.0.1:${modbus}", unit: 1 } }
  - { id: pv, site: s, role: facility, direction: generation, rated_kw: 20, source: { protocol: modbus-tcp, address: "127.0.0.1:${modbus}", unit: 2 } }
  - { id: ups, site: s, role: it, parent: gate, rated_kw: 100, source: { protocol: modbus-tcp, address: "127.0.0.1:${modbus}", unit: 3 } }
  - { id: pdu, site: s, role: it, parent: ups, rated_kw: 50, source: { protocol: modbus-tcp, address: "127.0.0.1:${modbus}", unit: 4 } }
  - { id: chiller, site: s, role: cooling, parent: gate, rated_kw: 60, source: { protocol: modbus-tcp, address: "127.0.0.1:${modbus}", unit: 5 } }
pools:
  - { id: a800, cluster: c, accelerator: nvidia-a800-sxm, count: 16, telemetry: { source: { url: "http://127.0.0.1:${http}/a800" } } }
  - { id: b3, cluster: c, accelerator: ascend-910b3, count: 12, telemetry: { source: { url: "http://127.0.0.1:${http}/b3" } } }
  - { id: a, cluster: c, accelerator: ascend-910a, count: 8, telemetry: { source: { url: "http://127.0.0.1:${http}/a" } } }
tenants:
  - { id: red, namespaces: [red-train, red-serve] }
  - { id: blue, namespaces: [blue] }
`;

export interface Small {
  readonly twin: Twin;
  readonly modbus: number;
  readonly http: number;
  /** Unix ms, set by the test. */
  readonly clock: { time: number; now(): number };
}

/** A twin of the small estate on an injected clock, closed after the test. */
export async function small(options: Partial<TwinOptions> = {}): Promise<Small> {
  const [modbus = 0, http = 0, control = 0] = await freePorts(3);
  const clock = { time: Date.parse('2026-07-15T10:20:30.456+08:00'), now: () => clock.time };
  const twin = await startTwin({
    plan: planWith(smallEstate(modbus, http)),
    control: `127.0.0.1:${control}`,
    clock,
    ...options,
  });
  onTestFinished(() => twin.close());
  return { twin, modbus, http, clock };
}

/** Sends one Modbus TCP request, bytes by hand, and gives the answer's PDU; rejects without one after `patience` ms. */
export function modbusRead(
  port: number,
  [unit, code, address, count]: readonly [number, number, number, number],
  patience = 1000,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(patience, () => fail(new Error('no answer')));
    socket.on('error', fail);
    socket.on('close', () => reject(new Error('closed by the device')));
    const request = Buffer.from([0x12, 0x34, 0, 0, 0, 6, unit, code, 0, 0, 0, 0]);
    request.writeUInt16BE(address, 8);
    request.writeUInt16BE(count, 10);
    socket.write(request);
    let answer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 6 || answer.length < 6 + answer.readUInt16BE(4)) return;
      socket.destroy();
      if (answer.readUInt16BE(0) !== 0x1234 || answer[6] !== unit)
        reject(new Error(`wrong head ${answer.toString('hex')}`));
      else resolve(answer.subarray(7));
    });
  });
}

type Read = (port: number) => Promise<number>;

const pm5xxx = (unit: number): Readonly<Record<'energy' | 'power', Read>> => ({
  energy: async (port) => 3600 * Number((await words(port, unit, 3, 3203, 4)).readBigInt64BE()),
  power: async (port) => 1000 * (await words(port, unit, 3, 3059, 2)).readFloatBE(),
});

/** Registers of the small estate's meters in joules and watts, read as their makers' tables say. */
export const registers = {
  gate: pm5xxx(1),
  pv: pm5xxx(2),
  ups: {
    energy: async (port: number) => 360_000 * lowFirst(await words(port, 3, 3, 52, 2)),
    power: async (port: number) => 0.1 * lowFirst(await words(port, 3, 4, 40, 2)),
  },
  pdu: pm5xxx(4),
  chiller: {
    energy: async (port: number) => 3_600_000 * (await words(port, 5, 4, 72, 2)).readFloatBE(),
    power: async (port: number) => (await words(port, 5, 4, 52, 2)).readFloatBE(),
  },
} as const;

const lowFirst = (bytes: Buffer) => bytes.readUInt16BE(0) + 65_536 * bytes.readInt16BE(2);

async function words(port: number, unit: number, code: number, address: number, count: number): Promise<Buffer> {
  const pdu = await modbusRead(port, [unit, code, address, count]);
  if (pdu[0] !== code || pdu[1] !== 2 * count) throw new Error(`no registers in ${pdu.toString('hex')}`);
  return pdu.subarray(2);
}
