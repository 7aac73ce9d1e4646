import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { encodeRequest, type ReadFunction } from '../../../exporter/read/modbus/modbus-frame.ts';
import { ModbusGateway } from '../../../exporter/read/modbus/modbus-gateway.ts';
import { crc16, encodeRtuRequest, RtuSplitter } from '../../../exporter/read/modbus/modbus-rtu.ts';
import { meter } from '../../../model/schema/meter.ts';
import { rtuAnswer, rtuFrame, scriptedRtuServer, type RtuAsked } from './modbus-server.ts';

const never = new AbortController().signal;
const at = (address: number, unit = 1) => ({ unit, function: 3, address, count: 2 }) as const;
/** What the test servers hold at an address: the address itself and the next. */
const held = (address: number) => [Buffer.from([0, address, 0, address + 1])];
const honest = (asked: RtuAsked) => void asked.socket.write(rtuAnswer(asked));

describe('frames', () => {
  test('the check value of CRC-16/MODBUS, and the frames of two public examples', () => {
    // The catalogue of parametrised CRC algorithms: the CRC of '123456789'
    expect(crc16(Buffer.from('123456789'))).toBe(0x4b37);
    // simplymodbus.ca, FC03 and FC04: request 11 03 006B 0003 7687, 11 04 0008 0001 B298
    expect(encodeRtuRequest({ unit: 17, function: 3, address: 0x6b, count: 3 }).toString('hex')).toBe(
      '1103006b00037687',
    );
    expect(encodeRtuRequest({ unit: 17, function: 4, address: 8, count: 1 }).toString('hex')).toBe('110400080001b298');
    const [answer] = new RtuSplitter().push(Buffer.from('110306ae415652434049ad', 'hex'));
    expect(answer).toEqual({ transaction: null, unit: 17, pdu: Buffer.from('0306ae4156524340', 'hex') });
  });

  test('no function but 3 and 4 can be encoded, in either framing', () => {
    for (const code of [3, 4] as const) {
      expect(encodeRtuRequest({ ...at(1), function: code })[1]).toBe(code);
      expect(encodeRequest(1, { ...at(1), function: code })[7]).toBe(code);
    }
    const others = fc.oneof(fc.integer({ min: -1, max: 300 }), fc.double(), fc.constantFrom('3', null, undefined));
    fc.assert(
      fc.property(
        others.filter((code) => code !== 3 && code !== 4),
        (code) => {
          const request = { ...at(1), function: code as ReadFunction };
          expect(() => encodeRtuRequest(request)).toThrow(RangeError);
          expect(() => encodeRequest(1, request)).toThrow(RangeError);
        },
      ),
      { seed: 20_251_218, numRuns: 500 },
    );
  });

  test('any split of an answer gives the answer', () => {
    const sent = fc.record({
      unit: fc.nat(255),
      code: fc.constantFrom(3, 4),
      words: fc.array(fc.nat(65_535), { minLength: 1, maxLength: 125 }),
    });
    fc.assert(
      fc.property(sent, fc.array(fc.nat(255)), ({ unit, code, words }, cuts) => {
        const pdu = [code, 2 * words.length, ...words.flatMap((word) => [word >> 8, word & 0xff])];
        const stream = rtuFrame(unit, pdu);
        const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const splitter = new RtuSplitter();
        const found = edges.slice(1).flatMap((end, index) => splitter.push(stream.subarray(edges[index], end)));
        expect(found).toEqual([{ transaction: null, unit, pdu: Buffer.from(pdu) }]);
      }),
      { seed: 20_251_218, numRuns: 200 },
    );
  });

  test('one flipped bit is never an answer', () => {
    const right = rtuFrame(1, [3, 4, 0x12, 0x34, 0x56, 0x78]);
    for (let bit = 0; bit < 8 * right.length; bit++) {
      const wrong = Buffer.from(right);
      wrong[bit >> 3]! ^= 1 << (bit & 7);
      const splitter = new RtuSplitter();
      const found = () => [...splitter.push(wrong), ...splitter.push(Buffer.alloc(255))];
      expect(found, `bit ${bit}`).toThrow(expect.objectContaining({ failure: 'protocol' }));
    }
  });

  test('any bytes at all end as one answer, as a protocol error, or wait for more', () => {
    const refused = (chunks: readonly Uint8Array[]): unknown => {
      const splitter = new RtuSplitter();
      try {
        for (const chunk of chunks) splitter.push(Buffer.from(chunk));
        return null;
      } catch (error) {
        return error;
      }
    };
    const nothing = { name: 'ReadError', failure: 'protocol' };
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (chunks) => {
        expect(refused(chunks) ?? nothing).toMatchObject(nothing);
      }),
      { seed: 20_251_218, numRuns: 1000 },
    );
  });
});

