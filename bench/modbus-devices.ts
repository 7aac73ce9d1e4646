// Modbus TCP devices for modbus.ts, in a process of their own: `gateways` ports, each of which answers one request after
// the other, `latency` ms each, whatever unit it is for. Sends its ports; a message {gateway, unit} silences a unit.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [gateways = 0, latency = 0] = process.argv.slice(2).map(Number);
let dead: { readonly gateway: number; readonly unit: number } | null = null;
process.on('message', (message) => (dead = message as typeof dead));
process.on('disconnect', () => process.exit(0));

/** An honest answer: each register holds its own address. */
function answer(request: Buffer): Buffer {
  const [address, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
  const bytes = Buffer.alloc(9 + 2 * count);
  request.copy(bytes, 0, 0, 8);
  bytes.writeUInt16BE(3 + 2 * count, 4);
  bytes.writeUInt8(2 * count, 8);
  for (let i = 0; i < count; i++) bytes.writeUInt16BE(address + i, 9 + 2 * i);
  return bytes;
}

async function listen(gateway: number): Promise<number> {
  /** The serial line behind the gateway: one request at a time, from whatever connection it comes. */
  let line = Promise.resolve();
  const serve = async (request: Buffer, socket: Socket, before: Promise<void>): Promise<void> => {
    await before;
    await sleep(latency);
    if (dead?.gateway !== gateway || dead.unit !== request[6]) socket.write(answer(request));
  };
  const server = createServer({ noDelay: true }, (socket) => {
    let pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (; pending.length >= 12; pending = pending.subarray(12)) {
        line = serve(pending.subarray(0, 12), socket, line);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const ports: number[] = [];
for (let gateway = 0; gateway < gateways; gateway++) ports.push(await listen(gateway));
process.send?.(ports);
