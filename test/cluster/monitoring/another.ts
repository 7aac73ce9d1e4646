import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render, renderedFiles } from '../objects.ts';
import { replaced } from './devices.ts';
import type { Scene } from './scene.ts';

/** Renders the scene's declaration with changes of its estate; the path of its telemetry's file. */
export async function anotherTelemetry(
  { stage, home }: Scene,
  name: string,
  changes: readonly (readonly [from: string, to: string])[],
): Promise<string> {
  const plan = join(home, `${name}-plan`);
  cpSync(stage.plan, plan, { recursive: true });
  const estate = join(plan, 'estate.yaml');
  writeFileSync(estate, replaced(readFileSync(estate, 'utf8'), changes));
  const out = join(home, name);
  await render(out, plan);
  const file = renderedFiles(out, stage.cluster).find(({ path }) => path.endsWith('-telemetry.yaml'));
  if (!file) throw new Error(`no telemetry is rendered to ${out}`);
  return file.path;
}