describe('a gateway that passes RTU frames on', () => {
  test('one connection, one request at a time; an exception leaves it as it is', async () => {
    await using server = await scriptedRtuServer((asked) =>
      asked.address === 50 ? void asked.socket.write(rtuFrame(asked.unit, [0x83, 2])) : honest(asked),
    );
    const gateway = new ModbusGateway(server.address, 'rtu');
    const results = await Promise.allSettled([
      gateway.read([at(1, 1), at(2, 1)], 1000, never),
      gateway.read([at(50, 2), at(3, 2)], 1000, never),
      gateway.read([at(4, 3)], 1000, never),
    ]);
    expect(results).toMatchObject([
      { value: [...held(1), ...held(2)] },
      {
        reason: {
          failure: 'protocol',
          message: `${server.address} unit 2: register 51 answered exception 2: illegal data address (function 3, 2 registers from PDU address 50)`,
        },
      },
      { value: held(4) },
    ]);
    expect(server.asked.map(({ address, connection }) => [address, connection])).toEqual([
      [1, 1],
      [2, 1],
      [50, 1],
      [4, 1],
    ]);
    await gateway.close();
  });

  test('after a timeout a new connection is opened: the late answer is nobody’s', async () => {
    await using server = await scriptedRtuServer((asked) => {
      if (asked.address === 1) setTimeout(() => asked.socket.write(rtuAnswer({ ...asked, address: 99 })), 60);
      else setTimeout(() => honest(asked), 60);
    });
    const gateway = new ModbusGateway(server.address, 'rtu');
    await expect(gateway.read([at(1)], 50, never)).rejects.toMatchObject({
      failure: 'timeout',
      message: `no answer from ${server.address} unit 1 within 50 ms (function 3, 2 registers from PDU address 1)`,
    });
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 2]);
    await gateway.close();
  });

  test('byte by byte', async () => {
    const drip = async (asked: RtuAsked) => {
      for (const byte of rtuAnswer(asked)) {
        asked.socket.write(Buffer.from([byte]));
        await sleep(1);
      }
    };
    await using server = await scriptedRtuServer((asked) => void drip(asked));
    const gateway = new ModbusGateway(server.address, 'rtu');
    expect(await gateway.read([at(1), at(2)], 2000, never)).toEqual([...held(1), ...held(2)]);
    await gateway.close();
  });

  const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte, index) => (index === 4 ? byte ^ 1 : byte)));
  const faults: Record<string, [sent: (asked: RtuAsked) => Buffer, words: string]> = {
    'a wrong CRC': [(asked) => flipped(rtuAnswer(asked)), 'CRC '],
    'another unit': [(asked) => rtuAnswer({ ...asked, unit: 2 }), 'unit 2 answered instead of unit 1'],
    'another function': [(asked) => rtuAnswer({ ...asked, function: 4 }), 'function 4 in the answer instead of 3'],
    'a function that was never sent': [() => rtuFrame(1, [6, 0, 1, 0, 2]), 'function 6 in the answer'],
    'too few registers': [(asked) => rtuAnswer({ ...asked, count: 1 }), '2 bytes announced'],
    'too many registers': [(asked) => rtuAnswer({ ...asked, count: 3 }), '6 bytes announced'],
    'an odd number of bytes': [() => rtuFrame(1, [3, 3, 0, 0, 0]), '3 register bytes'],
    'two answers at once': [(asked) => Buffer.concat([rtuAnswer(asked), rtuAnswer(asked)]), '9 bytes after the end'],
    'the frame of Modbus TCP': [() => Buffer.from('000100000007010304000100020000', 'hex'), 'function 1'],
    'no Modbus': [() => Buffer.from('220 mail ready\r\n'), 'function 50'],
  };
  test.each(Object.keys(faults))('%s: refused, and read again over a new connection', async (fault) => {
    const [sent, words] = faults[fault]!;
    await using server = await scriptedRtuServer((asked) => {
      if (server.asked.length === 1) asked.socket.write(sent(asked));
      else honest(asked);
    });
    const gateway = new ModbusGateway(server.address, 'rtu');
    await expect(gateway.read([at(1)], 1000, never)).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringContaining(`${server.address} unit 1: ${words}`),
    });
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 2]);
    await gateway.close();
  });

  test('bytes that nobody asked for end the connection, and harm no reading', async () => {
    await using server = await scriptedRtuServer(honest);
    const gateway = new ModbusGateway(server.address, 'rtu');
    expect(await gateway.read([at(1)], 1000, never)).toEqual(held(1));
    for (const socket of server.sockets) socket.write(rtuFrame(1, [3, 4, 9, 9, 9, 9]));
    await sleep(20);
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 2]);
    await gateway.close();
  });
});

test('meters share a connection where address and framing are the same', async () => {
  await using server = await scriptedRtuServer(honest);
  const gateways = new Gateways();
  const reader = (unit: number) =>
    openMeter(
      meter.parse({
        id: `m-${unit}`,
        site: 's',
        role: 'it',
        rated_kw: 100,
        source: { protocol: 'modbus-tcp', address: server.address, unit, framing: 'rtu' },
        registers: { energy: { function: 3, address: 7, type: 'uint32', scale_to_wh: 1, modulus: 'none' } },
      }),
      gateways,
    );
  const answers = await Promise.all([1, 2, 3].map((unit) => reader(unit).read(never)));
  expect(answers.map(({ energy }) => energy?.wire)).toEqual(['00070008', '00070008', '00070008']);
  expect(server.asked.map(({ unit, connection }) => [unit, connection])).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
  await gateways.close();
});
