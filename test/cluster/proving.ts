import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planFolder } from '../plan-folder.ts';
import { readFileSync } from 'node:fs';
import { established } from './established.ts';
import { render } from './objects.ts';
import { openStage, type Stage } from './stage.ts';

const estate = fileURLToPath(new URL('proving/estate.yaml', import.meta.url));

/** The CRDs of the projects that the proving estate uses; undefined where there are none, and why. */
export function crdFolder(): string | undefined {
  const folder = process.env['GREENFLOPS_CRDS'] ?? fileURLToPath(new URL('../../../shared/crds', import.meta.url));
  try {
    readdirSync(folder);
    return folder;
  } catch {
    return undefined;
  }
}

export interface Proving extends Stage {
  /** The declaration that was rendered; a copy that a check may change */
  readonly plan: string;
}

/** Whose kinds the proving estate's stacks make. */
const projects = ['prometheus-operator', 'kueue'];

/**
 * The estate in which everything is switched on, on a plane of its own with a scheduler and, where the folder of CRDs is
 * there, the Prometheus operator's and Kueue's. Nothing is applied yet but those. `change` makes another estate of it.
 */
export async function openProving(
  ends: AsyncDisposableStack,
  { change = (text: string) => text, crds = true }: { change?: (text: string) => string; crds?: boolean } = {},
): Promise<Proving> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-proving-'));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { dir, remove } = planFolder(change(readFileSync(estate, 'utf8')));
  ends.defer(remove);
  const plan = join(folder, 'plan');
  cpSync(dir, plan, { recursive: true });
  const rendered = join(folder, 'rendered');
  const [cluster = ''] = await render(rendered, plan);
  const stage = await openStage(cluster, rendered, { scheduler: true });
  ends.defer(() => stage.plane.stop());
  const from = crds ? crdFolder() : undefined;
  if (from) {
    const files = projects.flatMap((project) => ['-f', join(from, project)]);
    await stage.accepted(['apply', '--server-side', ...files]);
    await stage.accepted(established);
  }
  return { ...stage, plan };
}
