import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { httpText } from '../../../exporter/read/transport/http-text.ts';
import { Secrets } from '../../../exporter/read/transport/secrets.ts';
import { ReadError } from '../../../exporter/read/reader.ts';

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const never = new AbortController().signal;
const secrets: unknown = expect.any(Secrets);

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Case {
  readonly timeout?: number;
  readonly maxBytes?: number;
  readonly path?: string;
  readonly accept?: string;
}

async function reader(listener: RequestListener, { timeout = 5000, maxBytes, path = '/metrics', accept }: Case = {}) {
  const server = createServer(listener);
  const port = await listen(server);
  const opened = httpText(new URL(`http://127.0.0.1:${port}${path}`), { timeout, maxBytes, accept });
  cleanUps.push(() => opened.close());
  return { read: (signal = never) => opened.read(signal), server, port };
}

/** A server that speaks bytes, for what node:http would never send. */
async function rawReader(answer: (socket: Socket) => void, { timeout = 5000, maxBytes }: Case = {}) {
  const sockets = new Set<Socket>();
  const port = await listen(
    createTcpServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      socket.once('data', () => answer(socket));
    }),
  );
  cleanUps.push(() => sockets.forEach((socket) => socket.destroy()));
  const opened = httpText(new URL(`http://127.0.0.1:${port}/metrics`), { timeout, maxBytes });
  cleanUps.push(() => opened.close());
  return { read: (signal = never) => opened.read(signal) };
}

async function failure(read: Promise<unknown>): Promise<ReadError> {
  const error: unknown = await read.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  if (error instanceof ReadError) return error;
  throw error;
}

