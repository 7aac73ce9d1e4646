import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { judgeMeter } from '../../../exporter/judge/meter/meter.ts';
import { unread } from '../../../exporter/judge/meter/meter-state.ts';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { ReadError, type MeterAnswer } from '../../../exporter/read/reader.ts';
import { meter } from '../../../model/schema/meter.ts';
import type { Check } from '../../tally.ts';
import { startRedfishNginx, type RedfishNginx } from './redfish-nginx.ts';

const root = resolve(import.meta.dirname, '../../..');
const shared = resolve(root, process.env['GREENFLOPS_SHARED'] ?? '../shared');
const tree = join(shared, 'recordings/redfish/public-rackmount1');
const chassis = '/redfish/v1/Chassis/1U';

const power = (resource: string, property: string) => ({ power: { resource, property, scale_to_w: 1 } });
const energy = (resource: string, property: string) => ({
  energy: { resource, property, scale_to_wh: 1000, modulus: 'none' },
});

/** A meter of the nginx, as an operator would declare it. */
function declared(nginx: RedfishNginx, registers: object, source: object = {}) {
  const file = join(nginx.folder, 'password');
  if (!existsSync(file)) writeFileSync(file, `${nginx.password}\n`);
  return meter.parse({
    id: 'bmc',
    site: 's',
    role: 'it',
    rated_kw: 1,
    source: {
      protocol: 'redfish',
      url: `https://${nginx.address}`,
      auth: { username: nginx.user, password_file: file },
      tls: { fingerprint_sha256: nginx.fingerprint },
      ...source,
    },
    registers,
  });
}

async function read(nginx: RedfishNginx, registers: object, source: object = {}): Promise<MeterAnswer> {
  const gateways = new Gateways();
  try {
    return await openMeter(declared(nginx, registers, source), gateways).read(new AbortController().signal);
  } finally {
    await gateways.close();
  }
}

async function fails(reading: Promise<unknown>, failure: string, words: RegExp): Promise<void> {
  const error: unknown = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ReadError, String(error));
  assert.equal(error.failure, failure, error.message);
  assert.match(error.message, words);
}

/** The same resource by Debian's redfishtool. */
async function redfishtool({ address, user, password }: RedfishNginx, resource: string): Promise<unknown> {
  const login = ['-r', address, '-u', user, '-p', password, '-S', 'Always', '-A', 'Basic', '--no-proxy'];
  const { stdout } = await promisify(execFile)('redfishtool', [...login, 'raw', 'GET', resource]);
  return JSON.parse(stdout) as unknown;
}

/** Where a number stands for us, and by which names redfishtool's answer leads to it. */
const numbers: readonly (readonly [resource: string, property: string, names: readonly (string | number)[]])[] = [
  [`${chassis}/Power`, '/PowerControl/MemberId=0/PowerConsumedWatts', ['PowerControl', 0, 'PowerConsumedWatts']],
  [`${chassis}/Power`, '/Voltages/MemberId=1/ReadingVolts', ['Voltages', 1, 'ReadingVolts']],
  [`${chassis}/EnvironmentMetrics`, '/PowerWatts/Reading', ['PowerWatts', 'Reading']],
  [`${chassis}/Sensors/TotalPower`, '/Reading', ['Reading']],
  [`${chassis}/Sensors/TotalEnergy`, '/Reading', ['Reading']],
  [`${chassis}/PowerSubsystem/PowerSupplies/Bay1/Metrics`, '/InputPowerWatts/Reading', ['InputPowerWatts', 'Reading']],
];

async function sameAsRedfishtool(nginx: RedfishNginx): Promise<void> {
  for (const [resource, property, names] of numbers) {
    const theirs = names.reduce(
      (at, name) => (at as Record<string, unknown>)[name]!,
      await redfishtool(nginx, resource),
    );
    const { power: ours } = await read(nginx, power(resource, property));
    assert.ok(typeof theirs === 'number' && ours?.value, `${resource} ${property}`);
    assert.equal(Number(ours.value.n) / Number(ours.value.d), theirs, `${resource} ${property}`);
    console.log(`  ${theirs}  ${resource} ${property}`);
  }
}

async function trapIsKnown(nginx: RedfishNginx): Promise<void> {
  const wire = async (resource: string, property: string) => (await read(nginx, power(resource, property))).power?.wire;
  assert.equal(await wire(`${chassis}/Power`, '/PowerControl/0/PowerConsumedWatts'), '344');
  assert.equal(await wire(`${chassis}/EnvironmentMetrics`, '/PowerWatts/Reading'), '374');
  const { energy: life } = await read(nginx, energy(`${chassis}/Sensors/TotalEnergy`, '/Reading'));
  assert.deepEqual(life?.value, { n: 325_675n, d: 1n });
  const several = read(nginx, power(`${chassis}/Power`, '/Voltages/0/ReadingVolts'));
  await fails(several, 'protocol', /choose one of: MemberId=0 \(VRM1 Voltage\) MemberId=1 \(VRM2 Voltage\)/);
  const excerpt = read(nginx, power(`${chassis}/EnvironmentMetrics`, '/PowerWatts'));
  await fails(excerpt, 'protocol', /append \/Reading; the sensor itself is resource \S+\/Sensors\/TotalPower,/);
}

