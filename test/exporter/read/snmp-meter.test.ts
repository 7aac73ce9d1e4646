import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';
import {
  answer,
  counter64,
  honest,
  integer,
  noSuchInstance,
  noSuchObject,
  pdus,
  scriptedAgent,
  text,
  tlv,
} from './snmp-agent.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-snmp-'));
afterAll(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
const declared = (address: string, registers: object, source: object = {}) =>
  meter.parse({
    id: 'pdu-1',
    site: 's',
    role: 'it',
    rated_kw: 11,
    source: { protocol: 'snmp', version: '2c', address, timeout: '200ms', retries: 0, ...source },
    registers,
  });
async function read(...of: Parameters<typeof declared>) {
  const gateways = new Gateways();
  try {
    return await openMeter(declared(...of), gateways).read(never);
  } finally {
    await gateways.close();
  }
}

/** PowerNet-MIB rPDU2DeviceStatus of a PDU of one module: power in 10 W, energy in 0.1 kWh, when it was reset. */
const status = '1.3.6.1.4.1.318.1.1.26.4.3.1';
const apc = {
  energy: { oid: `.${status}.9.1`, scale_to_wh: 100, modulus: 'none', sentinels: [-1] },
  power: { oid: `${status}.5.1`, scale_to_w: 10, sentinels: [-1] },
  restart: { oid: `${status}.10.1` },
};
const apcTable = new Map([
  [`${status}.9.1`, integer(19_516)],
  [`${status}.5.1`, integer(-1)],
  [`${status}.10.1`, text('04/16/2019 14:43:21')],
]);

test('all OIDs of a meter by one GET, exactly, with what stood on the wire', async () => {
  await using agent = await scriptedAgent((asked) => honest(apcTable, asked));
  const { restart, ...rest } = await read(agent.address, apc, { community: 'plain' });
  expect(rest).toEqual({
    energy: { value: { n: 19_516n, d: 1n }, wire: 'Integer32 19516' },
    power: { value: { n: -1n, d: 1n }, wire: 'Integer32 -1' },
  });
  expect(restart).toMatchObject({ value: { d: 1n }, wire: 'OctetString "04/16/2019 14:43:21"' });
  expect(agent.asked).toMatchObject([{ version: 1, community: 'plain', pdu: pdus.get }]);
  expect(agent.asked[0]?.oids).toEqual([`${status}.10.1`, `${status}.9.1`, `${status}.5.1`]);
});

test('tariffs in their order, a Counter64 that no double holds, texts', async () => {
  const table = new Map([
    ['1.3.1', counter64(2n ** 64n - 1n)],
    ['1.3.2', text('1234.5')],
    ['1.3.3', text('offline')],
  ]);
  await using agent = await scriptedAgent((asked) => honest(table, asked));
  const register = { scale_to_wh: 1, modulus: 'none' };
  const answered = await read(agent.address, {
    energy: [
      { oid: '1.3.2', ...register },
      { oid: '1.3.1', ...register },
    ],
    power: { oid: '1.3.3', scale_to_w: 1 },
  });
  expect(answered).toEqual({
    tariffs: [
      { value: { n: 12_345n, d: 10n }, wire: 'OctetString "1234.5"' },
      { value: { n: 18_446_744_073_709_551_615n, d: 1n }, wire: 'Counter64 18446744073709551615' },
    ],
    power: { value: null, wire: 'OctetString "offline"' },
  });
});

describe('the decimal digits that a device tells', () => {
  const registers = { power: { oid: '1.3.1', digits_oid: '.1.3.9', scale_to_w: 1 } };
  const withDigits = (digits: Buffer) =>
    new Map([
      ['1.3.1', integer(12_345, 66)],
      ['1.3.9', digits],
    ]);
  test.each([
    [integer(0, 66), { n: 12_345n, d: 1n }],
    [integer(2, 66), { n: 12_345n, d: 100n }],
    [integer(10, 66), { n: 12_345n, d: 10n ** 10n }],
    [integer(-3), { n: 12_345_000n, d: 1n }],
  ])('%o: the value is shifted exactly', async (digits, value) => {
    await using agent = await scriptedAgent((asked) => honest(withDigits(digits), asked));
    expect((await read(agent.address, registers)).power?.value).toEqual(value);
  });
  test('both stand on the wire', async () => {
    await using agent = await scriptedAgent((asked) => honest(withDigits(integer(1, 66)), asked));
    expect((await read(agent.address, registers)).power?.wire).toBe('Gauge32 12345, 1 decimal digits');
  });
  test.each([integer(11), integer(-11), integer(4_294_967_295, 66), text('two'), text('1.5')])(
    '%o: refused',
    async (digits) => {
      await using agent = await scriptedAgent((asked) => honest(withDigits(digits), asked));
      await expect(read(agent.address, registers)).rejects.toMatchObject({
        failure: 'protocol',
        message: expect.stringMatching(/^127.*, meter pdu-1: OID 1\.3\.9 shows .* decimal digits, not a whole number/),
      });
    },
  );
  test('the same OID of digits is asked for once', async () => {
    const table = new Map([...withDigits(integer(1, 66)), ['1.3.2', integer(7)]]);
    await using agent = await scriptedAgent((asked) => honest(table, asked));
    const energy = { oid: '1.3.2', digits_oid: '1.3.9', scale_to_wh: 1, modulus: 'none' };
    expect((await read(agent.address, { ...registers, energy })).energy?.value).toEqual({ n: 7n, d: 10n });
    expect(agent.asked[0]?.oids).toEqual(['1.3.2', '1.3.9', '1.3.1']);
  });
});

describe('what the device has not is told by its OID', () => {
  test('v2c: each of them, and the meter is not read by halves', async () => {
    const table = new Map([...apcTable, [`${status}.9.1`, noSuchInstance], [`${status}.5.1`, noSuchObject]]);
    await using agent = await scriptedAgent((asked) => honest(table, asked));
    await expect(read(agent.address, apc)).rejects.toMatchObject({
      failure: 'protocol',
      message: [
        `${agent.address}, meter pdu-1: OID ${status}.9.1 noSuchInstance: the device has the object, but not with this index`,
        `OID ${status}.5.1 noSuchObject: the device has no such object`,
      ].join('; '),
    });
  });
  test('v1: the first, which is all that the device says; the session goes on', async () => {
    let status2 = true;
    await using agent = await scriptedAgent((asked) =>
      status2
        ? answer(
            asked,
            asked.oids.map((name) => [name, tlv(5)]),
            { status: 2, index: 3 },
          )
        : honest(apcTable, asked),
    );
    const gateways = new Gateways();
    const reader = openMeter(declared(agent.address, apc, { version: '1' }), gateways);
    await expect(reader.read(never)).rejects.toMatchObject({
      failure: 'protocol',
      message: `${agent.address}, OID ${status}.5.1: noSuchName: the device has no such object`,
    });
    status2 = false;
    await expect(reader.read(never)).resolves.toMatchObject({ energy: { wire: 'Integer32 19516' } });
    expect(agent.asked.map(({ version }) => version)).toEqual([0, 0]);
    expect(agent.senders.size).toBe(1);
    await gateways.close();
  });
});

describe('secrets', () => {
  const file = join(folder, 'community');
  test('are read anew when a session is opened, and never told', async () => {
    await using agent = await scriptedAgent((asked) =>
      asked.community === 'n3w-s3cret' ? honest(apcTable, asked) : undefined,
    );
    const gateways = new Gateways();
    const reader = openMeter(declared(agent.address, apc, { community_file: file }), gateways);
    await expect(reader.read(never)).rejects.toMatchObject({
      failure: 'unreachable',
      message: `${agent.address}: community_file: ${file} cannot be read (ENOENT)`,
    });
    writeFileSync(file, '\n');
    await expect(reader.read(never)).rejects.toThrow(`${agent.address}: community_file: ${file} is empty`);
    writeFileSync(file, '0ld-s3cret\n');
    const failed: unknown = await reader.read(never).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      failure: 'timeout',
      message: `no answer from ${agent.address} within 200 ms (1 request); a wrong community is not answered either`,
    });
    writeFileSync(file, 'n3w-s3cret\n');
    await expect(reader.read(never)).resolves.toMatchObject({ energy: { wire: 'Integer32 19516' } });
    await gateways.close();
  });

  test('an answer with another community is refused without either of them', async () => {
    await using agent = await scriptedAgent((asked) => answer(asked, [], { community: 'other' }));
    const failed: unknown = await read(agent.address, apc, { community: 's3cret' }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ message: `${agent.address}: an answer with another community` });
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed))).not.toContain('s3cret');
    expect(failed).not.toHaveProperty('cause');
  });

  test.each([
    [{ user: 'u', auth: 'sha' }, 'auth_password_file is not declared'],
    [{ user: 'u', privacy: 'aes', privacy_password_file: file }, 'privacy is declared without auth'],
    [{ user: 'u', auth: 'sha', auth_password_file: join(folder, 'short') }, 'holds fewer than 8 characters'],
  ])('%o: told before anything is sent', async (source, what) => {
    writeFileSync(join(folder, 'short'), 'secret\n');
    await expect(read('127.0.0.1:9', apc, { version: '3', ...source })).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringContaining(what),
    });
  });
});

test('a declaration that was not checked is refused by name', () => {
  const power = { metric: 'a', scale_to_w: 1 };
  expect(() => openMeter(declared('h:161', { power }), new Gateways())).toThrow(
    'meter pdu-1: registers.power has no OID',
  );
});