describe('answers', () => {
  test('text, content type and the proof of its end', async () => {
    const seen: (string | undefined)[] = [];
    const { read } = await reader(
      ({ method, url, headers }, response) => {
        seen.push(method, url, headers.accept, headers['accept-encoding'], headers.authorization);
        response.setHeader('content-type', 'text/plain; version=0.0.4').end('a 1\n');
      },
      { path: '/metrics?x=1', accept: 'text/plain' },
    );
    expect(await read()).toEqual({ text: 'a 1\n', contentType: 'text/plain; version=0.0.4', whole: true, secrets });
    expect(seen).toEqual(['GET', '/metrics?x=1', 'text/plain', 'gzip', undefined]);
  });

  test('chunked and gzip prove the end; a body that ends with the connection does not', async () => {
    const chunked = await reader((_, response) => {
      response.write('a ');
      response.end('1\n');
    });
    expect(await chunked.read()).toEqual({ text: 'a 1\n', contentType: null, whole: true, secrets });
    const zipped = await reader((_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('a 1\n')));
    expect(await zipped.read()).toEqual({ text: 'a 1\n', contentType: null, whole: true, secrets });
    const old = await rawReader((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\na 1'));
    expect(await old.read()).toEqual({ text: 'a 1', contentType: null, whole: false, secrets });
  });

  test('one connection for all reads, and never a second one beside it', async () => {
    const { read, server } = await reader((_, response) => setTimeout(() => response.end('a 1\n'), 20));
    let connections = 0;
    server.on('connection', () => connections++);
    await read();
    await Promise.all([read(), read(), read()]);
    expect(connections).toBe(1);
  });

  test('credentials of the URL are sent', async () => {
    const { port } = await reader((request, response) => response.end(`a{x="${request.headers.authorization}"} 1\n`));
    const opened = httpText(new URL(`http://us%40r:p%3Ass@127.0.0.1:${port}/metrics`), { timeout: 5000 });
    cleanUps.push(() => opened.close());
    expect((await opened.read(never)).text).toContain(`Basic ${Buffer.from('us@r:p:ss').toString('base64')}`);
  });
});

describe('faults', () => {
  test('an empty body is not a text', async () => {
    const { read } = await reader((_, response) => response.end());
    expect((await failure(read())).failure).toBe('empty');
  });

  test.each([204, 401, 404, 500, 503])('status %i', async (status) => {
    const { read } = await reader((_, response) => response.writeHead(status).end(status === 204 ? '' : 'a 1\n'));
    const { failure: why, message } = await failure(read());
    expect([why, message]).toEqual(['http_status', expect.stringContaining(`status ${status} instead of 200`)]);
  });

  test('an endless error page holds neither the read nor the next one', async () => {
    let requests = 0;
    const { read } = await reader((_, response) => {
      if (++requests > 1) return response.end('a 1\n');
      response.writeHead(500);
      const drip = setInterval(() => response.write('x'.repeat(1000)), 5);
      return response.on('close', () => clearInterval(drip));
    });
    expect((await failure(read())).failure).toBe('http_status');
    expect((await read()).text).toBe('a 1\n');
  });

  test('redirects are not followed, and the new address is told without its secrets', async () => {
    const paths: (string | undefined)[] = [];
    const { read } = await reader(({ url }, response) => {
      paths.push(url);
      response.writeHead(302, { location: 'http://bob:pw@127.0.0.1:1/other?token=s3cret' }).end();
    });
    const { failure: why, message } = await failure(read());
    expect([why, message]).toEqual(['http_status', expect.stringContaining('redirect to http://127.0.0.1:1/other:')]);
    expect(message).not.toMatch(/bob|pw|s3cret/);
    expect(paths).toEqual(['/metrics']);
  });

  test('errors tell the address without credentials and query', async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    const opened = httpText(new URL(`http://bob:pw@127.0.0.1:${port}/metrics?token=s3cret`), { timeout: 5000 });
    cleanUps.push(() => opened.close());
    const { message } = await failure(opened.read(never));
    expect(message).toContain(`GET http://127.0.0.1:${port}/metrics (`);
    expect(message).not.toMatch(/bob|pw|s3cret/);
  });

  test('a port where nobody listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      const opened = httpText(new URL(`http://${host}:${port}/`), { timeout: 5000 });
      cleanUps.push(() => opened.close());
      expect((await failure(opened.read(never))).failure, host).toBe('refused');
    }
  });

  test.each<[string, RequestListener]>([
    ['silent before the headers', () => {}],
    ['silent behind the headers', (_, response) => response.writeHead(200).flushHeaders()],
    [
      'a body that drips for ever',
      (_, response) => {
        const drip = setInterval(() => response.write('a 1\n'), 10);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('%s: ends with the deadline', async (_, listener) => {
    const { read } = await reader(listener, { timeout: 150 });
    const begun = performance.now();
    const { failure: why, message } = await failure(read());
    expect([why, message]).toEqual(['timeout', expect.stringContaining('within 150 ms')]);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test('headers that drip for ever end with the deadline', async () => {
    const { read } = await rawReader(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('x: y\r\n'), 10);
        socket.on('close', () => clearInterval(drip));
      },
      { timeout: 150 },
    );
    expect((await failure(read())).failure).toBe('timeout');
  });

  test('the signal ends a read, and the next one works', async () => {
    let requests = 0;
    const { read } = await reader((_, response) => (++requests > 1 ? response.end('a 1\n') : undefined));
    const { failure: why, message } = await failure(read(AbortSignal.timeout(50)));
    expect([why, message]).toEqual(['timeout', expect.stringContaining('given up')]);
    expect((await failure(read(AbortSignal.abort()))).failure).toBe('timeout');
    expect((await read()).text).toBe('a 1\n');
  });

  test('an endless fast body and an announced huge one are cut at the limit', async () => {
    const endless = await reader(
      (_, response) => {
        const more = () => {
          while (response.write('a 1\n'.repeat(1000)));
        };
        response.on('drain', more).on('error', () => {});
        more();
      },
      { maxBytes: 100_000 },
    );
    expect(await failure(endless.read())).toMatchObject({
      failure: 'too_large',
      message: expect.stringContaining('100000 bytes'),
    });
    const huge = await reader((_, response) => response.end('a 1\n'.repeat(30_000)), { maxBytes: 100_000 });
    expect((await failure(huge.read())).failure).toBe('too_large');
    const fits = await reader((_, response) => response.end('a 1\n'.repeat(25_000)), { maxBytes: 100_000 });
    expect((await fits.read()).text).toHaveLength(100_000);
  });

  test('the limit counts after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000, 'a 1\n'));
    expect(bomb.length).toBeLessThan(100_000);
    const { read } = await reader((_, response) => response.setHeader('content-encoding', 'gzip').end(bomb), {
      maxBytes: 100_000,
    });
    expect((await failure(read())).failure).toBe('too_large');
  });

  test.each<[string, (socket: Socket) => void]>([
    ['a body shorter than its length', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\na 1\n')],
    [
      'a chunked body without its end',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\na 1\n\r\n'),
    ],
    [
      'a gzip body without its end',
      (socket) => {
        const zipped = gzipSync('a 1\n'.repeat(100)).subarray(0, -9);
        socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n'), zipped]));
      },
    ],
    [
      'a reset in the middle',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\na 1\n', () => socket.resetAndDestroy()),
    ],
    ['a reset before the answer', (socket) => socket.resetAndDestroy()],
    ['an end before the answer', (socket) => socket.end()],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    [
      'bytes that are not UTF-8',
      (socket) =>
        socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n'),
            Buffer.from([0x61, 0x20, 0x31, 0xc4, 0xcf, 0x0a]),
          ]),
        ),
    ],
    [
      'a coding that was not asked for',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 4\r\n\r\na 1\n'),
    ],
  ])('%s breaks the protocol', async (_, answer) => {
    const { read } = await rawReader(answer);
    expect((await failure(read())).failure).toBe('protocol');
  });
});