/** The sensor's reading is of 2019: whatever reads it now is told. */
async function oldReadingIsStale(nginx: RedfishNginx): Promise<void> {
  const registers = power(`${chassis}/Sensors/TotalPower`, '/Reading');
  const answer = await read(nginx, registers);
  assert.equal(answer.power?.timestamp, Date.parse('2019-08-13T04:14:33+06:00'));
  const judged = judgeMeter(declared(nginx, registers), unread, answer, { at: Date.now(), mono: 0 });
  assert.deepEqual(judged.rejected, ['stale_timestamp']);
  assert.equal(judged.watts, null);
}

async function strangersAreRefused(nginx: RedfishNginx): Promise<void> {
  const registers = power(`${chassis}/Power`, '/PowerControl/0/PowerConsumedWatts');
  const wrong = nginx.fingerprint.replace(/^../, (byte) => (byte === '00' ? '01' : '00'));
  const shown = new RegExp(`is ${nginx.fingerprint}, not the declared one: nothing was sent`);
  await fails(read(nginx, registers, { tls: { fingerprint_sha256: wrong } }), 'protocol', shown);
  await fails(read(nginx, registers, { tls: {} }), 'protocol', /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  // its certificate names no address: the authority is right, the host is not
  const ca = { tls: { ca_file: nginx.certificate } };
  await fails(read(nginx, registers, ca), 'protocol', /ERR_TLS_CERT_ALTNAME_INVALID/);
  const file = join(nginx.folder, 'wrong');
  writeFileSync(file, 'wrong');
  const auth = { username: nginx.user, password_file: file };
  await fails(read(nginx, registers, { auth }), 'http_status', /status 401 .*the password in \S+\/wrong was refused/);
  writeFileSync(file, nginx.password);
  assert.equal((await read(nginx, registers, { auth })).power?.wire, '344', 'the rotated password');
  await fails(read(nginx, registers, { auth: undefined }), 'http_status', /no auth is declared/);
}

const faults: readonly (readonly [resource: string, failure: string, words: RegExp])[] = [
  ['/redfish/v1/none', 'http_status', /status 404/],
  ['/redfish/v1/moved', 'http_status', /redirect to https:\/\/127\.0\.0\.1:1\/redfish\/v1\/secret: declare/],
  ['/redfish/v1/slow', 'timeout', /within 1500 ms/],
  ['/redfish/v1/endless', 'too_large', /limits 1500 ms, 4194304 bytes/],
  ['/redfish/v1/bomb', 'too_large', /4194304 bytes/],
];

async function faultsAreNamed(nginx: RedfishNginx): Promise<void> {
  for (const [resource, failure, words] of faults)
    await fails(read(nginx, power(resource, '/Reading'), { timeout: '1500ms' }), failure, words);
  // nginx refuses a POST for a static file: no session is made, and that is said
  const session = { session: true };
  await fails(
    read(nginx, power(`${chassis}/Power`, '/x'), session),
    'http_status',
    /SessionService\/Sessions: status 40/,
  );
}

async function endsAndIsUnreachable(nginx: RedfishNginx): Promise<void> {
  await nginx.stop();
  await fails(read(nginx, power(`${chassis}/Power`, '/x')), 'refused', /ECONNREFUSED/);
}

/** Why this cannot be shown here; undefined where it can. */
function absence(): string | undefined {
  if (!existsSync(tree)) return `there is no ${tree} (GREENFLOPS_SHARED names the folder above the recordings)`;
  for (const [program, flag] of [
    ['nginx', '-v'],
    ['openssl', 'version'],
    ['redfishtool', '-V'],
  ] as const) {
    try {
      execFileSync(program, [flag], { stdio: 'ignore' });
    } catch {
      return `there is no ${program} (Debian: apt-get install nginx-light openssl redfishtool)`;
    }
  }
  return undefined;
}

/** A recorded Redfish tree behind a real nginx, read by us and by Debian's redfishtool. */
export function redfishChecks(): Check[] {
  const skipped = absence();
  let begun: Promise<RedfishNginx> | undefined;
  const nginx = () => (begun ??= startRedfishNginx(tree));
  const check = (title: string, show: (nginx: RedfishNginx) => Promise<void>): Check => [
    `Redfish: ${title}`,
    async () => show(await nginx()),
    skipped,
  ];
  return [
    check('the numbers of a server behind nginx, as redfishtool reads them', sameAsRedfishtool),
    check('Power and EnvironmentMetrics differ, two members are not one, an excerpt names its sensor', trapIsKnown),
    check('a reading of 2019 is not a reading of now', oldReadingIsStale),
    check('wrong fingerprint, authority, host or password: refused in words', strangersAreRefused),
    check('slow, endless, moved and compressed answers end at their limits', faultsAreNamed),
    check('a service that has ended refuses, and is named', endsAndIsUnreachable),
  ];
}
