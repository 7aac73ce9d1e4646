import { describe, expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import { loadPlan } from '../../model/load.ts';
import { packagesOf } from '../../infra/tenants/quota.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const shipped = declaredStacks('plan');
const pools = objectsOf(shipped, 'nc-a-pools');

test('the demonstration estate is six stacks', () => {
  expect(shipped.map(({ id, objects }) => [id, objects.length])).toEqual([
    ['nc-a-pools', 21],
    ['nc-a-ledger', 3],
    ['nc-a-telemetry', 9],
    ['py-a-pools', 14],
    ['py-a-ledger', 3],
    ['py-a-telemetry', 9],
  ]);
});

test('a namespace says whose it is, where it lies and what pods it takes', () => {
  expect(pools.get('Namespace copper-train')).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'copper-train',
      labels: {
        'app.kubernetes.io/managed-by': 'greenflops',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'v1.36',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/audit-version': 'v1.36',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': 'v1.36',
        'greenflops.io/tenant': 'copper-ai',
        'greenflops.io/action': 'industrial-production',
        'greenflops.io/data-class': 'general',
        'greenflops.io/jurisdiction': 'jiangxi',
        'greenflops.io/site': 'nanchang',
      },
      annotations: {
        'greenflops.io/name-zh': '铜冶炼智能',
        'greenflops.io/name-en': 'Copper AI',
        'greenflops.io/action-zh': '工业生产',
        'greenflops.io/action-en': 'Industrial production',
      },
    },
  });
});

test('a namespace is closed but for names and its own tenant, and its default account carries no token', () => {
  const policy = (name: string) => pools.get(`NetworkPolicy copper-train/${name}`);
  expect(policy('default-deny')).toMatchObject({ spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } });
  expect(policy('default-deny')).not.toHaveProperty('spec.ingress');
  expect(policy('default-deny')).not.toHaveProperty('spec.egress');
  const tenant = [{ namespaceSelector: { matchLabels: { 'greenflops.io/tenant': 'copper-ai' } } }];
  expect(policy('tenant')).toMatchObject({ spec: { ingress: [{ from: tenant }], egress: [{ to: tenant }] } });
  expect([...pools.keys()].filter((key) => key.startsWith('NetworkPolicy copper-train/'))).toHaveLength(3);
  expect(pools.get('ServiceAccount copper-train/default')).toMatchObject({ automountServiceAccountToken: false });
});

describe('quota', () => {
  const hard = (id: string, key: string, stacks = shipped) => objectsOf(stacks, id).get(key);

  // 20 PFlops / 313 TFLOPS = 63.9; 10 / 0.312 = 32.05; 4 / 0.148 = 27.03; 8 / 0.256 = 31.25
  test.each([
    [
      'nc-a-pools',
      'copper-train',
      { 'nvidia.com/gpu': '0', 'huawei.com/Ascend910': '32', 'huawei.com/Ascend910B3': '32' },
    ],
    [
      'nc-a-pools',
      'copper-serve',
      { 'nvidia.com/gpu': '0', 'huawei.com/Ascend910': '31', 'huawei.com/Ascend910B3': '31' },
    ],
    ['nc-a-pools', 'uni-lab', { 'nvidia.com/gpu': '32', 'huawei.com/Ascend910': '0', 'huawei.com/Ascend910B3': '0' }],
    ['py-a-pools', 'uni-lab', { 'nvidia.com/gpu': '27', 'huawei.com/Ascend910': '0', 'huawei.com/Ascend910A': '0' }],
    [
      'py-a-pools',
      'rice-vision',
      { 'nvidia.com/gpu': '0', 'huawei.com/Ascend910': '31', 'huawei.com/Ascend910A': '31' },
    ],
  ])('%s %s', (id, namespace, cards) => {
    const requests = Object.fromEntries(Object.entries(cards).map(([name, count]) => [`requests.${name}`, count]));
    expect(hard(id, `ResourceQuota ${namespace}/accelerators`)).toHaveProperty('spec.hard', requests);
  });

  test('says how it was made', () => {
    expect(pools.get('ResourceQuota copper-serve/accelerators')).toHaveProperty('metadata.annotations', {
      'greenflops.io/made-zh': 'nc-910b：20 PFlops ÷ 稠密 FP16 峰值 313 TFLOPS，向下取整为 63 卡，本命名空间 31 卡',
      'greenflops.io/made-en':
        'nc-910b: 20 PFlops / 313 TFLOPS dense FP16, rounded down to 63 packages, 31 in this namespace',
    });
  });

  test('counts dies where a package holds two, and never half a package', () => {
    const stacks = stacksOf(replaced('accelerator: ascend-910b3', 'accelerator: ascend-910c-9392'));
    // 20 PFlops / 800 TFLOPS = 25 packages = 50 dies: 13 and 12 packages
    expect(hard('nc-a-pools', 'ResourceQuota copper-train/accelerators', stacks)).toHaveProperty('spec.hard', {
      'requests.nvidia.com/gpu': '0',
      'requests.huawei.com/Ascend910': '26',
      'requests.huawei.com/Ascend910C': '26',
    });
  });

  test('of two pools with one resource name is their sum', () => {
    const second = `  - id: nc-910b-2
    cluster: nc-a
    accelerator: ascend-910b3
    count: 64
    nodes: { selector: { accelerator: ascend-910b3 } }
`;
    const stacks = stacksOf((estate) =>
      replaced(
        '{ pool: nc-910b, pflops: 20 }',
        '{ pool: nc-910b, pflops: 20 }, { pool: nc-910b-2, pflops: 10 }',
      )(replaced('\ntenants:', `${second}\ntenants:`)(estate)),
    );
    // 63 and 31 packages: 32 + 16 for the first namespace
    expect(hard('nc-a-pools', 'ResourceQuota copper-train/accelerators', stacks)).toHaveProperty('spec.hard', {
      'requests.nvidia.com/gpu': '0',
      'requests.huawei.com/Ascend910': '48',
      'requests.huawei.com/Ascend910B3': '48',
    });
  });

  test('is rounded by the decimal, not by the double beside it', () => {
    const model = loadPlan('plan').accelerators.get('nvidia-a800-sxm');
    if (!model) throw new Error('the catalogue holds the A800');
    expect([31.2, 31.1999, 0.312, 0.936, 0.311].map((pflops) => packagesOf(pflops, model))).toEqual([100, 99, 1, 3, 0]);
    // 1000.9999999999999 / 1 as doubles
    expect(packagesOf(1.001, { ...model, peak_tflops: { fp16: 1 } })).toBe(1001);
  });
});

test("a pool's weaker Pod Security level holds for its tenants alone, with its reason; audit and warn stay", () => {
  const reason = '{ zh: RDMA 需要主机网络, en: RDMA needs the host network }';
  const objects = objectsOf(
    stacksOf(
      replaced(
        '    nodes: { selector: { accelerator: ascend-910b3 } }\n',
        `    nodes: { selector: { accelerator: ascend-910b3 } }\n    pod_security: { level: baseline, reason: ${reason} }\n`,
      ),
    ),
    'nc-a-pools',
  );
  expect(objects.get('Namespace copper-train')).toMatchObject({
    metadata: {
      labels: {
        'pod-security.kubernetes.io/enforce': 'baseline',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
      annotations: { 'greenflops.io/pod-security-en': 'RDMA needs the host network' },
    },
  });
  expect(objects.get('Namespace uni-lab')).toHaveProperty(
    ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'],
    'restricted',
  );
});
