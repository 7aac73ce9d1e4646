import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubeconfig } from '../kubeconfig.ts';
import { crdFolder, openProving, type Proving } from '../proving.ts';
import { openStage, type Stage } from '../stage.ts';
import { clusterTools } from '../tools.ts';
import { bringKueue, healthyQueues, secretOfWorker } from './kueue.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const estate = readFileSync(new URL('estate.yaml', import.meta.url), 'utf8');

export interface Report {
  readonly code: number;
  /** All that was printed */
  readonly text: string;
  /** What was printed of the cluster */
  readonly cluster: string;
}

export interface Patient extends Proving {
  /** The cluster that hands it jobs, on a plane of its own */
  readonly manager: Stage;
  /** Runs `greenflops doctor --deploy` on the declaration, or on another one. */
  examine(plan?: string, language?: 'zh' | 'en'): Promise<Report>;
}

const node = (name: string, labels: object, taint: string, resource: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec: { taints: [{ key: 'greenflops.io/pool', value: taint, effect: 'NoSchedule' }] },
  status: { capacity: { [resource]: '8', cpu: '64' }, allocatable: { [resource]: '8', cpu: '64' } },
});

const opaque = (name: string, stringData: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'greenflops' },
  stringData,
});
const named = (apiVersion: string, kind: string, name: string, rest: object) => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
});

const network = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'cilium', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: 'cilium' } },
    template: {
      metadata: { labels: { app: 'cilium' } },
      spec: { nodeSelector: { no: 'node' }, containers: [{ name: 'main', image: 'registry.example/cilium:1' }] },
    },
  },
};

/** What people bring to a cluster besides the deployment. */
const brought = [
  node('gpu-0', { accelerator: 'nvidia-a800' }, 'p-a800', 'nvidia.com/gpu'),
  node('npu-0', { 'greenflops.io/pool': 'p-910b', 'topology.example/rack': 'r1' }, 'p-910b', 'huawei.com/Ascend910'),
  node('npu-1', { 'greenflops.io/pool': 'p-910b', 'topology.example/rack': 'r2' }, 'p-910b', 'huawei.com/Ascend910'),
  named('v1', 'Namespace', 'monitoring', {}),
  opaque('greenflops-web', { 'web-config.yml': 'basic_auth_users: {}' }),
  opaque('greenflops-sources', { 'gate-community': 'invented' }),
  opaque('greenflops-scrape', { username: 'a', password: 'invented' }),
  named('v1', 'PersistentVolume', 'ledger-0', {
    spec: {
      storageClassName: 'greenflops-ledger',
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path: '/var/lib/ledger' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'Exists' }] }],
        },
      },
    },
  }),
  network,
];

/**
 * Stands for Terraform where the question is the cluster: tells a version and finds every provider. Whether the real one is
 * understood is for the part `deploy` and the unit tests.
 */
const TERRAFORM = `#!/bin/sh
[ "$1" = version ] && echo '{"terraform_version": "1.11.4"}'
exit 0
`;

async function deployed(stage: Stage, crds: string, items: readonly object[]): Promise<void> {
  await stage.accepted(['apply', '--server-side', '-f', join(crds, 'kueue')]);
  await stage.accepted(['create', 'namespace', 'kueue-system']);
  await stage.accepted(['apply', '--server-side', '-f', stage.folder]);
  await stage.accepted(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  await bringKueue(stage);
  await healthyQueues(stage);
}

/** A cluster with everything that the declaration needs, deployed; undefined where there are no CRDs to deploy it with. */
export async function openPatient(ends: AsyncDisposableStack): Promise<Patient | undefined> {
  const crds = crdFolder();
  if (crds === undefined) return undefined;
  const stage = await openProving(ends, { change: () => estate });
  const manager = await openStage('warden', dirname(stage.folder));
  ends.defer(() => manager.plane.stop());
  await deployed(stage, crds, brought);
  await deployed(manager, crds, [network, secretOfWorker()]);
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-doctor-'));
  ends.defer(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'terraform'), TERRAFORM);
  chmodSync(join(folder, 'terraform'), 0o755);
  const { access } = stage.plane;
  writeFileSync(
    join(folder, 'kubeconfig'),
    kubeconfig([
      access,
      { ...access, context: 'twin' },
      { ...access, context: 'closed', server: 'https://127.0.0.1:1' },
      manager.plane.access,
    ]),
  );
  const path = [folder, await clusterTools(), process.env['PATH']].join(':');
  return {
    ...stage,
    manager,
    examine: (plan = stage.plan, language = 'en') =>
      new Promise((resolve) => {
        const env = {
          ...process.env,
          PATH: path,
          HOME: folder,
          KUBECONFIG: join(folder, 'kubeconfig'),
          GREENFLOPS_LANG: language,
          TF_CLI_ARGS_providers_lock: '-fs-mirror=/nowhere', // no question goes out to a registry
          TERRAFORM_BINARY_NAME: 'terraform',
        };
        const args = ['exporter/cli/main.ts', 'doctor', '--deploy', '--plan', plan];
        execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) => {
          assert.equal(stderr, '');
          resolve({
            code: Number(error?.code ?? 0),
            text: stdout,
            cluster: stdout.slice(stdout.search(/^(cluster|集群)/m)),
          });
        });
      }),
  };
}
