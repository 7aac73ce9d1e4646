import { expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { meter } from '../../../model/schema/meter.ts';
import { adu, scriptedServer } from './modbus-server.ts';

const never = new AbortController().signal;

/** SunSpec model 203 at 40069: W at offset 18 with W_SF at 22, TotWhImp at 46 with TotWh_SF at 54. */
const registers = {
  energy: {
    function: 3,
    address: 40_115,
    type: 'uint32',
    exponent_address: 40_123,
    scale_to_wh: 1,
    modulus: 4_294_967_296,
  },
  power: { function: 3, address: 40_087, type: 'int16', exponent_address: 40_091, scale_to_w: 1 },
};

/** Reads a meter whose registers hold these words from these addresses on. */
async function read(words: Readonly<Record<number, readonly number[]>>) {
  await using server = await scriptedServer((asked) => {
    const held = words[asked.address] ?? [];
    asked.socket.write(adu(asked, [3, 2 * held.length, ...held.flatMap((word) => [word >> 8, word & 0xff])]));
  });
  const gateways = new Gateways();
  const source = { protocol: 'modbus-tcp', address: server.address, unit: 3 };
  const reader = openMeter(
    meter.parse({ id: 'm-1', site: 's', role: 'it', rated_kw: 100, source, registers }),
    gateways,
  );
  try {
    return { answer: await reader.read(never), asked: server.asked };
  } catch (error) {
    throw Object.assign(error as Error, { address: server.address });
  } finally {
    await gateways.close();
  }
}

test('scale factors are read in the same turn, each right after its value', async () => {
  const { answer, asked } = await read({ 40_115: [1, 2], 40_123: [0xfffe], 40_087: [0xfffb], 40_091: [2] });
  expect(answer).toEqual({
    energy: { value: { n: 65_538n, d: 100n }, wire: '00010002 fffe' },
    power: { value: { n: -500n, d: 1n }, wire: 'fffb 0002' },
  });
  expect(asked.map(({ address, count, connection }) => [address, count, connection])).toEqual([
    [40_115, 2, 1],
    [40_123, 1, 1],
    [40_087, 1, 1],
    [40_091, 1, 1],
  ]);
});

test('a scale factor that the device does not have makes no number of its value alone', async () => {
  const { answer } = await read({ 40_115: [1, 2], 40_123: [0], 40_087: [5], 40_091: [0x8000] });
  expect(answer).toEqual({
    energy: { value: { n: 65_538n, d: 1n }, wire: '00010002 0000' },
    power: { value: null, wire: '0005 8000' },
  });
});

test('an exponent that none can be is refused with its register', async () => {
  const failed: unknown = await read({ 40_115: [1, 2], 40_123: [0], 40_087: [5], 40_091: [11] }).catch(
    (e: unknown) => e,
  );
  const { address } = failed as { address: string };
  expect(failed).toMatchObject({
    failure: 'protocol',
    message: `${address} unit 3: register 40092 holds exponent 11, not within -10 to 10`,
  });
});
