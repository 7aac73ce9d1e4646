import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { httpText } from '../../../exporter/read/transport/http-text.ts';
import { jsonSource } from '../../../model/schema/sources.ts';

const never = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'greenflops-access-'));
afterAll(() => rmSync(dir, { recursive: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closes.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A reader of this URL with an access as it is declared. */
function reader(url: string, access: object = {}) {
  const { auth, headers, tls } = jsonSource.parse({ protocol: 'http-json', url, ...access });
  const opened = httpText(new URL(url), { timeout: 5000, access: { auth, headers, tls } });
  closes.push(() => opened.close());
  return {
    text: async () => (await opened.read(never)).text,
    fault: async () => {
      const error: unknown = await opened.read(never).then(
        () => 'it was read',
        (reason: unknown) => reason,
      );
      return error as { failure: string; message: string };
    },
  };
}

describe('who asks', () => {
  const seen: IncomingHttpHeaders[] = [];
  let status = 200;
  const server = createHttpServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(status).end('a 1\n');
  });
  let url = '';
  const asks = () => seen.at(-1)!;
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  });
  afterAll(() => void server.close());
  afterEach(() => void (status = 200));

  test('a password, without the line end that editors write, and as it is at each request', async () => {
    const file = put('password', 'pä:ss \r\n');
    const { text } = reader(url, { auth: { username: 'jürgen', password_file: file } });
    await text();
    expect(asks().authorization).toBe(basic('jürgen:pä:ss '));
    put('password', 'rotated');
    await text();
    expect(asks().authorization).toBe(basic('jürgen:rotated'));
  });

  test('a bearer token, and declared headers, which may choose the form but not the coding', async () => {
    const file = put('token', 'eyJ.abc-_~+/=\n');
    const headers = { 'X-Scope-OrgID': 'jx', Accept: 'application/json', 'Accept-Encoding': 'br' };
    await reader(url, { auth: { bearer_file: file }, headers }).text();
    expect(asks()).toMatchObject({
      authorization: 'Bearer eyJ.abc-_~+/=',
      'x-scope-orgid': 'jx',
      accept: 'application/json',
      'accept-encoding': 'gzip',
    });
  });

  test('the declared one goes before that of the URL', async () => {
    const file = put('password', 'declared');
    const withUser = url.replace('//', '//old:pw@');
    await reader(withUser, { auth: { username: 'new', password_file: file } }).text();
    expect(asks().authorization).toBe(basic('new:declared'));
  });

  test.each<[string, string | null, string, string]>([
    ['is missing', null, 'unreachable', 'no such file'],
    ['is empty', '', 'empty', 'is empty'],
    ['is a line end', '\n', 'empty', 'holds no secret'],
    ['is huge', 'x'.repeat(2 ** 20 + 1), 'too_large', 'more than'],
  ])('a secret whose file %s is not replaced by none', async (_, text, failure, words) => {
    const file = join(dir, `secret-${failure}-${words.length}`);
    if (text !== null) writeFileSync(file, text);
    const before = seen.length;
    const { failure: why, message } = await reader(url, { auth: { bearer_file: file } }).fault();
    expect([why, message]).toEqual([failure, expect.stringContaining(words)]);
    expect(message).toContain(file);
    expect(seen).toHaveLength(before);
  });

  test('a token of two lines is no header of two lines, and is not told', async () => {
    const file = put('token', 'abc\r\nx-evil: 1');
    const { message } = await reader(url, { auth: { bearer_file: file } }).fault();
    expect(message).toContain(`read ${file}: no token`);
    expect(message).not.toMatch(/abc|evil/);
  });

  test('what was refused is told by its file, never by itself', async () => {
    const [password, token] = [put('password', 's3cret'), put('token', 's3cret')];
    const told = async (code: number, access: object, at = url) => {
      status = code;
      const { failure, message } = await reader(at, access).fault();
      expect(failure).toBe('http_status');
      expect(message).not.toContain('s3cret');
      return message;
    };
    const auth = { username: 'u', password_file: password };
    expect(await told(401, { auth })).toContain(`status 401 instead of 200: the password in ${password} was refused`);
    expect(await told(403, { auth: { bearer_file: token } })).toContain(
      `status 403 instead of 200: the token in ${token} was taken, but may not read this`,
    );
    expect(await told(401, {}, url.replace('//', '//u:s3cret@'))).toContain('the password in the URL was refused');
    expect(await told(401, {})).toContain('no auth is declared');
    expect(await told(500, { auth })).toMatch(/status 500 instead of 200$/);
  });
});

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
const noOpenssl = (() => {
  try {
    openssl('version');
    return false;
  } catch {
    console.warn('skipped: no openssl on the PATH to make certificates for the tests of TLS');
    return true;
  }
})();

