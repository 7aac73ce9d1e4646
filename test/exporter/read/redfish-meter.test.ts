import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import { parseJson } from '../../../exporter/read/json/json-document.ts';
import { ReadError, type MeterAnswer } from '../../../exporter/read/reader.ts';
import { redfishValue } from '../../../exporter/read/redfish/redfish-property.ts';
import { meter } from '../../../model/schema/meter.ts';
import { startBmc, type Bmc } from './redfish-bmc.ts';

const never = new AbortController().signal;
const dir = mkdtempSync(join(tmpdir(), 'greenflops-redfish-'));
afterAll(() => rmSync(dir, { recursive: true }));

const chassis = '/redfish/v1/Chassis/1U';
const metrics = `${chassis}/EnvironmentMetrics`;
const energy = (property: string, resource = metrics) => ({ resource, property, scale_to_wh: 1000, modulus: 'none' });
const power = (property: string, resource = metrics) => ({ resource, property, scale_to_w: 1 });
const declared = (bmc: Bmc, registers: object, source: object = {}) =>
  meter.parse({
    id: 'm-1',
    site: 's',
    role: 'it',
    rated_kw: 1,
    source: { protocol: 'redfish', url: bmc.url, ...source },
    registers,
  });

async function read(bmc: Bmc, registers: object, source: object = {}): Promise<MeterAnswer> {
  const gateways = new Gateways();
  const reader = openMeter(declared(bmc, registers, source), gateways);
  try {
    return await reader.read(never);
  } finally {
    await reader.close();
    await gateways.close();
  }
}
async function fault(reading: Promise<unknown>): Promise<ReadError> {
  const error: unknown = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof ReadError) return error;
  throw error;
}

const environment = {
  PowerWatts: {
    Reading: 374.5,
    DataSourceUri: `${chassis}/Sensors/TotalPower`,
    ReadingTime: '2026-01-02T03:04:05+08:00',
  },
  EnergykWh: { Reading: 12.125, LifetimeReading: 325675.1, SensorResetTime: '2026-01-01T00:00:00Z' },
};

describe('one meter', () => {
  test('registers of one resource are one GET, exact, with the time of their acquisition', async () => {
    await using bmc = await startBmc({ [metrics]: environment });
    const restart = { resource: metrics, property: '/EnergykWh/SensorResetTime' };
    const registers = { energy: energy('/EnergykWh/LifetimeReading'), power: power('/PowerWatts/Reading'), restart };
    expect(await read(bmc, registers)).toEqual({
      energy: { value: { n: 3_256_751n, d: 10n }, wire: '325675.1', timestamp: null },
      power: { value: { n: 3745n, d: 10n }, wire: '374.5', timestamp: Date.UTC(2026, 0, 1, 19, 4, 5) },
      restart: {
        value: { n: BigInt(Date.UTC(2026, 0, 1)), d: 1n },
        wire: '"2026-01-01T00:00:00Z"',
        timestamp: null,
      },
    });
    expect(bmc.asked).toEqual([`GET ${metrics}`]);
    expect(bmc.headers).toMatchObject({ accept: 'application/json', 'odata-version': '4.0' });
  });

  test('registers of several resources, one after the other, in one connection', async () => {
    const sensor = `${chassis}/Sensors/TotalPower`;
    await using bmc = await startBmc({ [metrics]: environment, [sensor]: { Reading: 1 } });
    const registers = { energy: energy('/EnergykWh/Reading'), power: power('/Reading', sensor) };
    const { energy: first, power: second } = await read(bmc, registers);
    expect([first?.wire, second?.wire, bmc.mostAtOnce]).toEqual(['12.125', '1', 1]);
    expect(bmc.asked).toEqual([`GET ${metrics}`, `GET ${sensor}`]);
  });

  test('behind a proxy the path of the URL goes before the resource', async () => {
    await using bmc = await startBmc({ [`/rack-7${metrics}`]: environment });
    const source = { url: `${bmc.url}/rack-7/` };
    expect((await read(bmc, { power: power('/PowerWatts/Reading') }, source)).power?.wire).toBe('374.5');
  });
});

