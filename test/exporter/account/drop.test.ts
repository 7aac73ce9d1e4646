import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { lock } from '../../../exporter/account/ledger/ledger-file.ts';
import { dropSteps } from '../../../exporter/account/past/drop-import.ts';
import { openToImport } from '../../../exporter/account/past/drop-ledger.ts';
import { dropSources, type DropSource } from '../../../exporter/drop-source.ts';
import { readDropFile, type DropFile } from '../../../exporter/read/file-drop/drop-file.ts';
import { DropFolder } from '../../../exporter/read/file-drop/drop-folder.ts';
import { meter as meterSchema } from '../../../model/schema/meter.ts';
import { dropMeter, dropScene, KWH, NOW, shownBy, type DropScene } from './drop-scene.ts';

let scene: DropScene;
beforeEach(() => void (scene = dropScene()));
afterEach(() => scene.remove());

const never = new AbortController().signal;
/** Two looks, after which what is there is whole. */
async function look(source: DropSource): Promise<void> {
  for (let i = 0; i < 2; i++) await source.poll(scene.clock, never);
}
const GOOD = 'meter,hour,energy_kwh\na,2026-11-23 08:00,400.5\na,2026-11-23 09:00,400\n';

describe('files that are put into a folder', () => {
  test('are the past of their meter, with an event, once', async () => {
    scene.put('nov.csv', GOOD);
    const source = scene.open(dropMeter('a', scene.folder));
    await source.poll(scene.clock, never);
    expect(scene.energy('a')).toBe(0n);
    expect(shownBy(source)).toMatchObject({ 'drop_files_waiting{s,a}': 1, 'source_up{s,a}': 1 });
    await look(source);
    await look(source);
    expect(scene.energy('a')).toBe((8005n * KWH) / 10n);
    expect(scene.events()).toMatchObject([
      { source: 'a', kind: 'imported', detail: { hours: 2, files: expect.stringMatching(/^nov\.csv sha256:/) } },
    ]);
    expect(shownBy(source)).toMatchObject({
      'drop_files_waiting{s,a}': 0,
      'drop_files_total{s,a,imported}': 1,
      'drop_files_total{s,a,refused}': 0,
      'source_last_success_timestamp_seconds{s,a}': NOW / 1000,
    });
  });

  test('no live counter moves: the meter has no account, only a past', async () => {
    scene.put('nov.csv', GOOD);
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.database.prepare('SELECT count(*) AS n FROM meter').get()).toEqual({ n: 0 });
    expect(scene.database.prepare('SELECT count(*) AS n FROM hour').get()).toEqual({ n: 0 });
  });

  test('the same bytes under another name are skipped and told once, also after a restart', async () => {
    scene.put('nov.csv', GOOD);
    await look(scene.open(dropMeter('a', scene.folder)));
    scene.put('nov (1).csv', GOOD);
    const source = scene.open(dropMeter('a', scene.folder));
    await look(source);
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.energy('a')).toBe((8005n * KWH) / 10n);
    expect(scene.events().map(({ kind, detail }) => [kind, detail['file'], detail['same_as']])).toEqual([
      ['imported', undefined, undefined],
      ['file_known', 'nov (1).csv', 'nov.csv'],
    ]);
    expect(shownBy(source)).toMatchObject({ 'drop_files_total{s,a,known}': 1, 'drop_files_total{s,a,imported}': 1 });
  });

  test('a bad one brings nothing, is told by line and reason, and is not tried again until its bytes change', async () => {
    scene.put('bad.csv', `${GOOD}a,2026-11-23 10:15,1\na,soon,1\n`);
    scene.put('good.csv', 'meter,hour,energy_kwh\na,2026-11-22 08:00,1\n');
    await look(scene.open(dropMeter('a', scene.folder)));
    const source = scene.open(dropMeter('a', scene.folder));
    await look(source);
    expect(scene.energy('a')).toBe(KWH);
    const told = scene.events();
    expect(told).toMatchObject([
      {
        source: 'a',
        kind: 'file_refused',
        detail: {
          file: 'bad.csv',
          line: 4,
          faults: 2,
          reason: expect.stringContaining('"2026-11-23 10:15" is no full hour'),
        },
      },
      { kind: 'imported' },
    ]);
    expect(told[0]?.detail['reason_zh']).toMatch(/不在整点上/);
    scene.put('bad.csv', GOOD);
    await look(source);
    await source.poll(scene.clock, never);
    expect(scene.energy('a')).toBe(KWH + (8005n * KWH) / 10n);
    expect(shownBy(source)).toMatchObject({ 'drop_files_total{s,a,refused}': 1, 'drop_files_total{s,a,imported}': 2 });
  });

  test.each([
    ['an hour that has not ended', 'meter,hour,energy_kwh\na,2026-11-24 12:00,1\n', 2, /has not ended/],
    ['more than the meter can deliver', 'meter,hour,energy_kwh\na,2026-11-23 12:00,5000\n', 2, /is the unit right/],
    [
      'another meter',
      'meter,hour,energy_kwh\nb,2026-11-23 12:00,5\n',
      2,
      /"b" are not put into this folder; those of a are/,
    ],
    [
      'an hour twice',
      'meter,hour,energy_kwh\na,2026-11-23 12:00,5\na,2026-11-23 12:00,6\n',
      2,
      /stands in x.csv:3 too/,
    ],
    [
      'a unit that every object has',
      'meter,hour,energy,unit\na,2026-11-23 12:00,1,__proto__\n',
      2,
      /"__proto__" is not known/,
    ],
    ['no data', 'meter,hour,energy_kwh\n', 1, /no line of data/],
    ['nothing at all', '', 1, /no line of data/],
    ['no table', 'PK\u0003\u0004\u0000\u0000', 1, /header/],
    ['an endless line', `meter,hour,energy_kwh\n${'x'.repeat(200_000)}`, 2, /more than 8192 characters/],
    ['an endless header', ','.repeat(200_000), 1, /more than 8192 characters/],
    [
      'too many lines',
      `meter,hour,energy_kwh\n${'a,2026-11-23 12:00,1\n'.repeat(50_001)}`,
      50_002,
      /beyond 50000 lines/,
    ],
  ])('%s is refused', async (_, text, line, reason) => {
    scene.put('x.csv', text);
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.energy('a')).toBe(0n);
    expect(scene.events()).toMatchObject([
      { kind: 'file_refused', detail: { file: 'x.csv', line, reason: expect.stringMatching(reason) } },
    ]);
  });

  test('one beyond the limit of bytes is refused without being read, and told once', async () => {
    scene.put('x.csv', Buffer.alloc(8 * 2 ** 20 + 1, 'a'));
    await look(scene.open(dropMeter('a', scene.folder)));
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.events()).toMatchObject([
      {
        kind: 'file_refused',
        detail: { file: 'x.csv', reason: '8388609 bytes, at most 8388608 are read: split the file' },
      },
    ]);
  });

  test('one that was too early stays refused when its time has come, until its bytes change', async () => {
    scene.put('x.csv', 'meter,hour,energy_kwh\na,2026-11-24 12:00,1\n');
    const source = scene.open(dropMeter('a', scene.folder));
    await look(source);
    scene.wait(7_200_000);
    await look(source);
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.energy('a', NOW + 7_200_000)).toBe(0n);
    scene.put('x.csv', 'meter,hour,energy_kwh\r\na,2026-11-24 12:00,1\r\n');
    await look(source);
    await source.poll(scene.clock, never);
    expect(scene.energy('a', NOW + 7_200_000)).toBe(KWH);
  });

  test('of a closed month it says so, and the month stays as it is', async () => {
    scene.database.prepare(`INSERT INTO closing VALUES ('2026-10', 0, '{}', '', 'x')`).run();
    scene.put('oct.csv', 'meter,hour,energy_kwh\na,2026-10-31 08:00,1\n');
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.energy('a')).toBe(0n);
    expect(scene.events()[0]?.detail['reason']).toMatch(/the month 2026-10 is closed/);
  });
});

