import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModbusTCPServer } from 'jsmodbus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expositionSamples } from '../../../exporter/read/exposition/exposition-samples.ts';
import { Gateways, openMeter, openSamples, protocols } from '../../../exporter/read/index.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';
import { expositionSource, meterSource } from '../../../model/schema/sources.ts';
import { scriptedServer } from './modbus-server.ts';

const never = new AbortController().signal;
const declared = (source: object, registers: object) =>
  meter.parse({ id: 'm-1', site: 's', role: 'it', rated_kw: 100, source, registers });

/** Schneider PM5xxx and Carlo Gavazzi EM24, as the demonstration estate declares them. */
const pm5xxx = {
  energy: { function: 3, address: 3203, type: 'int64', order: 'ABCD', scale_to_wh: 1, modulus: 'none' },
  power: { function: 3, address: 3059, type: 'float32', order: 'ABCD', scale_to_w: 1000 },
};
const em24 = {
  energy: { function: 4, address: 52, type: 'int32', order: 'CDAB', scale_to_wh: 100, modulus: 1_000_000_000 },
  power: { function: 4, address: 40, type: 'int32', order: 'CDAB', scale_to_w: 0.1 },
};

describe('Modbus meters, against the server of another house', () => {
  const holding = Buffer.alloc(2 * 4000);
  holding.writeBigInt64BE(9_007_199_254_740_993n, 2 * 3203); // 2^53 + 1: no double holds it
  holding.writeFloatBE(123.456, 2 * 3059);
  const input = Buffer.alloc(2 * 100);
  input.writeUInt16BE(0x0304, 2 * 52);
  input.writeUInt16BE(0x0102, 2 * 53);
  input.writeUInt16BE(0xfffe, 2 * 40);
  input.writeUInt16BE(0xffff, 2 * 41);
  const server = createTcpServer();
  let address = '';
  beforeAll(async () => {
    // oxlint-disable-next-line no-new -- the server answers by listening to the socket
    new ModbusTCPServer(server, { holding, input });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  test('energy and power, exactly, with what stood on the wire', async () => {
    let connections = 0;
    server.on('connection', () => connections++);
    const gateways = new Gateways();
    const source = { protocol: 'modbus-tcp', address };
    const [gate, ups] = [
      openMeter(declared({ ...source, unit: 1 }, pm5xxx), gateways),
      openMeter(declared({ ...source, unit: 11 }, em24), gateways),
    ];
    const expected: MeterAnswer[] = [
      {
        energy: { value: { n: 9_007_199_254_740_993n, d: 1n }, wire: '0020000000000001' },
        power: { value: { n: 0xf6_e9_79n, d: 2n ** 17n }, wire: '42f6e979' },
      },
      {
        energy: { value: { n: 0x0102_0304n, d: 1n }, wire: '03040102' },
        power: { value: { n: -2n, d: 1n }, wire: 'fffeffff' },
      },
    ];
    expect(await Promise.all([gate.read(never), ups.read(never)])).toEqual(expected);
    expect(await ups.read(never)).toEqual(expected[1]);
    expect(connections).toBe(1);
    await gateways.close();
  });

  test('tariff registers in their order, and the evidence of resets before all that it speaks of', async () => {
    holding.writeUInt32BE(11, 2 * 100);
    holding.writeUInt32BE(22, 2 * 102);
    holding.writeUInt16BE(7, 2 * 104);
    const tariff = { function: 3, type: 'uint32', scale_to_wh: 1, modulus: 'none' };
    const energy = [
      { ...tariff, address: 102 },
      { ...tariff, address: 100 },
    ];
    const restart = { function: 3, address: 104, type: 'uint16' };
    const gateways = new Gateways();
    const reader = openMeter(declared({ protocol: 'modbus-tcp', address }, { energy, restart }), gateways);
    expect(await reader.read(never)).toEqual({
      tariffs: [
        { value: { n: 22n, d: 1n }, wire: '00000016' },
        { value: { n: 11n, d: 1n }, wire: '0000000b' },
      ],
      restart: { value: { n: 7n, d: 1n }, wire: '0007' },
    });
    await gateways.close();
  });

  test('a register alone, and one that holds no number', async () => {
    holding.writeUInt32BE(0x7fc0_0000, 2 * 10);
    const gateways = new Gateways();
    const power = { ...pm5xxx.power, address: 10 };
    const reader = openMeter(declared({ protocol: 'modbus-tcp', address }, { power }), gateways);
    expect(await reader.read(never)).toEqual({ power: { value: null, wire: '7fc00000' } });
    await gateways.close();
  });
});

test('a Modbus meter that refuses one of its registers is not read by halves', async () => {
  await using server = await scriptedServer(({ transaction, function: code, address, count, socket }) => {
    const pdu = address === 3059 ? [code + 0x80, 2] : [code, 2 * count, ...Array<number>(2 * count).fill(0)];
    socket.write(Buffer.from([transaction >> 8, transaction & 0xff, 0, 0, 0, pdu.length + 1, 1, ...pdu]));
  });
  const gateways = new Gateways();
  const reader = openMeter(declared({ protocol: 'modbus-tcp', address: server.address }, pm5xxx), gateways);
  await expect(reader.read(never)).rejects.toThrow('unit 1: register 3060 answered exception 2: illegal data address');
  await gateways.close();
});

describe('exposition', () => {
  const text = [
    'energy_joules_total{site="a",phase="1"} 9007199254740993',
    'energy_joules_total{site="a",phase="2"} 2',
    'energy_joules_total{site="b",phase="1"} 3',
    'power_watts 1.25e3',
    'broken_watts NaN',
    '',
  ].join('\n');
  let [type, body] = ['text/plain; version=0.0.4', text];
  const server = createServer((_, response) => response.setHeader('content-type', type).end(body));
  let url = '';
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://bob:pw@127.0.0.1:${(server.address() as AddressInfo).port}/metrics?token=s3cret`;
  });
  afterAll(() => void server.close());

  async function read(energy: object, power: object = { metric: 'power_watts', scale_to_w: 1 }): Promise<MeterAnswer> {
    const registers = { energy: { scale_to_j: 1, modulus: 'none', ...energy }, power };
    const gateways = new Gateways();
    const reader = openMeter(declared({ protocol: 'exposition', url }, registers), gateways);
    try {
      return await reader.read(never);
    } finally {
      await reader.close();
      await gateways.close();
    }
  }

  test('a meter is the one sample with that name and at least those labels', async () => {
    expect(await read({ metric: 'energy_joules_total', labels: { site: 'a', phase: '1' } })).toEqual({
      energy: { value: { n: 9_007_199_254_740_993n, d: 1n }, wire: '9007199254740993', timestamp: null },
      power: { value: { n: 1250n, d: 1n }, wire: '1.25e3', timestamp: null },
    });
    expect((await read({ metric: 'energy_joules_total', labels: { site: 'b' } })).energy?.wire).toBe('3');
    expect((await read({ metric: 'broken_watts' })).energy).toEqual({ value: null, wire: 'NaN', timestamp: null });
  });

  test.each([
    [{ metric: 'energy_joules_total', labels: { site: 'a' } }, '2 samples instead of 1', '"phase":"2"'],
    [
      { metric: 'energy_joules_total', labels: { site: 'c' } },
      '0 samples instead of 1',
      'the text has 3 of this name: {"site":"a"',
    ],
    [{ metric: 'energy_joules_total', labels: { toString: 'x' } }, '0 samples instead of 1', '3 of this name'],
    [{ metric: 'energy_joules' }, '0 samples instead of 1', 'the text has 0 of this name: none'],
  ])('%o is not one sample', async (place, count, found) => {
    const error: unknown = await read(place).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: 'protocol', message: expect.stringContaining(count) });
    expect(error).toMatchObject({ message: expect.stringContaining(found) });
    expect(error).toMatchObject({
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics, energy of meter m-1: /),
    });
  });

  async function samples(contentType: string, answered: string) {
    [type, body] = [contentType, answered];
    const reader = expositionSamples(
      expositionSource.parse({ protocol: 'exposition', url }),
      new Gateways(),
      (name) => name === 'a',
    );
    try {
      return await reader.read(never);
    } finally {
      await reader.close();
      [type, body] = ['text/plain; version=0.0.4', text];
    }
  }

  test('the content type says whether a timestamp is seconds', async () => {
    const expected = (timestamp: number) => [{ name: 'a', labels: {}, text: '1', timestamp }];
    expect(await samples('text/plain; version=0.0.4', 'a 1 2000\nb 2\n# EOF\n')).toEqual(expected(2000));
    expect(await samples('application/openmetrics-text; version=1.0.0; charset=utf-8', 'a 1 2\nb 2\n# EOF\n')).toEqual(
      expected(2000),
    );
    expect(await samples('', 'a 1 2\n# EOF\n')).toEqual(expected(2000));
    expect(await samples('', 'a 1 2000\n')).toEqual(expected(2000));
  });

  test('a line that is no sample fails the whole, without the secrets of the URL', async () => {
    const error: unknown = await samples('text/plain', 'a 1\nb oops\na 2\n').catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      failure: 'protocol',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/metrics: line 2: expected a value: "b oops"$/),
    });
  });

  test('the length that HTTP announces makes up for a missing line feed, a file has none', async () => {
    expect(await samples('text/plain', 'a 12')).toHaveLength(1);
    const folder = mkdtempSync(join(tmpdir(), 'greenflops-readers-'));
    writeFileSync(join(folder, 'a.prom'), 'a 12');
    const reader = openSamples(
      expositionSource.parse({ protocol: 'exposition', url: pathToFileURL(join(folder, 'a.prom')).href }),
      new Set(['a']),
      new Gateways(),
    );
    await expect(reader.read(never)).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringContaining('a.prom'),
    });
    writeFileSync(join(folder, 'a.prom'), 'a 12\n');
    expect(await reader.read(never)).toEqual([{ name: 'a', labels: {}, text: '12', timestamp: null }]);
    await reader.close();
    rmSync(folder, { recursive: true });
  });
});

test('what is calculated is not read', () => {
  const calculated = declared({ protocol: 'calculated', formula: 'a - b' }, {});
  expect(() => openMeter(calculated, new Gateways())).toThrow('meter m-1: calculated has no reader');
  const declarable = meterSource.options.flatMap(({ def }) =>
    'shape' in def ? [...def.shape.protocol.values] : def.options.flatMap((one) => [...one.shape.protocol.values]),
  );
  // of the other two, one follows from other meters, and the files of the other are put, not asked for
  const unread = new Set(['calculated', 'file-drop']);
  expect(Object.keys(protocols).sort()).toEqual([...new Set(declarable)].filter((one) => !unread.has(one)).sort());
});

test('a declaration that was not checked is refused by name', () => {
  const [modbus, exposition] = [
    { protocol: 'modbus-tcp', address: 'h:1' },
    { protocol: 'exposition', url: 'http://h/' },
  ];
  const byMetric = { power: { metric: 'a', scale_to_w: 1 } };
  expect(() => openMeter(declared(modbus, byMetric), new Gateways())).toThrow('meter m-1: registers.power');
  expect(() => openMeter(declared(exposition, pm5xxx), new Gateways())).toThrow('meter m-1: registers.energy');
});
