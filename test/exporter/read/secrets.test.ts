import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Gateways, openMeter, openSamples } from '../../../exporter/read/index.ts';
import { Secrets } from '../../../exporter/read/transport/secrets.ts';
import { meter } from '../../../model/schema/meter.ts';
import { poolSource } from '../../../model/schema/sources.ts';

const never = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'greenflops-secrets-'));
afterAll(() => rmSync(dir, { recursive: true }));

const password = 'Kw/7 q"Z\\x+Ü9vTr';
const token = 'Zt4kQ/9wLm2xVb8cRn5y';
const put = (name: string, text: string): string => {
  writeFileSync(join(dir, name), `${text}\n`);
  return join(dir, name);
};
const basic = { username: 'bob', password_file: put('password', password) };
const bearer = { bearer_file: put('token', token) };
const pair = Buffer.from(`bob:${password}`).toString('base64');
const urlUser = { user: 'QxUserWv', password: 'QyPassWz', query: 'QzXqryWx9' };

/** What was sent, in the writings that a server may give it back in. */
const sent = [
  password,
  token,
  pair,
  'HzHeadWk',
  'SqTkPq7YxJv',
  ...Object.values(urlUser),
  Buffer.from(`${urlUser.user}:${urlUser.password}`).toString('base64'),
];
const written = sent.flatMap((word) => [word, encodeURIComponent(word), Buffer.from(word).toString('base64')]);
/** Four characters that follow each other in one of them. */
const parts = new Set(
  written.flatMap((word) => Array.from({ length: word.length - 3 }, (_, at) => word.slice(at, at + 4))),
);

/** Parts of the secrets in an error, its causes or an answer. */
function leaked(found: unknown): string[] {
  const texts: string[] = [];
  for (let at = found; at instanceof Error; at = at.cause) texts.push(at.message);
  const text =
    texts.length > 0
      ? texts.join('\n')
      : JSON.stringify(found, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
  return [...parts].filter((part) => text.includes(part));
}

/** Answers with what it was asked with: `body` gets the secrets as they came, and in other writings. */
let body: (echo: string) => string = (echo) => echo;
let [status, location] = [200, ''];
let writing: (text: string) => string = (text) => text;
const known = ({ headers: h, url = '' }: IncomingMessage) => {
  const authorization = (h.authorization ?? '').replace(/^\w+ /, '');
  const plain = h.authorization?.startsWith('Basic') ? Buffer.from(authorization, 'base64').toString() : '';
  return [
    authorization,
    plain.slice(plain.indexOf(':') + 1),
    String(h['x-key'] ?? ''),
    String(h['x-auth-token'] ?? ''),
    /token=([^&]*)/.exec(url)?.[1] ?? '',
  ]
    .filter((word) => word !== '')
    .map((word) => writing(word))
    .join(' ');
};
const server = createServer((request, response) => {
  if (request.method === 'DELETE') return void response.writeHead(204).end();
  if (request.method === 'POST')
    return void response
      .writeHead(201, { 'x-auth-token': 'SqTkPq7YxJv', location: '/redfish/v1/SessionService/Sessions/1' })
      .end('{}');
  const echo = known(request);
  response.writeHead(status, location ? { location: `/x/${encodeURIComponent(echo)}` } : {});
  return void response.end(body(echo));
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const places: Readonly<Record<string, object>> = {
  exposition: { metric: 'energy_total', scale_to_wh: 1, modulus: 'none' },
  'http-json': { pointer: '/e', scale_to_wh: 1, modulus: 'none' },
  prometheus: { query: 'energy_total', scale_to_wh: 1, modulus: 'none' },
  redfish: { resource: '/redfish/v1/E', property: '/e', scale_to_wh: 1, modulus: 'none' },
};

/** The answer, or why there is none. */
async function read(protocol: string, access: object, register: object = {}): Promise<unknown> {
  const gateways = new Gateways();
  const source = { protocol, url, ...access };
  const registers = { energy: { ...places[protocol], ...register } };
  const reader = openMeter(meter.parse({ id: 'm', site: 's', role: 'it', rated_kw: 1, source, registers }), gateways);
  try {
    return await reader.read(never);
  } catch (error) {
    return error;
  } finally {
    await reader.close();
    await gateways.close();
  }
}

const withUser = () => url.replace('//', `//${urlUser.user}:${urlUser.password}@`);
const accesses: readonly [string, () => object][] = [
  ['a password', () => ({ auth: basic })],
  ['a token', () => ({ auth: bearer })],
  ['a header', () => ({ headers: { 'X-Key': 'HzHeadWk' } })],
  ['the URL', () => ({ url: `${withUser()}/?token=${urlUser.query}` })],
];
const writings: readonly [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['with per cent signs', encodeURIComponent],
];
const quote = (text: string) => JSON.stringify(text);
const answers: readonly [string, (echo: string) => string][] = [
  ['bare', (echo) => echo],
  ['behind a word', (echo) => `authorization: ${echo}\n`],
  ['cut by the quote of a line', (echo) => `${'a'.repeat(112)} ${echo}\n`],
  ['cut by the quote of an answer', (echo) => `${'a'.repeat(75)}${echo}`],
  ['in a label', (echo) => `energy_total{a=${quote(echo)}} 1\nenergy_total{b="2"} 2\n`],
  ['in JSON, in the place of the number', (echo) => JSON.stringify({ e: echo, status: 'success' })],
  ['in JSON as PHP writes it', (echo) => JSON.stringify({ e: echo }).replaceAll('/', '\\/')],
  ['in JSON, cut', (echo) => JSON.stringify({ e: 'x'.repeat(115) + echo })],
  ['in JSON, cut by a description', (echo) => JSON.stringify({ e: { [`${'x'.repeat(76)}${echo}`]: 1 } })],
  ['in JSON, as a name', (echo) => JSON.stringify({ [echo]: 1 })],
  ['in a list', (echo) => JSON.stringify({ e: [{ Name: echo, MemberId: `${'x'.repeat(190)}${echo}` }] })],
  ['beside a state', (echo) => JSON.stringify({ e: 5, DataSourceUri: echo, Status: { State: echo } })],
  ['as an error', (echo) => JSON.stringify({ status: 'error', errorType: echo, error: `${'y'.repeat(390)}${echo}` })],
  [
    'as a warning',
    (echo) => JSON.stringify({ status: 'success', warnings: [echo], data: { resultType: 'vector', result: [] } }),
  ],
  [
    'in labels of samples',
    (echo) => {
      const result = [1, 2].map((a) => ({ metric: { a: String(a), echo }, value: [1, '5'] }));
      return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    },
  ],
  [
    'as the text of a sample',
    (echo) =>
      JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, echo] }] } }),
  ],
];

