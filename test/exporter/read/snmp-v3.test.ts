import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AuthProtocols,
  createAgent,
  MaxAccess,
  MibProviderType,
  ObjectType,
  PrivProtocols,
  SecurityLevel,
} from 'net-snmp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { rowText } from '../../../exporter/read/snmp/snmp-walk.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import { integer, pdus, v3Head, v3Message } from './snmp-agent.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-snmp-v3-'));
const [authFile, privFile] = [join(folder, 'auth'), join(folder, 'priv')];
writeFileSync(authFile, 'auth-s3cret\n');
writeFileSync(privFile, 'priv-s3cret\n');
afterAll(() => rmSync(folder, { recursive: true }));

const OID = '1.3.6.1.4.1.99999.1.0';
async function read(port: number, declared: object) {
  const source = snmpSource.parse({
    protocol: 'snmp',
    version: '3',
    address: `127.0.0.1:${port}`,
    timeout: '300ms',
    retries: 0,
    auth_password_file: authFile,
    privacy_password_file: privFile,
    ...declared,
  });
  const gateways = new Gateways();
  try {
    const variables = await snmpDevice(source, gateways).get([OID], source, new AbortController().signal);
    return variables.map(rowText);
  } finally {
    await gateways.close();
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

const auths = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
const privacies = ['des', 'aes', 'aes256b', 'aes256r'] as const;

describe("against net-snmp's own agent", () => {
  let port = 0;
  let agent: { close(): void } | undefined;
  beforeAll(async () => {
    port = await freeUdpPort();
    const made = createAgent({ port, address: '127.0.0.1' }, () => {}) as {
      getAuthorizer(): { addUser(user: object): void };
      getMib(): { registerProvider(provider: object): void; setScalarValue(name: string, value: unknown): void };
      close(): void;
    };
    agent = made;
    const authorizer = made.getAuthorizer();
    authorizer.addUser({ name: 'open', level: SecurityLevel.noAuthNoPriv });
    const [authKey, privKey] = ['auth-s3cret', 'priv-s3cret'];
    for (const auth of auths) {
      const known = { authProtocol: AuthProtocols[auth], authKey };
      authorizer.addUser({ name: auth, level: SecurityLevel.authNoPriv, ...known });
      for (const privacy of privacies)
        authorizer.addUser({
          name: `${auth}-${privacy}`,
          level: SecurityLevel.authPriv,
          ...known,
          privProtocol: PrivProtocols[privacy],
          privKey,
        });
    }
    made.getMib().registerProvider({
      name: 'energy',
      type: MibProviderType.Scalar,
      oid: OID.slice(0, -2),
      scalarType: ObjectType.Counter64,
      maxAccess: MaxAccess['read-only'],
    });
    made.getMib().setScalarValue('energy', Buffer.from('0020000000000001', 'hex'));
  });
  afterAll(() => agent?.close());

  const held = [`${OID} = Counter64 9007199254740993`];
  test('noAuthNoPriv', async () => expect(await read(port, { user: 'open' })).toEqual(held));
  test.each(auths)('authNoPriv with %s', async (auth) => expect(await read(port, { user: auth, auth })).toEqual(held));
  test.each(auths.flatMap((auth) => privacies.map((privacy) => [auth, privacy] as const)))(
    'authPriv with %s and %s',
    async (auth, privacy) => expect(await read(port, { user: `${auth}-${privacy}`, auth, privacy })).toEqual(held),
  );
  test('a user that it does not know is told', () =>
    expect(read(port, { user: 'nobody', auth: 'sha' })).rejects.toMatchObject({
      failure: 'protocol',
      message: `127.0.0.1:${port}: SNMPv3 user nobody: the device does not know this user`,
    }));
});

/** Answers the discovery as RFC 3414, 4 has it, and every other request without any security. */
async function careless(flags: number, pdu: number) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram: Buffer, { port, address }) => {
    const asked = v3Head(datagram);
    const report = { pdu: pdus.report, flags: 0, variables: [['1.3.6.1.6.3.15.1.1.4.0', integer(1, 65)] as const] };
    const said = (asked.flags & 3) === 0 ? report : { pdu, flags, variables: [[OID, integer(666)] as const] };
    socket.send(v3Message({ id: asked.id, ...said }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, [Symbol.dispose]: () => void socket.close() };
}

describe('an answer without the security that it was asked with is refused', () => {
  test.each([
    [0, { auth: 'sha' }, 'an answer without the security that it was asked with'],
    [0, { auth: 'sha', privacy: 'aes' }, 'an answer without the security that it was asked with'],
    [1, { auth: 'sha' }, 'SNMPv3 user u: wrong digest in the answer: check auth_password_file and auth'],
    [3, { auth: 'sha', privacy: 'aes' }, 'no answer from'],
  ])('flags %i to %o', async (flags, declared, words) => {
    using agent = await careless(flags, pdus.response);
    const failed: unknown = await read(agent.port, { user: 'u', ...declared }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ message: expect.stringContaining(words) });
    expect(failed).toMatchObject({ name: 'ReadError' });
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed))).not.toContain('s3cret');
  });
});

test('a device that asks for new keys for ever is not answered for ever', async () => {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (datagram: Buffer, { port, address }) => {
    asked++;
    const report = {
      pdu: pdus.report,
      flags: 0,
      time: 0,
      variables: [['1.3.6.1.6.3.15.1.1.4.0', integer(1, 65)] as const],
    };
    socket.send(v3Message({ id: v3Head(datagram).id, ...report }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  await expect(read(socket.address().port, { user: 'u', auth: 'sha' })).rejects.toMatchObject({
    failure: 'protocol',
    message: `127.0.0.1:${socket.address().port}: more than 50 datagrams came that are no answer`,
  });
  expect(asked).toBeLessThan(60);
  socket.close();
});
