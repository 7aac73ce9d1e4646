import type { Stage } from '../stage.ts';

/** A node of the pool p-910b by name alone, ready for as long as nobody misses its heartbeat: 50 s. */
export async function addNode(stage: Stage, name: string, chips: number): Promise<void> {
  const capacity = { cpu: '64', memory: '512Gi', pods: '110', 'huawei.com/Ascend910': String(chips) };
  await stage.accepted(['create', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'greenflops.io/pool': 'p-910b' } },
    spec: { taints: [{ key: 'greenflops.io/pool', value: 'p-910b', effect: 'NoSchedule' }] },
    status: {
      capacity,
      allocatable: capacity,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'made' }],
    },
  });
}

/** Of a pod of the pool, which has one node at a time here; gone at once where it is deleted, for no kubelet ends it. */
export const onPool = {
  nodeSelector: { 'greenflops.io/pool': 'p-910b' },
  tolerations: [{ key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' }],
  terminationGracePeriodSeconds: 0,
};

/** Until the scheduler has put the pod on its node. */
export async function scheduled(stage: Stage, namespace: string, ...names: readonly string[]): Promise<void> {
  const pods = names.map((name) => `pod/${name}`);
  await stage.accepted(['wait', '--for=condition=PodScheduled', ...pods, '-n', namespace, '--timeout=30s']);
}

/** As the kubelet would say once the containers run. */
export async function running(stage: Stage, namespace: string, name: string): Promise<void> {
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  await stage.accepted([
    'patch',
    'pod',
    name,
    '-n',
    namespace,
    '--subresource=status',
    '-p',
    JSON.stringify({ status }),
  ]);
}
