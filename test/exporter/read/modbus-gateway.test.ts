import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { ModbusGateway } from '../../../exporter/read/modbus/modbus-gateway.ts';
import { adu, answer, scriptedServer, type Asked } from './modbus-server.ts';

const never = new AbortController().signal;
const at = (address: number, unit = 1) => ({ unit, function: 3, address, count: 2 }) as const;
/** What the test servers hold at an address: the address itself and the next. */
const held = (address: number) => [Buffer.from([0, address, 0, address + 1])];
const honest = (asked: Asked) => void asked.socket.write(answer(asked));

describe('turns', () => {
  test('one connection, one request at a time, in the order in which they were asked for', async () => {
    let open = 0;
    await using server = await scriptedServer((asked) => {
      expect(++open).toBe(1);
      setTimeout(() => {
        open--;
        honest(asked);
      }, 2);
    });
    const gateway = new ModbusGateway(server.address);
    const addresses = Array.from({ length: 20 }, (_, index) => index);
    const answers = await Promise.all(
      addresses.map((address) => gateway.read([at(address, address + 1)], 1000, never)),
    );
    expect(answers).toEqual(addresses.map(held));
    expect(server.asked.map(({ unit, connection }) => [unit, connection])).toEqual(
      addresses.map((address) => [address + 1, 1]),
    );
    await gateway.close();
  });

  test('the requests of one meter stay together, and end with the first failure', async () => {
    await using server = await scriptedServer((asked) =>
      asked.address === 50 ? void asked.socket.write(adu(asked, [0x83, 2])) : honest(asked),
    );
    const gateway = new ModbusGateway(server.address);
    const results = await Promise.allSettled([
      gateway.read([at(1, 1), at(2, 1)], 1000, never),
      gateway.read([at(50, 2), at(3, 2)], 1000, never),
      gateway.read([at(4, 3), at(5, 3)], 1000, never),
    ]);
    expect(results).toMatchObject([
      { value: [...held(1), ...held(2)] },
      {
        reason: {
          failure: 'protocol',
          message: `${server.address} unit 2: register 51 answered exception 2: illegal data address (function 3, 2 registers from PDU address 50)`,
        },
      },
      { value: [...held(4), ...held(5)] },
    ]);
    expect(server.asked.map(({ address }) => address)).toEqual([1, 2, 50, 4, 5]);
    expect(new Set(server.asked.map(({ connection }) => connection))).toEqual(new Set([1]));
    await gateway.close();
  });

  test('a hung unit delays the others by no more than its own timeout', async () => {
    await using server = await scriptedServer((asked) => (asked.unit === 9 ? undefined : honest(asked)));
    const gateway = new ModbusGateway(server.address);
    const begun = performance.now();
    const hung = gateway.read([at(1, 9), at(2, 9), at(3, 9)], 200, never);
    const next = gateway.read([at(7, 1)], 1000, never);
    await expect(hung).rejects.toMatchObject({
      failure: 'timeout',
      message: `no answer from ${server.address} unit 9 within 200 ms (function 3, 2 registers from PDU address 1)`,
    });
    expect(await next).toEqual(held(7));
    expect(performance.now() - begun).toBeLessThan(590);
    expect(server.asked.map(({ unit }) => unit)).toEqual([9, 1]);
    await gateway.close();
  });

  test('who gives up while waiting is not asked for, who gives up in its turn lets the next one in', async () => {
    await using server = await scriptedServer((asked) => (asked.address === 1 ? undefined : honest(asked)));
    const gateway = new ModbusGateway(server.address);
    const inTurn = gateway.read([at(1)], 60_000, AbortSignal.timeout(100));
    const waiting = gateway.read([at(2)], 60_000, AbortSignal.timeout(20));
    const patient = gateway.read([at(3)], 60_000, never);
    await expect(waiting).rejects.toMatchObject({ failure: 'timeout', message: expect.stringContaining('its turn') });
    await expect(inTurn).rejects.toMatchObject({
      failure: 'timeout',
      message: expect.stringMatching(/ unit 1: given up before .* \(function 3, 2 registers from PDU address 1\)$/),
    });
    expect(await patient).toEqual(held(3));
    await expect(gateway.read([at(4)], 60_000, AbortSignal.abort())).rejects.toMatchObject({ failure: 'timeout' });
    expect(server.asked.map(({ address }) => address)).toEqual([1, 3]);
    await gateway.close();
  });
});