describe('how the files of a place are declared', () => {
  test('one meter alone in its folder needs no column of meters', async () => {
    scene.put('x.csv', '日期,电量(度)\n2026-11-22,24\n');
    await look(scene.open(dropMeter('a', scene.folder)));
    expect(scene.energy('a')).toBe(24n * KWH);
  });

  test('columns by their own names, all others passed over; names of meters, a unit, a zone', async () => {
    scene.put('x.csv', 'Point;Zeit;Wert;Note\nAHU-3;2026-11-23 08:00;1500;x\nAHU-4;2026-11-23 08:00;2500;\n');
    const columns = { meter: 'Point', hour: 'Zeit', energy: 'Wert' };
    const source = { columns, unit: 'Wh', time_zone: 'UTC' };
    await look(
      scene.open(
        dropMeter('a', scene.folder, { ...source, meter: 'AHU-3' }),
        dropMeter('b', scene.folder, { ...source, meter: 'AHU-4' }),
      ),
    );
    expect([scene.energy('a'), scene.energy('b')]).toEqual([(3n * KWH) / 2n, (5n * KWH) / 2n]);
    expect(scene.energy('a', Date.parse('2026-11-23T08:00Z'))).toBe(0n);
  });

  test('a column that is declared and not there is told', async () => {
    scene.put('x.csv', 'time,kwh\n2026-11-23 08:00,1\n');
    await look(scene.open(dropMeter('a', scene.folder, { columns: { hour: 'time', energy: 'power' }, unit: 'kWh' })));
    expect(scene.events()[0]?.detail['reason']).toBe(
      'header: "power" is missing. Columns found: "time", "kwh"; needed are, as declared: "time", "power"',
    );
  });

  test('a unit that the header states goes before that of the declaration', async () => {
    scene.put('x.csv', 'hour,energy_kwh\n2026-11-23 08:00,1\n');
    await look(scene.open(dropMeter('a', scene.folder, { unit: 'MWh' })));
    expect(scene.energy('a')).toBe(KWH);
  });

  test('one wrong line of one meter refuses the lines of the other', async () => {
    scene.put('x.csv', 'meter,hour,energy_kwh\na,2026-11-23 08:00,1\nb,2026-11-23 08:00,9999\n');
    await look(scene.open(dropMeter('a', scene.folder), dropMeter('b', scene.folder)));
    expect([scene.energy('a'), scene.energy('b')]).toEqual([0n, 0n]);
  });

  test('meters of one folder that disagree about its files are refused', () => {
    const [a, b] = [dropMeter('a', scene.folder), dropMeter('b', scene.folder, { unit: 'MWh' })];
    expect(() => scene.open(a, b)).toThrow(/meter b: its folder .* is that of a: columns, unit/);
    expect(
      dropSources([a, dropMeter('c', `${scene.folder}/c`)], { plan: '', ledger: '', note: () => {} }),
    ).toHaveLength(2);
  });
});

