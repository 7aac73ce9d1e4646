import assert from 'node:assert/strict';
import { decodeAnswer, encodeRead, FrameSplitter, type Frame } from '../../../exporter/read/dlt645/dlt645-frame.ts';
import { knownItems } from '../../../model/dlt645-items.ts';
import { decodeItem } from '../../../exporter/read/dlt645/dlt645-number.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';
import { pieces } from './modbus.ts';

const METER = '001234567890';
const items = [...knownItems];

/** A frame as a meter sends it: data without the 33H. */
function frame(control: number, data: string, meter = METER): Buffer {
  const shifted = Buffer.from(data, 'hex').map((byte) => (byte + 0x33) & 0xff);
  const body = Buffer.concat([
    Buffer.of(0x68),
    Buffer.from(meter, 'hex').reverse(),
    Buffer.of(0x68, control, shifted.length),
    shifted,
  ]);
  return Buffer.concat([
    body,
    Buffer.of(
      body.reduce((sum, byte) => (sum + byte) & 0xff, 0),
      0x16,
    ),
  ]);
}
const wake = Buffer.alloc(4, 0xfe);
const answers = [
  frame(0x91, '0000010078563412'),
  frame(0x91, '000003025634 92'.replace(' ', '')),
  frame(0x91, '00010102ffff'),
  frame(0xd1, '02'),
  frame(0xb1, '0000010078563412'),
  frame(0x91, '0000010078563412', '999999999999'),
];

const HEX = '0123456789abcdef'.split('');

/** Whole frames, of the right meter or another one, with any digits and sometimes any bytes. */
function anyFrames(random: Random): Buffer {
  const some = Array.from({ length: 1 + random.int(3) }, () => {
    const [identifier, { bytes }] = random.pick(items);
    const id = random.int(3) === 0 ? identifier : '00010000';
    const nibbles = random.int(4) === 0 ? HEX : HEX.slice(0, 10);
    const digits = Array.from({ length: 2 * (random.int(8) === 0 ? random.int(20) : bytes) }, () =>
      random.pick(nibbles),
    );
    const data = Buffer.from(id, 'hex').reverse().toString('hex') + digits.join('');
    return frame(random.int(8) === 0 ? random.int(256) : 0x91, data, random.int(6) === 0 ? '000000000001' : METER);
  });
  return Buffer.concat(some);
}

const all = (parts: readonly Buffer[]): Frame[] => {
  const splitter = new FrameSplitter();
  return parts.flatMap((part) => splitter.push(part));
};

export const dlt645Target: Target = {
  name: 'dlt645',
  seeds: [
    ...answers,
    Buffer.concat([wake, ...answers.slice(0, 2)]),
    Buffer.concat([encodeRead({ meter: METER, identifier: '00010000' }), wake, answers[0]!]),
  ],
  make: anyFrames,
  words: [...answers, wake, Buffer.of(0x68), Buffer.of(0x16), Buffer.of(0x68, 0x91), Buffer.alloc(8, 0x68)],
  read(bytes, random) {
    const frames = all(pieces(bytes, random));
    for (const { data } of frames) assert.ok(data.length <= 200);
    let reason: string | null = frames.length === 0 ? 'no frame' : 'another frame';
    for (const one of frames) {
      const [identifier, digits] =
        random.int(2) === 0 ? (items.find(([id]) => id === '00010000') ?? items[0]!) : random.pick(items);
      const data = decodeAnswer(one, { meter: METER, identifier });
      if (data === null) continue;
      const value = decodeItem(data.subarray(0, digits.bytes), digits);
      reason = value === null ? 'no number' : null;
    }
    return reason;
  },
};
