type Fields = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

export const CLASS = 'greenflops.io/data-class';
export const QUEUE = 'kueue.x-k8s.io/queue-name';
export const PRIORITY = 'kueue.x-k8s.io/priority-class';
export const GENERAL: Labels = { [CLASS]: 'general' };
export const QUEUED: Labels = { ...GENERAL, [QUEUE]: 'main', [PRIORITY]: 'greenflops-normal' };

export const DIGEST = `sha256:${'a'.repeat(64)}`;
export const IMAGE = `registry.example/jiangxi/work@${DIGEST}`;

/** A container that Pod Security `restricted` and our policies admit. */
export const container = (fields: Fields = {}): Fields => ({
  name: 'main',
  image: IMAGE,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  ...fields,
});

const podSpec = (fields: Fields = {}): Fields => ({
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [container()],
  ...fields,
});

export const pod = (name: string, fields: Fields = {}, labels = QUEUED): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: podSpec(fields),
});

/** What of a workload is not as it should be; by default everything is. */
export interface Off {
  /** Of the object itself. @default class and queue */
  readonly own?: Labels;
  /** Of its pods, without the label `app`. @default class and queue */
  readonly labels?: Labels;
  /** Of its pods */
  readonly annotations?: Labels;
  readonly spec?: Fields;
  /** Of the workload, not of its pods */
  readonly fields?: Fields;
}

const template = (name: string, { labels = QUEUED, annotations, spec = {} }: Off): Fields => ({
  metadata: { labels: { ...labels, app: name }, ...(annotations && { annotations }) },
  spec: podSpec(spec),
});

const apps =
  (kind: string, apiVersion = 'apps/v1', more: Fields = {}) =>
  (name: string, off: Off = {}): Fields => ({
    apiVersion,
    kind,
    metadata: { name, labels: off.own ?? QUEUED },
    spec: {
      selector: kind === 'ReplicationController' ? { app: name } : { matchLabels: { app: name } },
      template: template(name, off),
      ...more,
      ...off.fields,
    },
  });

export const deployment = apps('Deployment');
export const statefulSet = apps('StatefulSet', 'apps/v1', { serviceName: 'none' });
export const daemonSet = apps('DaemonSet');
export const replicaSet = apps('ReplicaSet');
export const replicationController = apps('ReplicationController', 'v1');

const jobSpec = (name: string, off: Off): Fields => ({
  template: template(name, { ...off, spec: { restartPolicy: 'Never', ...off.spec } }),
  ...off.fields,
});
export const job = (name: string, off: Off = {}): Fields => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, labels: off.own ?? QUEUED },
  spec: jobSpec(name, off),
});
/** Of its kind the stage knows the name alone, and takes whatever stands in it. */
export const jobSet = (name: string, off: Off = {}): Fields => ({
  apiVersion: 'jobset.x-k8s.io/v1',
  kind: 'JobSet',
  metadata: { name, labels: off.own ?? QUEUED },
  spec: { replicatedJobs: [{ name: 'workers', template: { spec: jobSpec(name, off) } }] },
});
/** `own` are the labels of the jobs that it makes. */
export const cronJob = (name: string, off: Off = {}): Fields => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: { schedule: '0 3 * * *', jobTemplate: { metadata: { labels: off.own ?? QUEUED }, spec: jobSpec(name, off) } },
});

export const claimSpec = (fields: Fields = {}): Fields => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...fields,
});
export const claim = (name: string, labels: Labels = GENERAL, fields: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, labels },
  spec: claimSpec(fields),
});

export const service = (name: string, fields: Fields = {}, labels: Labels = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels },
  spec: { ports: [{ port: 80 }], selector: { app: name }, ...fields },
});
export const secret = (name: string, labels: Labels = {}, fields: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels },
  ...fields,
});
export const configMap = (name: string, labels: Labels = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
});
export const namespace = (name: string, labels: Labels): Fields => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
