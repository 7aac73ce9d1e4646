import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { missingProvider, requireTerraform } from '../../infra/deploy/terraform.ts';
import type { Check } from '../tally.ts';
import { contents, everyObject, settled, versions } from './apply.ts';
import { editOf, oneOfEach } from './change/edits.ts';
import { execHere } from './change/exec.ts';
import { writeLedger } from './change/ledger.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { shown } from './evidence.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { Part } from './part.ts';
import { shippedStages } from './shipped.ts';
import { ledgerFile, left, type Stage } from './stage.ts';
import { clusterTools } from './tools.ts';

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
  for (const name of ['bootstrap.mjs', 'cdktf.json', 'infra', 'package.json'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'plan'), join(folder, 'plan'), { recursive: true });
  reachable(
    folder,
    stages.map(({ plane }) => plane),
  );
}

const reachable = (folder: string, planes: readonly ControlPlane[]): void =>
  writeFileSync(join(folder, 'kubeconfig'), kubeconfig(planes.map(({ access }) => access)));

/** `npm run VERB` with every stack that it means; rejects with the end of what it printed where its exit code is another. */
async function cdktf(
  folder: string,
  verb: string,
  expected = 0,
  words = ['--auto-approve'],
  before = '',
): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'infra/deploy.ts'), verb, ...words], {
    cwd: folder,
    env: {
      ...process.env,
      CI: '1',
      GREENFLOPS_LANG: 'en',
      KUBECONFIG: join(folder, 'kubeconfig'),
      PATH: [before, await clusterTools(), process.env['PATH']].filter(Boolean).join(':'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  assert.equal(code, expected, `${verb}: exit code ${code}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  return stdout;
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
  // One stack alone, whose dependencies are there; and what Terraform made is not kubectl's to write.
  await cdktf(folder, 'deploy', 0, ['--auto-approve', `${stages[0]?.cluster}-telemetry`]);
  await cdktf(folder, 'deploy', 1, ['--auto-approve', '--kubectl']);
  assert.deepEqual(await Promise.all(stages.map((stage) => versions(stage, stage.folder))), before);
  for (const { kind } of stages.flatMap(({ files }) => files.flatMap(({ objects }) => objects)))
    shown(kind, 'unchanged', 'a second cdktf deploy');
}

/** One object of each kind is edited by hand: told by our diff and planned by Terraform, and taken back by a deploy. */
async function repaired(folder: string, [stage]: readonly Stage[]): Promise<void> {
  assert.ok(stage);
  // An object without our label is another's to Terraform as to us; the second deploy has shown that ours have it.
  const edited = oneOfEach(stage.files.flatMap(({ objects }) => objects));
  for (const object of edited) await stage.accepted(editOf(object));
  const planned = await cdktf(folder, 'diff', 3, ['--terraform', `${stage.cluster}-*`]);
  for (const { kind, metadata } of edited)
    assert.match(
      planned,
      new RegExp(`^! outside edit: ${kind} \\S*${metadata.name}: (kubectl-patch|somebody) edited`, 'm'),
    );
  const heading = /(\w+\.[\w-]+)(?: \([\w-]+\))?\s+(?:will be updated in-place|must be replaced|will be replaced)/g;
  const headings = [...stripVTControlCharacters(planned).matchAll(heading)].map(([, address = '']) => address);
  const unplanned = edited
    .map(({ kind, metadata: { name, namespace } }) =>
      [kind.toLowerCase(), ...(namespace ? [namespace] : []), name].join('_'),
    )
    .filter((id) => !headings.some((address) => address.endsWith(`.${id}`)));
  assert.deepEqual(unplanned, [], `planned are ${headings.join(' ')}`);
  await cdktf(folder, 'deploy');
  assert.deepEqual(await contents(stage, stage.folder), stage.applied, stage.cluster);
  for (const { kind } of edited)
    shown(kind, 'repaired', 'edited by hand, told by diff and by terraform plan, taken back by cdktf deploy');
}

/** Identities of all that a cluster's rendered files declare. */
const identities = async (stage: Stage): Promise<Map<string, string>> => {
  const said = await stage.accepted(['get', '-f', stage.folder, '--ignore-not-found', '-o', 'json']);
  const { items } = JSON.parse(said) as {
    items: readonly { kind: string; metadata: { name: string; namespace?: string; uid: string } }[];
  };
  return new Map(
    items.map(({ kind, metadata: { namespace, name, uid } }) => [`${kind} ${namespace ?? ''}/${name}`, uid]),
  );
};

const edit = (folder: string, change: (estate: string) => string): void => {
  const path = join(folder, 'plan/estate.yaml');
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  assert.notEqual(after, before, 'the shipped estate holds what is to be changed');
  writeFileSync(path, after);
};

/** A cluster and a pool get other ids, and say which they had. */
async function renamed(folder: string, stages: readonly Stage[]): Promise<void> {
  const before = await Promise.all(stages.map(identities));
  edit(folder, (estate) =>
    estate
      .replace('- { id: nc-a, ', '- { id: nc-main, moved_from: nc-a, ')
      .replaceAll(/cluster: nc-a\b/g, 'cluster: nc-main')
      .replaceAll(/clusters: \[nc-a\b/g, 'clusters: [nc-main')
      .replace(/- id: nc-910b\n/, '- id: nc-ascend\n    moved_from: nc-910b\n')
      .replaceAll(/pool: nc-910b\b/g, 'pool: nc-ascend'),
  );
  await cdktf(folder, 'deploy');
  assert.deepEqual(await Promise.all(stages.map(identities)), before, 'every object is the one that it was');
  const [stage] = stages;
  const labels = await stage?.accepted(['get', 'namespace', 'copper-train', '-o', 'jsonpath={.metadata.labels}']);
  assert.match(labels ?? '', /"pool\.greenflops\.io\/nc-ascend":"true"/);
  assert.match(await cdktf(folder, 'diff', 0, []), /nothing changes/);
}

/** A cluster more, with a pool whose node has not joined, of the first one's site, which has its exporter: nothing of the first is touched but the exporter's plan. */
async function another(folder: string, stages: readonly Stage[], ends: AsyncDisposableStack): Promise<void> {
  const plane = await startControlPlane('more');
  ends.defer(() => plane.stop());
  reachable(folder, [...stages.map((stage) => stage.plane), plane]);
  const before = await Promise.all(stages.map(settled));
  edit(folder, (estate) =>
    estate.replace(
      '\npools:\n',
      '  - { id: more, site: nanchang, context: more, jurisdiction: jiangxi, data_classes: [general] }\n\npools:\n  - { id: more-p, cluster: more, accelerator: nvidia-h20, count: 8, nodes: { names: [gpu-20] } }\n',
    ),
  );
  assert.match(await cdktf(folder, 'deploy'), /^more: not joined, so this run leaves their labels out: gpu-20/m);
  const after = await Promise.all(stages.map((stage) => versions(stage, stage.folder)));
  const changed = before.flatMap((all, i) =>
    [...all].flatMap(([key, version]) => (after[i]?.get(key) === version ? [] : [key])),
  );
  // The exporter reads its whole site; the stack's record marks what was deployed.
  assert.deepEqual(changed, [
    'ConfigMap greenflops/greenflops-exporter-plan',
    'StatefulSet greenflops/greenflops-exporter',
    'ConfigMap kube-system/greenflops-declared-telemetry',
  ]);
  const { code } = await plane.kubectl(['get', 'priorityclass', 'greenflops-normal']);
  assert.equal(code, 0, 'the new cluster has its guardrails');
}

async function destroy(folder: string, stages: readonly Stage[]): Promise<void> {
  const ledgers = () => Promise.all(stages.map((stage) => versions(stage, ledgerFile(stage).path)));
  const before = await ledgers();
  await cdktf(folder, 'destroy');
  assert.deepEqual(await ledgers(), before);
  for (const stage of stages)
    for (const file of stage.files) if (file !== ledgerFile(stage)) assert.deepEqual(await left(stage, file), []);
  for (const { kind } of stages.flatMap(({ files }) => files.flatMap(({ objects }) => objects)))
    shown(kind, 'removed', 'cdktf destroy, ledgers left');
}

/** prevent_destroy is lifted for one run, after the export: no kubelet is there, so `exec` runs on this machine. */
async function ledgerGone(folder: string, [stage]: readonly Stage[]): Promise<void> {
  assert.ok(stage);
  const volume = join(folder, 'volume');
  mkdirSync(volume);
  writeLedger(join(volume, 'ledger.db'), 'nc-gate');
  const words = [
    '--ledger',
    'nanchang',
    '--confirm',
    'nanchang',
    '--auto-approve',
    '--exports',
    join(folder, 'exports'),
  ];
  const said = await cdktf(folder, 'destroy', 0, words, await execHere(folder, volume));
  assert.match(said, /the ledger is exported and verified/);
  assert.deepEqual(await left(stage, ledgerFile(stage)), []);
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
      ['an edit of every kind is told by diff, planned by Terraform and taken back', () => repaired(folder, stages)],
      ['the rename of a cluster and of a pool destroys nothing', () => renamed(folder, stages)],
      ['a cluster more changes nothing of the others but their exporter’s plan', () => another(folder, stages, ends)],
      ['npm run destroy leaves the ledgers alone', () => destroy(folder, stages)],
      ['npm run destroy -- --ledger exports one, and destroys it alone', () => ledgerGone(folder, stages)],
    ];
    return checks.map(([title, run]) => [title, run, missing] as const);
  },
};

async function rendered(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) await everyObject(stage);
}
