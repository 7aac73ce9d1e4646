import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { watchConfig } from '../../../exporter/publish/http/watch-config.ts';
import { startServer, type Server, type ServerOptions } from '../../../exporter/publish/server.ts';
import { readWebConfig, WebConfigError, type TlsFiles } from '../../../exporter/publish/web-config.ts';
import type { Text } from '../../../model/text.ts';
import { get } from './http-get.ts';
import { declared } from './made-up.ts';

const dir = mkdtempSync(join(tmpdir(), 'web-config-'));
afterAll(() => rmSync(dir, { recursive: true }));
const config = join(dir, 'web.yaml');
const write = (yaml: string): string => {
  writeFileSync(config, yaml);
  return config;
};
const started: Server[] = [];
afterEach(() => Promise.all(started.splice(0).map((server) => server.close())));
async function start(yaml: string, options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await startServer({ plan: declared, listen: '127.0.0.1:0', webConfig: write(yaml), ...options });
  started.push(server);
  return server;
}

/** bcrypt of "secret", cost 4 */
const HASH = '$2b$04$sK/8VMzWOSW/5.u4sJ9KpeW7Mk/c.0IrW78bf78.7wchO1VbRCwJW';

describe('faults, each with its place', () => {
  test.each([
    ['a misspelt key', 'tls_server_confg: {}', /web\.yaml:1:1: .*did you mean "tls_server_config"/],
    ['a missing key', 'tls_server_config:\n  cert_file: a.crt\n', /tls_server_config\.key_file.*missing/],
    [
      'another client_auth_type',
      'tls_server_config: { cert_file: a, key_file: b, client_auth_type: Maybe }',
      /client_auth_type "Maybe".*NoClientCert \| RequireAndVerifyClientCert/,
    ],
    [
      'client certificates without their CA',
      'tls_server_config: { cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert }',
      /client_ca_file and client_auth_type/,
    ],
    [
      'names without client certificates',
      'tls_server_config: { cert_file: a, key_file: b, client_allowed_sans: [x] }',
      /client_allowed_sans needs/,
    ],
    ['something that is not supported', 'rate_limit: { interval: 1s }', /rate_limit.*unknown key/],
    ['no YAML', 'a: [', /web\.yaml:1:.*YAML/],
  ])('%s', (_, yaml, message) => expect(() => readWebConfig(write(yaml))).toThrow(message));

  test('all at once', () => {
    expect(() => readWebConfig(write('a: 1\nb: 2\n'))).toThrow(/2 fault\(s\):\n.*:1:1: .*\n.*:2:1: /);
  });

  test('no such file, no such certificate: the path is named', () => {
    expect(() => readWebConfig(join(dir, 'none.yaml'))).toThrow(/none\.yaml/);
    const yaml = 'tls_server_config: { cert_file: none.crt, key_file: none.key }';
    expect(() => readWebConfig(write(yaml))).toThrow(`cert_file: cannot read ${join(dir, 'none.crt')}`);
  });

  test('a password where its hash belongs is refused and not repeated', () => {
    const read = (): unknown => readWebConfig(write('basic_auth_users:\n  prometheus: hunter2\n'));
    expect(read).toThrow(/web\.yaml:2:\d+: basic_auth_users\.prometheus: .*bcrypt/);
    expect(read).not.toThrow(/hunter2/);
    expect(read).toThrow(WebConfigError);
  });
});

test('users are read with their hashes', () => {
  const { tls, users } = readWebConfig(write(`basic_auth_users:\n  prometheus: ${HASH}\n`));
  expect([tls, [...users]]).toEqual([null, [['prometheus', HASH]]]);
});

test('all but /-/healthy asks for the password', async () => {
  const { url } = await start(`basic_auth_users:\n  prometheus: ${HASH}\n`);
  const right = { authorization: `Basic ${Buffer.from('prometheus:secret').toString('base64')}` };
  for (const path of ['/', '/metrics', '/-/ready', '/api/v1/status', '/page.css', '/nowhere']) {
    const answer = await get(url + path);
    expect([path, answer.status]).toEqual([path, 401]);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  }
  expect((await get(`${url}/`, right)).status).toBe(200);
  expect((await get(`${url}/-/healthy`)).status).toBe(200);
});

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
function hasOpenssl(): boolean {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
}
const skipped = !hasOpenssl();
if (skipped) console.warn('skipped: no openssl on the PATH to make certificates for the tests of TLS');

/** A certificate authority, or with `by` a certificate of it. */
function certificate(name: string, { by, sans = `DNS:${name}` }: { by?: string; sans?: string } = {}): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  const signer = by === undefined ? [] : ['-CA', `${by}.crt`, '-CAkey', `${by}.key`];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${sans}`];
  openssl('req', '-x509', ...key, ...signer, ...names, '-days', '2', '-out', `${name}.crt`);
}
const read = (name: string): string => execFileSync('cat', [join(dir, name)], { encoding: 'utf8' });

/** A handshake that the server broke off: which of these the client sees is a race. */
const REFUSED = /socket hang up|ECONNRESET|alert/;

describe.skipIf(skipped)('TLS', () => {
  const files = 'cert_file: server.crt, key_file: server.key';
  const trust = () => ({ ca: read('server.crt'), servername: 'server' });

  test('serves https, with TLS 1.3 alone where that is asked for', async () => {
    certificate('server');
    const server = await start(`tls_server_config: { ${files}, min_version: TLS13 }`);
    expect(server.url).toMatch(/^https:/);
    expect((await get(`${server.url}/-/healthy`, {}, trust())).status).toBe(200);
    await expect(get(`${server.url}/-/healthy`, {}, { ...trust(), maxVersion: 'TLSv1.2' })).rejects.toThrow(
      /protocol version/,
    );
  });

  test('asks for a client certificate of its CA that carries an allowed name', async () => {
    certificate('server');
    certificate('ca');
    certificate('prometheus', { by: 'ca' });
    certificate('other', { by: 'ca', sans: 'DNS:other' });
    certificate('self', { sans: 'DNS:prometheus' });
    const { url } = await start(
      `tls_server_config: { ${files}, client_ca_file: ca.crt, client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: [prometheus] }`,
    );
    const as = (name: string) =>
      get(`${url}/-/healthy`, {}, { ...trust(), cert: read(`${name}.crt`), key: read(`${name}.key`) });
    expect((await as('prometheus')).status).toBe(200);
    await expect(as('other')).rejects.toThrow(REFUSED);
    await expect(as('self')).rejects.toThrow(REFUSED);
    await expect(get(`${url}/-/healthy`, {}, trust())).rejects.toThrow(REFUSED);
  });

  test('takes a changed certificate into use, and keeps the old one where the new one is broken', async () => {
    certificate('server');
    const path = write(`tls_server_config: { ${files} }`);
    const renewed = vi.fn<(tls: TlsFiles) => void>();
    const warn = vi.fn<(text: Text) => void>();
    const watch = watchConfig({ path, first: readWebConfig(path), renew: renewed, auth: null, warn, everyMs: 20 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(renewed).not.toHaveBeenCalled();
    certificate('server');
    await vi.waitFor(() => expect(renewed.mock.lastCall?.[0].cert.toString()).toBe(read('server.crt')));
    rmSync(join(dir, 'server.key'));
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(warn.mock.calls.length).toBe(1);
    expect(warn.mock.calls[0]?.[0].en).toMatch(/server\.key/);
    clearInterval(watch);
  });
});
