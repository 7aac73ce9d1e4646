import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { limits } from '../../../exporter/publish/http/limits.ts';
import { ListenError, isLoopback, parseAddress } from '../../../exporter/publish/http/listen.ts';
import { startServer, type Server, type ServerOptions } from '../../../exporter/publish/server.ts';
import type { Snapshot } from '../../../exporter/publish/snapshot.ts';
import { status as statusOf } from '../../../exporter/publish/status.ts';
import { closed, get, open } from './http-get.ts';
import { declared, NOW, sceneSnapshot } from './made-up.ts';
import { readText } from './read-text.ts';

const started: Server[] = [];
afterEach(() => Promise.all(started.splice(0).map((server) => server.close())));

async function start(options: Partial<ServerOptions> = {}, snapshot?: Snapshot): Promise<Server> {
  const server = await startServer({ plan: declared, listen: '127.0.0.1:0', clock: { wall: () => NOW }, ...options });
  started.push(server);
  if (snapshot) server.publish(snapshot);
  return server;
}
const json = ({ body }: { body: Buffer }): unknown => JSON.parse(body.toString());
const scene = await sceneSnapshot({ days: true });
/** The same with more text than the kernel's buffers hold, so that a client that does not read stalls the server. */
const huge: Snapshot = { ...scene, text: { plain: [Buffer.alloc(64 << 20, 'x')], gzip: [] } };
const paths = ['/', '/metrics', '/api/v1/status', '/api/v1/series', '/api/v1/openapi.json', '/-/healthy', '/-/ready'];

test('before the first cycle: alive, not ready, and whatever needs figures says why it has none', async () => {
  const { url } = await start();
  expect((await get(`${url}/-/healthy`)).status).toBe(200);
  for (const path of ['/-/ready', '/metrics', '/api/v1/status', '/api/v1/series']) {
    const answer = await get(url + path);
    expect([path, answer.status, json(answer)]).toEqual([
      path,
      503,
      { error: { code: 'not_ready', zh: '第一个采集周期尚未完成', en: 'the first cycle is not finished yet' } },
    ]);
  }
  const page = await get(`${url}/?lang=en`);
  expect(page.status).toBe(200);
  expect(page.body.toString()).toContain('The first cycle is not finished yet');
});

test('after it everything answers, with the security headers and without ETag or X-Powered-By', async () => {
  const { url } = await start({}, scene);
  for (const path of [...paths, '/page.css', '/page.js', '/icon.svg', '/nowhere']) {
    const { status, headers } = await get(url + path);
    expect([path, status]).toEqual([path, path === '/nowhere' ? 404 : 200]);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self';/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('/metrics serves the rendition that is asked for, byte for byte', async () => {
  const { url } = await start({}, scene);
  const text = await get(`${url}/metrics`);
  expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(text.body.equals(Buffer.concat(scene.text.plain))).toBe(true);
  const packed = await get(`${url}/metrics`, {
    accept: 'application/openmetrics-text;version=1.0.0,*/*;q=0.1',
    'accept-encoding': 'gzip',
  });
  expect(packed.headers).toMatchObject({
    'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'content-encoding': 'gzip',
    'content-length': String(packed.body.length),
    vary: 'Accept, Accept-Encoding',
  });
  expect(gunzipSync(packed.body).equals(Buffer.concat(scene.openmetrics.plain))).toBe(true);
});

test('HEAD has the headers of GET and no body', async () => {
  const { url } = await start({}, scene);
  for (const path of paths) {
    const [full, head] = [await get(url + path), await get(url + path, {}, { method: 'HEAD' })];
    expect([path, head.status, head.headers['content-type'], head.body.length]).toEqual([
      path,
      200,
      full.headers['content-type'],
      0,
    ]);
  }
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is not allowed, and it says what is', async (method) => {
  const { url } = await start({}, scene);
  const answer = await get(`${url}/metrics`, {}, { method });
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  expect(json(answer)).toMatchObject({ error: { code: 'method_not_allowed', zh: expect.any(String) } });
});

test.each(['/metrics/', '/Metrics', '/metrics/x', '/..%2fetc/passwd', '/%zz', '/page/page.ts'])(
  'no path %s',
  async (path) => {
    const { url } = await start({}, scene);
    const answer = await get(url, {}, { path });
    expect(answer.status).toBe(404);
    expect(json(answer)).toMatchObject({
      error: { code: 'not_found', zh: expect.any(String), en: expect.any(String) },
    });
  },
);

test('/api/v1/series holds every sample of /metrics with the same digits', async () => {
  const { url } = await start({}, scene);
  const series = (await get(`${url}/api/v1/series`)).body.toString();
  const rows = readText(Buffer.concat(scene.text.plain).toString());
  expect(json({ body: Buffer.from(series) })).toMatchObject({ at: '2026-10-20T02:40:00.000Z' });
  expect(
    series
      .split('\n')
      .slice(1, -1)
      .map((row) => row.replace(/,$|\]\}$/, '')),
  ).toEqual(
    rows.map(({ name, labels, value }) => `{"metric":"${name}","labels":${JSON.stringify(labels)},"value":${value}}`),
  );
});

