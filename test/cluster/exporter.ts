import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { versions } from './apply.ts';
import { shownToo } from './evidence.ts';
import { ledgerFile, left, type Stage } from './stage.ts';

const NAMESPACE = 'greenflops';
const POD = 'greenflops-exporter-0';

interface Claims {
  readonly spec: {
    readonly volumes: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
    readonly hostPID?: boolean;
  };
}

/** The StatefulSet controller makes the pod, in a namespace that enforces Pod Security; the pod holds the ledger's claim. */
export async function podAndClaim(stage: Stage): Promise<void> {
  const level = await stage.accepted(['get', 'namespace', NAMESPACE, '-o', 'jsonpath={.metadata.labels}']);
  assert.match(level, /"pod-security\.kubernetes\.io\/enforce":"restricted"/);
  await stage.accepted(['wait', '--for=create', `pod/${POD}`, '-n', NAMESPACE, '--timeout=30s']);
  const pod = JSON.parse(await stage.accepted(['get', 'pod', POD, '-n', NAMESPACE, '-o', 'json'])) as Claims;
  const claims = pod.spec.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  const [ledger, ...more] = stage.objects('PersistentVolumeClaim');
  assert.deepEqual(claims, [ledger?.metadata.name]);
  assert.equal(more.length, 0, 'one claim is rendered');
  await stage.accepted(['get', 'pvc', ...claims, '-n', NAMESPACE]);
}

/** The same pod with one field changed is refused, so the check above says something about the pod. */
export async function weakened(stage: Stage): Promise<void> {
  const stateful = JSON.parse(
    await stage.accepted(['get', 'statefulset', 'greenflops-exporter', '-n', NAMESPACE, '-o', 'json']),
  ) as { spec: { template: Claims & { metadata: object } } };
  const { metadata, spec } = stateful.spec.template;
  const as = (name: string, more: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name },
    spec: { ...spec, ...more },
  });
  const create = ['create', '--dry-run=server', '-n', NAMESPACE, '-f', '-'];
  await stage.accepted(create, as('same', {}));
  assert.match(
    await stage.refused(create, as('weakened', { hostPID: true })),
    /pods "weakened" is forbidden: violates PodSecurity "restricted:v1\.36": host namespaces \(hostPID=true\)$/,
  );
}

/** As an operator who takes the house down: every file but the ledger's, the last one first. */
export async function allButTheLedger(stage: Stage): Promise<void> {
  const ledger = ledgerFile(stage);
  const others = stage.files.filter((file) => file !== ledger).toReversed();
  const uids = async (path: string) =>
    [...(await versions(stage, path))].map(([key, text]) => `${key} ${text.split(',')[0]}`);
  const kept = await uids(ledger.path);
  for (const file of others) {
    await stage.accepted(['delete', '-f', file.path, '--timeout=60s']);
    assert.deepEqual(await left(stage, file), []);
    for (const { kind } of file.objects) shownToo(kind, 'removed', stage.cluster);
  }
  await stage.accepted(['wait', '--for=delete', `pod/${POD}`, '-n', NAMESPACE, '--timeout=60s']);
  assert.deepEqual(await uids(ledger.path), kept);
  for (const { kind } of ledger.objects) shownToo(kind, 'removed', `kept, ${stage.cluster}`);
}

export const exporterChecks = (stage: Stage): Check[] => [
  [`${stage.cluster}: the exporter's pod is made and admitted, and holds the ledger's claim`, () => podAndClaim(stage)],
  [`${stage.cluster}: the same pod would be refused with the host's process ids`, () => weakened(stage)],
  [`${stage.cluster}: deleting every file but the ledger's leaves the claim`, () => allButTheLedger(stage)],
];
