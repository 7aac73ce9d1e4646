import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeAnswer,
  encodeRead,
  FrameSplitter,
  MeterException,
  type Frame,
} from '../../../exporter/read/dlt645/dlt645-frame.ts';
import { knownItems } from '../../../model/dlt645-items.ts';
import { decodeItem } from '../../../exporter/read/dlt645/dlt645-number.ts';
import { frame, lastFirst } from './dlt645-server.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const only = (bytes: Buffer): Frame => {
  const frames = new FrameSplitter().push(bytes);
  expect(frames).toHaveLength(1);
  return frames[0]!;
};

/**
 * Recorded between masters and meters by others: 'DLT645-2007 规约 常见报文解析' of 2012 (hwhale.com, article 138066),
 * and an example of a dictionary (cidian.kuaisou.com, 'dlt645 2007 读a相电压'); the last one is a request alone
 * (luatdoc.papapoi.com/572).
 */
const recorded = [
  {
    what: 'forward active energy 0.26 kWh',
    sent: '68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16',
    received: '68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16',
    request: { meter: '000000000161', identifier: '00010000' },
    value: { n: 26n, d: 100n },
  },
  {
    what: 'reverse active energy 1.26 kWh',
    sent: '68 61 01 00 00 00 00 68 11 04 33 33 35 33 15 16',
    received: '68 61 01 00 00 00 00 68 91 08 33 33 35 33 59 34 33 33 8C 16',
    request: { meter: '000000000161', identifier: '00020000' },
    value: { n: 126n, d: 100n },
  },
  {
    what: 'voltage of phase A 100.1 V',
    sent: '68 61 01 00 00 00 00 68 11 04 33 34 34 35 17 16',
    received: '68 61 01 00 00 00 00 68 91 06 33 34 34 35 34 43 10 16',
    request: { meter: '000000000161', identifier: '02010100' },
    value: { n: 1001n, d: 10n },
  },
  {
    what: 'voltage of phase A 229.8 V',
    sent: '68 01 00 00 00 00 00 68 11 04 33 34 34 35 B6 16',
    received: '68 01 00 00 00 00 00 68 91 06 33 34 34 35 CB 55 58 16',
    request: { meter: '000000000001', identifier: '02010100' },
    value: { n: 2298n, d: 10n },
  },
  {
    what: 'a meter with eight digits of its own',
    sent: '68 78 56 34 12 00 00 68 11 04 33 33 34 33 C6 16',
    received: null,
    request: { meter: '000012345678', identifier: '00010000' },
    value: null,
  },
];

describe('frames that others recorded', () => {
  test.each(recorded)('$what', ({ sent, received, request, value }) => {
    expect(encodeRead(request).toString('hex')).toBe(`fefefefe${hex(sent).toString('hex')}`);
    if (received === null) return;
    const item = decodeAnswer(only(hex(received)), request);
    expect(decodeItem(item!, knownItems.get(request.identifier)!)).toEqual(value);
  });
});

describe('requests', () => {
  test.each(['AAAAAAAAAAAA', '99999999999', '9999999999999', '12345678901A', '', '-12345678901'])(
    'no broadcast and no wildcard: %s',
    (meter) => expect(() => encodeRead({ meter, identifier: '00010000' })).toThrow(RangeError),
  );

  test.each(['0001000', '000100000', '0001000G', 'abcdef01', ''])('no identifier: %s', (identifier) => {
    expect(() => encodeRead({ meter: '000000000001', identifier })).toThrow(RangeError);
  });

  test('whatever is asked, the control code is that of Read Data', () => {
    const digits = fc.stringMatching(/^\d{12}$/);
    fc.assert(
      fc.property(digits, fc.stringMatching(/^[0-9A-F]{8}$/), (meter, identifier) => {
        const bytes = encodeRead({ meter, identifier });
        expect([bytes.length, bytes[12], bytes[13]]).toEqual([20, 0x11, 4]);
        expect(only(bytes)).toEqual({ meter, control: 0x11, data: Buffer.from(lastFirst(identifier)) });
      }),
      { seed: 20_251_218, numRuns: 200 },
    );
  });
});

