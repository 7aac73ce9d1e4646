import { namespaceMetadata, named, names } from '../labels.ts';
import { exporter } from './exporter.ts';
import type { Stack } from './stack.ts';

/**
 * Where a site's totals lie. Its own stack, because losing it loses years of energy: nothing here is ever destroyed by
 * Terraform, and the volume outlives the claim.
 */
export const ledger: Stack = {
  name: 'ledger',
  after: [],
  keep: true,
  objects: (cluster) =>
    cluster.hostsExporter
      ? [
          {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: namespaceMetadata(exporter.namespace, cluster, 'restricted', {}, names(cluster.site.name)),
          },
          {
            apiVersion: 'storage.k8s.io/v1',
            kind: 'StorageClass',
            metadata: named(exporter.claim),
            // SQLite's locks want a disk of the node's own; whoever has none makes a volume of this class by other means.
            provisioner: 'kubernetes.io/no-provisioner',
            reclaimPolicy: 'Retain',
            volumeBindingMode: 'WaitForFirstConsumer',
            allowVolumeExpansion: true,
          },
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: named(exporter.claim, exporter.namespace),
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: exporter.claim,
              resources: { requests: { storage: '10Gi' } }, // 2,000 meters x 26 months: 38 million hour rows, 4 GB if a row is 100 B
            },
          },
        ]
      : [],
};
