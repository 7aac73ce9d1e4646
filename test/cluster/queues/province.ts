import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planFolder } from '../../plan-folder.ts';
import type { ControlPlane } from '../control-plane.ts';
import { established } from '../established.ts';
import { render } from '../objects.ts';
import { crdFolder, type Proving } from '../proving.ts';
import { openStage } from '../stage.ts';
import { jobsetCrd } from './jobset.ts';

export const scheduling = fileURLToPath(new URL('../../../docs/scheduling/', import.meta.url));

/** An estate of the scheduling chapter, rendered: its declaration, and a folder for each of its clusters. */
export interface Province {
  readonly plan: string;
  readonly rendered: string;
  readonly clusters: readonly string[];
}

/** The folder of a declaration: the province, or the `estate` below its folder, with the shipped declaration's other files. */
export function provincePlan(ends: AsyncDisposableStack, estate = 'estate.yaml'): string {
  const { dir, remove } = planFolder(readFileSync(join(scheduling, estate), 'utf8'));
  ends.defer(remove);
  return dir;
}

export async function renderProvince(ends: AsyncDisposableStack, estate?: string): Promise<Province> {
  const plan = provincePlan(ends, estate);
  const rendered = mkdtempSync(join(tmpdir(), 'greenflops-province-'));
  ends.defer(() => rmSync(rendered, { recursive: true, force: true }));
  return { plan, rendered, clusters: await render(rendered, plan) };
}

/** Every CRD that the province's stacks and its tenants' jobs need. */
export async function provinceCrds(): Promise<string[]> {
  const folder = crdFolder();
  if (folder === undefined) throw new Error('no folder of CRDs (GREENFLOPS_CRDS)');
  return [...['kueue', 'volcano', 'karmada'].map((project) => join(folder, project)), await jobsetCrd()];
}

/** Where Kueue stands; whoever installs it makes it, and its configuration goes there. */
const installed = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kueue-system' } };

/** A cluster of the province, with the CRDs, on a plane of its own or on one that has them already. */
export async function openCluster(
  ends: AsyncDisposableStack,
  { plan, rendered }: Province,
  cluster: string,
  plane?: ControlPlane,
): Promise<Proving> {
  const stage = await openStage(cluster, rendered, { scheduler: true, ...(plane && { plane }) });
  if (!plane) {
    ends.defer(() => stage.plane.stop());
    await stage.accepted(['apply', '--server-side', ...(await provinceCrds()).flatMap((path) => ['-f', path])]);
    await stage.accepted(established);
    await stage.accepted(['apply', '--server-side', '-f', '-'], installed);
  }
  return { ...stage, plan };
}
