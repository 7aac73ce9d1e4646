import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../../../exporter/account/ledger/ledger.ts';
import { openAccount } from '../../../exporter/account/ledger/meter-account.ts';
import { unread } from '../../../exporter/judge/meter/meter-state.ts';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import { execHere } from './exec.ts';
import { house } from './run.ts';

const SITE = 'nanchang';
const DESTROY = ['destroy', '--kubectl', '--auto-approve', '--ledger', SITE];

/** What an exporter of the site would have written: 7 kJ of one of its meters. */
export function writeLedger(path: string, meter: string): void {
  const at = Date.parse('2026-11-24T00:00:00Z');
  const { account, row } = openAccount(meter, at);
  account.millijoules = account.liveMillijoules = 7_000_000n;
  const none = { gaps: [], trees: [], sides: [], carbon: [], work: [], cards: [], ratios: [], brought: [], events: [] };
  const ledger = new Ledger(path);
  ledger.commit({ plan: 'p', at, siteOf: () => SITE, meters: [{ account, state: unread }], hours: [row], ...none });
  ledger.close();
}

const joulesIn = (path: string): bigint | undefined => {
  const ledger = new Ledger(path);
  const [meter] = ledger.load().meters;
  ledger.close();
  return meter && meter.account.liveMillijoules / 1000n;
};

/** The destruction of a ledger: the site's id, an export that stands its check, and nothing without them. */
async function destroyLedger(stage: Proving): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-ledger-'));
  try {
    const volume = join(folder, 'volume');
    mkdirSync(volume);
    const exports = join(folder, 'exports');
    const path = await execHere(folder, volume);
    const options = { plan: stage.plan, kubeconfig: stage.plane.kubeconfig, path };
    const claim = ['get', 'pvc', 'greenflops-ledger', '-n', 'greenflops'];
    const refused = async (words: readonly string[], why: RegExp): Promise<void> => {
      const { code, stderr } = await house([...DESTROY, '--exports', exports, ...words], options);
      assert.equal(code, 1, stderr);
      assert.match(stderr, why);
      await stage.accepted(claim);
    };
    await refused([], /type the site's id nanchang on the terminal, or without one give --confirm nanchang/);
    await refused(['--confirm', 'poyang'], /--confirm nanchang \(what came was poyang\)/);
    await refused(
      ['--confirm', SITE],
      /the ledger was not exported, so nothing was destroyed: the backup in the pod failed/,
    );
    writeFileSync(join(volume, 'ledger.db'), 'no ledger at all');
    await refused(['--confirm', SITE], /the ledger was not exported, so nothing was destroyed/);
    rmSync(join(volume, 'ledger.db'));

    writeLedger(join(volume, 'ledger.db'), 'gate');
    const { code, stdout, stderr } = await house([...DESTROY, '--exports', exports, '--confirm', SITE], options);
    assert.equal(code, 0, stdout + stderr);
    const made = readdirSync(exports).find((name) => existsSync(join(exports, name, 'audit')));
    assert.ok(made, 'a folder holds the export and its audit file');
    assert.equal(joulesIn(join(exports, made, 'ledger.db')), 7000n);
    assert.deepEqual(
      readdirSync(volume).filter((name) => name.startsWith('export-')),
      [],
      'nothing is left in the volume',
    );
    const ledger = stage.files.find((file) => file.path.endsWith('ledger.yaml'));
    assert.ok(ledger);
    assert.equal(await stage.accepted(['get', '--ignore-not-found', '-o', 'name', '-f', ledger.path]), '');
    for (const { kind } of ledger.objects)
      shown(kind, 'removed', 'npm run destroy -- --ledger nanchang, exported first');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const ledgerChecks = (stage: Proving): Check[] => [
  ["a ledger goes only with the site's id and after an export that stands its check", () => destroyLedger(stage)],
];
