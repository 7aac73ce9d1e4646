import { createHash } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { endpoints } from '../endpoints.ts';
import type { Container, KubernetesObject, Labels, Probe, ServiceAccount } from '../kubernetes.ts';
import { named, ownKeys } from '../labels.ts';
import { denied, fromMonitoring, toSources } from '../tenants/network.ts';
import { exporter } from './exporter.ts';
import type { Stack } from './stack.ts';

/** A site's exporter, on one of its clusters. */
export const telemetry: Stack = {
  name: 'telemetry',
  after: ['ledger'],
  keep: false,
  objects: (cluster) => (cluster.hostsExporter ? objects(cluster) : []),
};

const { namespace, name, claim, webSecret, port } = exporter;
const PLAN = `${name}-plan`;
const POD: Labels = { 'app.kubernetes.io/name': name };
const NOBODY = 65534;

/** Everything but this answers only with a password. It is plain HTTP: with tls_server_config the probes would fail. */
const healthy = (failureThreshold: number): Probe => ({
  httpGet: { path: '/-/healthy', port: 'http' },
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold,
});

const mount = (volume: string, mountPath: string, readOnly?: true): Container['volumeMounts'][number] => ({
  name: volume,
  mountPath,
  ...(readOnly && { readOnly }),
  mountPropagation: 'None',
});

const container = (image: string, site: string): Container => ({
  name: 'exporter',
  image,
  args: [
    'run',
    '--plan=/etc/greenflops/plan',
    `--site=${site}`,
    '--store=sqlite:/var/lib/greenflops/ledger.db',
    `--web.listen-address=0.0.0.0:${port}`,
    '--web.config.file=/etc/greenflops/web/web-config.yml',
  ],
  ports: [{ name: 'http', containerPort: port }],
  // The image starts Node with a heap of 208 MiB, so that a full heap drops series instead of dying of this limit; code,
  // SQLite and buffers take another 100 MiB.
  resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '384Mi' } },
  securityContext: {
    runAsNonRoot: true,
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  startupProbe: healthy(30),
  livenessProbe: healthy(3),
  readinessProbe: healthy(1),
  volumeMounts: [
    mount('plan', '/etc/greenflops/plan', true),
    mount('web', '/etc/greenflops/web', true),
    mount('ledger', '/var/lib/greenflops'),
    mount('tmp', '/tmp'),
  ],
});

function objects(cluster: Cluster): KubernetesObject[] {
  const { plan, site } = cluster;
  const slice = cluster.slice();
  const image = plan.estate.telemetry?.image;
  if (image === undefined) return []; // deployable.ts has refused it
  // The exporter reads the declaration when it starts: another one starts it anew.
  const hash = createHash('sha256').update(JSON.stringify(slice)).digest('hex');
  return [
    ...denied(namespace),
    fromMonitoring(namespace, port),
    toSources(namespace, endpoints(plan.estate, site.id)),
    ...['default', name].map((account): ServiceAccount => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: named(account, namespace),
      automountServiceAccountToken: false,
    })),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named(PLAN, namespace), immutable: false, data: slice },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: named(name, namespace),
      spec: { clusterIP: 'None', selector: POD, ports: [{ name: 'http', port, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: named(name, namespace),
      spec: {
        serviceName: name,
        replicas: 1, // the ledger has one writer
        revisionHistoryLimit: 10,
        selector: { matchLabels: POD },
        template: {
          metadata: { labels: POD, annotations: ownKeys({ 'plan-sha256': hash }) },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            shareProcessNamespace: false,
            terminationGracePeriodSeconds: 30, // it needs at most 10
            securityContext: {
              runAsNonRoot: true,
              runAsUser: NOBODY,
              runAsGroup: NOBODY,
              fsGroup: NOBODY,
              fsGroupChangePolicy: 'OnRootMismatch',
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [container(image, site.id)],
            volumes: [
              { name: 'plan', configMap: { name: PLAN, optional: false } },
              { name: 'web', secret: { secretName: webSecret, defaultMode: 0o440, optional: false } },
              { name: 'ledger', persistentVolumeClaim: { claimName: claim } },
              { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
            ],
          },
        },
      },
    },
  ];
}
