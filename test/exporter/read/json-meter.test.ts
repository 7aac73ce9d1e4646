import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';

const never = new AbortController().signal;
const document = `{
  "site": "nc", "updated": "2026-01-02T03:04:05+08:00",
  "meters": [
    {"id": "gate", "kwh": 9007199254740993.10, "kw": "12.5", "at": 1767323045, "resets": 3},
    {"id": "ups", "kwh": null, "kw": {"value": 4}, "at": "yesterday", "restarted": "2026-01-01T00:00:00Z"}
  ]
}`;
let [body, coding]: [string | Buffer, string] = [document, 'identity'];
const server = createServer((_, response) => response.setHeader('content-encoding', coding).end(body));
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/meters`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void ([body, coding] = [document, 'identity']));

const energy = (pointer: string, time?: string) => ({ pointer, time, scale_to_wh: 1000, modulus: 'none' });
const power = (pointer: string, time?: string) => ({ pointer, time, scale_to_w: 1000 });

async function read(registers: object, at = url): Promise<MeterAnswer> {
  const source = { protocol: 'http-json', url: at };
  const gateways = new Gateways();
  const reader = openMeter(meter.parse({ id: 'm-1', site: 's', role: 'it', rated_kw: 9, source, registers }), gateways);
  try {
    return await reader.read(never);
  } finally {
    await reader.close();
    await gateways.close();
  }
}

test('exact numbers, their own times, and the mark of a reset', async () => {
  const at = Date.UTC(2026, 0, 1, 19, 4, 5);
  const registers = {
    energy: energy('/meters/0/kwh', '/updated'),
    power: power('/meters/0/kw', '/meters/0/at'),
    restart: { pointer: '/meters/1/restarted' },
  };
  expect(await read(registers)).toEqual({
    energy: { value: { n: 900_719_925_474_099_310n, d: 100n }, wire: '9007199254740993.10', timestamp: at },
    power: { value: { n: 125n, d: 10n }, wire: '"12.5"', timestamp: 1_767_323_045_000 },
    restart: { value: { n: BigInt(Date.UTC(2026, 0, 1)), d: 1n }, wire: '"2026-01-01T00:00:00Z"' },
  });
});

test('null is an answer without a number, and no zero', async () =>
  expect(await read({ energy: energy('/meters/1/kwh') })).toEqual({ energy: { value: null, wire: 'null' } }));

test.each([
  [{ power: power('/meters/1/kw') }, 'power of meter m-1 at "/meters/1/kw": an object with value instead of a number'],
  [{ power: power('/meters/2/kw') }, 'at "/meters/2/kw": /meters is a list of 2, which has no "2"'],
  [{ power: power('/meters/0/w') }, '/meters/0 has no "w"; it has id, kwh, kw, at, resets'],
  [{ power: power('/meters/0/kw', '/meters/1/at') }, 'at "/meters/1/at": "yesterday" instead of a time with its zone'],
])('%o: the error says where the way ends', async (registers, words) => {
  const error: unknown = await read(registers).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ failure: 'protocol', message: expect.stringContaining(`${url}, power of`) });
  expect(error).toMatchObject({ message: expect.stringContaining(words) });
});

test('a page for people, half a document, and documents without end or bottom', async () => {
  const faults: [string | Buffer, string, string][] = [
    ['<!DOCTYPE html><title>login</title>', 'identity', 'protocol'],
    [document.slice(0, 200), 'identity', 'protocol'],
    ['', 'identity', 'empty'],
    ['['.repeat(1_000_000), 'identity', 'protocol'],
    [`[${'1,'.repeat(3_000_000)}1]`, 'identity', 'too_large'],
    [gzipSync(Buffer.alloc(50_000_000, '1')), 'gzip', 'too_large'],
  ];
  for (const [text, how, failure] of faults) {
    [body, coding] = [text, how];
    await expect(read({ power: power('/meters/0/kw') }), String(text).slice(0, 20)).rejects.toMatchObject({
      failure,
      message: expect.stringContaining(url),
    });
  }
});

test('a file, whose bare number needs the line end that proves it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-json-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = pathToFileURL(join(folder, 'power.json')).href;
  writeFileSync(join(folder, 'power.json'), '12');
  await expect(read({ power: power('') }, at)).rejects.toThrow('a part may be missing');
  writeFileSync(join(folder, 'power.json'), '123\n');
  expect((await read({ power: power('') }, at)).power?.wire).toBe('123');
});

test('a declaration that was not checked is refused by name', () => {
  const of = (source: object, registers: object) =>
    meter.parse({ id: 'm-1', site: 's', role: 'it', rated_kw: 9, source, registers });
  const byMetric = of({ protocol: 'http-json', url }, { power: { metric: 'a', scale_to_w: 1 } });
  expect(() => openMeter(byMetric, new Gateways())).toThrow('meter m-1: registers.power has no pointer');
});
