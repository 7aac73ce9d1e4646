import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRead, readData } from '../../../exporter/read/dlt645/dlt645-frame.ts';
import { encodeRequest, readFunctions } from '../../../exporter/read/modbus/modbus-frame.ts';
import { framings } from '../../../exporter/read/modbus/modbus-framing.ts';
import { encodeRtuRequest } from '../../../exporter/read/modbus/modbus-rtu.ts';

const folder = join(import.meta.dirname, '../../../exporter/read');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .toSorted()
  .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const linesWith = (pattern: RegExp) =>
  sources.flatMap(([name, text]) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
const filesWith = (pattern: RegExp) => [...new Set(linesWith(pattern).map((line) => line.split(': ')[0]))];

/** That every other code is refused by the two encoders is shown in modbus-frame.test.ts and modbus-rtu.test.ts. */
test('the only Modbus functions that exist are 3 and 4, in either framing', () => {
  expect(readFunctions).toEqual([3, 4]);
  expect(Object.keys(framings).toSorted()).toEqual(['rtu', 'tcp']);
  const request = { unit: 1, function: 3, address: 2, count: 3 } as const;
  expect(framings.tcp.encode(4, request)).toEqual(encodeRequest(4, request));
  expect(framings.rtu.encode(4, request)).toEqual(encodeRtuRequest(request));
});

/** That it stands in every request, whatever is asked, is shown in dlt645-frame.test.ts. */
test('the only DL/T 645 command that exists is Read Data, to one meter', () => {
  expect(readData).toBe(0x11);
  expect(encodeRead({ meter: '000000000001', identifier: '00010000' })[12]).toBe(0x11);
  expect(() => encodeRead({ meter: 'AAAAAAAAAAAA', identifier: '00010000' })).toThrow(RangeError);
  expect(() => encodeRead({ meter: '000000000001', identifier: '' })).toThrow(RangeError);
});

test('bytes leave by these lines only, and what leaves is an encoded read', () => {
  expect(linesWith(/\.(write|cork|send|pipe|writev?File)\(|\.end\([^)]/)).toEqual([
    'dlt645/dlt645-connection.ts: this.#socket.write(encodeRead(request));',
    'modbus/modbus-connection.ts: this.#socket.write(this.#framing.encode(transaction, request));',
    // net-snmp's own datagrams, see below
    "snmp/snmp-session.ts: socket.send(bytes, from, length, (error) => sent(error ?? (this.#closed ? new Error('closed') : null))),",
  ]);
  expect(linesWith(/from '(node:)?(net|tls|dgram|http|https|http2|stream|child_process)'/)).toEqual([
    "dlt645/dlt645-connection.ts: import type { Socket } from 'node:net';",
    "modbus/modbus-connection.ts: import type { Socket } from 'node:net';",
    "snmp/snmp-session.ts: import { createSocket, type Socket } from 'node:dgram';",
    "transport/http-connector.ts: import type { TLSSocket } from 'node:tls';",
    "transport/tcp-socket.ts: import { connect, type Socket } from 'node:net';",
  ]);
});

test('SNMP asks, and never sets', () => {
  // Every method of a session of net-snmp that sends something
  const sends =
    /[sS]ession\.(get|getNext|getBulk|getAsync|set|setAsync|subtree|walk|table\w*|trap|inform\w*|simpleGet|send)\(/;
  expect(linesWith(sends)).toEqual([
    "snmp/snmp-session.ts: if (request.pdu === 'get') session.get(request.oids, done);",
    "snmp/snmp-session.ts: else if (request.pdu === 'next') session.getNext([request.oid], done);",
    'snmp/snmp-session.ts: else session.getBulk([request.oid], 0, request.repetitions, (error, lists) => done(error, lists?.[0]));',
  ]);
  expect(filesWith(/(from|import\()\s*'net-snmp'/)).toEqual(['snmp/snmp-library.ts', 'snmp/snmp-session.ts']);
});

test('HTTP asks by GET; a Redfish session alone is made and deleted', () => {
  // Quoted, so that words in comments and errors do not count.
  expect(linesWith(/['"`](POST|PUT|PATCH|DELETE)['"`]/i)).toEqual([
    "redfish/redfish-session.ts: await this.#connection.exchange({ method: 'DELETE', path, headers: json, proof, accepted }, signal);",
    "redfish/redfish-session.ts: { method: 'POST', path, headers: json, body, proof, accepted: [200, 201] },",
    "transport/http-connection.ts: readonly method: 'GET' | 'POST' | 'DELETE';",
  ]);
  expect(filesWith(/from 'undici'/)).toEqual([
    'kubernetes/kubernetes-connection.ts',
    'transport/http-connection.ts',
    'transport/http-connector.ts',
  ]);
  expect(linesWith(/\.(request|dispatch|connect|upgrade|stream|pipeline)\(|\bfetch\(/)).toEqual([
    'kubernetes/kubernetes-connection.ts: const { statusCode, headers, body } = await this.#client.request({',
    // where SNMP's datagrams go
    'snmp/snmp-session.ts: socket.connect(Number(address.slice(colon + 1)), found.address);',
    'transport/http-connection.ts: const answer = await this.#client.request({',
  ]);
});
