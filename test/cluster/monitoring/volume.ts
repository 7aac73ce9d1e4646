import assert from 'node:assert/strict';
import { shown } from '../evidence.ts';
import type { Scene } from './scene.ts';

/**
 * A volume of the class on a node's own disk: the scheduler leads the exporter's pod there, and the claim is bound to it.
 * Last, because no kubelet is there to let go of a pod that has a node.
 */
export async function bound({ stage }: Scene): Promise<void> {
  const [claim] = stage.objects('PersistentVolumeClaim');
  const [storage] = stage.objects('StorageClass');
  assert.ok(claim && storage, 'a claim and a class are rendered');
  const before = await stage.accepted([
    'get',
    'pvc',
    claim.metadata.name,
    '-n',
    'greenflops',
    '-o',
    'jsonpath={.status.phase}',
  ]);
  assert.equal(before, 'Pending', 'a class that provisions nothing waits');
  const [node, host] = ['disk-0', 'kubernetes.io/hostname'];
  await stage.accepted(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'ledger-0' },
    spec: {
      storageClassName: storage.metadata.name,
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: '/srv/ledger' },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: host, operator: 'In', values: [node] }] }] },
      },
    },
  });
  const capacity = { cpu: '4', memory: '8Gi', pods: '10' };
  const ready = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'ready' }];
  const fake = { apiVersion: 'v1', kind: 'Node', metadata: { name: node, labels: { [host]: node } } };
  await stage.accepted(['create', '-f', '-'], fake);
  const status = { capacity, allocatable: capacity, conditions: ready };
  await stage.accepted([
    'patch',
    'node',
    node,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);

  const wait = (what: string, name: string) =>
    stage.accepted(['wait', `--for=${what}`, name, '-n', 'greenflops', '--timeout=60s']);
  await wait('jsonpath={.status.phase}=Bound', `pvc/${claim.metadata.name}`);
  await wait(`jsonpath={.spec.nodeName}=${node}`, 'pod/greenflops-exporter-0');
  const volume = await stage.accepted(['get', 'pv', 'ledger-0', '-o', 'json']);
  const { spec } = JSON.parse(volume) as {
    spec: { claimRef: { name: string }; persistentVolumeReclaimPolicy: string };
  };
  assert.equal(spec.claimRef.name, claim.metadata.name);
  assert.equal(spec.persistentVolumeReclaimPolicy, 'Retain');
  shown('StorageClass', 'behaves', "monitoring: the claim waits for a node's disk and is bound where the pod goes");
}
