import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { ReadError } from '../../../exporter/read/reader.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import {
  counter64,
  honest,
  integer,
  scriptedAgent,
  text,
  tlv,
  v3Head,
  v3Message,
  type Variable,
} from './snmp-agent.ts';

vi.mock('node:dns/promises', async (original) => {
  const real = await original<typeof import('node:dns/promises')>();
  const hang = new Promise<never>(() => {});
  return { ...real, lookup: (host: string) => (host === 'hang.invalid' ? hang : real.lookup(host)) };
});

const never = new AbortController().signal;
const patience = { timeout: 3000, retries: 0 };
const variables: Variable[] = [
  ['1.3.6.1.1', integer(-7)],
  ['1.3.6.1.2', counter64(2n ** 63n)],
  ['1.3.6.1.3', text('12.5')],
  ['1.3.6.1.4', tlv(68, Buffer.from('9f780442f6e979', 'hex'))],
];
const oids = variables.map(([oid]) => oid);

/** Places and bytes that are put there, and where the datagram is cut. */
const damage = fc.record({
  bytes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
  cut: fc.option(fc.nat(120)),
});
function damaged(datagram: Buffer, { bytes, cut }: typeof damage extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const copy = Buffer.from(datagram);
  for (const [at, byte] of bytes) copy[at % copy.length] = byte;
  return copy.subarray(0, cut ?? copy.length);
}

test('damaged datagrams before the right one: an answer or a ReadError, and the next read is well', async () => {
  let broken: Parameters<typeof damaged>[1] | null = null;
  const table = new Map(variables);
  await using agent = await scriptedAgent((asked, send) => {
    // what is damaged may say tooBig, and from then on fewer OIDs are asked for at once
    const right = honest(table, asked);
    if (broken) send(damaged(right, broken));
    send(right);
  });
  const source = snmpSource.parse({ protocol: 'snmp', version: '2c', address: agent.address });
  const gateways = new Gateways();
  const device = snmpDevice(source, gateways);
  const expected = await device.get(oids, patience, never);
  await fc.assert(
    fc.asyncProperty(damage, async (how) => {
      broken = how;
      const read = await device.get(oids, patience, never).catch((error: unknown) => error);
      expect(Array.isArray(read) || read instanceof ReadError, String(read)).toBe(true);
      broken = null;
      expect(await device.get(oids, patience, never)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
  await gateways.close();
}, 30_000);

test('damaged SNMPv3 datagrams: never anything but a ReadError', async () => {
  let broken: Parameters<typeof damaged>[1] = { bytes: [], cut: null };
  const socket = createSocket('udp4');
  socket.on('message', (datagram: Buffer, { port, address }) => {
    const report = v3Message({ id: v3Head(datagram).id, flags: 3, pdu: 0xa8, variables });
    socket.send(damaged(report, broken), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = `127.0.0.1:${socket.address().port}`;
  const source = snmpSource.parse({ protocol: 'snmp', version: '3', address, user: 'u' });
  await fc.assert(
    fc.asyncProperty(damage, async (how) => {
      broken = how;
      const gateways = new Gateways();
      const read = snmpDevice(source, gateways).get(oids, { timeout: 5, retries: 0 }, never);
      await expect(read).rejects.toBeInstanceOf(ReadError);
      await gateways.close();
    }),
    { numRuns: 300 },
  );
  socket.close();
}, 30_000);

test('a name server that does not answer is not waited for', async () => {
  const source = snmpSource.parse({ protocol: 'snmp', version: '2c', address: 'hang.invalid:161', timeout: '100ms' });
  const gateways = new Gateways();
  const device = snmpDevice(source, gateways);
  const begun = performance.now();
  await expect(device.get(oids, patience, AbortSignal.timeout(20))).rejects.toMatchObject({ failure: 'timeout' });
  await expect(device.get(oids, patience, never)).rejects.toMatchObject({
    failure: 'timeout',
    message: 'hang.invalid:161: no whole answer within 100 ms',
  });
  expect(performance.now() - begun).toBeLessThan(2000);
  await gateways.close();
});
