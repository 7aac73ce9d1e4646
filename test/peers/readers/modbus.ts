import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter, type Meter } from '../../../model/schema/meter.ts';
import { parseDecimal, fromDouble, type Rational } from '../../../model/rational.ts';
import { startTwin } from '../../../twin/twin.ts';
import { freePort } from '../../exporter-process.ts';
import { planFolder } from '../../plan-folder.ts';
import type { Check } from '../../tally.ts';
import { onFreePorts, smallEstate } from '../../twin-scene.ts';
import { loadPlan } from '../../../model/load.ts';
import { pymodbus, type Held } from './pymodbus.ts';

const never = new AbortController().signal;

/** What the served device holds. Each row is one number, read as `register` declares it. */
const rows: readonly (Held & {
  readonly register: object;
  readonly words16: number;
  readonly expected: Rational | null;
})[] = [
  // 2^53 + 1: no double holds it
  row(3203, '64bit_int', '9007199254740993', { type: 'int64' }, 4),
  row(3059, '32bit_float', '123.456', { type: 'float32' }, 2, fromDouble(Math.fround(123.456))),
  row(52, '32bit_uint', '16909060', { type: 'uint32', order: 'CDAB' }, 2, undefined, 'Little'),
  row(40, '32bit_int', '-2', { type: 'int32', order: 'CDAB' }, 2, undefined, 'Little'),
  row(60, '64bit_float', '-1234567.875', { type: 'float64' }, 4),
  row(70, '16bit_int', '-32510', { type: 'int16' }, 1),
  // BCD and a number that is none
  row(80, '32bit_uint', String(0x1234_5678), { type: 'bcd32' }, 2, parseDecimal('12345678')),
  row(82, '16bit_uint', String(0x12a4), { type: 'bcd16' }, 1, null),
  // SunSpec: a value and its scale factor elsewhere
  row(90, '16bit_int', '4503', { type: 'int16', exponent_address: 95 }, 1, parseDecimal('45.03')),
  row(91, '16bit_int', '4503', { type: 'int16', exponent_address: 96 }, 1, null),
];
const scaleFactors: readonly Held[] = [
  { address: 95, kind: '16bit_int', value: '-2' },
  { address: 96, kind: '16bit_int', value: '-32768' },
];

function row(
  address: number,
  kind: string,
  value: string,
  register: object,
  words16: number,
  expected: Rational | null | undefined = parseDecimal(value),
  words: 'Big' | 'Little' = 'Big',
) {
  return { address, kind, value, words, register, words16, expected: expected ?? null };
}

const declared = (port: number, power: object, source: object = {}): Meter =>
  meter.parse({
    id: 'm-1',
    site: 's',
    role: 'it',
    rated_kw: 100,
    source: { protocol: 'modbus-tcp', address: `127.0.0.1:${port}`, unit: 7, ...source },
    registers: { power: { function: 3, scale_to_w: 1, ...power } },
  });

async function read(declaration: Meter): Promise<MeterAnswer> {
  const gateways = new Gateways();
  try {
    return await openMeter(declaration, gateways).read(never);
  } finally {
    await gateways.close();
  }
}

/** Register bytes in hex, as Debian's mbpoll reads them. */
async function mbpoll(port: number, unit: number, code: number, address: number, count: number): Promise<string> {
  const table = code === 3 ? '4:hex' : '3:hex';
  const args = ['-m', 'tcp', '-p', port, '-a', unit, '-0', '-r', address, '-c', count, '-t', table, '-1', '127.0.0.1'];
  const { stdout } = await promisify(execFile)('mbpoll', args.map(String), { timeout: 10_000 });
  return Array.from(stdout.matchAll(/^\[\d+\]:\s+0x([0-9A-F]{4})$/gm), ([, word]) => word?.toLowerCase()).join('');
}

type Peer = NonNullable<ReturnType<typeof pymodbus>>;
const same = (a: Rational | null, b: Rational | null) => (a && b ? a.n * b.d === b.n * a.d : a === b);

/** Every row: what was put in, what we read, and what the second reader finds on the wire. */
async function agree(peer: Peer, framing: 'tcp' | 'rtu'): Promise<void> {
  const server = await peer.serve(framing, [...rows, ...scaleFactors], [1, 7]);
  try {
    for (const { address, kind, value, register, words16, expected } of rows) {
      for (const code of [3, 4]) {
        const { power } = await read(declared(server.port, { address, ...register, function: code }, { framing }));
        const what = `${kind} ${value}, function ${code}`;
        assert.ok(power && same(power.value, expected), `${what}: ${power?.value?.n}/${power?.value?.d}`);
        const [wire] = power.wire.split(' ');
        assert.equal(await peer.read(framing, server.port, 7, code, address, words16), wire, `${what}: pymodbus`);
        // mbpoll has no RTU over TCP
        if (framing === 'tcp')
          assert.equal(await mbpoll(server.port, 7, code, address, words16), wire, `${what}: mbpoll`);
      }
    }
  } finally {
    await server.stop();
  }
}

