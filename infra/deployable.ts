import { finding } from '../model/finding.ts';
import { files } from '../model/files.ts';
import type { Plan } from '../model/plan.ts';
import { PlanError } from '../model/plan-error.ts';
import { readFile } from '../model/read-file.ts';
import type { Text } from '../model/text.ts';
import { alikeHosts } from './deployable/alike-hosts.ts';
import { borrowing } from './deployable/borrowing.ts';
import { claimPools } from './deployable/claim-pools.ts';
import { countHosts } from './deployable/count-hosts.ts';
import { exporterNotes, exporters } from './deployable/exporters.ts';
import { flavorNodes } from './deployable/flavor-nodes.ts';
import { images } from './deployable/images.ts';
import { largestJob } from './deployable/largest-job.ts';
import { lent } from './deployable/lent.ts';
import { managedTenants, managers } from './deployable/managers.ts';
import { namespaces } from './deployable/namespaces.ts';
import { nodeNames } from './deployable/node-names.ts';
import { notCurrent } from './deployable/not-current.ts';
import type { Obstacle, Rule } from './deployable/obstacle.ts';
import { nowhere, unboundQuotas } from './deployable/unbound-quotas.ts';
import { quotas, resourceNames } from './deployable/quotas.ts';
import { room } from './deployable/room.ts';
import { selectors } from './deployable/selectors.ts';
import { sharedNames } from './deployable/shared-names.ts';
import { thinQuotas } from './deployable/thin-quotas.ts';
import { openResources } from './deployable/open-resources.ts';
import { weights } from './deployable/weights.ts';
import { dispatchObstacles } from './dispatch/obstacles.ts';
import { telemetryObstacles } from './telemetry/obstacles.ts';

/** What keeps an estate from becoming stacks, the one list in which such a rule is registered. */
const rules: readonly Rule[] = [
  images,
  quotas,
  managers,
  managedTenants,
  unboundQuotas,
  room,
  borrowing,
  resourceNames,
  sharedNames,
  weights,
  openResources,
  flavorNodes,
  countHosts,
  alikeHosts,
  claimPools,
  selectors,
  namespaces,
  nodeNames,
  exporters,
  dispatchObstacles,
  telemetryObstacles,
];

export const obstaclesOf = (plan: Plan): Obstacle[] => rules.flatMap((rule) => rule(plan));

/** Throws PlanError with file, line and column of everything that keeps the estate in `dir` from becoming stacks. */
export function requireDeployable(dir: string, plan: Plan): void {
  const { source } = readFile(dir, files.estate.name, []);
  if (!source) return; // loadPlan has refused it
  const findings = obstaclesOf(plan).map(({ path, detail }) =>
    finding(source.place(path, 'use'), 'invalid', { detail }),
  );
  if (findings.length === 0) return;
  throw new PlanError(
    dir,
    findings.toSorted((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** What is accepted and may surprise later, in words. */
export const deployNotes = (plan: Plan): Text[] =>
  [exporterNotes, thinQuotas, notCurrent, lent, nowhere, largestJob].flatMap((notes) => notes(plan));
