import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expositionSamples } from '../../../exporter/read/exposition/exposition-samples.ts';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';
import { expositionSource } from '../../../model/schema/sources.ts';

const never = new AbortController().signal;

/** Answers with its number of requests, or as `answer` says. */
let requests = 0;
let closed = 0;
let accepts: string | undefined;
let answer: (response: ServerResponse) => void = () => {};
const server = createServer(({ headers }, response) => {
  accepts = headers.accept;
  requests++;
  response.on('close', () => {
    if (!response.writableFinished) closed++;
  });
  answer(response);
});
const counting = (response: ServerResponse) => void response.end(`a ${requests}\nb ${requests}\n`);
let url = '';
let gateways = new Gateways();
beforeEach(async () => {
  [requests, closed, answer, gateways] = [0, 0, counting, new Gateways()];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`;
});
afterEach(async () => {
  await gateways.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const user = (access: object = {}, name = 'a') =>
  expositionSamples(
    expositionSource.parse({ protocol: 'exposition', url, ...access }),
    gateways,
    (one) => one === name,
  );
const shown = (samples: readonly { name: string; text: string }[]) =>
  samples.map(({ name, text }) => `${name} ${text}`);
const arrived = (count: number) => expect.poll(() => requests).toBe(count);

test('one request serves all who ask while it is under way and within the next second, each with its own metrics', async () => {
  answer = (response) => setTimeout(() => counting(response), 50);
  const [first, second, third] = [user(), user({}, 'b'), user()];
  expect((await Promise.all([first.read(never), second.read(never)])).map(shown)).toEqual([['a 1'], ['b 1']]);
  expect(shown(await third.read(never))).toEqual(['a 1']);
  expect(requests).toBe(1);
  expect(accepts).toMatch(/^text\/plain;version=0\.0\.4,/);
});

test('nobody is given the same answer twice, and after a second it is asked for anew', async () => {
  const [first, second] = [user(), user()];
  expect(shown(await first.read(never))).toEqual(['a 1']);
  expect(shown(await first.read(never))).toEqual(['a 2']);
  expect(shown(await second.read(never))).toEqual(['a 2']);
  await sleep(1100);
  const third = user();
  expect(shown(await third.read(never))).toEqual(['a 3']);
});

test('who asks in another way is answered apart', async () => {
  const [first, second, third] = [user(), user({ headers: { 'x-tenant': 'a' } }), user({ timeout: '4s' })];
  await Promise.all([first, second, third].map((one) => one.read(never)));
  expect(requests).toBe(3);
});

test('one who gives up ends nothing for the others; the last one ends the request', async () => {
  const waiting: ServerResponse[] = [];
  answer = (response) => void waiting.push(response);
  const [first, second] = [user(), user()];
  const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
  const reads = [first.read(stopFirst.signal), second.read(stopSecond.signal)];
  const settled = Promise.allSettled(reads);
  await arrived(1);
  stopFirst.abort();
  await expect(reads[0]).rejects.toMatchObject({
    failure: 'timeout',
    message: expect.stringContaining(`${url}: given up`),
  });
  expect(closed).toBe(0);
  counting(waiting[0]!);
  expect(shown(await reads[1]!)).toEqual(['a 1']);
  await settled;

  const again = Promise.allSettled([first.read(stopSecond.signal), second.read(stopSecond.signal)]);
  await arrived(2);
  stopSecond.abort();
  expect((await again).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect.poll(() => closed).toBe(1);
  answer = counting;
  expect(shown(await first.read(never))).toEqual(['a 3']);
});

test('one who gave up and asks again waits with the others', async () => {
  const waiting: ServerResponse[] = [];
  answer = (response) => void waiting.push(response);
  const [first, second] = [user(), user()];
  const others = second.read(never);
  await expect(first.read(AbortSignal.timeout(20))).rejects.toMatchObject({ failure: 'timeout' });
  const again = first.read(never);
  counting(waiting[0]!);
  expect([shown(await again), shown(await others), requests]).toEqual([['a 1'], ['a 1'], 1]);
});

test('a failure is that of all who waited, and is not kept', async () => {
  answer = (response) => setTimeout(() => response.writeHead(503).end(), 50);
  const [first, second] = [user(), user()];
  const failed = await Promise.allSettled([first.read(never), second.read(never)]);
  expect(failed.map((one) => (one as PromiseRejectedResult).reason as unknown)).toEqual([
    expect.objectContaining({ failure: 'http_status' }),
    expect.objectContaining({ failure: 'http_status' }),
  ]);
  expect(requests).toBe(1);
  answer = counting;
  expect(shown(await user().read(never))).toEqual(['a 2']);
});

test('a reader is closed when its last user is, and opened again for the next one', async () => {
  let connections = 0;
  const count = () => connections++;
  server.on('connection', count);
  const [first, second] = [user(), user()];
  await first.read(never);
  await first.close();
  await first.close();
  await second.read(never);
  await second.read(never);
  expect(connections).toBe(1);
  await second.close();
  expect(shown(await user().read(never))).toEqual([`a ${requests}`]);
  expect(connections).toBe(2);
  server.off('connection', count);
});

test('meters of one JSON document and of one exposition text are one request each', async () => {
  const json = (id: string, pointer: string) =>
    meter.parse({
      id,
      site: 's',
      role: 'it',
      rated_kw: 1,
      source: { protocol: 'http-json', url },
      registers: { power: { pointer, scale_to_w: 1 } },
    });
  answer = (response) => void response.end('{"a": 1, "b": 2}');
  const readers = [openMeter(json('m-1', '/a'), gateways), openMeter(json('m-2', '/b'), gateways)];
  const answers = await Promise.all(readers.map((one) => one.read(never)));
  expect(answers.map(({ power }) => power?.wire)).toEqual(['1', '2']);
  expect(requests).toBe(1);
  expect(accepts).toMatch(/^application\/json,/);
});
