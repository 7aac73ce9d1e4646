import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../tally.ts';
import { settled, versions } from '../apply.ts';
import { shown } from '../evidence.ts';
import type { Part } from '../part.ts';
import { openProving, type Proving } from '../proving.ts';
import { backendChecks } from './backends.ts';
import { edits, editOf, oneOfEach } from './edits.ts';
import { ledgerChecks } from './ledger.ts';
import { house } from './run.ts';
import { tellChecks } from './tell.ts';
import { fakeNode, run, trainingPod } from './worker.ts';

const objectsOf = (stage: Proving) => stage.files.flatMap(({ objects }) => objects);
const kinds = (stage: Proving): string[] => [...new Set(objectsOf(stage).map(({ kind }) => kind))];

/** `npm run VERB -- --kubectl` on the plane; asserts its exit code. */
async function must(stage: Proving, code: number, words: readonly string[], language: 'zh' | 'en' = 'en') {
  const { plan, plane } = stage;
  const answer = await house(words, { plan, kubeconfig: plane.kubeconfig, language });
  assert.equal(answer.code, code, `${words.join(' ')}: exit code ${answer.code}\n${answer.stdout}${answer.stderr}`);
  return answer;
}
const DEPLOY = ['deploy', '--kubectl', '--auto-approve'];
const DESTROY = ['destroy', '--kubectl', '--auto-approve'];

/** Only what a deploy would change: nodes that never joined are told each time. */
const told = (stdout: string): string[] =>
  stdout.split('\n').filter((line) => line !== '' && !/have not joined|尚未加入|^(by|方式|prove[ （])/.test(line));

async function first(stage: Proving): Promise<void> {
  await must(stage, 3, ['diff']);
  const { stdout } = await must(stage, 0, DEPLOY);
  assert.match(stdout, /^by kubectl .*without Terraform$/m);
  await stage.accepted(['get', '-f', stage.folder]); // every rendered object is there
  for (const kind of kinds(stage)) shown(kind, 'applied', 'npm run deploy -- --kubectl');
}

async function again(stage: Proving): Promise<void> {
  const before = await settled(stage);
  const { stdout } = await must(stage, 0, ['diff']);
  assert.deepEqual(told(stdout), ['  nothing changes']);
  await must(stage, 0, DEPLOY);
  assert.deepEqual(await versions(stage, stage.folder), before);
  for (const kind of kinds(stage)) shown(kind, 'unchanged', 'a second npm run deploy -- --kubectl');
}

/** One object of each kind is edited by hand, another deleted: both are told with whose hand it was, and taken back. */
async function repaired(stage: Proving): Promise<void> {
  const edited = oneOfEach(objectsOf(stage));
  assert.deepEqual(
    kinds(stage).filter((kind) => !(kind in edits)),
    [],
    'every kind has an edit',
  );
  for (const object of edited) await stage.accepted(editOf(object));
  await stage.accepted(['delete', 'networkpolicy', 'default-deny', '-n', 'ore-vault']);
  await stage.accepted([
    'patch',
    'resourcequota',
    'accelerators',
    '-n',
    'ore-vault',
    '--type=merge',
    '-p',
    '{"spec":{"hard":{"pods":"1"}}}',
  ]);
  await stage.accepted(['create', 'rolebinding', 'eve', '-n', 'ore-vault', '--clusterrole=admin', '--user=eve']);
  const { stdout } = await must(stage, 3, ['diff']);
  assert.match(stdout, /^! not of the declaration: RoleBinding ore-vault\/eve gives ClusterRole admin to User eve;/m);
  for (const {
    kind,
    metadata: { name, namespace },
  } of edited) {
    const where = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    // What was only taken away has no hand.
    const hand = [`! outside edit: ${where}: kubectl-patch edited`, `! outside edit: ${where}: somebody edited`];
    assert.ok(
      hand.some((line) => stdout.includes(line)),
      `${where} is told\n${stdout}`,
    );
  }
  assert.match(stdout, /^! outside edit: NetworkPolicy ore-vault\/default-deny was deleted by somebody/m);
  assert.match(
    stdout,
    /^! outside edit: ResourceQuota ore-vault\/accelerators: kubectl-patch added spec\.hard\.pods, 1/m,
  );
  const chinese = await must(stage, 3, ['diff'], 'zh');
  assert.match(chinese.stdout, /^! 外部改动：NetworkPolicy ore-vault\/default-deny 被人删除（部署会补回）$/m);
  await must(stage, 0, DEPLOY);
  await stage.accepted(['delete', 'rolebinding', 'eve', '-n', 'ore-vault']); // no deploy removes it
  assert.deepEqual(told((await must(stage, 0, ['diff'])).stdout), ['  nothing changes']);
  for (const kind of kinds(stage))
    shown(kind, 'repaired', 'edited by hand, told by diff, taken back by deploy --kubectl');
}

/** What a server-side apply would leave standing beside what is declared. */
const holes = [
  ['validatingadmissionpolicy', 'greenflops-images', '/spec/matchConditions/-', { name: 'hole', expression: 'false' }],
  ['validatingadmissionpolicy', 'greenflops-queue', '/spec/paramKind', { apiVersion: 'v1', kind: 'ConfigMap' }],
  ['networkpolicy', 'default-deny', '/spec/ingress', [{}]],
] as const;