describe('the stream', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  /** Noise that holds no 68H: what looks like a frame's beginning has tests of its own. */
  const noise = fc.array(
    byte.filter((one) => one !== 0x68),
    { maxLength: 20 },
  );
  const sent = fc.record({
    meter: fc.stringMatching(/^\d{12}$/),
    control: byte,
    data: fc.array(byte, { maxLength: 200 }),
    before: noise,
  });
  const frameOf = ({ meter, control, data }: { meter: string; control: number; data: number[] }): Frame => {
    return { meter, control, data: Buffer.from(data) };
  };

  test('any split of any frames, with noise between them, gives the same frames', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 4 }), fc.array(fc.nat(900)), noise, (frames, cuts, after) => {
        const pieces = frames.flatMap((it) => [Buffer.from(it.before), frame(it.meter, it.control, it.data)]);
        const stream = Buffer.concat([...pieces, Buffer.from(after)]);
        const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
        const splitter = new FrameSplitter();
        const found = edges.slice(1).flatMap((end, index) => splitter.push(stream.subarray(edges[index], end)));
        expect(found).toEqual(frames.map(frameOf));
      }),
      { seed: 20_251_218, numRuns: 300 },
    );
  });

  test('any bytes at all: no crash, and never more kept than a frame has', () => {
    // 68H is frequent, so that many beginnings look right.
    const bytes = fc.array(fc.oneof(byte, fc.constantFrom(0x68, 0x16, 0, 0xfe)), { maxLength: 600 });
    fc.assert(
      fc.property(bytes, (some) => {
        const splitter = new FrameSplitter();
        for (const chunk of [some.slice(0, 300), some.slice(300)]) splitter.push(Buffer.from(chunk));
        // 212 bytes of silence end whatever could still have come
        const good = frame('000000000007', 0x91, [1, 2, 3]);
        const found = [...splitter.push(Buffer.alloc(212)), ...splitter.push(good)];
        expect(found.at(-1)).toEqual(frameOf({ meter: '000000000007', control: 0x91, data: [1, 2, 3] }));
      }),
      { seed: 20_251_218, numRuns: 500 },
    );
  });

  const good = frame('000000000007', 0x91, [1, 2, 3]);
  const found = frameOf({ meter: '000000000007', control: 0x91, data: [1, 2, 3] });
  test.each<[string, Buffer]>([
    ['a wrong checksum', frame('000000000007', 0x91, [9], { checksum: 0 })],
    ['no 16H at its end', frame('000000000007', 0x91, [9], { end: 0x17 })],
    ['a length that says too little', frame('000000000007', 0x91, [9, 9], { length: 1 })],
    ['a length that says too much', frame('000000000007', 0x91, [9, 9], { length: 9 })],
    ['a length that no answer has', frame('000000000007', 0x91, [9, 9], { length: 201 })],
    ['a beginning that announces 200 bytes', hex('68 01 02 03 04 05 06 68 91 C8')],
    ['half of a frame', good.subarray(0, 9)],
    ['one 68H', hex('68')],
    ['six bytes FEH', Buffer.alloc(6, 0xfe)],
  ])('after %s the next frame is found, at once', (_, broken) => {
    expect(new FrameSplitter().push(Buffer.concat([broken, good]))).toEqual([found]);
    const splitter = new FrameSplitter();
    const bytes = Buffer.concat([broken, good]);
    expect(Array.from(bytes, (_byte, at) => splitter.push(bytes.subarray(at, at + 1))).flat()).toEqual([found]);
    expect(splitter.push(Buffer.alloc(300)), 'found once').toEqual([]);
  });
});

test('no answer to a read has more than 200 bytes of data', () => {
  const sent = (bytes: number) => new FrameSplitter().push(frame('000000000007', 0x91, Array<number>(bytes).fill(1)));
  expect([sent(200).length, sent(201).length]).toEqual([1, 0]);
});

