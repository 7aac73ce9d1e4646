import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaled } from '../../../exporter/read/modbus/modbus-exponent.ts';
import { decodeRegisters, registerCount } from '../../../exporter/read/modbus/modbus-registers.ts';
import { byteOrders, registerTypes } from '../../../model/schema/places.ts';

type RegisterType = (typeof registerTypes)[number];
type ByteOrder = (typeof byteOrders)[number];
const decode = (wire: string, type: RegisterType, order: ByteOrder = 'ABCD') =>
  decodeRegisters(Buffer.from(wire, 'hex'), type, order);

/** Bytes worked out by hand; the floats are 123.456 as IEEE 754 has it: 0xF6E979 x 2^-17 and 0x1EDD2F1A9FBE77 x 2^-46. */
const table: Record<RegisterType, { n: bigint; d: bigint; wire: Record<ByteOrder, string> }> = {
  int16: { n: -32_510n, d: 1n, wire: { ABCD: '8102', CDAB: '8102', BADC: '0281', DCBA: '0281' } },
  uint16: { n: 33_026n, d: 1n, wire: { ABCD: '8102', CDAB: '8102', BADC: '0281', DCBA: '0281' } },
  int32: {
    n: -2_130_574_588n,
    d: 1n,
    wire: { ABCD: '81020304', CDAB: '03048102', BADC: '02810403', DCBA: '04030281' },
  },
  uint32: {
    n: 2_164_392_708n,
    d: 1n,
    wire: { ABCD: '81020304', CDAB: '03048102', BADC: '02810403', DCBA: '04030281' },
  },
  int64: {
    n: -9_150_748_177_064_392_952n,
    d: 1n,
    wire: { ABCD: '8102030405060708', CDAB: '0708050603048102', BADC: '0281040306050807', DCBA: '0807060504030281' },
  },
  uint64: {
    n: 9_295_995_896_645_158_664n,
    d: 1n,
    wire: { ABCD: '8102030405060708', CDAB: '0708050603048102', BADC: '0281040306050807', DCBA: '0807060504030281' },
  },
  float32: {
    n: 0xf6_e9_79n,
    d: 2n ** 17n,
    wire: { ABCD: '42f6e979', CDAB: 'e97942f6', BADC: 'f64279e9', DCBA: '79e9f642' },
  },
  float64: {
    n: 0x1e_dd_2f_1a_9f_be_77n,
    d: 2n ** 46n,
    wire: { ABCD: '405edd2f1a9fbe77', CDAB: 'be771a9fdd2f405e', BADC: '5e402fdd9f1a77be', DCBA: '77be9f1a2fdd5e40' },
  },
  bcd16: { n: 1234n, d: 1n, wire: { ABCD: '1234', CDAB: '1234', BADC: '3412', DCBA: '3412' } },
  bcd32: { n: 12_345_678n, d: 1n, wire: { ABCD: '12345678', CDAB: '56781234', BADC: '34127856', DCBA: '78563412' } },
  bcd64: {
    n: 9_876_543_210_123_456n,
    d: 1n,
    wire: { ABCD: '9876543210123456', CDAB: '3456101254329876', BADC: '7698325412105634', DCBA: '5634121032547698' },
  },
};

describe.each(registerTypes)('%s', (type) => {
  test.each(byteOrders)('%s', (order) => {
    const { n, d, wire } = table[type];
    expect(decode(wire[order], type, order)).toEqual({ n, d });
  });

  test('takes as many registers as it has words, and no other number of bytes', () => {
    const bytes = table[type].wire.ABCD.length / 2;
    expect(registerCount(type)).toBe(bytes / 2);
    for (const wrong of [0, bytes - 1, bytes + 2]) {
      expect(() => decodeRegisters(new Uint8Array(wrong), type, 'ABCD')).toThrow(RangeError);
    }
  });
});

test.each<[RegisterType, string, bigint, bigint]>([
  ['float32', '80000000', 0n, 1n],
  ['float32', 'c2f6e979', -0xf6_e9_79n, 2n ** 17n],
  ['float32', '00000001', 1n, 2n ** 149n],
  ['float32', '7f7fffff', 0xff_ff_ffn * 2n ** 104n, 1n],
  ['float64', '0000000000000001', 1n, 2n ** 1074n],
  ['float64', '7fefffffffffffff', (2n ** 53n - 1n) * 2n ** 971n, 1n],
  ['float64', '4340000000000001', 2n ** 53n + 2n, 1n],
  ['uint64', 'ffffffffffffffff', 2n ** 64n - 1n, 1n],
  ['int64', '7fffffffffffffff', 2n ** 63n - 1n, 1n],
  ['int16', 'ffff', -1n, 1n],
])('%s %s is exact at its edge', (type, wire, n, d) => expect(decode(wire, type)).toEqual({ n, d }));

test.each<[RegisterType, string]>([
  ['float32', '7fc00000'],
  ['float32', 'ffffffff'],
  ['float32', '7f800000'],
  ['float32', 'ff800000'],
  ['float64', '7ff8000000000000'],
  ['float64', '7ff0000000000000'],
  ['float64', 'fff0000000000000'],
  ['bcd16', '00a0'],
  ['bcd32', 'ffffffff'],
  ['bcd64', '000000000000000f'],
])('%s %s is no number', (type, wire) => expect(decode(wire, type)).toBeNull());

