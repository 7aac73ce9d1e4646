import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chainHash } from '../../exporter/account/audit/closing.ts';
import { at, auditedYear, type AuditedYear } from './audited-year.ts';

let year: AuditedYear;
let csv: string;
/** Half a year of it, so that a check takes less than a second. */
let half: string;
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'greenflops-audit-'));
  year = auditedYear();
  year.live();
  csv = year.export('csv');
  half = year.export('half', { range: { from: at('2026-01-01T00:00'), to: at('2026-07-01T00:00') } });
}, 60_000);
afterAll(() => {
  year.remove();
  rmSync(scratch, { recursive: true });
});

/** What an auditor runs, in the folder alone. */
function verify(folder: string): { status: number | null; lines: string[] } {
  const { status, stdout, stderr } = spawnSync('python3', ['verify.py', '.'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GREENFLOPS_LANG: 'en' },
  });
  expect(stderr).toBe('');
  return { status, lines: stdout.trimEnd().split('\n') };
}

/** Makes the manifest true again, as somebody would who hides a change. */
function sign(folder: string): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
    files: Record<string, { sha256: string; bytes: number; rows: Record<string, number> }>;
  };
  for (const [name, entry] of Object.entries(manifest.files)) {
    const body = readFileSync(join(folder, name));
    entry.sha256 = createHash('sha256').update(body).digest('hex');
    entry.bytes = body.length;
    const table = name.replace('.csv', '');
    if (table in entry.rows) entry.rows[table] = body.toString().split('\r\n').length - 2;
  }
  writeFileSync(path, JSON.stringify(manifest));
}

/** A copy in which records of one table are changed; `signed` with a manifest that says so. */
function tampered(table: string, change: (records: string[]) => string[], signed = true): string {
  const folder = mkdtempSync(join(scratch, `${table}-`));
  cpSync(half, folder, { recursive: true });
  const file = join(folder, `${table}.csv`);
  const before = readFileSync(file, 'utf8').split('\r\n');
  const after = change([...before]);
  expect(after).not.toEqual(before);
  writeFileSync(file, after.join('\r\n'));
  if (signed) sign(folder);
  return folder;
}

/** Changes the first record that holds a text. */
const edit =
  (holds: string, from: string | RegExp, to: string | ((record: string) => string)) =>
  (records: string[]): string[] => {
    const place = records.findIndex((record) => record.includes(holds));
    const record = records[place] ?? '';
    records[place] = typeof to === 'string' ? record.replace(from, to) : to(record);
    return records;
  };
const drop = (holds: string) => (records: string[]) => {
  const place = records.findIndex((record) => record.includes(holds));
  return records.filter((_, i) => i !== place);
};

