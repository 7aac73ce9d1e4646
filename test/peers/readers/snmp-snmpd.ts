import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateways } from '../../../exporter/read/index.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { snmpSource } from '../../../model/schema/sources.ts';
import type { Check } from '../../tally.ts';
import { isSame, never, oidsOf, readMeter, shownValues, walk } from './snmp-asked.ts';
import { missing, netSnmp, startSnmpd } from './snmp-servers.ts';

/** What snmpd is told to answer, of every type that a meter's number may have; `override` is its own directive. */
const served = [
  ['1.3.6.1.4.1.53864.1.1.0', 'integer -42', '-42'],
  ['1.3.6.1.4.1.53864.1.2.0', 'uinteger 4294967295', '4294967295'],
  ['1.3.6.1.4.1.53864.1.3.0', 'counter 4000000000', '4000000000'],
  ['1.3.6.1.4.1.53864.1.4.0', 'octet_str "1234.5"', '1234.5'],
] as const;
/** By a script that snmpd runs for each read: `override` has no Counter64. */
const COUNTER64 = '1.3.6.1.4.1.53864.2.1.0';
const BIG = '9007199254740993';

const passwords = { auth: 'auth-s3cret', privacy: 'priv-s3cret', wrong: 'wr0ng-s3cret' };
/** Our names of the algorithms, and snmpd's. */
const users = [
  ['u1', 'md5', 'MD5', 'des', 'DES'],
  ['u2', 'sha', 'SHA', 'aes', 'AES'],
  ['u3', 'sha224', 'SHA-224', 'aes', 'AES'],
  ['u4', 'sha256', 'SHA-256', 'aes256b', 'AES-256'],
  ['u5', 'sha384', 'SHA-384', 'aes256r', 'AES-256-C'],
  ['u6', 'sha512', 'SHA-512', 'aes256b', 'AES-256'],
] as const;

