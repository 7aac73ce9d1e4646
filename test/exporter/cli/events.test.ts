import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger } from '../../../exporter/account/ledger/open-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-cli-'));
const store = `sqlite:${join(folder, 'ledger.db')}`;
beforeAll(() => openLedger(join(folder, 'ledger.db')).close());
afterAll(() => rmSync(folder, { recursive: true }));

const greenflops = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, ['exporter/cli/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GREENFLOPS_LANG: 'en' },
  });
  return { status, stderr: stderr.trim() };
};

test.each([
  [['--since', 'yesterday'], '--since "yesterday" is no time: write ISO 8601, like 2026-01-31T08:00:00+08:00'],
  [['--limit', '-1'], '--limit "-1" is no positive whole number: write one like 200'],
  [['--limit', 'x'], '--limit "x" is no positive whole number: write one like 200'],
])('events %j', (flags, said) => {
  expect(greenflops('events', '--store', store, ...flags)).toEqual({ status: 1, stderr: said });
});

test('an id without events is said to have none', () => {
  expect(greenflops('events', 'nope', '--store', store)).toEqual({
    status: 0,
    stderr: `no events of "nope" in ${store}`,
  });
});

test('a log level that does not exist is refused with those that do', () => {
  const { status, stderr } = greenflops('run', '--log.level', 'loud');
  expect(status).toBe(1);
  expect(stderr).toContain('Allowed choices are debug, info, warn, error');
});
