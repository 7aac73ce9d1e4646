import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessChecks } from './access.ts';
import { applyChecks } from './apply.ts';
import { exporterChecks } from './exporter.ts';
import { isolationChecks } from './isolation.ts';
import { render } from './objects.ts';
import type { Part } from './part.ts';
import { openStage, type Stage } from './stage.ts';
import { tenantChecks } from './tenants.ts';

/** A plane for each cluster of the shipped declaration, whose rendered files lie in `folder`. */
export async function shippedStages(ends: AsyncDisposableStack, folder: string): Promise<Stage[]> {
  const stages = [];
  for (const cluster of await render(folder)) {
    const stage = await openStage(cluster, folder);
    ends.defer(() => stage.plane.stop());
    stages.push(stage);
  }
  return stages;
}

/** The declaration as it is shipped, through kubectl. */
export const shipped: Part = {
  name: 'shipped',
  async checks(ends) {
    const folder = mkdtempSync(join(tmpdir(), 'greenflops-shipped-'));
    ends.defer(() => rmSync(folder, { recursive: true, force: true }));
    return (await shippedStages(ends, folder)).flatMap((stage) => [
      ...applyChecks(stage),
      ...tenantChecks(stage),
      ...isolationChecks(stage),
      ...accessChecks(stage),
      ...exporterChecks(stage), // last: deletes what the others look at
    ]);
  },
};
