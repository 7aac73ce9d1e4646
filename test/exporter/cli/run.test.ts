import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a ledger that refuses the last commit ends the run with words and exit code 1', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-cli-'));
  const path = join(folder, 'ledger.db');
  const args = ['run', '--plan', 'plan', '--store', `sqlite:${path}`, '--web.listen-address', '127.0.0.1:0'];
  const child = spawn(process.execPath, ['exporter/cli/main.ts', ...args], {
    env: { ...process.env, GREENFLOPS_LANG: 'en' },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const closed = once(child, 'close') as Promise<[number | null]>;
  await once(child.stdout, 'data');
  const other = new DatabaseSync(path);
  try {
    other.exec('BEGIN IMMEDIATE');
    child.kill('SIGTERM');
    expect((await closed)[0]).toBe(1);
    const lines = said.split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(/^the ledger sqlite:.*ledger\.db refused the last commit \(.*locked.*\): readings since/),
    );
    expect(lines).toContainEqual(expect.stringContaining('"msg":"last_commit_failed"'));
    expect(said).not.toMatch(/^ {4}at /m);
  } finally {
    child.kill('SIGKILL');
    other.close();
    rmSync(folder, { recursive: true });
  }
});
