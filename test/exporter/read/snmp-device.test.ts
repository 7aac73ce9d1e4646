import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { snmpDevice, type SnmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import {
  answer,
  counter64,
  honest,
  integer,
  pdus,
  scriptedAgent,
  text,
  tlv,
  type Asked,
  type Variable,
} from './snmp-agent.ts';

const never = new AbortController().signal;
const table = new Map(Array.from({ length: 20 }, (_, index) => [`1.3.6.${index}`, integer(index)]));
const right = (asked: Asked) => honest(table, asked);
const oids = [...table.keys()];
const patience = (timeout = 150, retries = 0) => ({ timeout, retries });
const declared = (address: string, extra: object = {}) =>
  snmpSource.parse({ protocol: 'snmp', version: '2c', address, ...extra });
/** A device, closed with its test. */
function opened(address: string, extra: object = {}) {
  const gateways = new Gateways();
  const device = snmpDevice(declared(address, extra), gateways);
  return { device, [Symbol.asyncDispose]: () => gateways.close() };
}
const numbers = async (device: SnmpDevice, asked: readonly string[], ...rest: Parameters<typeof patience>) =>
  (await device.get(asked, patience(...rest), never)).map(({ value }) => value);

describe('turns', () => {
  test('one session, one request at a time, in the order in which they were asked for', async () => {
    let open = 0;
    await using agent = await scriptedAgent((asked, send) => {
      expect(++open).toBe(1);
      setTimeout(() => {
        open--;
        send(right(asked));
      }, 2);
    });
    await using scene = opened(agent.address);
    expect(await Promise.all(oids.map((oid) => numbers(scene.device, [oid], 1000)))).toEqual(
      oids.map((_, index) => [index]),
    );
    expect(agent.asked.map(({ oids: [oid] }) => oid)).toEqual(oids);
    expect(agent.senders.size).toBe(1);
  });

  test('meters with the same credentials share a device, others do not', () => {
    const gateways = new Gateways();
    const of = (extra: object) => snmpDevice(declared('h:161', extra), gateways);
    expect(of({ timeout: '1s' })).toBe(of({ retries: 3 }));
    expect(of({ community: 'a' })).not.toBe(of({ community: 'b' }));
    expect(of({ community_file: 'a' })).not.toBe(of({ community_file: 'b' }));
    const v3 = { version: '3', user: 'u' };
    expect(of(v3)).toBe(of(v3));
    for (const other of [{ user: 'w' }, { auth: 'sha' }, { privacy: 'aes' }, { context: 'c' }])
      expect(of({ ...v3, ...other })).not.toBe(of(v3));
  });

  test('who gives up while waiting is not asked for, who gives up in its turn lets the next one in at once', async () => {
    await using agent = await scriptedAgent((asked) => (asked.oids[0] === '1.3.6.1' ? undefined : right(asked)));
    await using scene = opened(agent.address);
    const begun = performance.now();
    const inTurn = scene.device.get(['1.3.6.1'], patience(60_000), AbortSignal.timeout(100));
    const waiting = scene.device.get(['1.3.6.2'], patience(60_000), AbortSignal.timeout(20));
    const patient = numbers(scene.device, ['1.3.6.3'], 5000);
    await expect(waiting).rejects.toMatchObject({ failure: 'timeout', message: expect.stringContaining('its turn') });
    await expect(inTurn).rejects.toMatchObject({
      failure: 'timeout',
      message: `${agent.address}: given up before the answer was there`,
    });
    expect(await patient).toEqual([3]);
    expect(performance.now() - begun).toBeLessThan(2000);
    await expect(scene.device.get(['1.3.6.4'], patience(), AbortSignal.abort())).rejects.toMatchObject({
      failure: 'timeout',
    });
    expect(agent.asked.map(({ oids: [oid] }) => oid)).toEqual(['1.3.6.1', '1.3.6.3']);
  });

  test('closing ends the turn under way, and those that wait', async () => {
    await using agent = await scriptedAgent(() => undefined);
    const { device } = opened(agent.address);
    const turns = ['1.3.6.1', '1.3.6.2'].map((oid) => device.get([oid], patience(60_000, 5), never));
    const ends = Promise.allSettled(turns);
    await expect.poll(() => agent.asked.length).toBe(1);
    await device.close();
    expect(await ends).toMatchObject([{ reason: { failure: 'timeout' } }, { reason: { failure: 'timeout' } }]);
    expect(agent.asked).toHaveLength(1);
  });
});

describe('requests', () => {
  test('a lost request is repeated, and is the same one', async () => {
    await using agent = await scriptedAgent((asked) => (agent.asked.length === 3 ? right(asked) : undefined));
    await using scene = opened(agent.address);
    expect(await numbers(scene.device, ['1.3.6.7'], 50, 2)).toEqual([7]);
    expect(new Set(agent.asked.map(({ id }) => id)).size).toBe(1);
  });

  test('tooBig: asked for in parts, also the next time', async () => {
    await using agent = await scriptedAgent((asked) =>
      asked.oids.length > 6 ? answer(asked, [], { status: 1 }) : right(asked),
    );
    await using scene = opened(agent.address);
    const all = oids.map((_, index) => index);
    expect(await numbers(scene.device, oids)).toEqual(all);
    expect(agent.asked.map((asked) => asked.oids.length)).toEqual([20, 10, 5, 5, 5, 5]);
    expect(await numbers(scene.device, oids)).toEqual(all);
    expect(agent.asked.slice(6).map((asked) => asked.oids.length)).toEqual([5, 5, 5, 5]);
    expect(agent.senders.size).toBe(1);
  });

  test.each([
    [1, 'tooBig: the answer does not fit in one datagram'],
    [5, 'genErr: the device failed to read it'],
    [16, 'authorizationError: the device does not allow it to this community or user'],
    [18, 'error status 18'],
  ])('error status %i of one OID is told; the session goes on', async (status, words) => {
    await using agent = await scriptedAgent((asked) =>
      agent.asked.length === 1 ? answer(asked, [['1.3.6.1', tlv(5)]], { status, index: 1 }) : right(asked),
    );
    await using scene = opened(agent.address);
    await expect(numbers(scene.device, ['1.3.6.1'])).rejects.toMatchObject({
      failure: 'protocol',
      message: `${agent.address}, OID 1.3.6.1: ${words}`,
    });
    expect(await numbers(scene.device, ['1.3.6.2'])).toEqual([2]);
    expect(agent.senders.size).toBe(1);
  });

  test('nothing but GET, GETNEXT and GETBULK is ever sent', async () => {
    await using agent = await scriptedAgent(right);
    await using v1 = opened(agent.address, { version: '1' });
    await using v2 = opened(agent.address);
    for (const { device } of [v1, v2]) {
      await device.get(['1.3.6.1'], patience(), never);
      await device.next('1.3.6.1', 10, patience(), never);
    }
    expect(agent.asked.map(({ pdu }) => pdu)).toEqual([pdus.get, pdus.next, pdus.get, pdus.bulk]);
  });
});

describe('answers on the wire', () => {
  test('the late answer of another request is dropped, never taken for the next', async () => {
    await using agent = await scriptedAgent((asked, send) => {
      const late = agent.asked.at(-2);
      if (late) send(answer(late, [['1.3.6.2', integer(666)]]));
      if (late) send(right(asked));
    });
    await using scene = opened(agent.address);
    await expect(numbers(scene.device, ['1.3.6.1'])).rejects.toMatchObject({ failure: 'timeout' });
    expect(await numbers(scene.device, ['1.3.6.2'])).toEqual([2]);
  });

  test('duplicates are one answer', async () => {
    await using agent = await scriptedAgent((asked, send) => {
      for (let times = 0; times < 3; times++) send(right(asked));
    });
    await using scene = opened(agent.address);
    for (const index of [1, 2, 3, 4]) expect(await numbers(scene.device, [`1.3.6.${index}`])).toEqual([index]);
    await sleep(20);
    expect(await numbers(scene.device, ['1.3.6.5'])).toEqual([5]);
    expect(agent.senders.size).toBe(1);
  });

  const strays: Record<string, (asked: Asked) => Buffer> = {
    'another request id': (asked) => answer(asked, [['1.3.6.1', integer(666)]], { id: asked.id + 1 }),
    'a datagram cut within a number': (asked) => right(asked).subarray(0, -1),
    'a datagram cut at its head': (asked) => right(asked).subarray(0, 7),
    'no SNMP': () => Buffer.from('220 mail ready\r\n'),
    'an empty datagram': () => Buffer.alloc(0),
    'a number of nine bytes': (asked) => answer(asked, [['1.3.6.1', tlv(2, Buffer.alloc(9, 0x7f))]]),
    'a type that does not exist': (asked) => answer(asked, [['1.3.6.1', tlv(0x55, Buffer.from([1]))]]),
    'a trap': (asked) => answer(asked, [['1.3.6.1', integer(666)]], { pdu: 0xa7, id: 0 }),
  };
  test.each(Object.keys(strays))('%s: waited past, and told where no answer follows', async (stray) => {
    let andThenRight = true;
    await using agent = await scriptedAgent((asked, send) => {
      send(strays[stray]!(asked));
      if (andThenRight) setTimeout(() => send(right(asked)), 20);
    });
    await using scene = opened(agent.address);
    expect(await numbers(scene.device, ['1.3.6.1'])).toEqual([1]);
    andThenRight = false;
    await expect(numbers(scene.device, ['1.3.6.1'])).rejects.toMatchObject({
      failure: 'timeout',
      message: [
        `no answer from ${agent.address} within 150 ms (1 request)`,
        '1 datagrams came that are no answer to them',
        'a wrong community is not answered either',
      ].join('; '),
    });
  });

  const value: Variable[] = [['1.3.6.1', integer(666)]];
  /** An SNMPv3 message with the id of the request, of which the session has no keys. */
  const v3 = (asked: Asked, flags: number) =>
    tlv(
      0x30,
      integer(3),
      tlv(0x30, integer(asked.id), integer(65_507), tlv(4, Buffer.from([flags])), integer(3)),
      tlv(4, tlv(0x30, text('engine'), integer(1), integer(1), text('u'), text('123456789012'), text('12345678'))),
      tlv(0x30, text('engine'), text(''), tlv(pdus.response, integer(1), integer(0), integer(0), tlv(0x30))),
    );
  const faults: Record<string, [(asked: Asked) => Buffer, string]> = {
    'another OID': [(asked) => answer(asked, [['1.3.6.2', integer(666)]]), 'about other OIDs than those asked for'],
    'too few OIDs': [(asked) => answer(asked, []), 'about other OIDs than those asked for'],
    'too many OIDs': [(asked) => answer(asked, [...value, ...value]), 'about other OIDs than those asked for'],
    'another version': [(asked) => answer(asked, value, { version: 0 }), 'an answer of another SNMP version'],
    'a request as the answer': [(asked) => answer(asked, value, { pdu: pdus.get }), 'an answer of an unknown kind'],
    'a text that ends too early': [
      (asked) => answer(asked, [['1.3.6.1', Buffer.from([4, 9, 65])]]),
      'OID 1.3.6.1: the answer ends within the value',
    ],
    'a Counter64 that ends too early': [
      (asked) => answer(asked, [['1.3.6.1', counter64(2n ** 40n).subarray(0, 4)]]),
      'OID 1.3.6.1: the answer ends within the value',
    ],
    'SNMPv3 with authentication': [(asked) => v3(asked, 1), 'an unreadable answer'],
  };
  test.each(Object.keys(faults))('%s: refused, and read again over a new session', async (fault) => {
    const [wrong, words] = faults[fault]!;
    await using agent = await scriptedAgent((asked) => (agent.asked.length === 1 ? wrong(asked) : right(asked)));
    await using scene = opened(agent.address);
    await expect(numbers(scene.device, ['1.3.6.1'])).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringMatching(new RegExp(`^${agent.address}.*${words}$`)),
    });
    expect(await numbers(scene.device, ['1.3.6.2'])).toEqual([2]);
    expect(agent.senders.size).toBe(2);
  });
});

