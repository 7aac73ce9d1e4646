import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Stage } from '../stage.ts';

const NAMESPACE = 'kueue-system';
export const CONTROLLER = 'kueue-controller-manager';
const labels = { 'app.kubernetes.io/name': 'kueue', 'control-plane': 'controller-manager' };

/** Kueue's controller as its manifests have it. No kubelet is here to run it: what one would say of its pod is written by hand. */
export const deployment = (name: string, version: string, namespace = NAMESPACE) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        nodeSelector: { no: 'node' },
        containers: [{ name: 'manager', image: `registry.example/kueue:${version}` }],
      },
    },
  },
});

/** The one pod that runs is ready from now on, or is not; resolves when the Deployment's controller has seen it. */
export const ready = (is: boolean) => async (stage: Stage) => {
  const status = is ? 'True' : 'False';
  const now = new Date().toISOString();
  const change = {
    status: {
      phase: 'Running',
      startTime: now,
      conditions: [{ type: 'Ready', status, lastTransitionTime: now }],
      containerStatuses: [
        {
          name: 'manager',
          ready: is,
          restartCount: 0,
          image: 'kueue',
          imageID: 'kueue',
          state: { running: { startedAt: now } },
        },
      ],
    },
  };
  const one = await waited(
    () => stage.accepted(['get', 'pods', '-n', NAMESPACE, '-o', 'jsonpath={.items[0].metadata.name}']),
    (name) => name !== '',
  );
  await stage.accepted([
    'patch',
    'pod',
    one,
    '-n',
    NAMESPACE,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify(change),
  ]);
  await waited(
    () => stage.accepted(['get', 'deployment', CONTROLLER, '-n', NAMESPACE, '-o', 'jsonpath={.status.readyReplicas}']),
    (count) => Number(count) === Number(is),
  );
};

/** Asks until the answer is good, ten seconds at most. */
async function waited(ask: () => Promise<string>, good: (answer: string) => boolean): Promise<string> {
  let answer = '';
  for (let tries = 0; tries < 100; tries += 1) {
    answer = await ask();
    if (good(answer)) return answer;
    await setTimeout(100);
  }
  throw new Error(`still ${JSON.stringify(answer)} after 10 s`);
}

const CONFIG = 'controller_manager_config.yaml';
const CONFIG_MAP = 'kueue-manager-config';

/** The configuration that `render` writes for whoever installs Kueue. */
const rendered = ({ folder }: Stage): string => readFileSync(join(folder, 'kueue', CONFIG), 'utf8');

/** Writes the ConfigMap's text anew, changed where a change is given. */
export const configure =
  (change = (text: string): string => text) =>
  (stage: Stage): Promise<string> => {
    const data = { [CONFIG]: change(rendered(stage)) };
    const patch = ['--type=merge', '-p', JSON.stringify({ data })];
    return stage.accepted(['patch', 'configmap', CONFIG_MAP, '-n', NAMESPACE, ...patch]);
  };

/** The controller, started with the configuration. Times of the API have whole seconds: it starts in a later one. */
export async function bringKueue(stage: Stage): Promise<void> {
  // The worker's is among its rendered objects; the manager's is brought by whoever installs Kueue there.
  if (!stage.objects('ConfigMap').some(({ metadata }) => metadata.name === CONFIG_MAP))
    await stage.accepted(['create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: CONFIG_MAP, namespace: NAMESPACE },
      data: { [CONFIG]: rendered(stage) },
    });
  await stage.accepted(['create', '-f', '-'], deployment(CONTROLLER, 'v0.19.2'));
  await setTimeout(1100);
  await ready(true)(stage);
}

const YEAR = 31_536_000; // s

/** By which the manager enters the worker; nobody here looks at the signature. */
export const kubeconfigOf = ({ ends = Date.now() / 1000 + YEAR, cluster = {} } = {}): string => {
  const claims = Buffer.from(JSON.stringify({ exp: Math.round(ends) })).toString('base64url');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'worker',
        cluster: { server: 'https://ward.example:6443', 'certificate-authority-data': 'aW52ZW50ZWQ=', ...cluster },
      },
    ],
    users: [{ name: 'worker', user: { token: `invented.${claims}.invented` } }],
  });
};

export const secretOfWorker = () => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'ward-kubeconfig', namespace: NAMESPACE },
  stringData: { kubeconfig: kubeconfigOf() },
});

export const condition = (type: string, status: 'True' | 'False', reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-01-02T03:04:05Z',
});

/** What Kueue's controller writes as the status of an object. */
export const status =
  (kind: string, name: string, is: object, namespace?: string) =>
  (stage: Stage): Promise<string> =>
    stage.accepted([
      'patch',
      `${kind}.kueue.x-k8s.io`,
      name,
      ...(namespace === undefined ? [] : ['-n', namespace]),
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status: is }),
    ]);

const active = { conditions: [condition('Active', 'True', 'Ready')] };

/** Every queue and every way to a worker is in use. */
export async function healthyQueues(stage: Stage): Promise<void> {
  for (const kind of ['ClusterQueue', 'LocalQueue', 'MultiKueueCluster', 'AdmissionCheck'])
    for (const { metadata } of stage.objects(kind))
      await status(kind.toLowerCase(), metadata.name, active, metadata.namespace)(stage);
}

export const usable = (kind: string, name: string) => status(kind, name, active);

/** A Workload of the tenant's as Kueue makes one for a Job. */
export async function workload(stage: Stage, name: string, is: object, resource = 'nvidia.com/gpu'): Promise<void> {
  const limits = { [resource]: '4', cpu: '1' };
  await stage.accepted(['create', '-f', '-'], {
    apiVersion: 'kueue.x-k8s.io/v1beta2',
    kind: 'Workload',
    metadata: { name, namespace: 'copper-train' },
    spec: {
      queueName: 'default',
      podSets: [
        {
          name: 'main',
          count: 1,
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [{ name: 'main', image: 'registry.example/train', resources: { limits, requests: limits } }],
            },
          },
        },
      ],
    },
  });
  await status('workloads', name, is, 'copper-train')(stage);
}

/** As of a job that its queue has let in. */
export const admitted = (resourceUsage: object, more: object = {}) => ({
  conditions: [condition('QuotaReserved', 'True', 'QuotaReserved')],
  admission: {
    clusterQueue: 'copper-ai',
    podSetAssignments: [{ name: 'main', count: 1, flavors: {}, resourceUsage }],
  },
  ...more,
});
