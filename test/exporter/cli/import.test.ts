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
    /^nc-gate +2026-01-31T08:00\+08:00 – 2026-01-31T10:00\+08:00 +2 h +800\.500 kWh, live readings go on from the register$/,
  );
  const said = `${good}: UTF-8, hourly, lines: 2, times without a zone are Asia/Shanghai`;
  expect(greenflops('en', 'import', good, '--dry-run')).toMatchObject({
    status: 0,
    stdout: [said, line, 'dry run: nothing was written'],
  });
  expect(existsSync(ledger)).toBe(false);
  expect(greenflops('en', 'import', good)).toMatchObject({
    status: 0,
    stdout: [said, line, `imported 2 lines (meters: 1) into the new ledger sqlite:${ledger}`],
  });
  expect(greenflops('en', 'events', 'nc-gate').stdout).toEqual([
    expect.stringMatching(/nanchang\/nc-gate {2}imported: past energy was imported {2}hours=2 .*good\.csv sha256:/),
  ]);
  const again = greenflops('en', 'import', good);
  expect(again.status).toBe(3);
  expect(again.stderr).toEqual([
    `${good}:2: the hour 2026-01-31T08:00+08:00 of "nc-gate" was imported before`,
    `${good}:3: the hour 2026-01-31T09:00+08:00 of "nc-gate" was imported before`,
    '2 line(s) are wrong, nothing was imported (--skip-bad leaves such lines out)',
  ]);
});

test('all or nothing: one wrong line of one file refuses the other file too, in the reader’s language', () => {
  const good = file('good.csv', GOOD);
  const bad = file('bad.csv', `${HEAD}py-gate,2026-01-31T08:15:00,1,\n`);
  expect(greenflops('zh', 'import', good, bad)).toMatchObject({
    status: 3,
    stderr: [
      `${bad}:2: "2026-01-31T08:15:00" 不在整点上（时区 Asia/Shanghai）：每行的起止须为整点`,
      '1 行有误，未导入任何内容（--skip-bad 可跳过有误的行）',
    ],
  });
  expect(existsSync(ledger)).toBe(false);
  expect(greenflops('en', 'import', good)).toMatchObject({ status: 0 });
});

test('more faults than anybody reads are counted', () => {
  const lines = Array.from({ length: 80 }, () => 'nc-gate,soon,1,\n').join('');
  const { stderr } = greenflops('en', 'import', file('bad.csv', HEAD + lines), '--dry-run');
  expect(stderr.slice(-2)).toEqual([
    '… and 30 more',
    '80 line(s) are wrong, nothing was imported (--skip-bad leaves such lines out)',
  ]);
  expect(stderr).toHaveLength(52);
});

test('neighbours that say the same share a line', () => {
  const rows = '08,09,10'.split(',').map((hour) => `nc-gaet,2026-01-31 ${hour}:00,1,\n`);
  const bad = file('bad.csv', HEAD + rows.join(''));
  expect(greenflops('en', 'import', bad).stderr[0]).toBe(
    `${bad}:2-4: the meter "nc-gaet" is not declared; did you mean "nc-gate"?`,
  );
});

test('--skip-bad brings the good lines, names each of the others, and the event counts them', () => {
  const mixed = file('mixed.csv', `${GOOD}nc-gate,soon,1,\nnc-gate,2026-01-31 09:00,400,\n`);
  expect(greenflops('en', 'import', mixed, '--skip-bad')).toMatchObject({
    status: 0,
    stderr: [
      `${mixed}:4: hour "soon" is no time: write one like 2026-01-31 08:00 or 2026-01-31T08:00:00+08:00`,
      `${mixed}:5: the hour 2026-01-31T09:00+08:00 of "nc-gate" stands in ${mixed}:3 too (the same figure)`,
      'warning: 2 line(s) were skipped',
    ],
  });
  expect(greenflops('en', 'events', 'nc-gate').stdout).toEqual([expect.stringMatching(/hours=2 .* skipped=2$/)]);
  expect(greenflops('zh', 'import', mixed, '--skip-bad')).toMatchObject({
    status: 3,
    stderr: [
      expect.stringContaining(`${mixed}:2: "nc-gate" 的小时 2026-01-31T08:00+08:00 已经导入过`),
      expect.anything(),
      expect.anything(),
      expect.anything(),
      '没有一行可用（跳过 4 行），未导入任何内容',
    ],
  });
});

test('bills in GBK with Chinese columns, in the zone that is stated', () => {
  // 表号,起始,结束,电量(千瓦时),凭证 / nc-gate,2026-01-01,2026-01-31,"74,400",B-1
  const bill = file(
    'bill.csv',
    Buffer.from(
      'b1edbac52cc6f0cabc2cbde1caf82cb5e7c1bf28c7a7cddfcab1292cc6bed6a40a6e632d676174652c323032362d30312d30312c323032362d30312d33312c2237342c343030222c422d310a',
      'hex',
    ),
  );
  expect(greenflops('zh', 'import', bill, '--zone', '+09:00')).toMatchObject({
    status: 0,
    stdout: [
      `${bill}：编码 GB18030，类型 账单，1 行，未写时区的时间按 +09:00`,
      'nc-gate  2026-01-01T00:00+09:00 – 2026-02-01T00:00+09:00  744 小时  74400.000 kWh，其中 1 个时段只知总量',
      expect.stringContaining('已导入 1 行（1 块表）'),
    ],
  });
  expect(greenflops('en', 'import', bill, '--encoding', 'utf-8').stderr[0]).toMatch(/are no utf-8/);
  expect(greenflops('en', 'import', bill, '--zone', 'Mars').stderr[0]).toMatch(/--zone "Mars" is not understood/);
  expect(greenflops('en', 'import', bill, '--encoding', 'big5').stderr[0]).toMatch(
    /--encoding "big5" is not understood/,
  );
});

test('a file that is not there, and a broken declaration, have exit codes of their own', () => {
  expect(greenflops('en', 'import', join(folder, 'none.csv'))).toMatchObject({
    status: 1,
    stderr: [expect.stringMatching(/none\.csv cannot be read: ENOENT/)],
  });
  expect(greenflops('en', 'import', file('good.csv', GOOD), '--plan', folder).status).toBe(2);
});