describe('sockets', () => {
  /** Those that keep the process alive and those that do not. */
  const open = () => (process.report.getReport() as { libuv: { type: string }[] }).libuv.filter(isUdp).length;
  const isUdp = ({ type }: { type: string }) => type === 'udp';
  test('none is left over by failures, each of which opens a new one', async () => {
    await using agent = await scriptedAgent(() => undefined);
    await using scene = opened(agent.address);
    await expect.poll(open).toBe(1); // the agent's own
    for (let times = 0; times < 10; times++)
      await expect(numbers(scene.device, ['1.3.6.1'], 5)).rejects.toMatchObject({ failure: 'timeout' });
    for (let times = 0; times < 10; times++)
      await expect(scene.device.get(['1.3.6.1'], patience(1000), AbortSignal.timeout(2))).rejects.toMatchObject({
        failure: 'timeout',
      });
    expect(agent.senders.size).toBeGreaterThan(10);
    await expect.poll(open).toBe(1);
  });

  test('a port where nothing listens is told at once, a name that nobody knows by that name', async () => {
    const { address } = await (async () => {
      await using agent = await scriptedAgent(right);
      return agent;
    })();
    await using closed = opened(address);
    await expect(numbers(closed.device, ['1.3.6.1'], 60_000)).rejects.toMatchObject({
      failure: 'refused',
      message: `${address}: nothing listens at this UDP port`,
    });
    await using unknown = opened('pdu.invalid:161');
    await expect(numbers(unknown.device, ['1.3.6.1'], 5000)).rejects.toMatchObject({
      message: expect.stringMatching(/^pdu\.invalid:161: /),
    });
  });

  const hasV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
  if (!hasV6) console.log('skipped: a device at an IPv6 address: this machine has no ::1');
  test.runIf(hasV6)('a device at an IPv6 address', async () => {
    await using agent = await scriptedAgent(right, '::1');
    await using scene = opened(agent.address);
    expect(await numbers(scene.device, ['1.3.6.3'])).toEqual([3]);
    expect(agent.address).toMatch(/^\[::1\]:/);
  });

  test('only the device itself is heard', async () => {
    // the right datagram, but from another port
    const other = createSocket('udp4');
    const lie = (asked: Asked) => {
      other.send(answer(asked, [['1.3.6.1', integer(666)]]), [...agent.senders][0] ?? 0, '127.0.0.1');
    };
    await using agent = await scriptedAgent(lie);
    await using scene = opened(agent.address);
    await expect(numbers(scene.device, ['1.3.6.1'])).rejects.toMatchObject({
      failure: 'timeout',
      message: expect.not.stringContaining('datagrams came'),
    });
    other.close();
  });
});
