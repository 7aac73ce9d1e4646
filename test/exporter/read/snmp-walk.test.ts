import { describe, expect, test } from 'vitest';
import { Gateways } from '../../../exporter/read/gateways.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { compareOids } from '../../../exporter/read/snmp/snmp-oid.ts';
import { rowText, snmpWalk } from '../../../exporter/read/snmp/snmp-walk.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import { answer, endOfMibView, honest, integer, pdus, scriptedAgent, tlv, type Asked } from './snmp-agent.ts';

const signal = new AbortController().signal;
const table = new Map(
  ['1.3.5.9', ...Array.from({ length: 60 }, (_, index) => `1.3.6.${index}.1`), '1.3.7.0'].map((oid, index) => [
    oid,
    integer(index),
  ]),
);
const sorted = [...table.keys()].toSorted(compareOids);

/** GETNEXT, GETBULK and GET over the table. */
function agentOf(asked: Asked): Buffer {
  if (asked.pdu === pdus.get) return honest(table, asked);
  const [from = ''] = asked.oids;
  const behind = sorted.filter((oid) => compareOids(oid, from) > 0);
  if (asked.pdu === pdus.next) {
    const [next] = behind;
    if (next !== undefined) return answer(asked, [[next, table.get(next)!]]);
    return answer(asked, [[from, tlv(5)]], { status: 2, index: 1 });
  }
  const rows = behind.slice(0, asked.repetitions).map((oid) => [oid, table.get(oid)!] as const);
  return answer(asked, rows.length < asked.repetitions ? [...rows, [sorted.at(-1)!, endOfMibView]] : rows);
}

async function walk(address: string, root: string, options: object = {}, extra: object = {}) {
  const source = snmpSource.parse({ protocol: 'snmp', version: '2c', address, timeout: '200ms', retries: 0, ...extra });
  const gateways = new Gateways();
  const rows: string[] = [];
  try {
    for await (const row of snmpWalk(snmpDevice(source, gateways), root, { patience: source, signal, ...options }))
      rows.push(rowText(row));
    return { rows, error: null };
  } catch (error) {
    return { rows, error };
  } finally {
    await gateways.close();
  }
}

describe.each(['1', '2c'])('version %s', (version) => {
  test('all rows below a root, in their order, and none beside it', async () => {
    await using agent = await scriptedAgent(agentOf);
    const { rows, error } = await walk(agent.address, '.1.3.6', { maxRepetitions: 7 }, { version });
    expect(error).toBeNull();
    expect(rows).toEqual(Array.from({ length: 60 }, (_, index) => `1.3.6.${index}.1 = Integer32 ${index + 1}`));
    expect(new Set(agent.asked.map(({ pdu }) => pdu))).toEqual(new Set([version === '1' ? pdus.next : pdus.bulk]));
    expect(agent.asked).toHaveLength(version === '1' ? 61 : 9);
  });

  test('to the end of all that the device has', async () => {
    await using agent = await scriptedAgent(agentOf);
    const { rows, error } = await walk(agent.address, '1.3', {}, { version });
    expect(error).toBeNull();
    expect(rows).toHaveLength(62);
  });

  test('a value itself is the one row, a root with nothing below has none', async () => {
    await using agent = await scriptedAgent(agentOf);
    expect(await walk(agent.address, '1.3.7.0', {}, { version })).toEqual({
      rows: ['1.3.7.0 = Integer32 61'],
      error: null,
    });
    const none = (asked: Asked) =>
      version === '1' && asked.pdu === pdus.get ? answer(asked, [], { status: 2 }) : agentOf(asked);
    await using empty = await scriptedAgent(none);
    expect(await walk(empty.address, '1.3.6.99', {}, { version })).toEqual({ rows: [], error: null });
  });
});

test('an endless subtree is cut off at the most rows allowed, which are all there', async () => {
  let last = 0;
  await using agent = await scriptedAgent((asked) =>
    answer(
      asked,
      Array.from({ length: asked.repetitions }, () => [`1.3.6.${++last}`, integer(last)]),
    ),
  );
  const { rows, error } = await walk(agent.address, '1.3.6', { maxRows: 1000 });
  expect(rows).toHaveLength(1000);
  expect(error).toMatchObject({ failure: 'too_large', message: `${agent.address}: more than 1000 rows below 1.3.6` });
  expect(agent.asked.length).toBeLessThan(45);
});

test.each([
  ['a circle', ['1.3.6.1', '1.3.6.2', '1.3.6.1'], 'OID 1.3.6.1 after 1.3.6.2 is not increasing'],
  ['the same OID twice', ['1.3.6.1', '1.3.6.1'], 'OID 1.3.6.1 after 1.3.6.1 is not increasing'],
  ['the root again', ['1.3.6'], 'OID 1.3.6 after 1.3.6 is not increasing'],
  ['text order instead of number order', ['1.3.6.10', '1.3.6.9'], 'OID 1.3.6.9 after 1.3.6.10 is not increasing'],
])('%s is told, not walked for ever', async (_, oids, words) => {
  await using agent = await scriptedAgent((asked) =>
    answer(
      asked,
      oids.map((oid) => [oid, integer(1)]),
    ),
  );
  const { error } = await walk(agent.address, '1.3.6');
  expect(error).toMatchObject({ failure: 'protocol', message: `${agent.address}: ${words}` });
});

test('a device that finds its answer too big is asked for fewer rows', async () => {
  await using agent = await scriptedAgent((asked) =>
    asked.repetitions > 8 ? answer(asked, [], { status: 1 }) : agentOf(asked),
  );
  const { rows, error } = await walk(agent.address, '1.3.6', { maxRepetitions: 25 });
  expect([rows.length, error]).toEqual([60, null]);
  expect(agent.asked.slice(0, 4).map(({ repetitions }) => repetitions)).toEqual([25, 13, 7, 7]);
});

test('an answer without a row, and one that never comes', async () => {
  await using empty = await scriptedAgent((asked) => answer(asked, []));
  expect((await walk(empty.address, '1.3.6')).error).toMatchObject({
    failure: 'protocol',
    message: `${empty.address}: an answer without a row behind 1.3.6`,
  });
  await using silent = await scriptedAgent(() => undefined);
  expect((await walk(silent.address, '1.3.6')).error).toMatchObject({ failure: 'timeout' });
});
