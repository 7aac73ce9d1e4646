// Simulated PDUs in a process of their own: as many UDP ports as it is told, each of which answers every request with
// the same three rows. Tells its ports, then waits for the end.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rows } from './snmp-rows.ts';

const tlv = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from(bytes.length < 128 ? [tag, bytes.length] : [tag, 0x81, bytes.length]), bytes]);
};
/** No arc of these OIDs is greater than 16,383. */
const oid = (text: string): Buffer => {
  const [, , ...arcs] = text.split('.').map(Number);
  return tlv(6, Buffer.from([0x2b, ...arcs.flatMap((arc) => (arc < 128 ? [arc] : [(arc >> 7) | 0x80, arc & 0x7f]))]));
};
const zero = tlv(2, Buffer.from([0]));
const list = tlv(
  0x30,
  ...rows.map(({ oid: name, tag, hex }) => tlv(0x30, oid(name), tlv(tag, Buffer.from(hex, 'hex')))),
);

/** Where the element at `at` begins and ends: its content, and what follows it. */
function element(bytes: Buffer, at: number): { readonly from: number; readonly to: number } {
  const short = bytes[at + 1] ?? 0;
  const extra = short < 128 ? 0 : short & 0x7f;
  const length = extra === 0 ? short : bytes.readUIntBE(at + 2, extra);
  return { from: at + 2 + extra, to: at + 2 + extra + length };
}

function answer(request: Buffer): Buffer {
  const version = element(request, 0).from;
  const community = element(request, version).to;
  const head = element(request, community).to;
  const id = element(request, head).from;
  const body = tlv(0xa2, request.subarray(id, element(request, id).to), zero, zero, list);
  return tlv(0x30, request.subarray(version, head), body);
}

async function pdu(): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (request, from) => socket.send(answer(request), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket.address().port;
}

const ports = await Promise.all(Array.from({ length: Number(process.argv[2]) }, pdu));
process.on('disconnect', () => process.exit());
process.send?.(ports);
