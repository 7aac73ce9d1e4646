import { tally } from '../tally.ts';
import { copyChecks } from './copies.ts';
import { importChecks } from './import.ts';
import { killChecks } from './kill.ts';
import { losses } from './losses.ts';
import { migrationChecks } from './migration.ts';
import { powerLossChecks } from './power-loss.ts';
import { shimChecks } from './shim-checks.ts';
import { storeChecks } from './store-kill.ts';
import { toldChecks } from './told.ts';
import { weakDiskChecks } from './weak-disk.ts';

/** Each part alone by its name, all without one. */
const parts = {
  shim: shimChecks,
  power: powerLossChecks,
  import: importChecks,
  migration: migrationChecks,
  copies: copyChecks,
  disk: weakDiskChecks,
  told: toldChecks,
  store: storeChecks,
  kill: killChecks,
};
const wanted = process.argv.slice(2);

await tally(
  'crash',
  Object.entries(parts).flatMap(([name, checks]) => (wanted.length === 0 || wanted.includes(name) ? checks : [])),
);
if (losses.kills > 0) console.log(String(losses));
