import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { backupLedger } from '../../exporter/account/ledger/backup.ts';
import { openLedger } from '../../exporter/account/ledger/open-ledger.ts';
import type { Check } from '../tally.ts';
import { faultEnv } from './shim.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = 4096;

const en = { language: 'en', lookAt: /disk space/, corrupt: /is corrupt.*Restore it from a backup/ };
const zh = { language: 'zh', lookAt: /磁盘空间/, corrupt: /已损坏.*请用备份还原/ };

/** A full and a read-only disk; the first operations of a command make its lock, later ones write. */
const refusals = [
  { fault: 28, after: 0, words: en },
  { fault: 28, after: 3, words: zh },
  { fault: 30, after: 0, words: zh },
  { fault: 30, after: 3, words: en },
] as const;

/** Ends with what the command said, and with which code. */
const greenflops = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: unknown; said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['exporter/cli/main.ts', ...args], { cwd: root, env }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, said: stderr.trim() }),
    );
  });

/** Each command that the disk refuses, or whose ledger is corrupt, names the ledger (or the copy) and a way out. */
async function told(): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-told-'));
  const dir = join(base, 'store');
  const path = join(dir, 'ledger.db');
  const [file, csv] = [join(base, 'backup.db'), join(base, 'past.csv')];
  const store = ['--store', `sqlite:${path}`];
  const commands = [
    { args: ['backup', join(dir, 'copy.db'), ...store], names: join(dir, 'copy.db') },
    { args: ['restore', file, ...store], names: path },
    { args: ['import', csv, ...store], names: path },
  ];
  try {
    openLedger(path).close();
    backupLedger(path, file);
    writeFileSync(csv, 'meter,hour,energy_kwh\nnc-gate,2020-01-01T00:00:00Z,1\n');
    for (const { fault, after, words } of refusals) {
      for (const { args, names } of commands) {
        const env = { ...(await faultEnv(dir, { fault, after })), GREENFLOPS_LANG: words.language };
        const { code, said } = await greenflops(args, env);
        const when = `${args[0]}, errno ${fault} after ${after} operations: ${said}`;
        assert.equal(code, 1, when);
        assert.match(said, words.lookAt, when);
        assert.ok(said.includes(names), when);
      }
    }
    const handle = openSync(path, 'r+');
    writeSync(handle, Buffer.alloc(PAGE, 0xa5), 0, PAGE, 100);
    closeSync(handle);
    for (const { language, corrupt } of [en, zh]) {
      const { code, said } = await greenflops(['events', 'm', ...store], { ...process.env, GREENFLOPS_LANG: language });
      assert.equal(code, 1, said);
      assert.match(said, corrupt);
      assert.ok(said.includes(path), said);
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

export const toldChecks: readonly Check[] = [
  [
    'a command that the disk refuses, or whose ledger is corrupt, names the file and the way out in both languages',
    told,
  ],
];
