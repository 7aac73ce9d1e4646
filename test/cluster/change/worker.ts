import type { Stage } from '../stage.ts';

/** A node with chips that says it is ready, though no kubelet is there: the controllers believe it for half an hour. Its rack is a label that somebody else applied. */
export async function fakeNode(stage: Stage, name: string, resource: string, taints: readonly object[]): Promise<void> {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { rack: 'r1' } }, spec: { taints } };
  await stage.accepted(['apply', '-f', '-'], node);
  const now = new Date().toISOString();
  const sizes = { cpu: '64', memory: '256Gi', pods: '110', [resource]: '8' };
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Fake',
    message: '',
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const status = { capacity: sizes, allocatable: sizes, conditions: [ready] };
  await stage.accepted([
    'patch',
    'node',
    name,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
}

/** Work of a tenant as the proving estate's policies admit it; it ends at once when it is asked to. */
export const trainingPod = (name: string, pool: string, resource: string, chips: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels: { app: 'train', 'greenflops.io/data-class': 'general', 'kueue.x-k8s.io/queue-name': 'copper-ai' },
  },
  spec: {
    terminationGracePeriodSeconds: 0,
    tolerations: [
      { key: 'greenflops.io/pool', operator: 'Equal', value: pool, effect: 'NoSchedule' },
      { key: 'huawei.com/npu', operator: 'Exists', effect: 'NoSchedule' },
    ],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'main',
        image: `registry.example/jiangxi/work@sha256:${'0'.repeat(64)}`,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        resources: { limits: { [resource]: String(chips) } },
      },
    ],
  },
});

/** Waits until the scheduler has bound the pod, and says what a kubelet would: it runs and is ready. */
export async function run(stage: Stage, namespace: string, name: string): Promise<void> {
  await stage.accepted(['wait', '--for=condition=PodScheduled', `pod/${name}`, '-n', namespace, '--timeout=30s']);
  const now = new Date().toISOString();
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: now }];
  const status = { phase: 'Running', conditions };
  await stage.accepted([
    'patch',
    'pod',
    name,
    '-n',
    namespace,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
}