describe('a service bears one request at a time', () => {
  test('whoever asks, with whichever proof; another service is not waited for', async () => {
    await using bmc = await startBmc({ [metrics]: environment, [chassis]: { Watts: 5 } });
    await using other = await startBmc({ [metrics]: environment });
    bmc.delayMs = 50;
    other.delayMs = 400;
    const gateways = new Gateways();
    const readers = [
      declared(bmc, { power: power('/PowerWatts/Reading') }),
      declared(bmc, { power: power('/Watts', chassis) }),
      declared(bmc, { power: power('/PowerWatts/Reading') }, { headers: { 'x-who': 'other' } }),
    ].map((one) => openMeter(one, gateways));
    const slow = openMeter(declared(other, { power: power('/PowerWatts/Reading') }), gateways);
    let done = false;
    const slowRead = slow.read(never).then(() => (done = true));
    await Promise.all(readers.map((one) => one.read(never)));
    expect([bmc.mostAtOnce, bmc.asked.length, done]).toEqual([1, 3, false]);
    await slowRead;
    await gateways.close();
  });

  test('meters of one resource share its GET', async () => {
    await using bmc = await startBmc({ [metrics]: environment });
    bmc.delayMs = 30;
    const gateways = new Gateways();
    const readers = ['/PowerWatts/Reading', '/EnergykWh/Reading'].map((property) =>
      openMeter(declared(bmc, { power: power(property) }), gateways),
    );
    const answers = await Promise.all(readers.map((one) => one.read(never)));
    expect(answers.map((one) => one.power?.wire)).toEqual(['374.5', '12.125']);
    expect(bmc.asked).toHaveLength(1);
    await gateways.close();
  });

  test('one that gives up while it waits asks nothing, and a hung request ends with its own timeout', async () => {
    await using bmc = await startBmc({ [metrics]: environment, [chassis]: { Watts: 5 } });
    bmc.instead = ({ url }) => url === metrics;
    const gateways = new Gateways();
    const hung = openMeter(declared(bmc, { power: power('/PowerWatts/Reading') }, { timeout: '300ms' }), gateways);
    const waits = openMeter(declared(bmc, { power: power('/Watts', chassis) }), gateways);
    const first = fault(hung.read(never));
    await expect.poll(() => bmc.asked.length).toBe(1);
    expect(await fault(waits.read(AbortSignal.timeout(50)))).toMatchObject({ failure: 'timeout' });
    const third = waits.read(never);
    expect(await first).toMatchObject({ failure: 'timeout', message: expect.stringContaining('within 300 ms') });
    expect((await third).power?.wire).toBe('5');
    expect(bmc.asked).toEqual([`GET ${metrics}`, `GET ${chassis}`]);
    await gateways.close();
  });
});

describe('members of a list', () => {
  const two = {
    PowerControl: [
      { MemberId: '0', Name: 'System Input Power', PowerConsumedWatts: 344 },
      { MemberId: '1', Name: 'Chassis/Fans', PowerConsumedWatts: 30 },
    ],
    Rails: [{ DataSourceUri: '/redfish/v1/a/b', Reading: 3 }, 7, { Reading: 4 }],
    Outlets: [
      { Number: 4, Reading: 40 },
      { Number: 5, Reading: 50 },
      { Number: 5, Reading: 51 },
    ],
    One: [{ MemberId: 'x', Reading: 1 }],
    None: [],
  };
  const document = parseJson(JSON.stringify(two));
  const wire = (property: string) => redfishValue(document, property, false).wire;

  test('one is chosen by what it is called, or by its number where it is the only one', () => {
    expect(wire('/PowerControl/MemberId=0/PowerConsumedWatts')).toBe('344');
    expect(wire('/PowerControl/Name=Chassis~1Fans/PowerConsumedWatts')).toBe('30');
    expect(wire('/Rails/DataSourceUri=~1redfish~1v1~1a~1b/Reading')).toBe('3');
    expect(wire('/Outlets/Number=4/Reading')).toBe('40');
    expect(wire('/One/0/Reading')).toBe('1');
  });

  test.each([
    [
      '/PowerControl/0/PowerConsumedWatts',
      '/PowerControl is a list of 2, of which "0" chooses none for good; several are never read as one, ' +
        'choose one of: MemberId=0 (System Input Power) MemberId=1 (Chassis/Fans)',
    ],
    ['/PowerControl/MemberId=2/PowerConsumedWatts', '"MemberId=2" chooses 0;'],
    ['/Outlets/Number=5/Reading', '"Number=5" chooses 2;'],
    ['/Rails/0/Reading', 'choose one of: DataSourceUri=~1redfish~1v1~1a~1b the number 7 an object with Reading'],
    ['/One/1/Reading', 'choose one of: MemberId=x'],
    ['/One/=x/Reading', 'choose one of: MemberId=x'],
    [
      '/None/0/Reading',
      'a list of 0, of which "0" chooses none for good; several are never read as one, choose one of: none',
    ],
    ['/PowerControl', 'a list of 2 instead of a number: choose one member'],
  ])('%s is refused', (property, words) => expect(() => wire(property)).toThrow(words));
});

