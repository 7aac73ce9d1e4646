import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { pod } from '../pod.ts';
import type { Stage } from '../stage.ts';
import { addNode, onPool, running, scheduled } from './nodes.ts';
import { as, people, words } from './who.ts';

const NODE = 'npu-drain';
const NAMESPACE = 'copper-serve';
const QUEUE = { 'kueue.x-k8s.io/queue-name': 'copper-ai' };
const operator = as(people.operator);

/** A protected pod of a Job and one of nobody's, and one that is not protected, on one node. */
async function place(stage: Stage): Promise<void> {
  await addNode(stage, NODE, 4);
  const labels = { ...QUEUE, 'greenflops.io/protected': 'true' };
  const kept = pod('kept', { labels, spec: onPool });
  const template = { metadata: { labels: kept.metadata.labels }, spec: { ...kept.spec, restartPolicy: 'Never' } };
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: kept.metadata, spec: { template } };
  const create = ['create', '-n', NAMESPACE, '-f', '-'];
  await stage.accepted(create, { ...job, metadata: { ...job.metadata, name: 'weeks' } });
  await stage.accepted(create, kept);
  await stage.accepted(create, pod('loose', { labels: QUEUE, spec: onPool }));
  await scheduled(stage, NAMESPACE, 'kept', 'loose', await podOfJob(stage));
  for (const name of ['kept', 'loose', await podOfJob(stage)]) await running(stage, NAMESPACE, name);
  const healthy = '--for=jsonpath={.status.currentHealthy}=2';
  await stage.accepted(['wait', healthy, 'pdb/protected', '-n', NAMESPACE, '--timeout=30s']);
}

async function podOfJob(stage: Stage): Promise<string> {
  const job = ['-l', 'batch.kubernetes.io/job-name=weeks', '-n', NAMESPACE];
  await stage.accepted(['wait', '--for=create', 'pod', ...job, '--timeout=30s']);
  return (await stage.accepted(['get', 'pod', ...job, '-o', 'jsonpath={.items[0].metadata.name}'])).trim();
}

const evict = (name: string) => ({
  args: ['create', '--raw', `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`, '-f', '-', ...operator],
  body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } },
});

async function evictions(stage: Stage): Promise<void> {
  await place(stage);
  for (const name of ['kept', await podOfJob(stage)]) {
    const { args, body } = evict(name);
    // TooManyRequests is 429.
    assert.equal(
      await stage.refused(args, body),
      "Error from server (TooManyRequests): Cannot evict pod as it would violate the pod's disruption budget.",
    );
    const { stderr } = await stage.plane.kubectl([...args, '-v=8'], JSON.stringify(body));
    assert.match(stderr, /429/);
    assert.match(stderr, /The disruption budget protected needs 150000 healthy pods and has 2 currently/);
  }
}

/** As an operator drains: the node is closed, what may go goes, and what may not is named. */
async function drain(stage: Stage): Promise<void> {
  const command = words(`drain ${NODE} --force --ignore-daemonsets --timeout=6s`);
  const { code, stdout, stderr } = await stage.plane.kubectl([...command, ...operator]);
  assert.notEqual(code, 0, stdout);
  assert.match(stdout, /pod\/loose evicted/);
  assert.match(stderr, /error when evicting pods\/"kept" -n "copper-serve" \(will retry after 5s\): Cannot evict pod/);
  assert.equal(await names(stage), `kept ${await podOfJob(stage)}`);
  const closed = await stage.accepted(['get', 'node', NODE, '-o', 'jsonpath={.spec.unschedulable}']);
  assert.equal(closed, 'true');
  shown('PodDisruptionBudget', 'behaves', 'kubectl drain leaves protected pods and says 429 with its name');
}

async function names(stage: Stage): Promise<string> {
  const onIt = words(`get pods -n ${NAMESPACE} --field-selector=spec.nodeName=${NODE}`);
  return (await stage.accepted([...onIt, '-o', 'jsonpath={.items[*].metadata.name}'])).trim();
}

/** A node that burns is emptied all the same, and nodes are marked by the same hands. */
async function byHand(stage: Stage): Promise<void> {
  await stage.accepted(['delete', 'pod', 'kept', '-n', NAMESPACE, ...operator]);
  await stage.accepted(['label', 'node', NODE, 'rack=r1', ...operator]);
  await stage.accepted(['taint', 'node', NODE, 'repair=yes:NoSchedule', ...operator]);
  await stage.accepted(['uncordon', NODE, ...operator]);
  const node = await stage.accepted(['get', 'node', NODE, '-o', 'json']);
  assert.match(node, /"rack": "r1"/);
  assert.match(node, /"key": "repair"/);
  assert.equal(
    await stage.refused(['delete', 'node', NODE, ...operator]),
    `Error from server (Forbidden): nodes "${NODE}" is forbidden: User "lin" cannot delete resource "nodes" in API group "" at the cluster scope`,
  );
  await stage.accepted(['delete', 'job', 'weeks', '-n', NAMESPACE]);
  await stage.accepted(['delete', 'node', NODE]);
}

export const drainChecks = (stage: Stage): Check[] => [
  [
    "roles: a protected pod's eviction is answered 429 with the budget's name, of a Job and of nobody",
    () => evictions(stage),
  ],
  ['roles: an operator drains a node, and what is protected stays', () => drain(stage)],
  ['roles: an operator deletes what is protected, labels, taints and opens the node', () => byHand(stage)],
];
