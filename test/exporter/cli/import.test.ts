import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let ledger: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenflops-import-'));
  ledger = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const greenflops = (language: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['exporter/cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GREENFLOPS_LANG: language, GREENFLOPS_STORE: `sqlite:${ledger}` },
  });
  return { status, stdout: stdout.trimEnd().split('\n'), stderr: stderr.trimEnd().split('\n') };
};
const HEAD = 'meter,hour,energy_kwh,register\n';
const GOOD = `${HEAD}nc-gate,2026-01-31T08:00:00+08:00,400.5,1000\nnc-gate,2026-01-31T09:00:00+08:00,400,401000\n`;

test('a dry run writes nothing, not even a ledger; the import says what it brought, and is an event', () => {
  const good = file('good.csv', GOOD);
  const line = expect.stringMatching(
    /^nc-gate +2026-01-31 00:00 – 2026-01-31 02:00 UTC +2 hours +800\.500 kWh, live readings go on from the register$/,
  );
  expect(greenflops('en', 'import', good, '--dry-run')).toMatchObject({
    status: 0,
    stdout: [line, 'dry run: nothing was written'],
  });
  expect(existsSync(ledger)).toBe(false);
  expect(greenflops('en', 'import', good)).toMatchObject({
    status: 0,
    stdout: [line, `imported 2 hours (meters: 1) into the new ledger sqlite:${ledger}`],
  });
  expect(greenflops('en', 'events', 'nc-gate').stdout).toEqual([
    expect.stringMatching(/nanchang\/nc-gate {2}imported: past energy was imported {2}hours=2 .*good\.csv sha256:/),
  ]);
  const again = greenflops('en', 'import', good);
  expect(again.status).toBe(3);
  expect(again.stderr).toEqual([
    `${good}:2: the hour 2026-01-31T00:00:00.000Z of "nc-gate" was imported before`,
    `${good}:3: the hour 2026-01-31T01:00:00.000Z of "nc-gate" was imported before`,
    '2 line(s) are wrong, nothing was imported',
  ]);
});

test('all or nothing: one wrong line of one file refuses the other file too, in the reader’s language', () => {
  const good = file('good.csv', GOOD);
  const bad = file('bad.csv', `${HEAD}py-gate,2026-01-31T08:00:00,1,\n`);
  expect(greenflops('zh', 'import', good, bad)).toMatchObject({
    status: 3,
    stderr: [
      expect.stringContaining(`${bad}:2: hour "2026-01-31T08:00:00" 不是带时区的时间`),
      '1 行有误，未导入任何内容',
    ],
  });
  expect(greenflops('en', 'import', good)).toMatchObject({ status: 0 });
});

test('more faults than anybody reads are counted', () => {
  const lines = Array.from({ length: 80 }, () => 'nc-gate,soon,1,\n').join('');
  const { stderr } = greenflops('en', 'import', file('bad.csv', HEAD + lines), '--dry-run');
  expect(stderr.slice(-2)).toEqual(['… and 30 more', '80 line(s) are wrong, nothing was imported']);
  expect(stderr).toHaveLength(52);
});

test('a file that is not there, and a broken declaration, have exit codes of their own', () => {
  expect(greenflops('en', 'import', join(folder, 'none.csv'))).toMatchObject({
    status: 1,
    stderr: [expect.stringMatching(/none\.csv cannot be read: ENOENT/)],
  });
  expect(greenflops('en', 'import', file('good.csv', GOOD), '--plan', folder).status).toBe(2);
});