describe('what is no number', () => {
  const value = (document: object, property: string) =>
    redfishValue(parseJson(JSON.stringify(document)), property, false);

  test.each(['Absent', 'Disabled', 'UnavailableOffline', 'StandbyOffline'])(
    'the figure of something that is %s, on any level above it',
    (State) => {
      const words = `344 (Status.State is ${State})`;
      const member = { MemberId: '0', PowerConsumedWatts: 344, Status: { State } };
      expect(value({ PowerControl: [member] }, '/PowerControl/MemberId=0/PowerConsumedWatts')).toEqual({
        value: null,
        wire: words,
        timestamp: null,
      });
      expect(value({ Status: { State }, PowerWatts: { Reading: 344 } }, '/PowerWatts/Reading').wire).toBe(words);
    },
  );

  test('what is enabled, or says nothing of itself, is read, and another member does not matter', () => {
    const of = (Status: unknown) => value({ Status, Fans: { Status: { State: 'Absent' } }, Reading: 5 }, '/Reading');
    for (const status of [{ State: 'Enabled', Health: 'Critical' }, {}, null, 'x'])
      expect(of(status).value).toEqual({ n: 5n, d: 1n });
  });

  test('null, with where its sensor is', () =>
    expect(value({ PowerWatts: { Reading: null, DataSourceUri: '/redfish/v1/S' } }, '/PowerWatts/Reading')).toEqual({
      value: null,
      wire: 'null (the service has no reading); its sensor is /redfish/v1/S',
      timestamp: null,
    }));

  test.each([
    [
      '/PowerWatts',
      'an object with Reading, DataSourceUri instead of a number: append /Reading; ' +
        'the sensor itself is resource /redfish/v1/S, property /Reading',
    ],
    ['/Sensors', 'an object with @odata.id instead of a number: it is told at resource /redfish/v1/Sensors'],
    ['', 'an object with PowerWatts, Sensors instead of a number'],
    ['/EnergykWh/Reading', 'the document has no "EnergykWh"; it has PowerWatts, Sensors'],
    ['/PowerWatts/Reading/x', '/PowerWatts/Reading is the number 3: nothing is below it'],
  ])('%s: the error says where the number is', (property, words) => {
    const document = {
      PowerWatts: { Reading: 3, DataSourceUri: '/redfish/v1/S' },
      Sensors: { '@odata.id': '/redfish/v1/Sensors' },
    };
    expect(() => value(document, property)).toThrow(words);
  });

  test('a time that is none is no time', () => {
    for (const ReadingTime of ['0000-00-00T00:00:00Z', '', null, 5, '2026-01-02T03:04:05'])
      expect(value({ Reading: 1, ReadingTime }, '/Reading').timestamp).toBeNull();
    expect(value({ Reading: 1, SensorReadingTime: '2026-01-02T03:04:05Z' }, '/Reading').timestamp).toBe(
      Date.UTC(2026, 0, 2, 3, 4, 5),
    );
  });
});

