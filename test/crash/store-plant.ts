import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { pueScopes } from '../../exporter/account/pue/pue-sites.ts';
import { loadPlan } from '../../model/load.ts';
import { planFolder } from '../plan-folder.ts';
import { EPOCH, simulated, STEP_MS, type StorePlant } from './store-meters.ts';

/** Writes the plant for the child to a file. */
export function storePlant(): { file: string; remove: () => void } {
  const sites = ['a', 'b'].map(
    (id) => `  - { id: ${id}, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 100 }\n`,
  );
  const meters = simulated.map(
    ({ id, yaml, cycles }) =>
      `  - { id: ${id}, every: ${(cycles * STEP_MS) / 1000}s, source: { protocol: exposition, url: "file:///dev/null" }, ${yaml} }\n`,
  );
  const folder = planFolder(`schema: greenflops/v1\nsites:\n${sites.join('')}meters:\n${meters.join('')}`);
  const base = mkdtempSync(join(tmpdir(), 'greenflops-store-plant-'));
  const file = join(base, 'plant');
  try {
    const plan = loadPlan(folder.dir);
    const sides = new Map(pueScopes(plan, ['a', 'b'], EPOCH).map((site) => [site.id, site.sides]));
    const plant: StorePlant = { meters: plan.estate.meters, sides };
    writeFileSync(file, serialize(plant));
  } finally {
    folder.remove();
  }
  return { file, remove: () => rmSync(base, { recursive: true }) };
}
