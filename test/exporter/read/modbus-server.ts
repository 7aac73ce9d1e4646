import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One request as it stood on the wire. */
export interface Asked {
  readonly transaction: number;
  readonly unit: number;
  readonly function: number;
  readonly address: number;
  readonly count: number;
  /** Which connection of the server it came by, from 1. */
  readonly connection: number;
  readonly socket: Socket;
}

/** An ADU, honest unless a test says otherwise. */
export function adu(
  asked: Pick<Asked, 'transaction' | 'unit'>,
  pdu: readonly number[],
  fault: { protocol?: number; length?: number } = {},
): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt16BE(asked.transaction, 0);
  head.writeUInt16BE(fault.protocol ?? 0, 2);
  head.writeUInt16BE(fault.length ?? pdu.length + 1, 4);
  head.writeUInt8(asked.unit, 6);
  return Buffer.concat([head, Buffer.from(pdu)]);
}

/** A right answer: each register holds its own address. */
export function answer(asked: Pick<Asked, 'transaction' | 'unit' | 'function' | 'address' | 'count'>): Buffer {
  const registers = Array.from({ length: asked.count }, (_, index) => asked.address + index);
  return adu(asked, [asked.function, 2 * asked.count, ...registers.flatMap((value) => [value >> 8, value & 0xff])]);
}

/** A Modbus TCP server that does what the script says with each request. */
export async function scriptedServer(script: (asked: Asked) => void) {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (; pending.length >= 12; pending = pending.subarray(12)) {
        const request = {
          transaction: pending.readUInt16BE(0),
          unit: pending.readUInt8(6),
          function: pending.readUInt8(7),
          address: pending.readUInt16BE(8),
          count: pending.readUInt16BE(10),
          connection,
          socket,
        };
        asked.push(request);
        script(request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    asked,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
