import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { endpoints } from '../endpoints.ts';
import type { KubernetesObject, ServiceAccount } from '../kubernetes.ts';
import { named, ownKeys } from '../labels.ts';
import { boardMaps } from '../telemetry/boards.ts';
import { configMap } from '../telemetry/config-map.ts';
import { exporterPod } from '../telemetry/exporter-pod.ts';
import { fromMonitoring, toSources } from '../telemetry/network.ts';
import { operatorObjects } from '../telemetry/operator.ts';
import { ownPrometheus } from '../telemetry/own-prometheus.ts';
import { denied } from '../tenants/network.ts';
import { exporter, ownClass } from './exporter.ts';
import type { Stack } from './stack.ts';

/** A site's exporter, on one of its clusters, and what its Prometheus and Grafana need to know. */
export const telemetry: Stack = {
  name: 'telemetry',
  on: ['worker', 'manager'],
  after: ['ledger'],
  keep: false,
  objects: (cluster) => (cluster.hostsExporter ? objects(cluster) : []),
};

const { namespace, name, labels, port } = exporter;
const PLAN = `${name}-plan`;

function objects(cluster: Cluster): KubernetesObject[] {
  const { estate } = cluster.plan;
  const { monitoring } = cluster.cluster;
  if (estate.telemetry === undefined) return []; // deployable.ts has refused it
  const { image, tls } = estate.telemetry;
  const slice = cluster.slice();
  // The exporter reads the declaration when it starts: another one starts it anew.
  const hash = createHash('sha256').update(JSON.stringify(slice)).digest('hex');
  const own = named(name, namespace);
  return [
    ...denied(namespace),
    fromMonitoring(namespace, port, monitoring.namespace),
    ...toSources(namespace, endpoints(estate, cluster.site.id)),
    ...['default', name].map((account): ServiceAccount => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: named(account, namespace),
      automountServiceAccountToken: false,
    })),
    configMap(named(PLAN, namespace), slice),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...own, labels: { ...own.labels, ...labels } },
      spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'http', port, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: own,
      spec: {
        serviceName: name,
        replicas: 1, // the ledger has one writer
        revisionHistoryLimit: 10,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels: { ...labels, ...ownClass(cluster) }, annotations: ownKeys({ 'plan-sha256': hash }) },
          spec: exporterPod(cluster, image, PLAN),
        },
      },
    },
    ...(monitoring.operator ? operatorObjects(tls) : [ownPrometheus(tls)]),
    ...(monitoring.sidecar ? boardMaps() : []),
  ];
}
