import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import { pod, type Pod } from '../pod.ts';
import type { Stage } from '../stage.ts';
import { addNode, onPool, running, scheduled } from './nodes.ts';
import { words } from './who.ts';

const NODE = 'npu-urgent';

/** Asks for one of the node's chips. */
const asking = (name: string, tenant: string, dataClass: string, priority: string, labels = {}): Pod =>
  pod(name, {
    dataClass,
    devices: { 'huawei.com/Ascend910': 1 },
    labels: { 'kueue.x-k8s.io/queue-name': tenant, ...labels },
    spec: { ...onPool, priorityClassName: `greenflops-${priority}` },
  });
const create = (namespace: string) => ['create', '-n', namespace, '-f', '-'];

/** Two chips, both taken by low work, one of the pods protected: urgent work of another tenant takes the other one's. */
async function urgentFirst(stage: Stage): Promise<void> {
  await addNode(stage, NODE, 2);
  const shield = { 'greenflops.io/protected': 'true' };
  for (const one of [
    asking('shielded', 'copper-ai', 'general', 'low', shield),
    asking('yielding', 'copper-ai', 'general', 'low'),
  ])
    await stage.accepted(create('copper-train'), one);
  await scheduled(stage, 'copper-train', 'shielded', 'yielding');
  for (const name of ['shielded', 'yielding']) await running(stage, 'copper-train', name);
  const counted = '--for=jsonpath={.status.currentHealthy}=1';
  await stage.accepted(['wait', counted, 'pdb/protected', '-n', 'copper-train', '--timeout=30s']);

  await stage.accepted(create('ore-vault'), asking('rescue', 'ore-safe', 'important', 'urgent'));
  await stage.accepted(['wait', '--for=delete', 'pod/yielding', '-n', 'copper-train', '--timeout=30s']);
  await scheduled(stage, 'ore-vault', 'rescue');
  assert.equal(await nodeOf(stage, 'ore-vault', 'rescue'), NODE);
  assert.equal(await nodeOf(stage, 'copper-train', 'shielded'), NODE);
  const events = await stage.accepted([
    ...words('get events -n copper-train --field-selector=involvedObject.name=yielding,reason=Preempted'),
    ...words('-o jsonpath={.items[*].message}'),
  ]);
  assert.match(events, new RegExp(`^Preempted by pod [0-9a-f-]{36} on node ${NODE}`));
  shown('PriorityClass', 'behaves', 'the scheduler takes a low pod off its chip for an urgent one');
}

const nodeOf = (stage: Stage, namespace: string, name: string) =>
  stage.accepted(['get', 'pod', name, '-n', namespace, '-o', 'jsonpath={.spec.nodeName}']);

/** Nobody goes for work of the same class: it waits. */
async function equalsWait(stage: Stage): Promise<void> {
  await stage.accepted(create('copper-train'), asking('later', 'copper-ai', 'general', 'low'));
  const message = '--for=jsonpath={.status.conditions[?(@.type=="PodScheduled")].reason}=Unschedulable';
  await stage.accepted(['wait', message, 'pod/later', '-n', 'copper-train', '--timeout=30s']);
  const why = await stage.accepted([
    ...words('get pod later -n copper-train -o'),
    'jsonpath={.status.conditions[?(@.type=="PodScheduled")].message}',
  ]);
  assert.match(why, /Insufficient huawei\.com\/Ascend910/);
  assert.match(why, /No preemption victims found for incoming pod/);
  for (const [namespace, name] of [
    ['ore-vault', 'rescue'],
    ['copper-train', 'shielded'],
  ] as const)
    assert.equal(await nodeOf(stage, namespace, name), NODE);
  await stage.accepted(['delete', 'pod', 'shielded', 'later', '-n', 'copper-train']);
  await stage.accepted(['delete', 'pod', 'rescue', '-n', 'ore-vault']);
  await stage.accepted(['delete', 'node', NODE]);
}

export const priorityChecks = (stage: Stage): Check[] => [
  ['roles: urgent work takes the chip of low work, and not that of a protected pod', () => urgentFirst(stage)],
  ['roles: work of the same class waits', () => equalsWait(stage)],
];
