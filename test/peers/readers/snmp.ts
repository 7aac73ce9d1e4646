import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Check } from '../../tally.ts';
import { isSame, oidsOf, readMeter, shownValues, walk } from './snmp-asked.ts';
import { missing, netSnmp, startSnmpExporter, startSnmpSim } from './snmp-servers.ts';
import { snmpdChecks } from './snmp-snmpd.ts';

const root = resolve(import.meta.dirname, '../../..');
const recordings = join(resolve(root, process.env['GREENFLOPS_SHARED'] ?? '../shared'), 'recordings/snmp');

/** Raritan and Legrand PX, PDU2-MIB: inlet 1 of PDU 1, active power (5) in W and energy (8) in Wh, each with its digits. */
const [inletValue, inletDigits] = ['1.3.6.1.4.1.13742.6.5.2.3.1.4.1.1', '1.3.6.1.4.1.13742.6.3.3.4.1.7.1.1'];
const raritan = [
  [`${inletDigits}.5`, 66, '1'],
  [`${inletDigits}.8`, 66, '3'],
  [`${inletValue}.5`, 66, '12345'],
  [`${inletValue}.8`, 66, '4294967295'],
] as const;
const raritanText = raritan.map((row) => `${row.join('|')}\n`).join('');

interface Recorded {
  readonly community: string;
  readonly registers: object;
  /** The OID whose number the quantity is, as it stands in the recording. */
  readonly oids: Readonly<Record<'energy' | 'power', string | undefined>>;
}
const rPdu2 = '1.3.6.1.4.1.318.1.1.26.4.3.1';
const apcRegisters = {
  energy: { oid: `${rPdu2}.9.1`, scale_to_wh: 100, modulus: 'none', sentinels: [-1] },
  power: { oid: `${rPdu2}.5.1`, scale_to_w: 10, sentinels: [-1] },
  restart: { oid: `${rPdu2}.10.1` },
};
const upsPower = '1.3.6.1.2.1.33.1.4.4.1.4.1';
const recorded: Recorded[] = [
  ...['apc-8641', 'apc-8932'].map((community) => ({
    community,
    registers: apcRegisters,
    oids: { energy: `${rPdu2}.9.1`, power: `${rPdu2}.5.1` },
  })),
  {
    community: 'eaton-93e-80',
    registers: { power: { oid: upsPower, scale_to_w: 1 } },
    oids: { energy: undefined, power: upsPower },
  },
];

/** The lines of a recording: OID, tag, text. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [oid = '', tag = '', ...value] = line.split('|');
      return { oid, tag, text: value.join('|') };
    });

/** One module of snmp_exporter 0.21: GET of single OIDs, the credentials inside. */
const moduleOf = (community: string, oids: readonly string[]) => ({
  version: 2,
  auth: { community },
  get: oids,
  metrics: oids.map((oid, index) => ({ name: `value_${index}`, oid, type: 'gauge', help: oid })),
});

