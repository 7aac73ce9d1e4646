import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tally, type Check } from '../tally.ts';
import { fire, type Fired } from './fire.ts';
import { rogueChecks } from './rogue.ts';
import { roundTripChecks } from './round-trip.ts';
import { csvTarget } from './targets/csv.ts';
import { dlt645Target } from './targets/dlt645.ts';
import { expositionTargets } from './targets/exposition.ts';
import { jsonTarget, redfishTarget } from './targets/json.ts';
import { kubernetesTarget } from './targets/kubernetes.ts';
import { modbusTargets } from './targets/modbus.ts';
import { prometheusTarget } from './targets/prometheus.ts';
import { snmpTarget } from './targets/snmp.ts';
import type { Target } from './target.ts';

/** The parsers under fire, the one list in which a target is registered. */
const targets: readonly Target[] = [
  ...expositionTargets,
  ...modbusTargets,
  snmpTarget,
  dlt645Target,
  jsonTarget,
  redfishTarget,
  prometheusTarget,
  kubernetesTarget,
  csvTarget,
];

/** Inputs a target: GREENFLOPS_FUZZ; the seed, printed with every failure: GREENFLOPS_FUZZ_SEED; one target alone: GREENFLOPS_FUZZ_TARGET. */
const count = Number(process.env['GREENFLOPS_FUZZ'] ?? 20_000);
if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`GREENFLOPS_FUZZ is no number of inputs`);
const seed = process.env['GREENFLOPS_FUZZ_SEED'] ?? String(Date.now());
const only = process.env['GREENFLOPS_FUZZ_TARGET'];
const chosen = targets.filter(({ name }) => only === undefined || name === only);

/** Reasons of a target that the terminal shows; var/fuzz.json has all. */
const SHOWN = 6;
const fired: Fired[] = [];
const cell = (value: string | number, width: number): string => String(value).padStart(width);
function report({ target, inputs, values, reasons, slowestMicros, growthBytes }: Fired): void {
  const all = Object.entries(reasons);
  const rest = all.slice(SHOWN).reduce((sum, [, times]) => sum + times, 0);
  const told = all.slice(0, SHOWN).map(([reason, times]) => `${reason} ${times}`);
  if (rest > 0) told.push(`others ${rest}`);
  console.log(
    `  ${target.padEnd(16)} inputs ${cell(inputs, 7)}  values ${cell(values, 7)}  slowest ${cell(slowestMicros, 6)} us` +
      `  heap ${cell(Math.round(growthBytes / 1024), 5)} KiB  ${told.join(', ')}`,
  );
}

console.log(`fuzz: ${count} inputs a target, GREENFLOPS_FUZZ_SEED=${seed}`);
const checks: Check[] = chosen.map((target) => [
  `${target.name}: a value or a told reason, in time, and nothing is kept`,
  () => {
    const one = fire(target, seed, count);
    fired.push(one);
    report(one);
  },
]);
await tally('fuzz', only === undefined ? [...checks, ...roundTripChecks(seed, count), ...rogueChecks] : checks);
const folder = fileURLToPath(new URL('../../var', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/fuzz.json`, `${JSON.stringify({ seed, count, targets: fired }, null, 2)}\n`);