async function holed(stage: Proving): Promise<void> {
  const specs = () =>
    Promise.all(
      holes.map(([kind, name]) => stage.accepted(['get', kind, name, '-n', 'ore-vault', '-o', 'jsonpath={.spec}'])),
    );
  const whole = await specs();
  for (const [kind, name, path, value] of holes)
    await stage.accepted(
      ['patch', kind, name, '-n', 'ore-vault', '--type=json', '-p'].concat(
        JSON.stringify([{ op: 'add', path, value }]),
      ),
    );
  const { stdout } = await must(stage, 3, ['diff']);
  for (const [, name] of holes) assert.match(stdout, new RegExp(`^! outside edit: \\w+ (ore-vault/)?${name}: `, 'm'));
  await must(stage, 0, DEPLOY);
  assert.deepEqual(await specs(), whole);
  assert.deepEqual(told((await must(stage, 0, ['diff'])).stdout), ['  nothing changes']);
}

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'keep-training', namespace: 'copper-train' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'train' } } },
};
const CHIP = 'huawei.com/Ascend910';
const work = ['create', '-n', 'copper-train', '-f', '-'];

const nodeLabels = (stage: Proving) => stage.accepted(['get', 'node', 'npu-0', '-o', 'jsonpath={.metadata.labels}']);

async function guarded(stage: Proving): Promise<void> {
  await fakeNode(stage, 'npu-0', CHIP, [
    { key: 'greenflops.io/pool', value: 'p-910b', effect: 'NoSchedule' },
    { key: 'huawei.com/npu', effect: 'NoSchedule' },
  ]);
  await must(stage, 0, DEPLOY); // the node gets its label
  assert.equal(await nodeLabels(stage), '{"greenflops.io/pool":"p-910b","rack":"r1"}');
  await stage.accepted(work, trainingPod('train-0', 'p-910b', CHIP, 2));
  await run(stage, 'copper-train', 'train-0');
  const { stderr } = await must(stage, 1, DESTROY);
  assert.match(stderr, /^ {2}copper-train: 1 pod \(train-0\), 2 × huawei\.com\/Ascend910 = 0\.626 PFlops$/m);
  assert.match(stderr, /add --drain/);
  const chinese = await must(stage, 1, DESTROY, 'zh');
  assert.match(chinese.stderr, /^ {2}copper-train：1 个 Pod（train-0），2 × huawei\.com\/Ascend910 = 0\.626 PFlops$/m);
  await stage.accepted(['get', '-f', stage.folder]); // nothing was removed
}

/** The estate without the pool on which work is running. */
async function poolGone(stage: Proving): Promise<void> {
  const path = join(stage.plan, 'estate.yaml');
  const before = readFileSync(path, 'utf8');
  const [from, to] = [before.indexOf('  - id: p-910b\n'), before.indexOf('  - id: p-rdma\n')];
  assert.ok(from > 0 && to > from);
  const without = `${before.slice(0, from)}${before.slice(to)}`.replace('{ pool: p-910b, pflops: 3 }, ', '');
  writeFileSync(path, without);
  try {
    const { stderr } = await must(stage, 1, DEPLOY);
    assert.match(stderr, /What would go: p-910b\n {2}copper-train: 1 pod \(train-0\)/);
    const named = await must(stage, 1, [...DEPLOY, 'prove-pools']);
    assert.match(named.stderr, /What would go: p-910b\n {2}copper-train: 1 pod \(train-0\)/);
    const { stdout } = await must(stage, 3, ['diff']);
    assert.match(stdout, /^! pool: p-910b is taken away \(16 × ascend-910b3, 5\.008 PFlops\)$/m);
    assert.match(
      stdout,
      /^! quota: copper-ai: 3 → 0 PFlops, 11 → 0 chips of huawei\.com\/Ascend910 .*below what is in use: copper-train 2$/m,
    );
  } finally {
    writeFileSync(path, before);
  }
}

async function drained(stage: Proving): Promise<void> {
  await stage.accepted(['create', '-f', '-'], budget);
  const status = 'jsonpath={.status.currentHealthy}=1';
  await stage.accepted([
    'wait',
    `--for=${status}`,
    'poddisruptionbudget/keep-training',
    '-n',
    'copper-train',
    '--timeout=20s',
  ]);
  const { stdout, stderr } = await must(stage, 1, [...DESTROY, '--drain', '--drain-timeout', '3']);
  assert.match(stdout, /PodDisruptionBudget copper-train\/keep-training holds 1 pod/);
  assert.match(stderr, /not empty after 3 s, and nothing was removed/);
  const late = await stage.refused(work, trainingPod('train-1', 'p-910b', CHIP, 1));
  assert.match(late, /exceeded quota: greenflops-drain, requested: pods=1/);
  await stage.accepted(['get', '-f', stage.folder]); // nothing was removed
  await stage.accepted(['delete', 'poddisruptionbudget', 'keep-training', '-n', 'copper-train']);
}

