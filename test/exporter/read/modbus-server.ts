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

/** Unit id, function code, address and count of a request. */
const bodyOf = (bytes: Buffer) => ({
  unit: bytes.readUInt8(0),
  function: bytes.readUInt8(1),
  address: bytes.readUInt16BE(2),
  count: bytes.readUInt16BE(4),
});

/** A Modbus TCP server that does what the script says with each request. */
export const scriptedServer = (script: (asked: Asked) => void) =>
  scripted(12, (bytes) => ({ transaction: bytes.readUInt16BE(0), ...bodyOf(bytes.subarray(6)) }), script);

/** A server whose requests have `length` bytes. */
async function scripted<R extends object>(
  length: number,
  read: (bytes: Buffer) => R,
  script: (asked: R & Pick<Asked, 'connection' | 'socket'>) => void,
) {
  const asked: (R & Pick<Asked, 'connection' | 'socket'>)[] = [];
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
      for (; pending.length >= length; pending = pending.subarray(length)) {
        const request = { ...read(pending.subarray(0, length)), connection, socket };
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

/** CRC of a frame of the serial line, bit by bit from the document's flow chart: the reader's own is not asked. */
function crcOf(bytes: readonly number[]): [low: number, high: number] {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let shift = 0; shift < 8; shift++) {
      const carry = crc % 2;
      crc = (crc - carry) / 2;
      if (carry) crc ^= 0b1010_0000_0000_0001;
    }
  }
  return [crc % 256, Math.floor(crc / 256)];
}

/** A frame of the serial line. */
export const rtuFrame = (unit: number, pdu: readonly number[]): Buffer =>
  Buffer.from([unit, ...pdu, ...crcOf([unit, ...pdu])]);

export type RtuAsked = Omit<Asked, 'transaction'>;

/** A right answer: each register holds its own address. */
export function rtuAnswer(asked: Pick<Asked, 'unit' | 'function' | 'address' | 'count'>): Buffer {
  const registers = Array.from({ length: asked.count }, (_, index) => asked.address + index);
  const bytes = registers.flatMap((value) => [value >> 8, value & 0xff]);
  return rtuFrame(asked.unit, [asked.function, bytes.length, ...bytes]);
}

/** A server of RTU frames over TCP that does what the script says with each request. */
export const scriptedRtuServer = (script: (asked: RtuAsked) => void) => scripted(8, bodyOf, script);
