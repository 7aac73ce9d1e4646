import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFunctions } from '../../../exporter/read/modbus/modbus-frame.ts';

const folder = join(import.meta.dirname, '../../../exporter/read');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const linesWith = (pattern: RegExp) =>
  sources.flatMap(([name, text]) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );

/** That every other code is refused by encodeRequest is shown in modbus-frame.test.ts. */
test('the only Modbus functions that exist are 3 and 4', () => expect(readFunctions).toEqual([3, 4]));

test('bytes leave by one line only, and what leaves is an encoded read', () => {
  expect(linesWith(/\.(write|end|cork|send|pipe|writev?File)\(/)).toEqual([
    'modbus/modbus-connection.ts: this.#socket.write(encodeRequest(transaction, request));',
  ]);
  expect(linesWith(/from '(node:)?(net|tls|dgram|http|https|http2|stream|child_process)'/)).toEqual([
    "modbus/modbus-connection.ts: import { connect, type Socket } from 'node:net';",
  ]);
});

test('the only HTTP method is GET', () => {
  expect(linesWith(/\bmethod:/)).toEqual(["transport/http-text.ts: method: 'GET',"]);
  expect(linesWith(/from 'undici'/)).toEqual([
    "transport/http-text.ts: import { Client, type Dispatcher } from 'undici';",
  ]);
  expect(linesWith(/\.(request|dispatch|connect|upgrade|stream|pipeline)\(/)).toEqual([
    'transport/http-text.ts: const answer = await client.request({',
  ]);
});
