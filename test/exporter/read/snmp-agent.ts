import { once } from 'node:events';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** BER: tag, length, content. */
export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length = bytes.length;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** The fewest bytes of a two's complement number. */
export function integer(value: number | bigint, tag = 2): Buffer {
  const n = BigInt(value);
  let size = 1;
  while (BigInt.asIntN(8 * size, n) !== n) size++;
  const hex = BigInt.asUintN(8 * size, n)
    .toString(16)
    .padStart(2 * size, '0');
  return tlv(tag, Buffer.from(hex, 'hex'));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const arcs = [40 * first + second, ...rest].flatMap((arc) => {
    const bytes = [arc & 0x7f];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) bytes.unshift((high & 0x7f) | 0x80);
    return bytes;
  });
  return tlv(6, Buffer.from(arcs));
}

export const text = (value: string): Buffer => tlv(4, Buffer.from(value));
export const counter64 = (value: bigint): Buffer => integer(value, 70);
export const noSuchObject = tlv(128);
export const noSuchInstance = tlv(129);
export const endOfMibView = tlv(130);

interface Node {
  readonly tag: number;
  readonly bytes: Buffer;
}

function* nodes(bytes: Buffer): Generator<Node> {
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, short = 0] = bytes.subarray(at);
    const extra = short < 128 ? 0 : short & 0x7f;
    const length = extra === 0 ? short : bytes.readUIntBE(at + 2, extra);
    const from = at + 2 + extra;
    yield { tag, bytes: bytes.subarray(from, from + length) };
    at = from + length;
  }
}
const inside = (node: Node | undefined): Node[] => [...nodes(node?.bytes ?? Buffer.alloc(0))];
const number = ({ bytes }: Node): number => bytes.readIntBE(0, bytes.length);

function dotted({ bytes }: Node): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of bytes) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 128) arcs.push(arc);
    if (byte < 128) arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  return [Math.floor(first / 40), first % 40, ...rest].join('.');
}

export const pdus = { get: 0xa0, next: 0xa1, response: 0xa2, bulk: 0xa5, report: 0xa8 } as const;

/** A v1 or v2c request as it stood on the wire. */
export interface Asked {
  readonly version: number;
  readonly community: string;
  readonly pdu: number;
  readonly id: number;
  /** Of GETBULK; of others the error index, 0. */
  readonly repetitions: number;
  readonly oids: readonly string[];
}

function parse(datagram: Buffer): Asked {
  const [message] = nodes(datagram);
  const [version, community, pdu] = inside(message);
  const [id, , repetitions, list] = inside(pdu);
  return {
    version: number(version!),
    community: community!.bytes.toString(),
    pdu: pdu!.tag,
    id: number(id!),
    repetitions: number(repetitions!),
    oids: inside(list).map((pair) => dotted(inside(pair)[0]!)),
  };
}

export type Variable = readonly [oid: string, value: Buffer];
interface Fault {
  readonly id?: number;
  readonly version?: number;
  readonly community?: string;
  readonly status?: number;
  readonly index?: number;
  readonly pdu?: number;
}

/** An answer, honest unless a test says otherwise. */
export function answer(asked: Asked, variables: readonly Variable[], fault: Fault = {}): Buffer {
  const { id, version, community } = { ...asked, ...fault };
  const { status = 0, index = 0, pdu = pdus.response } = fault;
  const list = variables.map(([name, value]) => tlv(0x30, oid(name), value));
  const body = tlv(pdu, integer(id), integer(status), integer(index), tlv(0x30, ...list));
  return tlv(0x30, integer(version), text(community), body);
}

/** The message id of an SNMPv3 request, and its flags: 0x1 authentication, 0x2 privacy. */
export function v3Head(datagram: Buffer): { readonly id: number; readonly flags: number } {
  const [message] = nodes(datagram);
  const [, head] = inside(message);
  const [id, , flags] = inside(head);
  return { id: number(id!), flags: flags!.bytes[0] ?? 0 };
}

interface V3Message {
  readonly id: number;
  readonly flags: number;
  readonly pdu: number;
  readonly variables: readonly Variable[];
  /** @default 1: boots and time of the engine */
  readonly time?: number;
}

/** A plain SNMPv3 message of the engine 8000000001, whatever its flags promise. */
export function v3Message({ id, flags, pdu, variables, time = 1 }: V3Message): Buffer {
  const engine = tlv(4, Buffer.from('8000000001', 'hex'));
  const list = variables.map(([name, value]) => tlv(0x30, oid(name), value));
  const security = tlv(0x30, engine, integer(time), integer(time), text(''), text(''), text(''));
  return tlv(
    0x30,
    integer(3),
    tlv(0x30, integer(id), integer(65_507), tlv(4, Buffer.from([flags])), integer(3)),
    tlv(4, security),
    tlv(0x30, engine, text(''), tlv(pdu, integer(1), integer(0), integer(0), tlv(0x30, ...list))),
  );
}

type Script = (asked: Asked, send: (datagram: Buffer) => void) => Buffer | undefined | void;

/** An SNMP agent on loopback that does what the script says with each request. */
export async function scriptedAgent(script: Script, host: '127.0.0.1' | '::1' = '127.0.0.1') {
  const asked: Asked[] = [];
  const senders = new Set<number>();
  const socket: Socket = createSocket(host === '::1' ? 'udp6' : 'udp4');
  socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
    const request = parse(datagram);
    asked.push(request);
    senders.add(from.port);
    const send = (bytes: Buffer) => socket.send(bytes, from.port, from.address);
    const said = script(request, send);
    if (said) send(said);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return {
    address: `${host === '::1' ? '[::1]' : host}:${socket.address().port}`,
    asked,
    /** UDP ports from which it was asked: one for each session. */
    senders,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Answers a GET from a table; what is not in it is noSuchObject. */
export const honest = (table: ReadonlyMap<string, Buffer>, asked: Asked): Buffer =>
  answer(
    asked,
    asked.oids.map((name) => [name, table.get(name) ?? noSuchObject]),
  );