function secrets() {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-snmp-secrets-'));
  const file = (name: keyof typeof passwords) => join(folder, name);
  for (const name of ['auth', 'privacy', 'wrong'] as const) writeFileSync(file(name), `${passwords[name]}\n`);
  writeFileSync(
    join(folder, 'energy.sh'),
    `[ "$1" = -g ] && [ "$2" = .${COUNTER64} ] && printf '%s\\ncounter64\\n${BIG}\\n' "$2"\n`,
  );
  const script = join(folder, 'energy.sh');
  return { file, script, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

const snmpdConfig = (script: string) => [
  'rocommunity s3cret-community 127.0.0.1',
  ...users.map(([user, , auth, , priv]) => `createUser ${user} ${auth} ${passwords.auth} ${priv} ${passwords.privacy}`),
  ...users.map(([user]) => `rouser ${user} auth`),
  ...served.map(([oid, value]) => `override ${oid} ${value}`),
  `pass .1.3.6.1.4.1.53864.2 /bin/sh ${script}`,
];

/** Every way to ask that snmpd, with the arguments by which Net-SNMP's clients ask in the same way. */
function* waysToAsk(
  file: ReturnType<typeof secrets>['file'],
): Generator<[what: string, source: object, args: string[]]> {
  for (const version of ['1', '2c'])
    yield [`v${version}`, { version, community: 's3cret-community' }, [`-v${version}`, '-c', 's3cret-community']];
  for (const [user, auth, authName, privacy, privName] of users) {
    const authenticated = { version: '3', user, auth, auth_password_file: file('auth') };
    const args = ['-v3', '-u', user, '-a', authName, '-A', passwords.auth];
    yield [`v3 ${auth}`, authenticated, [...args, '-l', 'authNoPriv']];
    const withPrivacy = { privacy, privacy_password_file: file('privacy') };
    const more = ['-l', 'authPriv', '-x', privName, '-X', passwords.privacy];
    yield [`v3 ${auth} ${privacy}`, { ...authenticated, ...withPrivacy }, [...args, ...more]];
  }
}

/** Each register as our reader and as snmpget sees it, by every version, user and algorithm. */
async function sameAsSnmpget(): Promise<void> {
  using made = secrets();
  await using server = await startSnmpd(snmpdConfig(made.script));
  const energy = served.map(([oid]) => ({ oid, scale_to_wh: 1, modulus: 'none' }));
  let ways = 0;
  for (const [what, source, args] of waysToAsk(made.file)) {
    const { tariffs = [] } = await readMeter(server.address, source, { energy });
    const asked = served.map(([oid]) => oid);
    const shown = shownValues(await netSnmp('snmpget', [...args, server.address, ...asked]));
    for (const [index, [, , value]] of served.entries()) {
      isSame(tariffs[index]?.value, value);
      assert.equal(shown[index], value, `${what}: snmpget`);
    }
    if (what !== 'v1') {
      const power = { oid: COUNTER64, scale_to_w: 1 };
      isSame((await readMeter(server.address, source, { power })).power?.value, BIG);
      assert.deepEqual(shownValues(await netSnmp('snmpget', [...args, server.address, COUNTER64])), [BIG], what);
    }
    ways++;
  }
  console.log(`  ${ways} ways to ask`);
}

/** Opaque floats are what Net-SNMP itself sends: its load averages. */
async function opaqueFloat(): Promise<void> {
  using made = secrets();
  await using server = await startSnmpd(snmpdConfig(made.script));
  const oid = '1.3.6.1.4.1.2021.10.1.6.3';
  const { power } = await readMeter(
    server.address,
    { version: '2c', community: 'ready' },
    { power: { oid, scale_to_w: 1 } },
  );
  assert.match(power?.wire ?? '', /^Opaque 0x9f7804[0-9a-f]{8}$/);
  const [shown = ''] = shownValues(await netSnmp('snmpget', ['-v2c', '-c', 'ready', server.address, oid]));
  const value = Number(power?.value?.n) / Number(power?.value?.d);
  // the load of a quarter of an hour may have changed in between, but not by much
  assert.ok(Math.abs(value - Number(/[\d.]+/.exec(shown)?.[0])) <= 0.5, `${value} and ${shown}`);
}

async function sameAsSnmpwalk(): Promise<void> {
  using made = secrets();
  await using server = await startSnmpd(snmpdConfig(made.script));
  const system = '1.3.6.1.2.1.1';
  for (const [what, source, args] of waysToAsk(made.file)) {
    const ours = await walk(server.address, source, system);
    const theirs = (await netSnmp('snmpwalk', [...args, server.address, system])).trim().split('\n');
    assert.ok(ours.length > 20, `${what}: ${ours.length} rows`);
    assert.deepEqual(oidsOf(ours), oidsOf(theirs), what);
  }
  const all = await walk(server.address, { version: '2c', community: 'ready' }, '1.3.6.1');
  console.log(`  ${all.length} rows of the whole agent`);
  assert.ok(all.length > 1000);
}

/** The words for what goes wrong most often, from a real agent's mouth. */
async function words(): Promise<void> {
  using made = secrets();
  await using server = await startSnmpd(snmpdConfig(made.script));
  const { address } = server;
  const power = { oid: served[0][0], scale_to_w: 1 };
  const sha = { version: '3', user: 'u2', auth: 'sha', auth_password_file: made.file('auth') };
  const aes = { ...sha, privacy: 'aes', privacy_password_file: made.file('privacy') };
  const cases: [source: object, words: string][] = [
    [
      { version: '2c', community: 'wr0ng-s3cret', timeout: '200ms' },
      `no answer from ${address} within 200 ms (1 request); a wrong community is not answered either`,
    ],
    [
      { ...sha, auth_password_file: made.file('wrong') },
      `${address}: SNMPv3 user u2: wrong digest, authentication failed: check auth_password_file and auth`,
    ],
    [
      { ...sha, auth: 'sha256' },
      `${address}: SNMPv3 user u2: wrong digest, authentication failed: check auth_password_file and auth`,
    ],
    [
      { ...aes, privacy_password_file: made.file('wrong'), timeout: '200ms' },
      `no answer from ${address} within 200 ms (1 request); the device answered the discovery: check privacy_password_file and privacy`,
    ],
    [{ ...sha, user: 'nobody' }, `${address}: SNMPv3 user nobody: the device does not know this user`],
    [
      { version: '3', user: 'u2' },
      `${address}: authorizationError: the device does not allow it to this community or user`,
    ],
  ];
  for (const [source, said] of cases) {
    const failed: unknown = await readMeter(address, source, { power }).catch((error: unknown) => error);
    assert.ok(failed instanceof Error && failed.name !== 'AssertionError', `${JSON.stringify(source)} failed`);
    assert.equal(failed.message, said);
    const all = JSON.stringify(failed, Object.getOwnPropertyNames(failed));
    for (const secret of Object.values(passwords)) assert.ok(!all.includes(secret), 'no secret is told');
  }
  for (const [version, name] of [
    ['1', 'OID 1.3.6.1.4.1.53864.9: noSuchName: the device has no such object'],
    ['2c', 'OID 1.3.6.1.4.1.53864.9 noSuchObject: the device has no such object'],
  ] as const) {
    const absent = { oid: '1.3.6.1.4.1.53864.9', scale_to_w: 1 };
    await assert.rejects(readMeter(address, { version, community: 'ready' }, { power: absent }), (error: Error) =>
      error.message.endsWith(name),
    );
  }
}

/** A device that restarts counts its boots: the session learns them, and whatever it cannot learn it begins anew. */
async function restartedAgent(): Promise<void> {
  using made = secrets();
  const [, , , [user, auth]] = users;
  const source = snmpSource.parse({
    protocol: 'snmp',
    version: '3',
    address: '127.0.0.1:1',
    user,
    auth,
    auth_password_file: made.file('auth'),
    timeout: '500ms',
  });
  await using first = await startSnmpd(snmpdConfig(made.script));
  const address = first.address;
  const gateways = new Gateways();
  try {
    const device = snmpDevice({ ...source, address }, gateways);
    const read = () => device.get([served[0][0]], source, never);
    assert.equal((await read())[0]?.value, -42);
    await first[Symbol.asyncDispose]();
    await assert.rejects(read());
    await using again = await startSnmpd(snmpdConfig(made.script), Number(address.split(':')[1]));
    assert.equal(again.address, address);
    // the first read may be the one that learns that the engine is another one
    await read().catch(() => {});
    assert.equal((await read())[0]?.value, -42);
  } finally {
    await gateways.close();
  }
}

export function snmpdChecks(): Check[] {
  const why = missing('snmpd', 'snmpget', 'snmpwalk');
  const checks = [
    ["Debian's snmpd by v1, v2c and every v3 algorithm: the numbers that snmpget shows", sameAsSnmpget],
    ["Debian's snmpd: an Opaque float", opaqueFloat],
    ["Debian's snmpd: the rows that snmpwalk shows", sameAsSnmpwalk],
    ["Debian's snmpd: wrong passwords, users and OIDs in words", words],
    ["Debian's snmpd restarted: SNMPv3 goes on", restartedAgent],
  ] as const;
  return checks.map(([title, run]) => (why === undefined ? [title, run] : [title, run, why]));
}
