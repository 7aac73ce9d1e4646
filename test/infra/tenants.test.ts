import { expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const shipped = declaredStacks('plan');
const pools = objectsOf(shipped, 'nc-a-pools');

test('a namespace says whose it is, where it lies, which pools are its own and what pods it takes', () => {
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
        'greenflops.io/priority': 'normal',
        'greenflops.io/jurisdiction': 'jiangxi',
        'greenflops.io/site': 'nanchang',
        'pool.greenflops.io/nc-910b': 'true',
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

test('names the pools of its own cluster alone', () => {
  const pooled = (id: string) =>
    Object.keys(objectsOf(shipped, id).get('Namespace uni-lab')?.metadata.labels ?? {}).filter((key) =>
      key.startsWith('pool.'),
    );
  expect(pooled('nc-a-pools')).toEqual(['pool.greenflops.io/nc-a800']);
  expect(pooled('py-a-pools')).toEqual(['pool.greenflops.io/py-h20']);
});

test('its members come last, when all that holds them stands', () => {
  const kinds = [...pools.keys()].filter((key) => key.includes('copper-serve')).map((key) => key.split(' ')[0]);
  expect(kinds[0]).toBe('Namespace');
  expect(kinds.at(-1)).toBe('RoleBinding');
  expect(new Set(kinds)).toEqual(
    new Set([
      'Namespace',
      'NetworkPolicy',
      'ServiceAccount',
      'ResourceQuota',
      'LimitRange',
      'PodDisruptionBudget',
      'RoleBinding',
    ]),
  );
});

test('its members are those of the tenant, by the groups that the estate names', () => {
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'greenflops-tenant' };
  const group = (name: string) => ({ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' });
  expect(pools.get('RoleBinding copper-train/members')).toMatchObject({
    roleRef: role,
    subjects: [group('greenflops:tenant:copper-ai')],
  });
  const own = stacksOf(
    replaced(
      'namespaces: [copper-train, copper-serve]',
      'namespaces: [copper-train, copper-serve]\n    members: [oidc:铜, oidc:铜]',
    ),
  );
  expect(objectsOf(own, 'nc-a-pools').get('RoleBinding copper-serve/members')).toHaveProperty('subjects', [
    group('oidc:铜'),
  ]);
});

test('its default account carries no token, and nobody else is there', () => {
  expect(pools.get('ServiceAccount copper-train/default')).toMatchObject({ automountServiceAccountToken: false });
  expect([...pools.keys()].filter((key) => key.startsWith('ServiceAccount copper-train/'))).toHaveLength(1);
});

test('a budget holds protected pods by a whole number that is never reached, and says why', () => {
  expect(pools.get('PodDisruptionBudget copper-train/protected')).toMatchObject({
    metadata: {
      annotations: {
        'greenflops.io/why-zh': expect.stringContaining('不会被腾空节点'),
        'greenflops.io/why-en': expect.stringContaining('not evicted when a node is drained'),
      },
    },
    spec: { minAvailable: 150_000, selector: { matchLabels: { 'greenflops.io/protected': 'true' } } },
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
      annotations: {
        'greenflops.io/pod-security-zh': 'nc-910b（baseline）：RDMA 需要主机网络',
        'greenflops.io/pod-security-en': 'nc-910b (baseline): RDMA needs the host network',
      },
    },
  });
  expect(objects.get('Namespace uni-lab')).toHaveProperty(
    ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'],
    'restricted',
  );
});