describe('answers on the wire', () => {
  test('the late answer of an earlier request is dropped, never taken for the next', async () => {
    await using server = await scriptedServer((asked) => {
      const late = server.asked.at(-2);
      if (asked.address === 2 && late) asked.socket.write(Buffer.concat([answer(late), answer(asked)]));
    });
    const gateway = new ModbusGateway(server.address);
    await expect(gateway.read([at(1)], 50, never)).rejects.toMatchObject({ failure: 'timeout' });
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1]);
    await gateway.close();
  });

  test('late answers between two requests, and one that nobody asked for, leave the connection as it is', async () => {
    await using server = await scriptedServer((asked) => {
      if (asked.address === 1) setTimeout(() => honest(asked), 80);
      else asked.socket.write(Buffer.concat([adu({ transaction: 4711, unit: 1 }, [3, 4, 9, 9, 9, 9]), answer(asked)]));
    });
    const gateway = new ModbusGateway(server.address);
    for (let round = 0; round < 2; round++) {
      await expect(gateway.read([at(1)], 40, never)).rejects.toMatchObject({ failure: 'timeout' });
      await sleep(80);
    }
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    await gateway.close();
  });

  test('byte by byte', async () => {
    const drip = async (asked: Asked) => {
      for (const byte of answer(asked)) {
        asked.socket.write(Buffer.from([byte]));
        await sleep(1);
      }
    };
    await using server = await scriptedServer((asked) => void drip(asked));
    const gateway = new ModbusGateway(server.address);
    expect(await gateway.read([at(1), at(2)], 2000, never)).toEqual([...held(1), ...held(2)]);
    await gateway.close();
  });

  const faults: Record<string, (asked: Asked) => Buffer> = {
    'another unit': (asked) => answer({ ...asked, unit: 2 }),
    'another function': (asked) => answer({ ...asked, function: 4 }),
    'too few registers': (asked) => answer({ ...asked, count: 1 }),
    'too many registers': (asked) => answer({ ...asked, count: 3 }),
    'a wrong byte count': (asked) => adu(asked, [3, 6, 0, 0, 0, 0]),
    'another protocol id': (asked) => adu(asked, [3, 4, 0, 0, 0, 0], { protocol: 7 }),
    'an oversize ADU': (asked) => adu(asked, [3, 4, 0, 0, 0, 0], { length: 1000 }),
    'no Modbus': () => Buffer.from('220 mail ready\r\n'),
  };
  test.each(Object.keys(faults))('%s: refused, and read again over a new connection', async (fault) => {
    await using server = await scriptedServer((asked) => {
      if (server.asked.length === 1) asked.socket.write(faults[fault]!(asked));
      else honest(asked);
    });
    const gateway = new ModbusGateway(server.address);
    await expect(gateway.read([at(1)], 1000, never)).rejects.toMatchObject({
      failure: 'protocol',
      message: expect.stringMatching(`^${server.address} unit 1: .* \\(function 3, 2 registers from PDU address 1\\)$`),
    });
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 2]);
    await gateway.close();
  });

  test('another transaction id is not the answer', async () => {
    await using server = await scriptedServer((asked) => {
      asked.socket.write(answer({ ...asked, transaction: (asked.transaction + 1) & 0xffff }));
    });
    const gateway = new ModbusGateway(server.address);
    await expect(gateway.read([at(1)], 50, never)).rejects.toMatchObject({ failure: 'timeout' });
    await gateway.close();
  });

  test('transaction ids go round', async () => {
    await using server = await scriptedServer(honest);
    const gateway = new ModbusGateway(server.address);
    await gateway.read(
      Array.from({ length: 65_540 }, () => at(1)),
      60_000,
      never,
    );
    expect(server.asked.at(-1)?.transaction).toBe(65_540 & 0xffff);
    await gateway.close();
  }, 30_000);
});

describe('the connection', () => {
  test('an idle connection may end: the next request opens another', async () => {
    await using server = await scriptedServer(honest);
    const gateway = new ModbusGateway(server.address);
    for (const end of ['end', 'resetAndDestroy'] as const) {
      expect(await gateway.read([at(1)], 1000, never)).toEqual(held(1));
      for (const socket of server.sockets) socket[end]();
      await sleep(20);
    }
    expect(await gateway.read([at(2)], 1000, never)).toEqual(held(2));
    expect(server.asked.map(({ connection }) => connection)).toEqual([1, 2, 3]);
    await gateway.close();
  });

  test('a kept connection that ends under a request is tried anew once, a new one is not', async () => {
    await using server = await scriptedServer((asked) =>
      asked.address === 1 ? honest(asked) : void asked.socket.end(),
    );
    const gateway = new ModbusGateway(server.address);
    await gateway.read([at(1)], 1000, never);
    await expect(gateway.read([at(2)], 1000, never)).rejects.toMatchObject({ failure: 'protocol' });
    expect(server.asked.map(({ address, connection }) => [address, connection])).toEqual([
      [1, 1],
      [2, 1],
      [2, 2],
    ]);
    await gateway.close();
  });

  test('two silent requests in a row: the connection is taken for dead', async () => {
    await using server = await scriptedServer((asked) => (asked.connection === 1 ? undefined : honest(asked)));
    const gateway = new ModbusGateway(server.address);
    await expect(gateway.read([at(1)], 30, never)).rejects.toMatchObject({ failure: 'timeout' });
    await expect(gateway.read([at(2)], 30, never)).rejects.toMatchObject({ failure: 'timeout' });
    expect(await gateway.read([at(3)], 1000, never)).toEqual(held(3));
    await gateway.close();
  });

  test('nobody listens, then somebody does', async () => {
    const gone = await scriptedServer(honest);
    await gone[Symbol.asyncDispose]();
    const gateway = new ModbusGateway(gone.address);
    await expect(gateway.read([at(1)], 1000, never)).rejects.toMatchObject({
      failure: 'refused',
      message: expect.stringContaining(gone.address),
    });
    await expect(new ModbusGateway('127.0.0.1:99999').read([at(1)], 1000, never)).rejects.toMatchObject({
      failure: 'protocol',
    });
    await gateway.close();
  });

  test('close ends the turn under way and those that wait, and opens nothing any more', async () => {
    await using server = await scriptedServer(() => {});
    const gateways = new Gateways();
    const opened = () => gateways.shared(server.address, () => new ModbusGateway(server.address));
    expect(opened()).toBe(opened());
    const gateway = opened();
    const reads = [gateway.read([at(1)], 60_000, never), gateway.read([at(2)], 60_000, never)];
    const settled = Promise.allSettled(reads);
    await sleep(30);
    await gateways.close();
    expect(await settled).toMatchObject([{ reason: { name: 'ReadError' } }, { reason: { name: 'ReadError' } }]);
    await expect(gateway.read([at(3)], 1000, never)).rejects.toMatchObject({ name: 'ReadError' });
    await sleep(20);
    expect([server.asked.length, server.sockets.size]).toEqual([1, 0]);
  });
});