const RECORDING = '../shared/recordings/server-hours/cbsugpu08_2xH100_hourly.txt';
const isThere = existsSync(RECORDING);
if (!isThere) console.warn(`skipped: ${RECORDING} is not there`);
test.skipIf(!isThere)(
  'a real export, newest first, with a byte order mark, foreign columns and missing hours',
  async () => {
    const whole = readFileSync(RECORDING);
    const columns = { meter: 'name', hour: 'timestamp', energy: 'powerave' };
    const meter = dropMeter(
      'h100',
      scene.folder,
      { meter: 'cbsugpu08', columns, unit: 'Wh' },
      { rated_kw: 0.8, idle_ok: true },
    );
    const source = scene.open(meter);
    scene.put('hours.txt', whole);
    await look(source);
    // The database client that wrote it says at the end what it counted, and when it was done.
    expect(scene.energy('h100')).toBe(0n);
    expect(scene.events()).toMatchObject([
      { kind: 'file_refused', detail: { line: 15_280, faults: 2, reason: 'has 1 columns, the header has 14' } },
    ]);
    const end = whole.indexOf('\n', whole.lastIndexOf('\ncbsugpu08') + 1) + 1;
    scene.put('hours.txt', whole.subarray(0, end));
    await look(source);
    // Its own sum, in another way: a mean power in W over an hour is its energy in Wh.
    const lines = whole.toString('utf8', 0, end).split('\n').slice(1, -1);
    const sum = lines.reduce((total, line) => {
      const [watts = '', fraction = ''] = (line.split('\t')[2] ?? '').split('.');
      return total + (BigInt(watts + fraction.padEnd(20, '0')) * 3_600_000n) / 10n ** 20n;
    }, 0n);
    expect(whole.toString('utf8', end)).toContain(`(${lines.length} rows affected)`);
    expect(scene.events()[1]).toMatchObject({ kind: 'imported', detail: { hours: lines.length } });
    expect(scene.energy('h100')).toBe(sum);
  },
);

