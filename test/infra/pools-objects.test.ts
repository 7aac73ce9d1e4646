import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { objectsOf, stacksOf } from './estates.ts';

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
