import type { Cluster } from '../cluster.ts';
import type { Container, Probe, StatefulSet, Volume } from '../kubernetes.ts';
import { exporter } from '../stacks/exporter.ts';
import { ACCOUNT, needsAccount, needsSecrets, SECRETS } from './source-files.ts';

type PodSpec = StatefulSet['spec']['template']['spec'];

const NOBODY = 65534;
/** Owner and group may read; fsGroup makes the group the exporter's. */
const READ_ONLY = 0o440;

/** A volume of the pod and where the container sees it. */
interface Mounted {
  readonly at: string;
  readonly writable?: true;
  readonly volume: Volume;
}

/** The exporter's pod: no rights, no way out but the declared sources, nothing to write but its ledger. */
export function exporterPod({ plan: { estate }, site }: Cluster, image: string, planMap: string): PodSpec {
  const mounted: Mounted[] = [
    { at: '/etc/greenflops/plan', volume: { name: 'plan', configMap: { name: planMap, optional: false } } },
    { at: '/etc/greenflops/web', volume: secret('web', exporter.webSecret) },
    ...(needsSecrets(estate, site.id)
      ? [{ at: folder(SECRETS), volume: secret('secrets', exporter.sourcesSecret) }]
      : []),
    ...(needsAccount(estate, site.id) ? [{ at: folder(ACCOUNT), volume: account }] : []),
    {
      at: '/var/lib/greenflops',
      writable: true,
      volume: { name: 'ledger', persistentVolumeClaim: { claimName: exporter.claim } },
    },
    { at: '/tmp', writable: true, volume: { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } } },
  ];
  return {
    serviceAccountName: exporter.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false, // those of the Kubernetes API itself are there all the same
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
    containers: [container(image, site.id, estate.telemetry?.tls === true ? 'HTTPS' : 'HTTP', mounted)],
    volumes: mounted.map(({ volume }) => volume),
  };
}

const folder = (path: string): string => path.replace(/\/$/, '');

const secret = (name: string, secretName: string): Volume => ({
  name,
  secret: { secretName, defaultMode: READ_ONLY, optional: false },
});

/** What the kubelet mounts unasked into other pods; the token is replaced before it expires. */
const account: Volume = {
  name: 'account',
  projected: {
    defaultMode: READ_ONLY,
    sources: [
      { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
      { configMap: { name: 'kube-root-ca.crt', optional: false, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
  },
};

/**
 * Everything but /-/healthy wants a password. The kubelet takes any certificate and has none of its own: a web
 * configuration that demands client certificates (client_auth_type) would fail every probe.
 */
const healthy = (scheme: 'HTTP' | 'HTTPS', failureThreshold: number): Probe => ({
  httpGet: { path: '/-/healthy', port: 'http', scheme },
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold,
});

const container = (image: string, site: string, scheme: 'HTTP' | 'HTTPS', mounted: readonly Mounted[]): Container => ({
  name: 'exporter',
  image,
  args: [
    'run',
    '--plan=/etc/greenflops/plan',
    `--site=${site}`,
    '--store=sqlite:/var/lib/greenflops/ledger.db',
    `--web.listen-address=0.0.0.0:${exporter.port}`,
    '--web.config.file=/etc/greenflops/web/web-config.yml',
  ],
  ports: [{ name: 'http', containerPort: exporter.port }],
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
  startupProbe: healthy(scheme, 30),
  livenessProbe: healthy(scheme, 3),
  readinessProbe: healthy(scheme, 1),
  volumeMounts: mounted.map(({ at, writable, volume: { name } }) => ({
    name,
    mountPath: at,
    ...(!writable && { readOnly: true as const }),
    mountPropagation: 'None',
  })),
});
