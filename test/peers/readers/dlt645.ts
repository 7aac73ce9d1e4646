import assert from 'node:assert/strict';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { decodeAnswer, encodeRead, FrameSplitter } from '../../../exporter/read/dlt645/dlt645-frame.ts';
import { knownItems } from '../../../model/dlt645-items.ts';
import { decodeItem } from '../../../exporter/read/dlt645/dlt645-number.ts';
import type { MeterAnswer, Raw } from '../../../exporter/read/reader.ts';
import { parseDecimal } from '../../../model/rational.ts';
import { meter, type Meter } from '../../../model/schema/meter.ts';
import type { Check } from '../../tally.ts';
import { codecFrames, dlt645Package, type Items } from './dlt645-server.ts';
import { pythonWith } from './python-program.ts';

const never = new AbortController().signal;
const number = '202411110002';

/** What the served meter holds: energy that no float32 could, power that flows back, and the rest of a three-phase meter. */
const items: Items = {
  '00000000': '-1234.56',
  '00010000': '654321.98',
  '00010100': '123456.78',
  '00010200': '0.01',
  '00010300': '0.00',
  '00010400': '530865.19',
  '00020000': '17.05',
  '02010100': '229.8',
  '02010300': '231.1',
  '02020200': '-5.013',
  '02030000': '-12.3456',
  '02030100': '4.0001',
  '02800002': '49.98',
};

const declared = (port: number, registers: object, source: object = {}): Meter =>
  meter.parse({
    id: 'm-1',
    site: 's',
    role: 'it',
    rated_kw: 100,
    source: { protocol: 'dlt645', address: `127.0.0.1:${port}`, meter: number, ...source },
    registers,
  });

async function read(declaration: Meter): Promise<MeterAnswer> {
  const gateways = new Gateways();
  try {
    return await openMeter(declaration, gateways).read(never);
  } finally {
    await gateways.close();
  }
}

function isValue(raw: Raw | undefined, text: string, what: string): void {
  const [found, expected] = [raw?.value, parseDecimal(text)];
  assert.ok(
    found && expected && found.n * expected.d === expected.n * found.d,
    `${what}: ${found?.n}/${found?.d}, not ${text}`,
  );
}

/** Every item as a power register of its own, and the whole meter in one turn; the package's own master reads the same. */
async function agree(python: string): Promise<void> {
  const peer = await dlt645Package(python);
  const server = await peer.serve(number, items);
  try {
    for (const [identifier, value] of Object.entries(items)) {
      const { power } = await read(declared(server.port, { power: { identifier, scale_to_w: 1 } }));
      isValue(power, value, identifier);
    }
    const tariff = { scale_to_wh: 1000, modulus: 1_000_000 };
    const energy = ['00010100', '00010200', '00010300', '00010400'].map((identifier) => ({ identifier, ...tariff }));
    const power = { identifier: '02030000', scale_to_w: 1000 };
    const answer = await read(declared(server.port, { energy, power }));
    for (const [index, { identifier }] of energy.entries())
      isValue(answer.tariffs?.[index], items[identifier] ?? '', identifier);
    isValue(answer.power, items['02030000'] ?? '', 'power beside tariffs');
    const theirs = await peer.read(server.port, number, Object.keys(items));
    assert.deepEqual(theirs, Object.values(items).map(Number));
  } finally {
    await server.stop();
  }
}

/** What the meter refuses, and what is not its own. */
async function refusals(python: string): Promise<void> {
  const peer = await dlt645Package(python);
  const server = await peer.serve(number, items);
  try {
    const at = `127.0.0.1:${server.port}`;
    const unknown = { identifier: '0001AA00', bytes: 4, decimals: 2, scale_to_w: 1 };
    await assert.rejects(read(declared(server.port, { power: unknown })), {
      failure: 'protocol',
      message: `${at} meter ${number}: item 0001AA00 answered error 02H: it has no such data`,
    });
    const power = { identifier: '02030000', scale_to_w: 1000 };
    await assert.rejects(read(declared(server.port, { power }, { meter: '000000000009' })), {
      failure: 'protocol',
      message: `${at} meter 000000000009: item 02030000 answered error 01H: another error`,
    });
    const short = { identifier: '02030000', bytes: 4, decimals: 4, scale_to_w: 1 };
    await assert.rejects(read(declared(server.port, { power: short })), {
      failure: 'protocol',
      message: new RegExp(`^${at} meter ${number}: item 02030000 has 3 bytes instead of 4: `),
    });
    isValue((await read(declared(server.port, { power }))).power, items['02030000'] ?? '', 'after all refusals');
  } finally {
    await server.stop();
  }
}

/** Another author's codec makes the same requests, and its answers are read as what was put in. */
async function sameFrames(python: string): Promise<void> {
  const meters = ['000000000161', '008866126775', '123456789012', '999999999998', number];
  // It adds 33H without going round, so that its data bytes end at CCH: digits and common identifiers are below.
  const asked = meters.flatMap((one) => [...knownItems.keys()].map((identifier) => ({ meter: one, identifier })));
  const requests = await codecFrames(
    python,
    asked.map((one) => `${one.meter} 11 ${one.identifier}`),
  );
  for (const [index, request] of asked.entries()) {
    assert.equal(encodeRead(request).toString('hex'), `fefefefe${requests[index]?.toString('hex')}`);
  }
  const digits = ({ identifier }: { identifier: string }, index: number) =>
    String(7919 * index + 1)
      .padStart(2 * (knownItems.get(identifier)?.bytes ?? 0), '0')
      .slice(-2 * (knownItems.get(identifier)?.bytes ?? 0));
  const answers = await codecFrames(
    python,
    asked.map((one, index) => `${one.meter} 91 ${digits(one, index)}${one.identifier}`),
  );
  const frames = new FrameSplitter().push(Buffer.concat(answers));
  assert.equal(frames.length, asked.length);
  for (const [index, request] of asked.entries()) {
    const [frame, item] = [frames[index], knownItems.get(request.identifier)];
    const bytes = frame && decodeAnswer(frame, request);
    assert.ok(bytes && item, `${request.identifier}: an answer`);
    const text = digits(request, index);
    const negative = item.signed && Number(text[0]) >= 8;
    const shown = negative ? `-${Number(text[0]) - 8}${text.slice(1)}` : text;
    isValue({ value: decodeItem(bytes, item), wire: '' }, `${shown}e-${item.decimals}`, request.identifier);
  }
}

/** Our DL/T 645 reader beside two packages that nobody here wrote. */
export function dlt645Checks(): Check[] {
  const python = pythonWith('pip');
  const why = python ? undefined : 'no Python with pip, which brings the packages dlt645 and python-dlt645';
  const check = (title: string, run: (its: string) => Promise<void>): Check => [
    `DL/T 645: ${title}`,
    async () => {
      if (python) await run(python);
    },
    why,
  ];
  return [
    check(`${Object.keys(items).length} items of the package dlt645's meter, read by us and by its own master`, agree),
    check('what that meter refuses, and another meter’s number', refusals),
    check('requests and answers as the package python-dlt645 makes them', sameFrames),
  ];
}