const results = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    name: 'results',
    namespace: 'copper-train',
    labels: { 'greenflops.io/data-class': 'general', 'greenflops.io/dataset': 'price-index' },
  },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
};

/** Another id on the same context: what stands there is another declared cluster's, or one that was renamed without a word. */
async function another(stage: Proving): Promise<void> {
  const path = join(stage.plan, 'estate.yaml');
  const before = readFileSync(path, 'utf8');
  const after = before
    .replace('- id: prove\n', '- id: proof\n')
    .replaceAll('cluster: prove,', 'cluster: proof,')
    .replaceAll(/cluster: prove$/gm, 'cluster: proof')
    .replaceAll('clusters: [prove]', 'clusters: [proof]');
  assert.notEqual(after, before);
  writeFileSync(path, after);
  try {
    for (const words of [DEPLOY, DESTROY]) {
      const { stderr } = await must(stage, 1, words);
      assert.match(
        stderr,
        /estate\.yaml:\d+:\d+: what was deployed here last is cluster prove \(site \w+\), not proof$/m,
      );
      assert.match(stderr, /Nothing was changed$/m);
    }
  } finally {
    writeFileSync(path, before);
  }
  await stage.accepted(['get', '-f', stage.folder]); // nothing was removed
}

/** Terraform is never asked: what stands there is told before. */
async function oneWay(stage: Proving): Promise<void> {
  const { plan, plane } = stage;
  for (const verb of ['deploy', 'destroy']) {
    const { code, stderr } = await house([verb, '--auto-approve'], {
      plan,
      kubeconfig: plane.kubeconfig,
      env: { TERRAFORM_BINARY_NAME: 'true' },
    });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /: deployed by kubectl, and Terraform’s state does not have them; nothing was changed/);
  }
}

async function destroyed(stage: Proving): Promise<void> {
  const ledger = stage.files.find(({ path }) => path.endsWith('ledger.yaml'));
  assert.ok(ledger);
  const before = await versions(stage, ledger.path);
  await stage.accepted(['create', '-f', '-'], results);
  const { stdout } = await must(stage, 0, [...DESTROY, '--drain', '--drain-timeout', '60']);
  assert.match(stdout, /^! pool: p-910b is taken away \(16 × ascend-910b3, 5\.008 PFlops\)$/m);
  assert.match(stdout, /^! namespace: copper-train \(tenant copper-ai\) is deleted with all that is in it$/m);
  assert.match(stdout, /^! data: PersistentVolumeClaim copper-train\/results \(5Gi, dataset price-index\) is deleted/m);
  const twice = await must(stage, 0, DESTROY);
  assert.match(twice.stdout, /nothing changes/);
  assert.doesNotMatch(twice.stdout, /removed/);
  assert.deepEqual(await versions(stage, ledger.path), before);
  for (const file of stage.files) {
    const said = await stage.accepted(['get', '--ignore-not-found', '-o', 'name', '-f', file.path]);
    const left = said.split('\n').filter((name) => name !== '' && name !== 'serviceaccount/default');
    assert.equal(left.length, file === ledger ? ledger.objects.length : 0, `${file.path}\n${said}`);
  }
  assert.equal(await nodeLabels(stage), '{"rack":"r1"}', 'the node gave up its label, and stays');
  for (const kind of kinds(stage)) shown(kind, 'removed', 'npm run destroy -- --kubectl, ledger left');
}

async function redeployed(stage: Proving): Promise<void> {
  const claim = ['get', 'pvc', 'greenflops-ledger', '-n', 'greenflops', '-o', 'jsonpath={.metadata.uid}'];
  const before = await stage.accepted(claim);
  await must(stage, 0, DEPLOY);
  assert.equal(await stage.accepted(claim), before);
}

/** Change without loss: npm run deploy, diff and destroy by kubectl, and the state's backends. */
export const change: Part = {
  name: 'change',
  async checks(ends) {
    const stage = await openProving(ends);
    const checks: Check[] = [
      ['npm run deploy -- --kubectl makes every object, and says that Terraform had no part in it', () => first(stage)],
      ['a second deploy writes nothing, and diff finds nothing', () => again(stage)],
      ['an edit of every kind is told with its hand, and taken back', () => repaired(stage)],
      ['a hole that somebody makes in a policy is told and closed', () => holed(stage)],
      ...tellChecks(stage),
      ['destroy is refused where work runs, with pods, chips and PFlops', () => guarded(stage)],
      ['a deploy without a pool on which work runs is refused', () => poolGone(stage)],
      ['a drain heeds a budget, names it, lets nothing new in and removes nothing', () => drained(stage)],
      ['deploy and destroy are refused where the context leads to another cluster', () => another(stage)],
      ['what kubectl deployed is not deployed or destroyed by Terraform', () => oneWay(stage)],
      ['destroy --drain leaves nothing but the ledger', () => destroyed(stage)],
      ['another deploy finds the claim that was left', () => redeployed(stage)],
      ...ledgerChecks(stage),
      ...backendChecks(),
    ];
    return checks;
  },
};
