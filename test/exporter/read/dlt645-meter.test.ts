import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';
import { answer, frame, lastFirst, scriptedLine, type Asked } from './dlt645-server.ts';

const never = new AbortController().signal;
const number = '000000012345';
const energy = { identifier: '00010000', scale_to_wh: 1000, modulus: 1_000_000 };
const power = { identifier: '02030000', scale_to_w: 1000 };

const declared = (address: string, registers: object, source: object = {}) =>
  meter.parse({
    id: 'm-1',
    site: 's',
    role: 'it',
    rated_kw: 100,
    source: { protocol: 'dlt645', address, meter: number, timeout: '1s', ...source },
    registers,
  });

/** What the meters of these tests hold. */
const digits: Readonly<Record<string, string>> = { '00010000': '00123456', '02030000': '812345', '03300100': '000007' };
const honest = (asked: Asked) => void asked.socket.write(answer(asked, digits[asked.identifier] ?? ''));
const held = {
  energy: { value: { n: 123_456n, d: 100n }, wire: '56341200' },
  power: { value: { n: -12_345n, d: 10_000n }, wire: '452381' },
};

async function read(script: (asked: Asked) => void, registers: object = { energy, power }, source: object = {}) {
  await using line = await scriptedLine(script);
  const gateways = new Gateways();
  try {
    return await openMeter(declared(line.address, registers, source), gateways).read(never);
  } finally {
    await gateways.close();
  }
}

test('energy, power and the count of resets, in one turn: what speaks of resets is read first', async () => {
  const restart = { identifier: '03300100' };
  const order: string[] = [];
  const answers = await read(
    (asked) => {
      order.push(asked.identifier);
      honest(asked);
    },
    { energy, power, restart },
  );
  expect(answers).toEqual({ ...held, restart: { value: { n: 7n, d: 1n }, wire: '070000' } });
  expect(order).toEqual(['03300100', '00010000', '02030000']);
});

test('an item that is not among the common ones, as declared; hex in either case', async () => {
  const other = { identifier: '0280000a', bytes: 2, decimals: 3, signed: true, scale_to_w: 1 };
  const item = (asked: Asked) => void asked.socket.write(answer(asked, '8123'));
  expect(await read(item, { power: other })).toEqual({ power: { value: { n: -123n, d: 1000n }, wire: '2381' } });
});

describe('what a line brings beside the answer', () => {
  const beside: Record<string, (asked: Asked, right: Buffer) => Buffer> = {
    'the echo of our own request': ({ bytes }, right) => Buffer.concat([bytes, right]),
    'bytes FEH': (_, right) => Buffer.concat([Buffer.alloc(4, 0xfe), right]),
    noise: (_, right) => Buffer.concat([Buffer.from('006816ff68', 'hex'), right, Buffer.from('0000', 'hex')]),
    'the answer of another meter': (asked, right) =>
      Buffer.concat([answer({ ...asked, meter: '000000099999' }, '99999999'), right]),
    'an error of another meter': (_, right) => Buffer.concat([frame('000000099999', 0xd1, [2]), right]),
    'a broken frame of this meter': (asked, right) =>
      Buffer.concat([frame(asked.meter, 0x91, [...lastFirst(asked.identifier), 9, 9, 9, 9], { checksum: 1 }), right]),
    'the answer twice': (_, right) => Buffer.concat([right, right]),
  };
  test.each(Object.keys(beside))('%s, whole and byte by byte', async (what) => {
    const sent = (asked: Asked) => beside[what]!(asked, answer(asked, digits[asked.identifier] ?? ''));
    expect(await read((asked) => void asked.socket.write(sent(asked)))).toEqual(held);
    let last = Promise.resolve();
    const drip = async (asked: Asked, before: Promise<void>) => {
      await before;
      for (const byte of sent(asked)) {
        asked.socket.write(Buffer.from([byte]));
        await sleep(0);
      }
    };
    expect(await read((asked) => void (last = drip(asked, last)))).toEqual(held);
  });
});

test('several meters on one line: one connection, one request at a time', async () => {
  let open = 0;
  await using line = await scriptedLine((asked) => {
    expect(++open).toBe(1);
    setTimeout(() => {
      open--;
      honest(asked);
    }, 2);
  });
  const gateways = new Gateways();
  const meters = ['000000000001', '000000000002', '000000000003'].map((own) =>
    openMeter(declared(line.address, { energy, power }, { meter: own }), gateways),
  );
  expect(await Promise.all(meters.map((one) => one.read(never)))).toEqual([held, held, held]);
  expect(line.asked.map((asked) => [asked.meter.at(-1), asked.connection])).toEqual(
    ['1', '1', '2', '2', '3', '3'].map((last) => [last, 1]),
  );
  await gateways.close();
});

