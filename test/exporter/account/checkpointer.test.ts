import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openAccount } from '../../../exporter/account/ledger/meter-account.ts';
import { Ledger, type Batch } from '../../../exporter/account/ledger/ledger.ts';
import { unread } from '../../../exporter/judge/meter/meter-state.ts';

const COMMITS = 60;
const nothing = {
  gaps: [],
  trees: [],
  sides: [],
  carbon: [],
  work: [],
  cards: [],
  ratios: [],
  brought: [],
  events: [],
};

const batchOf = (meters: number, joules: bigint): Batch => ({
  ...nothing,
  plan: 'p',
  at: 0,
  siteOf: () => 's',
  hours: [],
  meters: Array.from({ length: meters }, (_, i) => ({
    account: { ...openAccount(`meter-${i}`, 0).account, millijoules: joules * 1000n, liveMillijoules: joules * 1000n },
    state: unread,
  })),
});

test('the log of large commits is copied beside them, and nothing is left in it alone when the ledger is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  try {
    const path = join(folder, 'ledger.db');
    const ledger = new Ledger(path);
    for (let i = 1; i <= COMMITS; i++) {
      ledger.commit(batchOf(1000, BigInt(i)));
      await sleep(10);
    }
    expect(ledger.database.prepare('PRAGMA wal_autocheckpoint').get()).toEqual({ wal_autocheckpoint: 0 });
    const logged = statSync(`${path}-wal`).size;
    // Without the copies it would hold the pages of all commits.
    const one = statSync(path).size;
    expect(logged).toBeLessThan((COMMITS * one) / 3);
    ledger.close();
    await sleep(100);
    expect(existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0).toBe(0);
    const again = new Ledger(path);
    expect(new Set(again.load().meters.map(({ account }) => account.liveMillijoules))).toEqual(
      new Set([BigInt(COMMITS) * 1000n]),
    );
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the log of small commits is copied within them, as SQLite does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-'));
  try {
    const ledger = new Ledger(join(folder, 'ledger.db'));
    ledger.commit(batchOf(20, 1n));
    expect(ledger.database.prepare('PRAGMA wal_autocheckpoint').get()).toEqual({ wal_autocheckpoint: 1000 });
    ledger.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
