import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { applyChecks } from '../apply.ts';
import type { Part } from '../part.ts';
import { openProving } from '../proving.ts';
import type { Stage } from '../stage.ts';
import { canIChecks } from './can-i.ts';
import { drainChecks } from './drain.ts';
import { driftChecks } from './drift.ts';
import { withNeighbours } from './estate.ts';
import { extensions } from './extensions.ts';
import { namespaceChecks } from './namespaces.ts';
import { priorityChecks } from './priority.ts';
import { reachChecks } from './reach.ts';
import { requestChecks } from './requests.ts';

/** The stacks that these proofs are about, in a folder of their own: the exporter's have a part of their own. */
function guardrailsAndPools(whole: Stage): Stage {
  const folder = join(whole.folder, 'tenants');
  mkdirSync(folder);
  const files = whole.files.filter(({ path }) => /-(guardrails|pools)\.yaml$/.test(path));
  for (const { path } of files) copyFileSync(path, join(folder, basename(path)));
  return { ...whole, folder, files };
}

/** Who may do what, whom a tenant sees and reaches, what a drain leaves alone, and who makes way. */
export const roles: Part = {
  name: 'roles',
  async checks(ends) {
    const whole = await openProving(ends, { change: withNeighbours, crds: false });
    await whole.accepted(['apply', '--server-side', '-f', '-'], extensions);
    const stage = guardrailsAndPools(whole);
    return [
      ...applyChecks(stage),
      ...namespaceChecks(stage),
      ...canIChecks(stage),
      ...requestChecks(stage),
      ...reachChecks(stage),
      ...drainChecks(stage),
      ...priorityChecks(stage),
      ...driftChecks(stage),
    ];
  },
};