describe.skipIf(noOpenssl)('whom it asks', () => {
  /** Makes NAME.key and NAME.crt; of its own making, or signed by another one. */
  function certificate(name: string, subject: string, names: string, signer?: string): void {
    const by = signer ? ['-CA', `${signer}.crt`, '-CAkey', `${signer}.key`] : [];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    const extension = names === '' ? [] : ['-addext', `subjectAltName=${names}`];
    openssl('req', '-x509', ...key, '-subj', subject, ...extension, ...by, '-days', '2', '-out', `${name}.crt`);
  }
  const file = (name: string) => join(dir, name);
  const fingerprintOf = (name: string): string =>
    /=(.*)/.exec(
      execFileSync('openssl', ['x509', '-in', file(`${name}.crt`), '-noout', '-fingerprint', '-sha256'], {
        encoding: 'utf8',
      }),
    )![1]!;

  beforeAll(() => {
    certificate('bmc', '/CN=iDRAC', ''); // no name of a host, as BMCs make them
    certificate('other', '/CN=iDRAC', '');
    certificate('ca', '/CN=ca', '');
    certificate('site', '/CN=site', 'IP:127.0.0.1', 'ca');
    certificate('elsewhere', '/CN=elsewhere', 'IP:127.0.0.9', 'ca');
    certificate('client', '/CN=greenflops', '', 'ca');
  });

  /** A server with this certificate, and the requests that reached it. */
  async function tlsServer(name: string, options: object = {}) {
    const [key, cert] = [readFileSync(file(`${name}.key`)), readFileSync(file(`${name}.crt`))];
    const asked: (string | undefined)[] = [];
    const server = createServer({ key, cert, ...options }, (request, response) => {
      asked.push(request.headers.authorization);
      response.end(`${String((request.socket as TLSSocket).getPeerCertificate().subject?.CN ?? '-')} 1\n`);
    });
    const port = await listen(server);
    return { url: `https://127.0.0.1:${port}/x`, asked, server };
  }
  const auth = () => ({ username: 'u', password_file: put('password', 's3cret') });

  test('a certificate of its own making by its fingerprint, however it is written', async () => {
    const { url } = await tlsServer('bmc');
    const colons = fingerprintOf('bmc');
    expect(colons).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    for (const fingerprint of [colons, colons.replaceAll(':', '').toLowerCase()])
      expect(await reader(url, { tls: { fingerprint_sha256: fingerprint } }).text()).toBe('- 1\n');
  });

  test('another certificate is refused before anything is sent, with both known', async () => {
    const { url, asked } = await tlsServer('bmc');
    const { failure, message } = await reader(url, {
      auth: auth(),
      tls: { fingerprint_sha256: fingerprintOf('other') },
    }).fault();
    expect([failure, message]).toEqual(['protocol', expect.stringContaining(fingerprintOf('bmc'))]);
    expect(message).toContain('not the declared one: nothing was sent');
    expect(asked).toEqual([]);
  });

  test('one that no authority vouches for is refused, and the error says what to declare', async () => {
    const { url, asked } = await tlsServer('bmc');
    const { message } = await reader(url, { auth: auth() }).fault();
    expect(message).toContain('is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(message).toContain(`tls.fingerprint_sha256 if the device itself shows ${fingerprintOf('bmc')}`);
    expect(asked).toEqual([]);
  });

  test('by the declared authority, for its own name only', async () => {
    const tls = { ca_file: file('ca.crt') };
    expect(await reader((await tlsServer('site')).url, { tls }).text()).toBe('- 1\n');
    const { url, asked } = await tlsServer('elsewhere');
    expect((await reader(url, { tls, auth: auth() }).fault()).message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect((await reader((await tlsServer('bmc')).url, { tls }).fault()).message).toContain('not trusted');
    expect(asked).toEqual([]);
  });

  test('a certificate that changes while the exporter runs is seen at the next connection', async () => {
    const { url, server, asked } = await tlsServer('bmc');
    const { text, fault } = reader(url, { auth: auth(), tls: { fingerprint_sha256: fingerprintOf('bmc') } });
    await text();
    server.setSecureContext({ key: readFileSync(file('other.key')), cert: readFileSync(file('other.crt')) });
    server.closeAllConnections();
    await expect.poll(async () => (await fault()).message).toContain(fingerprintOf('other'));
    expect(asked).toHaveLength(1);
  });

  test('it proves itself by its own certificate, and a rotated one takes effect at the next connection', async () => {
    const ca = readFileSync(file('ca.crt'));
    const { url, server } = await tlsServer('site', { requestCert: true, rejectUnauthorized: true, ca });
    const own = {
      cert: put('own.crt', readFileSync(file('other.crt'), 'utf8')),
      key: put('own.key', readFileSync(file('other.key'), 'utf8')),
    };
    const { text, fault } = reader(url, {
      tls: { ca_file: file('ca.crt'), cert_file: own.cert, key_file: own.key },
    });
    expect((await fault()).failure).toBe('protocol');
    put('own.crt', readFileSync(file('client.crt'), 'utf8'));
    put('own.key', readFileSync(file('client.key'), 'utf8'));
    expect(await text()).toBe('greenflops 1\n');
    put('own.key', 'no key');
    server.closeAllConnections();
    await expect.poll(async () => (await fault()).failure).toBe('protocol');
  });

  test('a file of the access that is missing fails the read by its name', async () => {
    const { url, asked } = await tlsServer('site');
    const { message } = await reader(url, { tls: { ca_file: file('none.crt') } }).fault();
    expect(message).toContain(`read ${file('none.crt')}`);
    expect(asked).toEqual([]);
  });

  test('a server that says nothing in the handshake ends with the deadline', async () => {
    const { createServer: tcp } = await import('node:net');
    const server = tcp(() => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const opened = httpText(url, { timeout: 150 });
    await expect(opened.read(never)).rejects.toMatchObject({ failure: 'timeout' });
    await opened.close();
    server.close();
  });
});
