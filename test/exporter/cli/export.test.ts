import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at, auditedYear, type AuditedYear } from '../../verify/audited-year.ts';

let year: AuditedYear;
beforeAll(() => {
  year = auditedYear();
  year.readTo(at('2026-01-20T00:00'));
  year.close('2025-12', at('2026-01-01T12:00'));
});
afterAll(() => year.remove());

const exported = (language: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['exporter/cli/main.ts', 'export', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      GREENFLOPS_LANG: language,
      GREENFLOPS_STORE: `sqlite:${year.path}`,
      GREENFLOPS_PLAN: year.dir,
    },
  });
  return { status, stdout: stdout.trim().split('\n'), stderr: stderr.trim() };
};

test('writes the audit file beside the writer, checks it, and finds what was changed, with its own copy of the check', () => {
  const out = join(year.dir, 'audit');
  const made = exported('en', '--out', out);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(made.stdout).toContainEqual(expect.stringMatching(/^ +\d+ B {2}hours\.csv {2}hours=\d+$/));
  expect(exported('en', '--out', out).stderr).toBe(`the folder ${out} is not empty: choose another --out`);
  expect(exported('zh', '--verify', out)).toEqual({
    status: 0,
    stdout: [
      '文件哈希: 12',
      '结账月份: 1',
      '哈希链: 完好',
      '重算月份: 1 of 1',
      '重算窗口: 24',
      'PUE: 一致',
      '最大差值: 0 mJ',
      '不符之处: 0',
    ],
    stderr: '',
  });
  const hours = join(out, 'hours.csv');
  writeFileSync(hours, readFileSync(hours, 'utf8').replace(/(\d)\.(\d{3}),3600000,live/, '$1.999,3600000,live'));
  // A check that came with the folder may have been changed too.
  copyFileSync(join(out, 'sites.csv'), join(out, 'verify.py'));
  const { status, stdout } = exported('en', '--verify', out);
  expect(status).toBe(3);
  expect(stdout).toContainEqual(expect.stringMatching(/^DIFFERS {2}manifest\.json hours\.csv {2}sha256/));
  expect(stdout).toContainEqual(expect.stringMatching(/^DIFFERS {2}manifest\.json verify\.py {2}sha256/));
  expect(stdout).toContainEqual(expect.stringMatching(/^DIFFERS {2}hours\.csv row \d+ .*cumulative/));
}, 60_000);

test('JSON holds the same cells as CSV', () => {
  const range = ['--from', '2025-12', '--to', '2025-12'];
  const [csv, json] = [join(year.dir, 'as-csv'), join(year.dir, 'as-json')];
  expect(exported('en', '--out', csv, ...range).status).toBe(0);
  expect(exported('en', '--out', json, '--format', 'json', ...range).status).toBe(0);
  const tables = JSON.parse(readFileSync(join(json, 'audit.json'), 'utf8')) as Record<
    string,
    Record<string, string | null>[]
  >;
  const records = readFileSync(join(csv, 'hours.csv'), 'utf8').split('\r\n').slice(1, -1);
  expect(
    tables['hours']?.map((row) =>
      Object.values(row)
        .map((cell) => cell ?? '')
        .join(','),
    ),
  ).toEqual(records);
  expect(records).toHaveLength(6 * 31 * 24);
  expect(Object.keys(tables)).toEqual([
    'sites',
    'meters',
    'ratios',
    'trees',
    'hours',
    'gaps',
    'entries',
    'late',
    'events',
    'closings',
    'windows',
  ]);
}, 30_000);

test('says what to give', () => {
  expect(exported('en')).toMatchObject({ status: 1, stderr: 'give --out DIR to export or --verify DIR to check' });
  expect(exported('en', '--out', 'x', '--from', '2026-02', '--to', '2026-01').stderr).toBe(
    '--to 2026-01 is before --from 2026-02',
  );
});

test('a disk that takes no more is told with the file and the way out, in both languages', () => {
  const out = join(year.dir, 'full');
  const args = [process.execPath, 'exporter/cli/main.ts', 'export', '--out', out];
  const full = (language: string) =>
    // Blocks of 512 or 1024 bytes: less than the hours take, more than SQLite needs to read.
    spawnSync('sh', ['-c', 'ulimit -f 512; exec "$@"', 'sh', ...args], {
      encoding: 'utf8',
      env: {
        ...process.env,
        GREENFLOPS_LANG: language,
        GREENFLOPS_STORE: `sqlite:${year.path}`,
        GREENFLOPS_PLAN: year.dir,
      },
    });
  const { status, stderr } = full('en');
  expect(stderr.trim()).toMatch(
    /^.*full\/hours\.csv cannot be written \(EFBIG.*\): the export is not complete\. Make room/,
  );
  expect(status).toBe(1);
  expect(existsSync(join(out, 'manifest.json'))).toBe(false);
  const blocked = join(year.dir, 'estate.yaml', 'x');
  expect(exported('zh', '--out', blocked).stderr).toMatch(/无法写入（ENOTDIR.*导出未完成。请腾出空间/);
}, 30_000);