describe('answers', () => {
  const request = { meter: '000000000007', identifier: '00010000' };
  const item = lastFirst(request.identifier);
  const got = (control: number, data: readonly number[], meter = request.meter): Frame =>
    only(frame(meter, control, data));

  test.each<[string, Frame]>([
    ['the echo of the request', only(encodeRead(request))],
    ['the answer of another meter', got(0x91, [...item, 1, 2, 3, 4], '000000000008')],
    ['the answer with another item', got(0x91, [...lastFirst('00020000'), 1, 2, 3, 4])],
    ['an answer without data', got(0x91, [])],
    ['an answer to a write', got(0x94, [...item, 1, 2, 3, 4])],
  ])('%s is none', (_, sent) => expect(decodeAnswer(sent, request)).toBeNull());

  test('the data behind the identifier, as it came', () => {
    expect(decodeAnswer(got(0x91, [...item, 1, 2, 3, 4]), request)).toEqual(Buffer.from([1, 2, 3, 4]));
  });

  test('a block of several frames is refused with words', () => {
    const refused = expect.objectContaining({
      failure: 'protocol',
      message: expect.stringContaining('several frames'),
    });
    expect(() => decodeAnswer(got(0xb1, [...item, 1, 2, 3, 4]), request)).toThrow(refused);
  });

  test.each([
    [0x01, '01H: another error'],
    [0x02, '02H: it has no such data'],
    [0x04, '04H: wrong password or no right'],
    [0x12, '12H: it has no such data, too many year zones'],
    [0x40, '40H: too many tariffs'],
    [0x80, '80H: unknown'],
    [0x00, '00H: unknown'],
  ])('error word %i', (word, words) => {
    const refusal = expect.objectContaining({ failure: 'protocol', message: `item 00010000 answered error ${words}` });
    expect(() => decodeAnswer(got(0xd1, [word]), request)).toThrow(refusal);
    expect(() => decodeAnswer(got(0xd1, [word]), request)).toThrow(MeterException);
    expect(decodeAnswer(got(0xd1, [word], '000000000008'), request)).toBeNull();
  });
});

describe('numbers', () => {
  const [energy, power, voltage] = [
    knownItems.get('00010000')!,
    knownItems.get('02030000')!,
    knownItems.get('02010100')!,
  ];
  test.each([
    ['12345678', energy, 12_345_678n, 100n],
    ['99999999', energy, 99_999_999n, 100n],
    ['00000000', energy, 0n, 100n],
    ['123456', power, 123_456n, 10_000n],
    ['923456', power, -123_456n, 10_000n],
    ['f99999', power, -799_999n, 10_000n],
    ['800000', power, 0n, 10_000n],
    ['2298', voltage, 2298n, 10n],
  ])('%s', (digits, item, n, d) => expect(decodeItem(Buffer.from(lastFirst(digits)), item)).toEqual({ n, d }));

  test.each([
    ['ffffffff', energy],
    ['0000000a', energy],
    ['a0000000', energy],
    ['ffffff', power],
    ['7a9999', power],
    ['ea9999', power],
    ['ffff', voltage],
  ])('%s is no number', (digits, item) => expect(decodeItem(Buffer.from(lastFirst(digits)), item)).toBeNull());

  test('what a meter encodes is what comes back', () => {
    const places = fc.record({ bytes: fc.integer({ min: 1, max: 8 }), decimals: fc.nat(8), signed: fc.boolean() });
    fc.assert(
      fc.property(places, fc.bigInt({ min: 0n, max: 10n ** 16n }), fc.boolean(), (item, some, minus) => {
        // a signed number has the first digit's upper bit for its sign: 7 is its largest first digit
        const n = some % (item.signed ? 8n * 10n ** BigInt(2 * item.bytes - 1) : 10n ** BigInt(2 * item.bytes));
        const bytes = Buffer.from(lastFirst(String(n).padStart(2 * item.bytes, '0')));
        const negative = item.signed && minus;
        if (negative) bytes[item.bytes - 1]! += 0x80;
        expect(decodeItem(bytes, item)).toEqual({ n: negative ? -n : n, d: 10n ** BigInt(item.decimals) });
      }),
      { seed: 20_251_218, numRuns: 500 },
    );
  });
});
