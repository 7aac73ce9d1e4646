import type { Cluster } from '../cluster.ts';
import type { KubernetesObject, StorageClass } from '../kubernetes.ts';
import { namespaceMetadata, named, names } from '../labels.ts';
import { exporter, ownClass } from './exporter.ts';
import type { Stack } from './stack.ts';

/**
 * Where a site's totals lie. Its own stack, because losing it loses years of energy: nothing here is ever destroyed by
 * Terraform, and the volume outlives the claim where its class says Retain, as ours does.
 */
export const ledger: Stack = {
  name: 'ledger',
  on: ['worker', 'manager'],
  after: [],
  keep: true,
  objects: (cluster) => (cluster.hostsExporter ? objects(cluster) : []),
};

/** SQLite's locks want a disk of the node's own; whoever has none makes a volume of this class by other means. */
const ownStorage: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: named(exporter.claim),
  provisioner: 'kubernetes.io/no-provisioner',
  reclaimPolicy: 'Retain',
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
};

function objects(cluster: Cluster): KubernetesObject[] {
  const volume = cluster.plan.estate.telemetry?.ledger;
  if (!volume) return []; // deployable.ts has refused it
  const { storage, storage_class: named_class } = volume;
  const space = namespaceMetadata(exporter.namespace, cluster, 'restricted', {}, names(cluster.site.name));
  const claim = named(exporter.claim, exporter.namespace);
  const dataClass = ownClass(cluster);
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { ...space, labels: { ...space.labels, ...dataClass } } },
    ...(named_class === undefined ? [ownStorage] : []),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...claim, labels: { ...claim.labels, ...dataClass } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: named_class ?? exporter.claim,
        resources: { requests: { storage } },
      },
    },
  ];
}
