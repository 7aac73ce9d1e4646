import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AduSplitter,
  decodeAnswer,
  encodeRequest,
  ModbusException,
  type Adu,
  type ReadFunction,
} from '../../../exporter/read/modbus/modbus-frame.ts';
import { adu, answer } from './modbus-server.ts';

const request = { unit: 17, function: 3, address: 0x0c83, count: 4 } as const;

describe('requests', () => {
  test('bytes, by hand from the specification', () => {
    expect(encodeRequest(0xabcd, request).toString('hex')).toBe('abcd0000000611030c830004');
    expect(encodeRequest(1, { unit: 255, function: 4, address: 65_535, count: 1 }).toString('hex')).toBe(
      '000100000006ff04ffff0001',
    );
  });

  test('no function but 3 and 4 can be encoded', () => {
    const refused = Array.from({ length: 256 }, (_, code) => code).filter((code) => {
      try {
        encodeRequest(1, { ...request, function: code as ReadFunction });
        return false;
      } catch (error) {
        return error instanceof RangeError;
      }
    });
    expect(refused).toHaveLength(254);
    expect(refused).not.toContain(3);
    expect(refused).not.toContain(4);
    for (const code of ['3', '__proto__', NaN, 3.5]) {
      expect(() => encodeRequest(1, { ...request, function: code as ReadFunction }), String(code)).toThrow(RangeError);
    }
  });

  test.each([{ count: 0 }, { count: 126 }, { count: 1.5 }, { address: -1 }, { address: 65_533 }, { unit: 256 }])(
    'no device can answer %o',
    (wrong) => expect(() => encodeRequest(1, { ...request, ...wrong })).toThrow(RangeError),
  );
});

describe('the stream', () => {
  test('any split of any frames gives the same frames', () => {
    const frame = fc.record({
      transaction: fc.integer({ min: 0, max: 65_535 }),
      unit: fc.integer({ min: 0, max: 255 }),
      pdu: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 253 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(1300)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((sent) => adu(sent, sent.pdu)));
        const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const splitter = new AduSplitter();
        const received = edges.slice(1).flatMap((end, index) => splitter.push(stream.subarray(edges[index], end)));
        expect(received).toEqual(
          frames.map(({ transaction, unit, pdu }) => ({ transaction, unit, pdu: Buffer.from(pdu) })),
        );
      }),
      { seed: 20_251_218, numRuns: 200 },
    );
  });

  test.each<[string, Buffer]>([
    ['another protocol', adu({ transaction: 1, unit: 1 }, [3, 0], { protocol: 1 })],
    ['no PDU', adu({ transaction: 1, unit: 1 }, [], { length: 1 })],
    ['an ADU of 261 bytes', adu({ transaction: 1, unit: 1 }, [], { length: 255 })],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ])('%s is no Modbus TCP', (_, bytes) => {
    expect(() => new AduSplitter().push(bytes)).toThrow(expect.objectContaining({ failure: 'protocol' }));
  });

  test('an ADU of 260 bytes is the longest', () => {
    const longest = adu({ transaction: 1, unit: 1 }, [3, ...Array<number>(252).fill(0)]);
    expect(longest).toHaveLength(260);
    expect(new AduSplitter().push(longest)).toHaveLength(1);
  });
});

describe('answers', () => {
  const received = (pdu: readonly number[], unit: number = request.unit): Adu => ({
    transaction: 1,
    unit,
    pdu: Buffer.from(pdu),
  });

  test('register bytes as they stood', () => {
    const [whole] = new AduSplitter().push(answer({ transaction: 1, ...request }));
    expect(decodeAnswer(whole!, request).toString('hex')).toBe('0c830c840c850c86');
  });

  test.each<[string, Adu, string]>([
    ['another unit', received([3, 8, 0, 0, 0, 0, 0, 0, 0, 0], 18), 'unit 18 answered instead of unit 17'],
    ['another function', received([4, 8, 0, 0, 0, 0, 0, 0, 0, 0]), 'function 4'],
    ['an exception of another function', received([0x84, 2]), 'function 132'],
    ['too few registers, consistently', received([3, 6, 0, 0, 0, 0, 0, 0]), '6 bytes announced, 6 sent, 8 expected'],
    ['too many registers, consistently', received([3, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), '10 bytes announced'],
    ['fewer bytes than announced', received([3, 8, 0, 0, 0, 0, 0, 0]), '6 sent'],
    ['more bytes than announced', received([3, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]), '9 sent'],
    ['a function code alone', received([3]), '0 sent'],
    ['an exception without a code', received([0x83]), 'wrong length'],
  ])('%s is no answer', (_, wrong, what) => {
    let error: unknown;
    try {
      decodeAnswer(wrong, request);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ failure: 'protocol', message: expect.stringContaining(what) });
    expect(error).not.toBeInstanceOf(ModbusException);
  });

  test.each([
    [1, 'illegal function', 'protocol'],
    [2, 'illegal data address', 'protocol'],
    [3, 'illegal data value', 'protocol'],
    [4, 'server device failure', 'protocol'],
    [5, 'acknowledge', 'protocol'],
    [6, 'server device busy', 'protocol'],
    [8, 'memory parity error', 'protocol'],
    [10, 'gateway path unavailable', 'unreachable'],
    [11, 'gateway target device failed to respond', 'unreachable'],
    [99, 'unknown', 'protocol'],
  ])('exception %i is %s', (code, name, failure) => {
    const refusal = expect.objectContaining({ failure, message: `register 3204 answered exception ${code}: ${name}` });
    expect(() => decodeAnswer(received([0x83, code]), request)).toThrow(refusal);
    expect(() => decodeAnswer(received([0x83, code]), request)).toThrow(ModbusException);
  });
});
