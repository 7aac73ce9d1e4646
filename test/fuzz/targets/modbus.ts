import assert from 'node:assert/strict';
import { decodeAnswer, type Adu, type RegisterRequest } from '../../../exporter/read/modbus/modbus-frame.ts';
import { framings } from '../../../exporter/read/modbus/modbus-framing.ts';
import { decodeRegisters, registerCount } from '../../../exporter/read/modbus/modbus-registers.ts';
import { crc16 } from '../../../exporter/read/modbus/modbus-rtu.ts';
import { byteOrders, registerTypes } from '../../../model/schema/places.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

/** Cuts bytes into pieces as a network would. */
export function pieces(bytes: Buffer, random: Random): Buffer[] {
  const cuts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.int(random.int(3) === 0 ? 300 : 12);
    cuts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cuts;
}

const rtu = (hex: string): Buffer => {
  const body = Buffer.from(hex, 'hex');
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crc16(body));
  return Buffer.concat([body, crc]);
};
const tcp = (hex: string): Buffer => {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(7, 0);
  head.writeUInt16BE(hex.length / 2, 4);
  return Buffer.concat([head, Buffer.from(hex, 'hex')]);
};
/** Unit, function, count of bytes and registers: 16, 32 and 64 bits, 125 registers, and three refusals. */
const answers = [
  '01030200ff',
  '01040440490fdb',
  '010308ffffffffffffffff',
  `0103fa${'12'.repeat(250)}`,
  '018302',
  '01830b',
  '018400',
];

/** An answer to a read of some registers, mostly of as many as a number takes. */
function answer(random: Random): string {
  const count = random.int(5) === 0 ? random.int(125) : random.pick([1, 2, 4]);
  const registers = Buffer.from(Array.from({ length: 2 * count }, () => random.pick([0, 0xff, random.int(256)])));
  return `010${random.pick([3, 4])}${Buffer.of(2 * count).toString('hex')}${registers.toString('hex')}`;
}

/** All that stands in the pieces, until the stream is lost. */
function adusOf(framing: 'tcp' | 'rtu', parts: readonly Buffer[]): { adus: Adu[]; error: unknown } {
  const splitter = framings[framing].splitter();
  const adus: Adu[] = [];
  try {
    for (const part of parts) adus.push(...splitter.push(part));
  } catch (error) {
    return { adus, error };
  }
  return { adus, error: null };
}

function read(framing: 'tcp' | 'rtu', bytes: Buffer, random: Random): string | null {
  const { adus, error } = adusOf(framing, pieces(bytes, random));
  if (framing === 'tcp') {
    // A piece that ends in garbage throws together with what stood before it.
    const whole = adusOf(
      framing,
      Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
    );
    assert.deepEqual(whole.adus.slice(0, adus.length), adus, 'how a stream is cut says nothing');
    assert.equal(whole.error === null, error === null);
  }
  let reason: string | null = adus.length === 0 ? 'no answer' : null;
  for (const adu of adus) {
    const type = random.pick(registerTypes);
    const bytesSent = adu.pdu[1] ?? 0;
    const count = random.int(3) === 0 ? registerCount(type) : Math.max(1, bytesSent >> 1);
    const request: RegisterRequest = { unit: 1, function: adu.pdu[0] === 4 ? 4 : 3, address: 0, count };
    const wire = decodeAnswer(adu, request);
    assert.equal(wire.length, 2 * count);
    if (count !== registerCount(type)) continue;
    const value = decodeRegisters(wire, type, random.pick(byteOrders));
    if (value === null) reason = 'no number';
    else assert.ok(value.d > 0n);
  }
  if (error !== null) throw error;
  return reason;
}

const target = (framing: 'tcp' | 'rtu', frame: (hex: string) => Buffer): Target => ({
  name: `modbus-${framing}`,
  seeds: answers.map(frame),
  make: (random) => frame(answer(random)),
  words: [
    ...answers.map(frame),
    ...['0007000000', '0103', '02', 'ff', '0000', '8302'].map((hex) => Buffer.from(hex, 'hex')),
  ],
  read: (bytes, random) => read(framing, bytes, random),
});
export const modbusTargets: readonly Target[] = [target('tcp', tcp), target('rtu', rtu)];
