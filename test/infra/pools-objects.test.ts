import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusters } from '../../infra/cluster.ts';
import { notCurrent } from '../../infra/deployable/not-current.ts';
import { pools } from '../../infra/stacks/pools.ts';
import { loadPlan } from '../../model/load.ts';
import { planFolder } from '../plan-folder.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const proving = objectsOf(
  stacksOf(() => readFileSync('test/cluster/proving/estate.yaml', 'utf8')),
  'prove-pools',
);
const named = (kind: string) => [...proving.keys()].filter((key) => key.startsWith(`${kind} `));

test('a named node gets the label of its pool, by a writer of its own', () => {
  expect(proving.get('Node npu-1')).toEqual({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'npu-1', labels: { 'greenflops.io/pool': 'p-910b' } },
    fieldManager: 'greenflops-p-910b',
    takesOver: false,
  });
  // p-a800 and p-mig are found by labels that are there already
  expect(named('Node')).toEqual(
    ['npu-0', 'npu-1', 'dcu-0', 'turns-0', 'hami-0', 'dra-0'].map((name) => `Node ${name}`),
  );
});

test('a runtime class leads to the nodes of its pool past all their taints, and stands only where one is declared', () => {
  expect(proving.get('RuntimeClass p-910b')).toEqual({
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: {
      name: 'p-910b',
      labels: { 'app.kubernetes.io/managed-by': 'greenflops' },
      annotations: { 'greenflops.io/name-zh': '昇腾 910B3 池', 'greenflops.io/name-en': 'Ascend 910B3' },
    },
    handler: 'ascend',
    scheduling: {
      nodeSelector: { 'greenflops.io/pool': 'p-910b' },
      tolerations: [
        { key: 'greenflops.io/pool', operator: 'Equal', value: 'p-910b', effect: 'NoSchedule' },
        { key: 'huawei.com/npu', operator: 'Exists', effect: 'NoSchedule' },
      ],
    },
  });
  expect(proving.get('RuntimeClass p-mig')).toMatchObject({
    handler: 'nvidia',
    scheduling: { nodeSelector: { 'nvidia.com/mig.strategy': 'mixed' } },
  });
  expect(named('RuntimeClass')).toHaveLength(2);
});

test('a device class takes devices of its driver, and of them what the estate selects', () => {
  expect(proving.get('DeviceClass p-dra')).toMatchObject({
    apiVersion: 'resource.k8s.io/v1',
    spec: {
      selectors: [
        { cel: { expression: "device.driver == 'gpu.nvidia.com'" } },
        { cel: { expression: "device.attributes['gpu.nvidia.com'].productName == 'NVIDIA H20'" } },
      ],
    },
  });
});

test('a pool is deployed while it is valid: before and after, its tenants keep their namespaces and have none of its chips', () => {
  const { dir, remove } = planFolder(
    replaced(
      'count: 16\n    nodes: { names: [npu-0, npu-1] }\n',
      'count: 16\n    valid_from: 2026-03-01T00:00:00Z\n    valid_to: 2026-09-01T00:00:00Z\n    nodes: { names: [npu-0, npu-1] }\n',
    )(readFileSync('test/cluster/proving/estate.yaml', 'utf8')),
  );
  try {
    const plan = loadPlan(dir);
    const at = (day: string) => {
      const now = Date.parse(`${day}T00:00:00Z`);
      const objects = clusters(plan, () => ({}), now).flatMap((cluster) => [...pools.objects(cluster)]);
      const find = (kind: string, name: string) =>
        objects.find(({ kind: of, metadata }) => of === kind && (metadata.namespace ?? metadata.name) === name);
      return {
        deployed: find('Node', 'npu-0') !== undefined && find('RuntimeClass', 'p-910b') !== undefined,
        labelled: find('Namespace', 'copper-train')?.metadata.labels?.['pool.greenflops.io/p-910b'] === 'true',
        quota: find('ResourceQuota', 'copper-train'),
        notes: notCurrent(plan, now).map(({ en }) => en),
      };
    };
    // With Kueue 3 and 0.5 PFlops / 313 TFLOPS = 11.2 of 16 cards in each namespace
    const cards = (count: string) => ({ spec: { hard: { 'requests.huawei.com/Ascend910': count } } });
    for (const day of ['2026-03-01', '2026-08-31'])
      expect(at(day)).toMatchObject({ deployed: true, labelled: true, quota: cards('11'), notes: [] });
    const past = at('2026-09-01');
    // p-rdma is another pool of the tenant, which stays
    expect(past).toMatchObject({
      deployed: false,
      labelled: false,
      notes: [
        'note: pool p-910b has not been valid since 2026-09-01T00:00:00.000Z (valid_to): it is not deployed, and quotas on it come to 0: copper-ai',
      ],
    });
    expect(past.quota).not.toHaveProperty(['spec', 'hard', 'requests.huawei.com/Ascend910B3']);
    expect(past.quota).toMatchObject({
      metadata: {
        annotations: { 'greenflops.io/made-en': expect.stringMatching(/^p-910b: not valid when this was made/) },
      },
    });
    const early = at('2026-02-28');
    expect(early.deployed).toBe(false);
    expect(early.notes).toEqual([
      expect.stringContaining('p-910b is not valid before 2026-03-01T00:00:00.000Z (valid_from)'),
    ]);
  } finally {
    remove();
  }
});