test('a dead meter delays the others by its own timeout, and its late answer is nobody’s', async () => {
  await using line = await scriptedLine((asked) => {
    if (asked.meter === number) setTimeout(() => asked.socket.write(answer(asked, '99999999')), 250);
    else honest(asked);
  });
  const gateways = new Gateways();
  const dead = openMeter(declared(line.address, { energy }, { timeout: '200ms' }), gateways);
  const live = openMeter(declared(line.address, { energy }, { meter: '000000000001' }), gateways);
  const begun = performance.now();
  const [failed, answered] = await Promise.allSettled([dead.read(never), live.read(never)]);
  expect(failed).toMatchObject({
    reason: {
      failure: 'timeout',
      message: `no answer from ${line.address} meter ${number} within 200 ms (item 00010000)`,
    },
  });
  expect(answered).toEqual({ status: 'fulfilled', value: { energy: held.energy } });
  expect(performance.now() - begun).toBeLessThan(590);
  expect(line.asked.map(({ connection }) => connection)).toEqual([1, 2]);
  await gateways.close();
});

describe('answers that are refused', () => {
  const refusals: [string, (asked: Asked) => Buffer, string][] = [
    ['an error', ({ meter: from }) => frame(from, 0xd1, [2]), 'item 00010000 answered error 02H: it has no such data'],
    [
      'a block',
      ({ meter: from, identifier }) => frame(from, 0xb1, [...lastFirst(identifier), 1, 2, 3, 4]),
      'item 00010000 is a block of several frames: ask for its items one by one',
    ],
    [
      'more bytes than a number has',
      (asked) => answer(asked, '0000000012'),
      'item 00010000 has 5 bytes instead of 4: 1200000000',
    ],
    ['an identifier and no number', (asked) => answer(asked, ''), 'item 00010000 has 0 bytes instead of 4: '],
  ];
  test.each(refusals)('%s', async (_, sent, words) => {
    const failed: unknown = await read((asked) => void asked.socket.write(sent(asked)), { energy }).catch(
      (e: unknown) => e,
    );
    expect(failed).toMatchObject({
      failure: 'protocol',
      message: expect.stringContaining(`meter ${number}: ${words}`),
    });
  });

  test('a flood without an answer ends before its time', async () => {
    const flood = (asked: Asked) => void asked.socket.write(Buffer.alloc(10_000, 0x68));
    await expect(read(flood, { energy }, { timeout: '1m' })).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringContaining('no answer of this meter among them'),
    });
  });

  test.each([
    ['all bits', 'ffffffff'],
    ['a nibble over 9', '0012a456'],
  ])('%s: the meter answered, with no number', async (_, sent) => {
    const answers = await read((asked) => void asked.socket.write(answer(asked, sent)), { energy });
    expect(answers.energy?.value).toBeNull();
  });

  test('after an error the connection stays, after a cut one another is opened', async () => {
    await using line = await scriptedLine((asked) => {
      if (line.asked.length === 1) asked.socket.write(frame(asked.meter, 0xd1, [1]));
      else if (line.asked.length === 3) asked.socket.destroy();
      else honest(asked);
    });
    const gateways = new Gateways();
    const reader = openMeter(declared(line.address, { energy }), gateways);
    await expect(reader.read(never)).rejects.toMatchObject({ failure: 'protocol' });
    expect(await reader.read(never)).toEqual({ energy: held.energy });
    expect(await reader.read(never)).toEqual({ energy: held.energy });
    expect(line.asked.map(({ connection }) => connection)).toEqual([1, 1, 1, 2]);
    await gateways.close();
    await expect(reader.read(never)).rejects.toMatchObject({ name: 'ReadError' });
  });

  test('who gives up is told so, and not that the meter is silent', async () => {
    await using line = await scriptedLine(() => {});
    const gateways = new Gateways();
    const reader = openMeter(declared(line.address, { energy }, { timeout: '1m' }), gateways);
    await expect(reader.read(AbortSignal.timeout(30))).rejects.toMatchObject({
      failure: 'timeout',
      message: `${line.address} meter ${number}: given up before the whole answer was there`,
    });
    await gateways.close();
  });

  test('nobody listens', async () => {
    const gone = await scriptedLine(honest);
    await gone[Symbol.asyncDispose]();
    const reader = openMeter(declared(gone.address, { energy }), new Gateways());
    await expect(reader.read(never)).rejects.toMatchObject({
      failure: 'refused',
      message: expect.stringContaining(gone.address),
    });
  });
});

test.each([
  [{ energy: { ...energy, identifier: '0001FF00' } }, 'registers.energy: identifier 0001FF00 is a block'],
  [{ energy: { ...energy, identifier: '000100ff' } }, 'registers.energy: identifier 000100ff is a block'],
  [
    { power: { ...power, identifier: '02800004' } },
    'registers.power: identifier 02800004 is not among the common ones',
  ],
  [{ power: { ...power, identifier: '02800004', bytes: 3 } }, 'declare its bytes and decimals'],
  [{ power: { metric: 'a', scale_to_w: 1 } }, 'registers.power has no identifier'],
])('a declaration that cannot be read is refused by name: %o', (registers, words) => {
  const open = () => openMeter(declared('h:1', registers), new Gateways());
  expect(open).toThrow(TypeError);
  expect(open).toThrow('meter m-1: registers.');
  expect(open).toThrow(words);
});

test('only one meter’s 12 digits can be declared', () => {
  for (const wrong of ['AAAAAAAAAAAA', '12345', '1234567890123', '00000001234A']) {
    expect(() => declared('h:1', { energy }, { meter: wrong }), wrong).toThrow('dlt645_address');
  }
});
