import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Identified } from '../objects.ts';
import { pod } from '../pod.ts';
import type { Stage } from '../stage.ts';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof LEVELS)[number];

const key = (mode: string) => `pod-security.kubernetes.io/${mode}`;

/** The level that a rendered namespace enforces. */
function levelOf(name: string, labels: Readonly<Record<string, string>> = {}): Level {
  const level = LEVELS.find((one) => one === labels[key('enforce')]);
  assert.ok(level, `${name} has a label ${key('enforce')}`);
  return level;
}

/**
 * What the API server's own Pod Security says of the pods that a namespace holds now, were `level` enforced: none where
 * all of them may be there. The dry run's version is another one than the namespace's, for pods are looked at anew only
 * where the policy changes.
 */
async function violations(stage: Stage, namespace: string, level: Level): Promise<string[]> {
  const labels = [`${key('enforce')}=${level}`, `${key('enforce-version')}=latest`];
  const args = ['label', '--dry-run=server', '--overwrite', 'namespace', namespace, ...labels];
  const { code, stderr } = await stage.plane.kubectl(args);
  assert.equal(code, 0, stderr);
  return stderr.split('\n').filter((line) => line.startsWith('Warning: '));
}

async function pods(stage: Stage, namespace: string): Promise<string[]> {
  return (await stage.accepted(['get', 'pods', '-n', namespace, '-o', 'name'])).split('\n').filter(Boolean);
}

/** What the house itself runs keeps the strictest level, whatever its namespace asks for. */
async function ours(stage: Stage): Promise<void> {
  for (const { metadata } of stage.objects('StatefulSet')) {
    const { name, namespace = '' } = metadata;
    await stage.accepted(['wait', '--for=create', `pod/${name}-0`, '-n', namespace, '--timeout=30s']);
    assert.deepEqual(await violations(stage, namespace, 'restricted'), []);
  }
  assert.ok(stage.objects('StatefulSet').length > 0, 'the exporter is rendered');
}

const TENANT = 'greenflops.io/tenant';
const DATA_CLASS = 'greenflops.io/data-class';

/** A tenant's modest pod is there, and its namespace could be raised to the level that it says. */
async function tenants(stage: Stage): Promise<void> {
  const spaces = stage.objects('Namespace').filter(({ metadata: { labels } }) => labels?.[TENANT] !== undefined);
  assert.ok(spaces.length > 0, 'tenants have namespaces');
  for (const { metadata } of spaces) {
    const { name, labels } = metadata;
    const dataClass = labels?.[DATA_CLASS] ?? '';
    const modest = pod('modest', { dataClass, labels: { 'kueue.x-k8s.io/queue-name': 'any' } });
    await stage.accepted(['create', '-n', name, '-f', '-'], modest);
    assert.deepEqual(await pods(stage, name), ['pod/modest']);
    assert.deepEqual(await violations(stage, name, levelOf(name, labels)), []);
    await stage.accepted(['delete', 'pod', 'modest', '-n', name, '--grace-period=0', '--force']);
  }
  shown('Namespace', 'behaves', 'Pod Security');
}

/** What the guide has its reader create, as the guide says it. */
export async function guidesPod(stage: Stage): Promise<void> {
  const as = ['--as', 'alice', '--as-group', 'greenflops:tenant:copper-ai'];
  const path = fileURLToPath(new URL('../../../docs/deploy/pod.yaml', import.meta.url));
  await stage.accepted(['create', '-f', path, ...as]);
  const { metadata } = parse(readFileSync(path, 'utf8')) as Identified;
  assert.deepEqual(await violations(stage, metadata.namespace ?? '', 'restricted'), []);
  await stage.accepted(['delete', '-f', path, '--grace-period=0', '--force']);
}

/** A namespace that enforced nothing when a privileged pod came: the same question names that pod. */
async function awake(stage: Stage): Promise<void> {
  await stage.accepted(['create', 'namespace', 'careless']);
  const bad = pod('careless', { security: { privileged: true } });
  await stage.accepted(['create', '-n', 'careless', '-f', '-'], bad);
  await stage.accepted([
    'label',
    'namespace',
    'careless',
    `${key('enforce')}=restricted`,
    `${key('enforce-version')}=v1.36`,
  ]);
  const said = (await violations(stage, 'careless', 'restricted')).join('\n');
  assert.match(
    said,
    /existing pods in namespace "careless" violate the new PodSecurity enforce level "restricted:latest"/,
  );
  assert.match(said, /careless: privileged/);
  await stage.accepted(['delete', 'namespace', 'careless', '--wait=false']);
}

export const podSecurityChecks = (stage: Stage): Check[] => [
  [`${stage.cluster}: Pod Security finds nothing at 'restricted' in what the house runs`, () => ours(stage)],
  [`${stage.cluster}: Pod Security finds nothing at each tenant's level in a modest pod`, () => tenants(stage)],
  [`${stage.cluster}: Pod Security names a careless pod`, () => awake(stage)],
];
