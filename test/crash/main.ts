import { tally } from '../tally.ts';
import { importChecks } from './import.ts';
import { killChecks } from './kill.ts';
import { powerLossChecks } from './power-loss.ts';
import { shimChecks } from './shim-checks.ts';

/** Each part alone by its name, all without one. */
const parts = { shim: shimChecks, power: powerLossChecks, import: importChecks, kill: killChecks };
const wanted = process.argv.slice(2);

await tally(
  'crash',
  Object.entries(parts).flatMap(([name, checks]) => (wanted.length === 0 || wanted.includes(name) ? checks : [])),
);