/** The one file of the folder, read. */
async function onlyFile(): Promise<DropFile> {
  const folder = new DropFolder(scene.folder);
  await folder.scan();
  const [file] = (await folder.scan()).complete;
  const read = file && (await readDropFile(scene.folder, file, never));
  if (!read) throw new Error('no file');
  return read;
}

const page = (name: string): string => readFileSync(`docs/devices/${name}`, 'utf8');
/** The YAML of a page: whole meters. */
const declaredOn = (name: string): unknown[] =>
  Array.from(
    page(name).matchAll(/^```yaml\n(.*?)^```$/gms),
    ([, text = '']) => parse(text) as { meters: unknown[] },
  ).flatMap(({ meters }) => meters);

test('the pages declare the same in both languages, and what stands there can be declared', () => {
  const declared = declaredOn('file-drop.md');
  expect(declared.length).toBeGreaterThan(1);
  expect(declaredOn('file-drop.zh.md')).toEqual(declared);
  for (const one of declared) expect(meterSchema.parse(one).source.protocol).toBe('file-drop');
  for (const mark of [/^#+ /gm, /^\| /gm, /^- /gm, /^```/gm])
    expect(page('file-drop.zh.md').match(mark)?.length, String(mark)).toBe(page('file-drop.md').match(mark)?.length);
});

describe('what goes wrong on the way', () => {
  const hours = (count: number) =>
    `hour,energy_kwh\n${Array.from({ length: count }, (_, i) => `${new Date(NOW - (i + 1) * 3_600_000).toISOString().slice(0, 19)}Z,1\n`).join('')}`;

  test('cut off after each of its steps, a file has brought nothing, or all; the next look brings it whole', async () => {
    scene.put('x.csv', hours(1000));
    const file = await onlyFile();
    const meter = dropMeter('a', scene.folder);
    if (meter.source.protocol !== 'file-drop') throw new Error(meter.source.protocol);
    const group = { meters: [meter], source: meter.source, plan: '' };
    let staged = 0;
    for (let cut = 1; ; cut++) {
      const { database, close } = openToImport(scene.ledger);
      const steps = dropSteps(database, file, group, NOW);
      let done = false;
      for (let step = 0; step < cut && !done; step++) done = steps.next().done === true;
      // Not ended by return(), as a process that is killed ends nothing.
      close();
      if (done) break;
      expect(scene.energy('a')).toBe(0n);
      staged = Math.max(staged, Number(scene.database.prepare('SELECT count(*) AS n FROM past_hour').get()?.['n']));
    }
    expect(staged).toBeGreaterThan(500);
    expect(scene.energy('a')).toBe(1000n * KWH);
    const source = scene.open(meter);
    await look(source);
    expect(scene.events().map(({ kind }) => kind)).toEqual(['imported']);
    expect(scene.energy('a')).toBe(1000n * KWH);
  });

  test.each([
    [400, 0n, 1],
    [1001, 1000n * KWH, 0],
  ])(
    'a process that is killed when %i hours are staged has brought nothing, or all, and the exporter goes on',
    async (most, brought, staged) => {
      scene.put('x.csv', hours(1000));
      const args = ['test/exporter/account/drop-child.ts', scene.folder, scene.ledger, String(most), String(NOW)];
      const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect([signal, stderr]).toEqual(['SIGKILL', '']);
      const unseen = scene.database.prepare('SELECT count(*) AS n FROM past WHERE valid = 0').get();
      expect(unseen).toEqual({ n: staged });
      expect(scene.energy('a')).toBe(brought);
      await look(scene.open(dropMeter('a', scene.folder)));
      expect(scene.energy('a')).toBe(1000n * KWH);
      expect(scene.events().map(({ kind }) => kind)).toEqual(['imported']);
    },
  );

  test('while the exporter has a transaction open, an import goes on later', async () => {
    scene.put('x.csv', hours(10));
    const source = scene.open(dropMeter('a', scene.folder));
    await source.poll(scene.clock, never);
    scene.database.exec('BEGIN IMMEDIATE');
    const polled = source.poll(scene.clock, never);
    // Long enough to read the file and to find the ledger busy.
    await sleep(300);
    expect(scene.energy('a')).toBe(0n);
    scene.database.exec('COMMIT');
    await polled;
    expect(shownBy(source)).toMatchObject({ 'source_up{s,a}': 1 });
    expect(scene.energy('a')).toBe(10n * KWH);
  });

  test('while somebody else imports, files wait, and that is no fault', async () => {
    scene.put('x.csv', GOOD);
    const source = scene.open(dropMeter('a', scene.folder));
    const held = lock(scene.ledger, `${scene.ledger}.import-lock`);
    await look(source);
    expect(shownBy(source)).toMatchObject({ 'source_up{s,a}': 1 });
    expect(scene.energy('a')).toBe(0n);
    held.close();
    await source.poll(scene.clock, never);
    expect(scene.energy('a')).toBe((8005n * KWH) / 10n);
  });

  test('a stop breaks it off, and nothing was brought', async () => {
    scene.put('x.csv', hours(20_000));
    const source = scene.open(dropMeter('a', scene.folder));
    await source.poll(scene.clock, never);
    const stop = new AbortController();
    const polled = source.poll(scene.clock, stop.signal);
    for (let i = 0; i < 20; i++) await turn();
    stop.abort();
    await polled;
    expect(scene.energy('a')).toBe(0n);
    await source.poll(scene.clock, never);
    expect(scene.energy('a')).toBe(20_000n * KWH);
  });

  test('a ledger without room brings nothing, and the next one with room all of it', async () => {
    scene.put('x.csv', hours(3000));
    const file = await onlyFile();
    const meter = dropMeter('a', scene.folder);
    if (meter.source.protocol !== 'file-drop') throw new Error(meter.source.protocol);
    const { database, close } = openToImport(scene.ledger);
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${pages + 10}`);
    const bring = (): void => {
      const steps = dropSteps(database, file, { meters: [meter], source: meter.source as never, plan: '' }, NOW);
      while (steps.next().done !== true);
    };
    expect(bring).toThrow('database or disk is full');
    expect(scene.energy('a')).toBe(0n);
    database.exec('PRAGMA max_page_count = 100000');
    bring();
    close();
    expect(scene.energy('a')).toBe(3000n * KWH);
  });

  test('a folder that is gone is an outage, told at its beginning and its end; others are counted', async () => {
    const source = scene.open(dropMeter('a', scene.folder), dropMeter('b', scene.folder));
    renameSync(scene.folder, `${scene.folder}-away`);
    await look(source);
    expect(shownBy(source)).toMatchObject({
      'source_up{s,a}': 0,
      'source_up{s,b}': 0,
      'source_failures_total{s,a,unreachable}': 2,
      'source_consecutive_failures{s,a}': 2,
    });
    renameSync(`${scene.folder}-away`, scene.folder);
    await look(source);
    expect(scene.noted.map(({ source: of, event }) => [of, event.kind])).toEqual([
      ['a', 'silent'],
      ['b', 'silent'],
      ['a', 'back'],
      ['b', 'back'],
    ]);
    expect(shownBy(source)).toMatchObject({ 'source_up{s,a}': 1, 'source_failures_total{s,a,unreachable}': 2 });
  });

  test('a declaration that changes carries on the counters and what is done', async () => {
    const before = scene.open(dropMeter('a', scene.folder));
    rmSync(scene.folder, { recursive: true });
    await before.poll(scene.clock, never);
    const source = scene.open(dropMeter('a', scene.folder, {}, { every: '1m' }));
    expect(source.key).toBe(before.key);
    source.resume(before);
    expect(shownBy(source)).toMatchObject({ 'source_failures_total{s,a,unreachable}': 1 });
  });

  test('a file that goes on growing is never taken half', async () => {
    const source = scene.open(dropMeter('a', scene.folder));
    scene.put('x.csv', 'hour,energy_kwh\n');
    for (let i = 1; i <= 5; i++) {
      appendFileSync(join(scene.folder, 'x.csv'), `2026-11-2${i > 4 ? 3 : i}T0${i}:00:00+08:00,1\n`);
      await source.poll(scene.clock, never);
      expect(scene.energy('a')).toBe(0n);
    }
    await source.poll(scene.clock, never);
    expect(scene.energy('a')).toBe(5n * KWH);
  });
});