describe('sessions', () => {
  const user = { UserName: 'reader', Password: 'pä"ss' };
  const file = join(dir, 'password');
  const auth = { username: 'reader', password_file: file };
  const registers = { power: power('/PowerWatts/Reading') };
  const opened = (bmc: Bmc, gateways: Gateways) =>
    openMeter(declared(bmc, registers, { session: true, auth }), gateways);
  const posts = (bmc: Bmc) => bmc.asked.filter((one) => one.startsWith('POST')).length;

  async function secured(): Promise<Bmc> {
    writeFileSync(file, `${user.Password}\n`);
    const bmc = await startBmc({ [metrics]: environment, [chassis]: { Watts: 5 } });
    bmc.user = user;
    return bmc;
  }

  test('Basic authentication is the default, and makes none', async () => {
    await using bmc = await secured();
    expect((await read(bmc, registers, { auth })).power?.wire).toBe('374.5');
    expect([posts(bmc), bmc.sessions.size]).toEqual([0, 0]);
  });

  test('one for all meters of the service, deleted at the end', async () => {
    await using bmc = await secured();
    bmc.delayMs = 20;
    const gateways = new Gateways();
    const other = declared(bmc, { power: power('/Watts', chassis) }, { session: true, auth, timeout: '9s' });
    const readers = [opened(bmc, gateways), openMeter(other, gateways)];
    await Promise.all(readers.map((one) => one.read(never)));
    await readers[0]!.read(never);
    expect([posts(bmc), bmc.sessions.size, bmc.mostAtOnce]).toEqual([1, 1, 1]);
    expect(bmc.headers['x-auth-token']).toBe('token-1');
    expect(bmc.headers.authorization).toBeUndefined();
    for (const one of readers) await one.close();
    await gateways.close();
    expect(bmc.sessions.size).toBe(0);
    expect(bmc.asked.at(-1)).toBe('DELETE /redfish/v1/SessionService/Sessions/1');
  });

  test('a new one, once, where the service has forgotten it', async () => {
    await using bmc = await secured();
    const gateways = new Gateways();
    const reader = opened(bmc, gateways);
    await reader.read(never);
    bmc.sessions.clear();
    expect((await reader.read(never)).power?.wire).toBe('374.5');
    expect(posts(bmc)).toBe(2);
    bmc.instead = ({ method }, response) => method === 'GET' && Boolean(response.writeHead(401).end());
    const { failure, message } = await fault(reader.read(never));
    expect([failure, message]).toEqual([
      'http_status',
      expect.stringContaining('status 401 instead of 200: the session was refused'),
    ]);
    expect(posts(bmc)).toBe(3);
    await gateways.close();
  });

  test('the password of the file, as it is when a session is made; refused in words, never told', async () => {
    await using bmc = await secured();
    writeFileSync(file, 's3cret');
    const gateways = new Gateways();
    const reader = opened(bmc, gateways);
    const { failure, message } = await fault(reader.read(never));
    expect([failure, message]).toEqual([
      'http_status',
      expect.stringContaining(
        `POST ${bmc.url}/redfish/v1/SessionService/Sessions: status 401 instead of 200 or 201: the password in ${file} was refused`,
      ),
    ]);
    expect(message).not.toContain('s3cret');
    writeFileSync(file, user.Password);
    expect((await reader.read(never)).power?.wire).toBe('374.5');
    await gateways.close();
  });

  test('one whose making was given up is not left behind', async () => {
    await using bmc = await secured();
    bmc.delayMs = 100;
    const gateways = new Gateways();
    const reader = opened(bmc, gateways);
    await fault(reader.read(AbortSignal.timeout(50)));
    await gateways.close();
    expect([posts(bmc), bmc.sessions.size]).toEqual([1, 0]);
  });

  test('who gave up while it waited makes none', async () => {
    await using bmc = await secured();
    const gateways = new Gateways();
    bmc.instead = ({ url }) => url === chassis;
    const hung = openMeter(declared(bmc, { power: power('/Watts', chassis) }, { auth, timeout: '300ms' }), gateways);
    const first = fault(hung.read(never));
    await expect.poll(() => bmc.asked.length).toBe(1);
    await fault(opened(bmc, gateways).read(AbortSignal.timeout(50)));
    await first;
    await gateways.close();
    expect(bmc.asked).toEqual([`GET ${chassis}`]);
  });

  test('a service that is gone does not hold the end', async () => {
    await using bmc = await secured();
    const gateways = new Gateways();
    await opened(bmc, gateways).read(never);
    bmc.instead = () => true;
    const begun = performance.now();
    await gateways.close();
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test.each([
    ['no token', 201, '{}', 'has no X-Auth-Token'],
    ['no room', 503, '', 'status 503 instead of 200 or 201: the service may have no session left'],
    ['no room, as others say it', 400, '', 'may have no session left'],
  ])('%s', async (_, status, body, words) => {
    await using bmc = await secured();
    bmc.instead = ({ method }, response) => method === 'POST' && Boolean(response.writeHead(status).end(body));
    expect((await fault(read(bmc, registers, { session: true, auth }))).message).toContain(words);
    expect(bmc.asked).toHaveLength(1);
  });

  test('a session needs a password', async () => {
    await using bmc = await secured();
    const { message } = await fault(read(bmc, registers, { session: true }));
    expect(message).toContain('a session needs auth with username and password_file');
    expect(bmc.asked).toEqual([]);
  });
});

test('redirects, pages for people, bombs and endless answers', async () => {
  await using bmc = await startBmc({ [metrics]: '<html>login</html>' });
  const asked = () => fault(read(bmc, { power: power('/PowerWatts/Reading') }, { timeout: '500ms' }));
  expect((await asked()).message).toMatch(/^GET http:.*the text is no JSON/);
  const answers: [string, (response: import('node:http').ServerResponse) => void][] = [
    ['http_status', (response) => response.writeHead(301, { location: 'http://elsewhere.example/' }).end()],
    ['http_status', (response) => response.writeHead(404).end()],
    ['too_large', (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(9_000_000)))],
    ['too_large', (response) => response.end(Buffer.alloc(5_000_000, ' '))],
    ['timeout', (response) => response.write('{')],
  ];
  for (const [failure, answer] of answers) {
    bmc.instead = (_, response) => {
      answer(response);
      return true;
    };
    expect(await asked()).toMatchObject({ failure, message: expect.stringContaining(`GET ${bmc.url}${metrics} (`) });
  }
});

test('a declaration that was not checked is refused by name', async () => {
  await using bmc = await startBmc({});
  const byMetric = declared(bmc, { power: { metric: 'a', scale_to_w: 1 } });
  expect(() => openMeter(byMetric, new Gateways())).toThrow('meter m-1: registers.power names no resource');
});

const shared = process.env['GREENFLOPS_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const tree = join(shared, 'recordings/redfish/public-rackmount1');
const files = (() => {
  try {
    return readdirSync(tree, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('index.json'));
  } catch {
    console.warn(`skipped: no recordings at ${tree}`);
    return [];
  }
})();

describe.skipIf(files.length === 0)('the recorded tree of a server (DMTF, public-rackmount1)', () => {
  const recorded = () =>
    startBmc(
      Object.fromEntries(
        files.map((name) => [
          `/redfish/v1/${name}`.replace(/\/index\.json$/, ''),
          readFileSync(join(tree, name), 'utf8'),
        ]),
      ),
    );

  test('Power says 344 W, EnvironmentMetrics 374 W, and the sensor says since when', async () => {
    await using bmc = await recorded();
    const wires = async (registers: object) => {
      const { power: one } = await read(bmc, registers);
      return [one?.wire, one?.timestamp];
    };
    const byMember = '/PowerControl/MemberId=0/PowerConsumedWatts';
    for (const property of [byMember, '/PowerControl/0/PowerConsumedWatts'])
      expect(await wires({ power: power(property, `${chassis}/Power`) })).toEqual(['344', null]);
    expect(await wires({ power: power('/PowerWatts/Reading') })).toEqual(['374', null]);
    const of2019 = Date.parse('2019-08-13T04:14:33+06:00');
    expect(await wires({ power: power('/Reading', `${chassis}/Sensors/TotalPower`) })).toEqual(['374', of2019]);
  });

  test('the energy of its life', async () => {
    await using bmc = await recorded();
    const registers = { energy: energy('/Reading', `${chassis}/Sensors/TotalEnergy`) };
    expect((await read(bmc, registers)).energy?.value).toEqual({ n: 325_675n, d: 1n });
  });

  test('two voltages are not one', async () => {
    await using bmc = await recorded();
    const { message } = await fault(read(bmc, { power: power('/Voltages/0/ReadingVolts', `${chassis}/Power`) }));
    expect(message).toContain('choose one of: MemberId=0 (VRM1 Voltage) MemberId=1 (VRM2 Voltage)');
  });
});
