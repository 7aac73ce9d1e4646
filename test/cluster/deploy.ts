import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { missingProvider, requireTerraform } from '../../infra/deploy/terraform.ts';
import type { Check } from '../tally.ts';
import { contents, everyObject, settled, versions } from './apply.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { Part } from './part.ts';
import { shippedStages } from './shipped.ts';
import { ledgerFile, left, type Stage } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Why nothing can be deployed here; undefined where Terraform and the provider are at hand. */
export function missingTerraform(): string | undefined {
  try {
    requireTerraform();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return (
    missingProvider() && 'terraform init finds hashicorp/kubernetes 2.38.0 neither in a mirror nor at its registry'
  );
}

/** A folder to deploy from: Terraform's state and cdktf's output fall there and not beside the user's own. */
function deployFolder(folder: string, stages: readonly Stage[]): void {
  for (const name of ['bootstrap.mjs', 'cdktf.json', 'infra', 'package.json', 'plan'])
    symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig(stages.map(({ plane }) => plane.access)));
}

/** `npm run VERB` with every stack that it means; rejects with the end of what it printed where it fails. */
async function cdktf(folder: string, verb: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'infra/deploy.ts'), verb, '--auto-approve'], {
    cwd: folder,
    env: { ...process.env, CI: '1', KUBECONFIG: join(folder, 'kubeconfig') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  assert.equal(code, 0, `${verb}: exit code ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
}

/** On clusters that hold nothing of the house any more. */
async function first(folder: string, stages: readonly Stage[]): Promise<void> {
  deployFolder(folder, stages);
  for (const stage of stages)
    await stage.accepted(['delete', '--ignore-not-found', '-f', stage.folder, '--timeout=60s']);
  await cdktf(folder, 'deploy');
}

async function asRendered(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) {
    assert.ok(stage.applied.size > 0, 'the rendered files were applied');
    assert.deepEqual(await contents(stage, stage.folder), stage.applied, stage.cluster);
  }
}

async function second(folder: string, stages: readonly Stage[]): Promise<void> {
  const before = await Promise.all(stages.map(settled));
  await cdktf(folder, 'deploy');
  assert.deepEqual(await Promise.all(stages.map((stage) => versions(stage, stage.folder))), before);
}

async function destroy(folder: string, stages: readonly Stage[]): Promise<void> {
  const ledgers = () => Promise.all(stages.map((stage) => versions(stage, ledgerFile(stage).path)));
  const before = await ledgers();
  await cdktf(folder, 'destroy');
  assert.deepEqual(await ledgers(), before);
  for (const stage of stages)
    for (const file of stage.files) if (file !== ledgerFile(stage)) assert.deepEqual(await left(stage, file), []);
}

/** The shipped declaration through Terraform and the real provider; what it makes is compared with what kubectl makes of the rendered files. */
export const deploy: Part = {
  name: 'deploy',
  async checks(ends) {
    const folder = mkdtempSync(join(tmpdir(), 'greenflops-deploy-'));
    ends.defer(() => rmSync(folder, { recursive: true, force: true }));
    const missing = missingTerraform();
    console.log(
      missing === undefined
        ? 'deploy: npm run deploy, with Terraform and hashicorp/kubernetes 2.38.0'
        : 'deploy: kubectl apply --server-side of the rendered YAML alone, in the parts above; no Terraform',
    );
    const stages = missing === undefined ? await shippedStages(ends, join(folder, 'rendered')) : [];
    const checks: Check[] = [
      ['kubectl applies the rendered files', () => rendered(stages)],
      ['npm run deploy makes every stack with the real provider', () => first(folder, stages)],
      ['what it made is what the rendered files make', () => asRendered(stages)],
      ['a second deploy writes nothing', () => second(folder, stages)],
      ['npm run destroy leaves the ledgers alone', () => destroy(folder, stages)],
    ];
    return checks.map(([title, run]) => [title, run, missing] as const);
  },
};

async function rendered(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) await everyObject(stage);
}