/** A register that is not there, and a unit that is not there beside one that is. */
async function failures(peer: Peer, framing: 'tcp' | 'rtu'): Promise<void> {
  const server = await peer.serve(framing, rows, [7]);
  const gateways = new Gateways();
  try {
    const at = `127.0.0.1:${server.port}`;
    const float = { address: 3059, type: 'float32' };
    const missing = openMeter(declared(server.port, { ...float, address: 999 }, { framing }), gateways);
    const asked = (register: number) => `(function 3, 2 registers from PDU address ${register})`;
    await assert.rejects(missing.read(never), {
      failure: 'protocol',
      message: `${at} unit 7: register 1000 answered exception 2: illegal data address ${asked(999)}`,
    });
    const dead = openMeter(declared(server.port, float, { framing, unit: 9, timeout: '400ms' }), gateways);
    const live = openMeter(declared(server.port, float, { framing }), gateways);
    const begun = performance.now();
    const [silent, answered] = await Promise.allSettled([dead.read(never), live.read(never)]);
    const took = performance.now() - begun;
    assert.equal(silent.status, 'rejected');
    const { failure, message } = silent.reason as { failure: string; message: string };
    assert.deepEqual([failure, message], ['timeout', `no answer from ${at} unit 9 within 400 ms ${asked(3059)}`]);
    assert.equal(answered.status, 'fulfilled');
    assert.ok(took < 1200, `the live unit waited ${took} ms for the dead one's 400`);
  } finally {
    await gateways.close();
    await server.stop();
  }
}

/** The twin stands still, so that three readers find the same. */
async function againstTwin(peer: Peer): Promise<void> {
  const { dir, remove } = planFolder(await onFreePorts(smallEstate('1s')));
  const at = Date.parse('2026-07-15T10:20:30+08:00');
  const twin = await startTwin({ plan: dir, control: `127.0.0.1:${await freePort()}`, clock: { now: () => at } });
  try {
    for (const declaration of loadPlan(dir).estate.meters) {
      const { id, source, registers } = declaration;
      assert.equal(source.protocol, 'modbus-tcp');
      const answer = await read(declaration);
      for (const quantity of ['energy', 'power'] as const) {
        const [place, raw] = [registers[quantity], answer[quantity]];
        assert.ok(place && 'address' in place && raw, `${id}: ${quantity}`);
        const port: number = Number(source.address.split(':').at(-1));
        const asked: [number, number, number, number, number] = [
          port,
          source.unit,
          place.function,
          place.address,
          raw.wire.length / 4,
        ];
        assert.equal(await mbpoll(...asked), raw.wire, `${id} ${quantity}: mbpoll`);
        assert.equal(await peer.read('tcp', ...asked), raw.wire, `${id} ${quantity}: pymodbus`);
      }
      const { watts } = twin.truth().meters[id] ?? {};
      const scale = registers.power && 'scale_to_w' in registers.power ? registers.power.scale_to_w : null;
      const value = answer.power?.value;
      assert.ok(watts !== undefined && scale && value, `${id}: watts`);
      const shown = (Number(value.n) / Number(value.d)) * (Number(scale.n) / Number(scale.d));
      assert.ok(Math.abs(shown - watts) <= 1 + 1e-4 * watts, `${id}: ${shown} W read, ${watts} W drawn`);
    }
  } finally {
    await twin.close();
    remove();
  }
}

function hasMbpoll(): boolean {
  try {
    execFileSync('mbpoll', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Our Modbus reader beside pymodbus and mbpoll, which nobody here wrote. */
export function modbusChecks(): Check[] {
  const peer = pymodbus();
  const why = !peer
    ? 'no Python has pymodbus 3.0 with its server (Debian: python3-pymodbus python3-serial python3-serial-asyncio)'
    : hasMbpoll()
      ? undefined
      : 'no mbpoll (Debian: mbpoll)';
  const check = (title: string, run: (its: Peer) => Promise<void>): Check => [
    `Modbus: ${title}`,
    async () => {
      if (peer) await run(peer);
    },
    why,
  ];
  return [
    check(`${rows.length} numbers of a pymodbus server, read by us, by mbpoll and by pymodbus`, (its) =>
      agree(its, 'tcp'),
    ),
    check('the same in RTU frames over TCP, read by us and by pymodbus', (its) => agree(its, 'rtu')),
    check('a missing register and a dead unit behind a pymodbus server', (its) => failures(its, 'tcp')),
    check('the same in RTU frames over TCP', (its) => failures(its, 'rtu')),
    check('every meter of the twin, read by us, by mbpoll and by pymodbus', againstTwin),
  ];
}
