import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A frame, honest unless a test says otherwise: the bytes are put together here, by hand from the standard. */
export function frame(
  meter: string,
  control: number,
  data: readonly number[],
  fault: { checksum?: number; length?: number; end?: number } = {},
): Buffer {
  const address = [...Buffer.from(meter, 'hex')].toReversed();
  const body = [
    0x68,
    ...address,
    0x68,
    control,
    fault.length ?? data.length,
    ...data.map((byte) => (byte + 0x33) % 256),
  ];
  const sum = body.reduce((total, byte) => total + byte, 0) % 256;
  return Buffer.from([...body, fault.checksum ?? sum, fault.end ?? 0x16]);
}

/** The bytes of an identifier or a number's digits, last byte first. */
export const lastFirst = (digits: string): number[] => [...Buffer.from(digits, 'hex')].toReversed();

/** One request as it stood on the wire. */
export interface Asked {
  readonly bytes: Buffer;
  readonly meter: string;
  /** DI3..DI0 in hex */
  readonly identifier: string;
  /** Which connection of the server it came by, from 1. */
  readonly connection: number;
  readonly socket: Socket;
}

/** A right answer: the item holds these digits. */
export const answer = ({ meter, identifier }: Pick<Asked, 'meter' | 'identifier'>, digits: string): Buffer =>
  frame(meter, 0x91, [...lastFirst(identifier), ...lastFirst(digits)]);

/** A gateway that does what the script says with each request of 20 bytes. */
export async function scriptedLine(script: (asked: Asked) => void) {
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
      for (; pending.length >= 20; pending = pending.subarray(20)) {
        const bytes = pending.subarray(0, 20);
        const meter = Buffer.from(bytes.subarray(5, 11).toReversed()).toString('hex');
        const identifier = Buffer.from(
          bytes
            .subarray(14, 18)
            .toReversed()
            .map((byte) => byte - 0x33),
        );
        const request = { bytes, meter, identifier: identifier.toString('hex').toUpperCase(), connection, socket };
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