test('/api/v1/status says what the page shows', async () => {
  const { url } = await start({}, scene);
  expect(json(await get(`${url}/api/v1/status`))).toEqual(JSON.parse(JSON.stringify(statusOf(scene, declared, NOW))));
});

test('requests are counted by path and code; a path that nobody listed has no label of its own', async () => {
  const server = await start({}, scene);
  await get(`${server.url}/metrics`);
  await get(`${server.url}/secret?token=1`);
  await get(`${server.url}/metrics`, {}, { method: 'POST' });
  const { text } = await server.appendix();
  const counted = readText(text.toString()).filter(({ name }) => name === 'greenflops_http_requests_total');
  expect(counted.map(({ labels, value }) => [labels['path'], labels['code'], value])).toEqual([
    ['/metrics', '200', '1'],
    ['other', '404', '1'],
    ['/metrics', '405', '1'],
  ]);
});

describe('limits', () => {
  test('beyond so many scrapes at once there is 503, and after them there is not', async () => {
    const { url } = await start({ limits: { maxScrapes: 2 } }, huge);
    const slow = [
      await open(url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'),
      await open(url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'),
    ];
    await expect.poll(async () => (await get(`${url}/metrics`, {}, { method: 'HEAD' })).status).toBe(503);
    const answer = await get(`${url}/api/v1/series`);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    expect((await get(`${url}/-/healthy`)).status).toBe(200);
    for (const socket of slow) socket.destroy();
    await expect.poll(async () => (await get(`${url}/metrics`, {}, { method: 'HEAD' })).status).toBe(200);
  });

  test('a client that stalls is cut off', async () => {
    const { url } = await start({ limits: { responseTimeout: 200 } }, huge);
    const socket = await open(url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await closed(socket)).length).toBeLessThan(64 << 20);
  });

  test('a client that sends its headers too slowly is cut off', async () => {
    const { url } = await start({ limits: { headersTimeout: 200, connectionsCheckingInterval: 50 } }, scene);
    const socket = await open(url, 'GET /metrics HTTP/1.1\r\nX-Slow: ');
    const dribble = setInterval(() => socket.write('a'), 40);
    expect(await closed(socket)).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(dribble);
  });

  test('a connection too many is closed', async () => {
    const { url } = await start({ limits: { maxConnections: 1 } }, scene);
    const first = await open(url, '');
    await closed(await open(url, 'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n'));
    first.destroy();
    await expect
      .poll(() =>
        get(`${url}/-/healthy`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  test('the defaults are those of the design', () => {
    expect(limits).toMatchObject({ headersTimeout: 5000, requestTimeout: 10_000, maxConnections: 100, maxScrapes: 40 });
    expect(limits.keepAliveTimeout).toBeGreaterThan(15_000);
  });

  test('close lets a client finish that reads, and does not wait for one that does not', async () => {
    const server = await startServer({ plan: declared, listen: '127.0.0.1:0' });
    server.publish(huge);
    const scrape = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    const [reading, stalled] = [await open(server.url, scrape), await open(server.url, scrape)];
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = server.close();
    expect((await closed(reading)).length).toBeGreaterThan(64 << 20);
    await closing;
    expect((await closed(stalled)).length).toBeLessThan(64 << 20);
  });
});

describe('addresses', () => {
  test('a taken port is refused with its address and the way out, in both languages', async () => {
    const { url } = await start();
    const address = new URL(url).host;
    const error: unknown = await startServer({ plan: declared, listen: address }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      text: {
        en: expect.stringMatching(new RegExp(`cannot listen on ${address}: the port is taken.*--web.listen-address`)),
        zh: expect.stringMatching(new RegExp(`无法监听 ${address}：端口已被占用.*--web.listen-address`)),
      },
    });
  });

  test('where the second address is taken the first one is given back', async () => {
    const { url } = await start();
    await expect(
      startServer({ plan: declared, listen: '127.0.0.1:0', telemetryListen: new URL(url).host }),
    ).rejects.toThrow(ListenError);
  });

  test.each(['9960', '127.0.0.1', '127.0.0.1:99999', 'http://x:1', '[127.0.0.1]:1', '::1:9960', ''])(
    '%j is no address',
    (address) => expect(() => parseAddress(address)).toThrow(/write host:port/),
  );

  test.each([
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['[::1]:9960', { host: '::1', port: 9960 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    [':9960', { host: undefined, port: 9960 }],
  ])('%s is one', (address, parsed) => expect(parseAddress(address)).toEqual(parsed));

  test('what only this machine can reach', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].filter((host) => !isLoopback(host))).toEqual([]);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', undefined].filter(isLoopback)).toEqual([]);
  });

  test("the exporter's own metrics at an address of their own", async () => {
    const server = await start({ telemetryListen: '127.0.0.1:0' }, scene);
    expect(server.insecure).toBe(false);
    const own = await get(`${server.telemetryUrl}/metrics`, { accept: 'application/openmetrics-text' });
    expect(own.body.toString()).toMatch(/process_cpu_user_seconds_total \S+\n[^]*# EOF\n$/);
    expect((await server.appendix()).text.length).toBe(0);
    expect((await get(`${server.telemetryUrl}/-/healthy`)).status).toBe(200);
    expect((await get(`${server.telemetryUrl}/api/v1/status`)).status).toBe(404);
  });
});