describe('what a device encodes is what comes back', () => {
  /** Orders a big-endian number's bytes as the letters of the order say, word-wise for 8 bytes. */
  function onWire(bigEndian: Buffer, order: ByteOrder): Buffer {
    const words = bigEndian.toString('hex').match(/.{4}/g) ?? [];
    const ordered = order === 'CDAB' || order === 'DCBA' ? words.toReversed() : words;
    const swapped =
      order === 'BADC' || order === 'DCBA' ? ordered.map((word) => word.slice(2) + word.slice(0, 2)) : ordered;
    return Buffer.from(swapped.join(''), 'hex');
  }
  const integers = {
    int16: [16, true],
    uint16: [16, false],
    int32: [32, true],
    uint32: [32, false],
    int64: [64, true],
    uint64: [64, false],
  } as const;

  test.each(Object.entries(integers))('%s', (type, [bits, signed]) => {
    const [min, max] = signed
      ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
      : [0n, 2n ** BigInt(bits) - 1n];
    fc.assert(
      fc.property(fc.bigInt({ min, max }), fc.constantFrom(...byteOrders), (value, order) => {
        const bytes = Buffer.from(
          BigInt.asUintN(bits, value)
            .toString(16)
            .padStart(bits / 4, '0'),
          'hex',
        );
        expect(decodeRegisters(onWire(bytes, order), type as RegisterType, order)).toEqual({ n: value, d: 1n });
      }),
      { seed: 20_251_218, numRuns: 200 },
    );
  });

  test.each(['float32', 'float64'] as const)('%s', (type) => {
    const floats =
      type === 'float32'
        ? fc.float({ noNaN: true, noDefaultInfinity: true })
        : fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(floats, fc.constantFrom(...byteOrders), (value, order) => {
        const bytes = Buffer.alloc(type === 'float32' ? 4 : 8);
        if (type === 'float32') bytes.writeFloatBE(value);
        else bytes.writeDoubleBE(value);
        const number = decodeRegisters(onWire(bytes, order), type, order);
        // n / d by integers: 2^-1074 has a divisor that no double holds
        const power = number!.d.toString(2).length - 1;
        expect(number!.d).toBe(2n ** BigInt(power));
        const half = Math.trunc(power / 2);
        expect(Number(number!.n) / 2 ** half / 2 ** (power - half)).toBe(value === 0 ? 0 : value);
      }),
      { seed: 20_251_218, numRuns: 200 },
    );
  });

  test.each([
    ['bcd16', 4],
    ['bcd32', 8],
    ['bcd64', 16],
  ] as const)('%s', (type, digits) => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** BigInt(digits) - 1n }),
        fc.constantFrom(...byteOrders),
        (value, order) => {
          const bytes = Buffer.from(String(value).padStart(digits, '0'), 'hex');
          expect(decodeRegisters(onWire(bytes, order), type, order)).toEqual({ n: value, d: 1n });
        },
      ),
      { seed: 20_251_218, numRuns: 200 },
    );
  });
});

describe('a scale factor of another register', () => {
  const sunspec = { type: 'int64', order: 'ABCD', where: 'r' } as const;
  const wire = (exponent: number): Buffer => {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(exponent);
    return bytes;
  };

  test('the value times ten to its power, exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
        fc.integer({ min: -10, max: 10 }),
        (n, exponent) => {
          const { n: over, d: under } = scaled({ n, d: 1n }, { ...sunspec, wire: wire(exponent), order: 'ABCD' })!;
          expect(over * 10n ** BigInt(Math.max(0, -exponent))).toBe(n * 10n ** BigInt(Math.max(0, exponent)) * under);
        },
      ),
      { seed: 20_251_218, numRuns: 300 },
    );
    // 2^53 + 1 hundredths: no double holds it
    expect(scaled({ n: 9_007_199_254_740_993n, d: 1n }, { ...sunspec, wire: wire(-2), order: 'ABCD' })).toEqual({
      n: 9_007_199_254_740_993n,
      d: 100n,
    });
  });

  test('its bytes are swapped where those of the value are', () => {
    expect(scaled({ n: 5n, d: 1n }, { ...sunspec, wire: Buffer.from('feff', 'hex'), order: 'BADC' })).toEqual({
      n: 5n,
      d: 100n,
    });
    expect(scaled({ n: 5n, d: 1n }, { ...sunspec, wire: Buffer.from('fffe', 'hex'), order: 'CDAB' })).toEqual({
      n: 5n,
      d: 100n,
    });
  });

  test.each([
    ['int16', -(2n ** 15n)],
    ['uint16', 2n ** 16n - 1n],
    ['int32', -(2n ** 31n)],
    ['uint32', 2n ** 32n - 1n],
    ['int64', -(2n ** 63n)],
    ['uint64', 2n ** 64n - 1n],
  ] as const)('a value of type %s that is not implemented is none, the next one is', (type, n) => {
    const next = n < 0n ? n + 1n : n - 1n;
    const at = { ...sunspec, type, wire: wire(1) };
    expect(scaled({ n, d: 1n }, at)).toBeNull();
    expect(scaled({ n: next, d: 1n }, at)).toEqual({ n: 10n * next, d: 1n });
  });

  test('not implemented, or no value: no number', () => {
    expect(scaled({ n: 5n, d: 1n }, { ...sunspec, wire: wire(-0x8000), order: 'ABCD' })).toBeNull();
    expect(scaled(null, { ...sunspec, wire: wire(2), order: 'ABCD' })).toBeNull();
  });

  test.each([11, -11, 0x7fff, -0x7fff, 300])('%i is no scale factor', (exponent) => {
    const refused = { failure: 'protocol', message: `r holds exponent ${exponent}, not within -10 to 10` };
    expect(() => scaled({ n: 5n, d: 1n }, { ...sunspec, wire: wire(exponent), order: 'ABCD' })).toThrow(
      expect.objectContaining(refused),
    );
    expect(() => scaled(null, { ...sunspec, wire: wire(exponent), order: 'ABCD' })).toThrow(
      expect.objectContaining(refused),
    );
  });
});
