import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { IMAGE, pod } from '../pod.ts';
import type { Stage } from '../stage.ts';
import { refusals } from './refusals.ts';
import { as, people, type Who } from './who.ts';

const QUEUE = { 'kueue.x-k8s.io/queue-name': 'copper-ai' };
const labels = { 'greenflops.io/data-class': 'general', ...QUEUE };
const create = ['create', '-f', '-', '-n', 'copper-train'];
const job = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'train', labels },
  spec: { template: { metadata: { labels }, spec: { ...pod('').spec, restartPolicy: 'Never' } } },
};
const work = pod('work', { labels: QUEUE });

const { tenant, operator, auditor, exporter } = people;

async function refused(stage: Stage): Promise<void> {
  for (const [who, args, message, stdin] of refusals) {
    const said = await stage.refused([...args, ...as(who)], stdin);
    const prefix = message.startsWith('failed to') ? 'error: ' : 'Error from server (Forbidden): ';
    assert.equal(said, `${prefix}${message}`, `${who.user}: kubectl ${args.join(' ')}`);
  }
  shown('RoleBinding', 'behaves', `${refusals.length} requests refused by name, tenants' of each other's among them`);
}

/** What each role is there for works, with kubectl as its holders use it. */
async function accepted(stage: Stage): Promise<void> {
  const ask = (who: Who, args: readonly string[], stdin?: unknown) => stage.accepted([...args, ...as(who)], stdin);
  await ask(tenant, create, work);
  await ask(tenant, create, job);
  await ask(tenant, ['create', 'secret', 'generic', 'own', '--from-literal=key=value', '-n', 'copper-train']);
  await ask(tenant, [
    'get',
    'pods,jobs,secrets,events,resourcequotas,limitranges,networkpolicies',
    '-n',
    'copper-train',
  ]);
  assert.match(await ask(tenant, ['get', 'namespace', 'copper-train', '-o', 'yaml']), /data-class: general/);
  // No node runs the pod: that the server looks for its host shows that the right is there.
  assert.match(
    await stage.refused(['exec', 'work', '-n', 'copper-train', ...as(tenant), '--', 'true']),
    /pod work does not have a host assigned/,
  );
  await ask(operator, ['get', 'pods,jobs,services,configmaps,resourcequotas', '-A']);
  await ask(operator, ['get', 'nodes,namespaces,clusterroles,priorityclasses,storageclasses']);
  await ask(operator, ['patch', 'job', 'train', '-n', 'copper-train', '-p', '{"spec":{"suspend":true}}']);
  await stage.accepted(['wait', '--for=condition=Suspended', 'job/train', '-n', 'copper-train', '--timeout=20s']);
  await ask(auditor, [
    'get',
    'clusterroles,clusterrolebindings,rolebindings,networkpolicies,resourcequotas,events',
    '-A',
  ]);
  await ask(auditor, ['get', 'validatingadmissionpolicies,validatingadmissionpolicybindings']);
  await ask(exporter, ['get', 'nodes']);
  await ask(exporter, ['get', 'pods', '-A']);
}

/** Suspending is a patch of the whole job, so that what else the patch could do counts. */
async function jobsKeepTheirImage(stage: Stage): Promise<void> {
  const image = {
    spec: { template: { spec: { containers: [{ name: 'main', image: IMAGE.replace('work', 'other') }] } } },
  };
  assert.match(
    await stage.refused(['patch', 'job', 'train', '-n', 'copper-train', '-p', JSON.stringify(image), ...as(operator)]),
    /^The Job "train" is invalid: spec\.template\.spec: Invalid value: .*: field is immutable$/s,
  );
}

/** Whoever may write secrets could have a token made that never ends; a policy is before it. */
async function tokenBySecret(stage: Stage): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'token', annotations: { 'kubernetes.io/service-account.name': 'default' } },
    type: 'kubernetes.io/service-account-token',
  };
  assert.match(
    await stage.refused([...create, ...as(tenant)], secret),
    /ValidatingAdmissionPolicy 'greenflops-tokens'/,
  );
}

/** A pod can ask for its account's token, of an account that is there: `default`, whose rights are everybody's. */
async function otherAccounts(stage: Stage): Promise<void> {
  assert.equal(
    await stage.accepted(['get', 'serviceaccounts', '-n', 'copper-train', '-o', 'name']),
    'serviceaccount/default\n',
  );
  const borrowed = pod('borrowed', { labels: QUEUE, spec: { serviceAccountName: 'robot' } });
  assert.equal(
    await stage.refused([...create, ...as(tenant)], borrowed),
    'Error from server (Forbidden): error when creating "STDIN": pods "borrowed" is forbidden: error looking up service account copper-train/robot: serviceaccount "robot" not found',
  );
  shown('ServiceAccount', 'behaves', 'a tenant has no account but one without rights');
}

/** What is made before others look at it stays: each check of this part works in its own names. */
export const requestChecks = (stage: Stage): Check[] => [
  ['roles: each role can do what it is there for', () => accepted(stage)],
  [`roles: ${refusals.length} requests beyond a role are refused, each by its exact name`, () => refused(stage)],
  ['roles: an operator suspends a job and cannot change what it runs', () => jobsKeepTheirImage(stage)],
  ['roles: a tenant gets no token that never ends', () => tokenBySecret(stage)],
  ['roles: a tenant has no account but one without rights', () => otherAccounts(stage)],
];
