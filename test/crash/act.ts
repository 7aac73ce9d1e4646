import { backupLedger, restoreLedger } from '../../exporter/account/ledger/backup.ts';
import { openLedger } from '../../exporter/account/ledger/open-ledger.ts';

/** What a process does to a ledger while it is killed or the disk refuses; ends with 1 where it failed. */
const acts = {
  open: (path: string) => openLedger(path).close(),
  backup: (path: string, file: string) => backupLedger(path, file),
  restore: (path: string, file: string) => restoreLedger(file, path, Date.now()),
};
export type Act = keyof typeof acts;

if (import.meta.main) {
  const [, , act, path = '', file = ''] = process.argv;
  const run = Object.entries(acts).find(([name]) => name === act)?.[1];
  if (run === undefined) throw new RangeError(`no act ${act}`);
  run(path, file);
}
