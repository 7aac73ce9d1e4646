import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupLedger, restoreLedger } from '../../exporter/account/ledger/backup.ts';
import type { Check } from '../tally.ts';
import { atEachOperation } from './at-each-operation.ts';
import { filledLedger } from './filled-ledger.ts';
import { contentOf, shapeOf } from './ledger-content.ts';

const FAULTS = 20;
const kinds = ['kill', 28] as const;

/** Two ledgers whose writers were killed: `ledger.db`, and a backup of another one. */
interface Scene {
  readonly dir: string;
  readonly path: string;
  readonly file: string;
  /** Puts both back as they were. */
  readonly prepare: () => void;
  readonly content: (path: string) => ReturnType<typeof contentOf>;
}

async function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'greenflops-copies-'));
  const [dir, template] = [join(base, 'store'), join(base, 'template')];
  mkdirSync(template);
  try {
    await filledLedger(join(template, 'ledger.db'), 300);
    await filledLedger(join(base, 'other.db'), 100);
    backupLedger(join(base, 'other.db'), join(base, 'backup.db'));
    const shape = shapeOf(join(base, 'other.db'));
    await use({
      dir,
      path: join(dir, 'ledger.db'),
      file: join(base, 'backup.db'),
      prepare: () => {
        rmSync(dir, { recursive: true, force: true });
        cpSync(template, dir, { recursive: true });
      },
      content: (path) => contentOf(path, shape),
    });
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const backups = (): Promise<void> =>
  scene(async ({ dir, path, prepare, content }) => {
    prepare();
    const source = content(path);
    const target = join(dir, 'copy.db');
    const seen = { none: 0, whole: 0 };
    const look = (when: string): void => {
      if (existsSync(target)) assert.deepEqual(content(target), source, `${when}: the backup`);
      seen[existsSync(target) ? 'whole' : 'none'] += 1;
      assert.deepEqual(content(path), source, `${when}: the ledger`);
      rmSync(target, { force: true });
      backupLedger(path, target);
      assert.deepEqual(content(target), source, `${when}: the next backup`);
    };
    for (const kind of kinds) {
      const { runs, operations, failed } = await atEachOperation(['backup', path, target], dir, kind, {
        most: FAULTS,
        prepare,
        look,
      });
      console.log(
        `  ${kind === 'kill' ? 'killed' : 'disk full'} at ${runs} of ${operations} operations, ${failed} failed`,
      );
    }
    assert.ok(seen.none > 0 && seen.whole > 0);
  });

const restores = (): Promise<void> =>
  scene(async ({ dir, path, file, prepare, content }) => {
    prepare();
    const [old, other] = [content(path), content(file)];
    const seen = { old: 0, new: 0 };
    const look = (when: string): void => {
      assert.ok(existsSync(path), `${when}: there is no ledger`);
      const found = content(path);
      const isNew = found.rows === other.rows;
      assert.deepEqual(found, isNew ? other : old, when);
      seen[isNew ? 'new' : 'old'] += 1;
      assert.deepEqual(content(file), other, `${when}: the backup`);
      restoreLedger(file, path, Date.now());
      assert.deepEqual(content(path), other, `${when}, and restored again`);
    };
    for (const kind of kinds) {
      const { runs, operations, failed } = await atEachOperation(['restore', path, file], dir, kind, {
        most: FAULTS,
        prepare,
        look,
      });
      console.log(
        `  ${kind === 'kill' ? 'killed' : 'disk full'} at ${runs} of ${operations} operations, ${failed} failed`,
      );
    }
    assert.ok(seen.old > 0 && seen.new > 0);
  });

export const copyChecks: readonly Check[] = [
  ['a backup that is killed or has no room leaves a whole copy or none, and its ledger as it was', backups],
  ['a restore that is killed or has no room leaves the old ledger or the whole new one', restores],
];
