import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Proving } from '../proving.ts';
import { extensions } from '../roles/extensions.ts';
import { openApi, type Api } from './api.ts';
import { collection, create, enter } from './asks.ts';
import { claim, CLASS, cronJob, deployment, GENERAL, job, pod, QUEUE, QUEUED, secret } from './objects.ts';
import { admin, lin, ore } from './people.ts';
import { NEXT } from './rows/namespaces.ts';
import { wildNamespaces, wildObjects } from './wild.ts';

const path = ({ files }: Proving, name: string): string => {
  const file = files.find((one) => one.path.endsWith(`-${name}.yaml`));
  assert.ok(file, `the estate renders ${name}`);
  return file.path;
};

/** What stood there before the first policy came; it lacks nothing but the class. */
const queue = { [QUEUE]: 'main' };
const unclassed = { own: queue, labels: queue };
const old = [
  pod('old', {}, queue),
  deployment('old', { ...unclassed, fields: { replicas: 1 } }),
  job('weeks', unclassed),
  job('months', { own: GENERAL, labels: GENERAL }), // but the queue
  cronJob('yearly', unclassed),
  claim('old', {}),
];

const IMPORTANT = { ...QUEUED, [CLASS]: 'important' };
/** What the rows look at and change, by whom it was made. */
const standing = [
  [lin, 'copper-train', pod('live')],
  [lin, 'copper-train', pod('gated', { schedulingGates: [{ name: 'kueue.x-k8s.io/admission' }] })],
  [lin, 'copper-train', pod('counted', {}, { ...QUEUED, 'kueue.x-k8s.io/managed': 'true' })],
  [lin, 'copper-train', deployment('live')],
  [lin, 'copper-train', deployment('none', { fields: { replicas: 0 } })],
  [lin, 'copper-train', job('live')],
  [lin, 'copper-train', job('waiting', { fields: { suspend: true } })],
  [lin, 'copper-train', claim('live', { ...GENERAL, 'greenflops.io/dataset': 'price-index' })],
  [admin, 'copper-train', claim('chose', GENERAL, { volumeName: 'night' })],
  [lin, 'copper-train', secret('live', GENERAL)],
  [ore, 'ore-vault', pod('live', {}, IMPORTANT)],
] as const;

async function make(api: Api, ...of: Parameters<typeof create>): Promise<void> {
  const { path: where, body, who } = create(...of);
  const { code, message } = await api.ask('POST', where, body, who);
  assert.equal(code, 201, `${where}: ${message}`);
}

/**
 * A cluster with a past: namespaces and their old objects first, then the guardrails, then what the rows look at. Each
 * policy is in force once the API server's watch has brought it; the last one of the list shows that all are.
 */
export async function prepared(ends: AsyncDisposableStack, stage: Proving): Promise<Api> {
  const api = openApi(ends, stage.plane.access);
  for (const name of ['pools', 'ledger']) await stage.accepted(['apply', '--server-side', '-f', path(stage, name)]);
  await stage.accepted(['delete', 'namespace', NEXT]);
  await stage.accepted(['apply', '-f', '-'], extensions);
  await stage.accepted(['wait', '--for=condition=Established', 'crd/jobsets.jobset.x-k8s.io']);
  for (const object of wildNamespaces)
    assert.equal((await api.ask('POST', collection('Namespace'), object)).message, '');
  for (const object of [...old, ...wildObjects]) await make(api, admin, 'copper-train', object);
  await stage.accepted(['wait', '--for=create', 'pod', '-l', 'app=old', '-n', 'copper-train', '--timeout=20s']);
  await stage.accepted(['apply', '--server-side', '-f', path(stage, 'guardrails')]);
  const { verb, path: where } = enter(ore, 'ore-vault', 'nobody', 'exec');
  assert.equal(verb, 'exec');
  for (const late = Date.now() + 20_000; ; await setTimeout(200)) {
    const { message } = await api.ask('POST', where, undefined, ore);
    if (message.includes('greenflops-clearance')) break;
    assert.ok(Date.now() < late, `the policies do not come into force: ${message}`);
  }
  await setTimeout(1500); // the API server takes in changes of its policies once a second, all that it has at once
  for (const [who, place, object] of standing) await make(api, who, place, object);
  return api;
}
