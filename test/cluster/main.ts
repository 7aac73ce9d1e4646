import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tally } from '../tally.ts';
import { accessChecks } from './access.ts';
import { applyChecks } from './apply.ts';
import { deployChecks, missingTerraform } from './deploy.ts';
import { exporterChecks } from './exporter.ts';
import { isolationChecks } from './isolation.ts';
import { render } from './objects.ts';
import { startControlPlane } from './control-plane.ts';
import { readerChecks } from './reader.ts';
import { openStage } from './stage.ts';
import { tenantChecks } from './tenants.ts';
import { clusterTools } from './tools.ts';

// So that what was started is killed on 'exit'.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

try {
  await clusterTools();
} catch (error) {
  console.error(error instanceof Error ? error.message : error); // what to install; where it was raised helps nobody
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'greenflops-deploy-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const rendered = join(folder, 'rendered');
await using ends = new AsyncDisposableStack();
const stages = [];
for (const cluster of await render(rendered)) {
  const stage = await openStage(cluster, rendered);
  ends.defer(() => stage.plane.stop());
  stages.push(stage);
}
const fleet = await startControlPlane('fleet');
ends.defer(() => fleet.stop());
const missing = missingTerraform();
const deploying = deployChecks(folder, stages);
await tally('cluster', [
  ...stages.flatMap((stage) => [
    ...applyChecks(stage),
    ...tenantChecks(stage),
    ...isolationChecks(stage),
    ...accessChecks(stage),
    ...exporterChecks(stage), // last: deletes what the others look at
  ]),
  ...readerChecks(fleet),
  ...deploying.map(([title, run]) => [title, run, missing] as const),
]);