/** The values that snmp_exporter shows for a module, in the order of its OIDs. */
async function scraped(exporter: string, target: string, module: string): Promise<string[]> {
  const query = new URLSearchParams({ target, module });
  const response = await fetch(`http://${exporter}/snmp?${query.toString()}`, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const rows = text.split('\n').flatMap((line) => /^value_(\d+)(?:\{.*\})? (\S+)$/.exec(line)?.slice(1) ?? []);
  const values: string[] = [];
  for (let at = 0; at < rows.length; at += 2) values[Number(rows[at])] = rows[at + 1] ?? '';
  return values;
}

async function recordedDevices(): Promise<void> {
  const texts = new Map(
    recorded.map(({ community }) => [community, readFileSync(join(recordings, `${community}.snmprec`), 'utf8')]),
  );
  await using sim = await startSnmpSim(texts);
  const wanted = (one: Recorded) => [one.oids.energy, one.oids.power].filter((oid) => oid !== undefined);
  await using exporter = await startSnmpExporter(
    Object.fromEntries(recorded.map((one) => [one.community, moduleOf(one.community, wanted(one))])),
  );
  for (const one of recorded) {
    const { community, registers } = one;
    const text = new Map(linesOf(texts.get(community) ?? '').map((line) => [line.oid, line.text]));
    const answer = await readMeter(sim.address, { version: '2c', community }, registers);
    const ours = [answer.energy, answer.power].filter((raw) => raw !== undefined);
    const oids = wanted(one);
    const byExporter = await scraped(exporter.address, sim.address, community);
    const byGet = shownValues(await netSnmp('snmpget', ['-v2c', '-c', community, sim.address, ...oids]));
    assert.equal(ours.length, oids.length);
    for (const [index, oid] of oids.entries()) {
      const expected = text.get(oid) ?? '';
      isSame(ours[index]?.value, expected);
      isSame(ours[index]?.value, byExporter[index] ?? '');
      assert.equal(byGet[index], expected, `snmpget ${oid}`);
    }
    console.log(`  ${community}: ${ours.map(({ wire }) => wire).join(', ')}`);
  }
}

/** All rows of a recording, however many an answer holds, and by GETNEXT. */
async function wholeRecordings(): Promise<void> {
  const names = recorded.map(({ community }) => community);
  const texts = new Map(names.map((name) => [name, readFileSync(join(recordings, `${name}.snmprec`), 'utf8')]));
  await using sim = await startSnmpSim(texts);
  for (const [community, text] of texts) {
    const rows = await walk(sim.address, { version: '2c', community, timeout: '5s' }, '1.3');
    const lines = linesOf(text);
    assert.deepEqual(
      oidsOf(rows),
      lines.map(({ oid }) => oid),
      community,
    );
    const numbers = lines.flatMap(({ oid, tag, text: value }) => (tag === '2' ? [`${oid} = Integer32 ${value}`] : []));
    const seen = new Set(rows);
    assert.ok(numbers.length > 100);
    for (const number of numbers) assert.ok(seen.has(number), number);
  }
  const [, , eaton = ''] = names;
  const byNext = await walk(sim.address, { version: '1', community: eaton, timeout: '5s' }, '1.3.6.1.2.1.33');
  const below = linesOf(texts.get(eaton) ?? '').filter(({ oid }) => oid.startsWith('1.3.6.1.2.1.33.'));
  assert.equal(byNext.length, below.length);
}

async function digitsOfTheDevice(): Promise<void> {
  await using sim = await startSnmpSim(new Map([['raritan', raritanText]]));
  await using exporter = await startSnmpExporter({
    raritan: moduleOf(
      'raritan',
      raritan.map(([oid]) => oid),
    ),
  });
  const place = (sensor: number) => ({ oid: `${inletValue}.${sensor}`, digits_oid: `${inletDigits}.${sensor}` });
  const answer = await readMeter(
    sim.address,
    { version: '2c', community: 'raritan' },
    { energy: { ...place(8), scale_to_wh: 1, modulus: 'none' }, power: { ...place(5), scale_to_w: 1 } },
  );
  const [powerDigits = '', energyDigits = '', power = '', energy = ''] = await scraped(
    exporter.address,
    sim.address,
    'raritan',
  );
  isSame(answer.power?.value, '1234.5');
  isSame(answer.energy?.value, '4294967.295');
  const shifted = (value: string, digits: string) => `${Number(value)}e-${Number(digits)}`;
  isSame(answer.power?.value, shifted(power, powerDigits));
  isSame(answer.energy?.value, shifted(energy, energyDigits));
}

export function snmpChecks(): Check[] {
  const noSimulator = missing('snmpsimd', 'snmpget', 'prometheus-snmp-exporter');
  const paths = recorded.map(({ community }) => join(recordings, `${community}.snmprec`));
  const absent = paths.find((path) => !existsSync(path));
  const noRecordings = noSimulator ?? (absent && `there is no ${absent} (GREENFLOPS_SHARED names the folder above)`);
  const checks = [
    ['recorded APC PDUs and Eaton UPS: equal to snmp_exporter and snmpget', recordedDevices, noRecordings],
    ['recorded APC PDUs and Eaton UPS: walked whole', wholeRecordings, noRecordings],
    ["PDU2-MIB's decimal digits: equal to snmp_exporter", digitsOfTheDevice, noSimulator],
  ] as const;
  const simulated = checks.map(([title, run, why]): Check => (why === undefined ? [title, run] : [title, run, why]));
  return [...snmpdChecks(), ...simulated];
}