describe.each(accesses)('a server that repeats %s', (_, access) => {
  describe.each(writings)('%s', (__, write) => {
    test.each(answers)('%s', async (___, answer) => {
      [body, writing, status, location] = [answer, write, 200, ''];
      for (const protocol of Object.keys(places)) {
        const found = await read(protocol, access());
        expect(
          leaked(found),
          `${protocol}: ${found instanceof Error ? found.message : JSON.stringify(found, (_k, v: unknown) => String(v))}`,
        ).toEqual([]);
      }
    });
  });
});

test('the address of a redirect repeats none', async () => {
  for (const [, access] of accesses) {
    [body, writing, status, location] = [() => '', (text) => text, 302, 'yes'];
    const found = await read('http-json', access());
    expect(String(found)).toContain('redirect to');
    expect(leaked(found)).toEqual([]);
  }
});

test("a session's password and token are hidden too", async () => {
  [status, location, writing] = [200, '', (text) => text];
  for (const [, answer] of answers) {
    body = () => answer(`${password} SqTkPq7YxJv`);
    expect(leaked(await read('redfish', { auth: basic, session: true }))).toEqual([]);
  }
});

test('samples of a pool carry none into events and series; their other labels stay', async () => {
  [status, location, writing] = [200, '', (text) => text];
  body = (echo) => `power{device="0",echo=${quote(echo)}} 1\n`;
  const gateways = new Gateways();
  const source = poolSource.parse({ protocol: 'exposition', url, auth: bearer });
  const reader = openSamples(source as never, new Set(['power']), gateways);
  const samples = await reader.read(never);
  expect(samples).toEqual([expect.objectContaining({ text: '1', labels: { device: '0', echo: '***' } })]);
  await reader.close();
  await gateways.close();
});

test('what is wrong is still told, and a good answer is not touched', async () => {
  [status, location, writing] = [200, '', (text) => text];
  body = (echo) => `authorization: ${echo}\n`;
  expect(String(await read('exposition', { auth: bearer }))).toContain(
    'line 1: expected a value: "authorization: ***"',
  );
  body = () => 'energy_total 12\n';
  expect(await read('exposition', { auth: bearer })).toMatchObject({ energy: { wire: '12' } });
});

test('a short word is a part of every text, and is left', () => {
  const secrets = Secrets.of(new URL('http://u:5@host/?a=ab&long=abcd'));
  expect(secrets.hide('u has 5 ab of abcd')).toBe('u has 5 ab of ***');
});

test('a replaced proof is hidden for some time, and without a proof nothing is', () => {
  const secrets = new Secrets([]);
  expect(secrets.hide('Bearer first-token')).toBe('Bearer first-token');
  for (const word of ['first-token', 'second-token'])
    secrets.learn({ headers: { authorization: `Bearer ${word}` }, told: 'the token' });
  expect(secrets.hide('first-token second-token')).toBe('*** ***');
});