describe('a year with imports, gaps, a backup, entries, two trees and a late booking', () => {
  test('is recomputed by Python to the millijoule, from either format', () => {
    const said = [
      'closings: 12',
      'chain: ok',
      'months recomputed: 12 of 12',
      'windows recomputed: 84',
      'PUE: equal',
      'largest difference: 0 mJ',
      'differences: 0',
    ];
    const { status, lines } = verify(csv);
    expect(lines).toEqual(['files hashed: 12', ...said]);
    expect(status).toBe(0);
    expect(verify(year.export('json', { format: 'json' }))).toEqual({ status: 0, lines: ['files hashed: 2', ...said] });
  }, 60_000);

  test('holds all that makes a check hard', () => {
    const records = (table: string) =>
      readFileSync(join(csv, `${table}.csv`), 'utf8')
        .split('\r\n')
        .slice(1, -1);
    expect(records('late')).toEqual([
      expect.stringMatching(
        /^ups,2026-01,2026-01-31T20:00:00.000\+08:00,2026-01-31T23:00:00.000\+08:00,.*,855000000.484,600000$/,
      ),
    ]);
    expect(records('trees').map((record) => record.split(',')[0])).toEqual(['s', 's', 's/h']);
    expect(records('entries').map((record) => record.split(',')[7])).toEqual(['manual', 'adjust', 'adjust', 'rescale']);
    expect(new Set(records('gaps').map((record) => record.split(',')[3]))).toEqual(
      new Set(['bridged', 'imported', 'skipped', 'unmetered']),
    );
    const ofSite = records('windows').filter((record) => record.startsWith('s,'));
    const bodies = records('closings').join('');
    expect(bodies).toMatch(/""substituted"":\{""facility"":1444320617/);
    expect(bodies).toMatch(/""manual"":\{""facility"":0,""it"":259500000/);
    expect(bodies).toContain('""accepted_gaps"":""ups is being repaired""');
    expect(ofSite.filter((record) => record.endsWith(',coverage,'))).toHaveLength(2);
    expect(ofSite.filter((record) => record.includes(',annual,'))).toHaveLength(2);
  });

  test('a part of it can be checked alone, and the same ledger gives the same bytes', () => {
    const { status, lines } = verify(half);
    expect(lines).toEqual(expect.arrayContaining(['closings: 12', 'months recomputed: 6 of 6', 'differences: 0']));
    expect(status).toBe(0);
    const again = year.export('again');
    for (const name of readdirSync(csv))
      expect(readFileSync(join(again, name)), name).toEqual(readFileSync(join(csv, name)));
  }, 60_000);
});

const HOUR_ROW = 'gate,2026-05-05T05:00:00.000+08:00';

describe('tampering is found by file and row, also where the manifest was made to fit', () => {
  test.each<[string, string, (records: string[]) => string[], RegExp]>([
    [
      'a digit of an hour',
      'hours',
      edit(HOUR_ROW, /(\d)(\.\d{3},3600000)/, '9$2'),
      /hours\.csv row \d+ {2}gate 2026-05-05T05.* cumulative/,
    ],
    [
      'an hour, and all cumulative figures after it',
      'hours',
      (records) => {
        const place = records.findIndex((record) => record.startsWith(HOUR_ROW));
        return records.map((record, i) => {
          const cells = record.split(',');
          if (i < place || cells[0] !== 'gate') return record;
          const more = (text = '') => String(Number(text.replace('.', '')) + 1).replace(/(\d{3})$/, '.$1');
          cells[2] = more(cells[2]);
          if (i === place) cells[3] = more(cells[3]);
          return cells.join(',');
        });
      },
      /closings\.csv row \d+ 2026-05 {2}gate millijoules/,
    ],
    ['an hour’s metered time', 'hours', edit(HOUR_ROW, ',3600000,', ',3400000,'), /2026-05 {2}gate metered_ms/],
    [
      'a digit of a closing',
      'closings',
      edit('2026-03,', /""counted_ms"":2592/, '""counted_ms"":2591'),
      /closings\.csv row 5 2026-03 {2}hash/,
    ],
    ['a closing with a new hash', 'closings', edit('2026-03,', '', forged), /closings\.csv row 6 2026-04 {2}previous/],
    [
      'closings in another order',
      'closings',
      (records) => [...records.slice(0, 3), ...records.slice(3, 5).reverse(), ...records.slice(5)],
      /closings\.csv row 3 2026-02 {2}previous/,
    ],
    ['a closing that is left out', 'closings', drop('2026-06,'), /closings\.csv row 8 2026-07 {2}previous/],
    [
      'a digit of an entry',
      'entries',
      edit('2,2026-07', '-777777.777', '-777777.778'),
      /entries\.csv row \d+ entry 2 {2}energy/,
    ],
    ['the factor of an entry', 'entries', edit('4,2026-09', '1003/1000', '1004/1000'), /entries\.csv row 4 {2}event/],
    [
      'why an entry was made',
      'entries',
      edit('2,2026-07', /,[^,]*(?=,[^,]*,[^,]*,[0-9a-f]{64}$)/, ',nobody'),
      /entries\.csv row \d+ entry 2 {2}why/,
    ],
    ['all closings', 'closings', (records) => [...records.slice(0, 1), ''], /events\.csv row \d+ 2025-\d\d {2}closing/],
    ['an entry that is left out', 'entries', drop('1,2026-06'), /entries\.csv row 1 {2}id/],
    ['an event that is left out', 'events', drop('3,20'), /events\.csv row 3 {2}id/],
    [
      'a gap that never was',
      'gaps',
      edit('gate,2026-03', 'unmetered', 'bridged'),
      /closings\.csv row 5 2026-03 {2}gate closed_gaps/,
    ],
    ['a late booking', 'late', edit('ups,', '.484', '.485'), /late\.csv ups 2026-01/],
    ['a weight in a tree', 'trees', edit('s,1970', '999999', '999998'), /closings\.csv row 3 2026-01 {2}s trees/],
    [
      'a digit of a PUE',
      'windows',
      edit('ytd,interim,2026-06', '', (record) => record.replace(/\d(?=,,$)/, (digit) => String(9 - Number(digit)))),
      /windows\.csv row \d+ s ytd 2026-06-01.* {2}pue/,
    ],
    [
      'a window that is left out',
      'windows',
      drop('ytd,interim,2026-05'),
      /windows\.csv row 0 s ytd 2026-05-01.* {2}row/,
    ],
  ])(
    '%s',
    (_, table, change, said) => {
      const { status, lines } = verify(tampered(table, change));
      expect(
        lines.filter((line) => said.test(line)),
        lines.join('\n'),
      ).not.toEqual([]);
      expect(status).toBe(1);
    },
    30_000,
  );

  test('a file that the manifest does not describe', () => {
    const { status, lines } = verify(tampered('meters', edit('gate,', '22071234', '22071235'), false));
    expect(lines[0]).toMatch(/^DIFFERS {2}manifest\.json meters\.csv {2}sha256/);
    expect(status).toBe(1);
  }, 30_000);
});

/** A record of closings.csv with other figures and a hash that fits them. */
function forged(record: string): string {
  const [month, when, previous = '', , ...rest] = record.split(',');
  const body = rest.join(',').slice(1, -1).replaceAll('""', '"').replace('"counted_ms":2592', '"counted_ms":2591');
  return [month, when, previous, chainHash(previous, body), `"${body.replaceAll('"', '""')}"`].join(',');
}
