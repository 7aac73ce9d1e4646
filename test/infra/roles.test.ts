import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import type { ClusterRole, KubernetesObject } from '../../infra/kubernetes.ts';
import { objectsOf, replaced, stacksOf, synthesised } from './estates.ts';

const shipped = declaredStacks('plan');
const guardrails = objectsOf(shipped, 'nc-a-guardrails');
const NAMES = ['tenant', 'operator', 'auditor', 'exporter'] as const;

const roleOf = (objects: ReadonlyMap<string, KubernetesObject>, name: string): ClusterRole => {
  const role = objects.get(`ClusterRole greenflops-${name}`);
  if (!role) throw new Error(`no role ${name}`);
  return role as ClusterRole;
};
/** 'verb group/resource' each. */
const rightsOf = ({ rules }: ClusterRole): string[] =>
  rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((one) => verbs.map((verb) => `${verb} ${group}/${one}`))),
  );
/** The shipped estate with more fields of the cluster nc-a. */
const withFields = (fields: string) =>
  objectsOf(stacksOf(replaced('context: nc-a,', `context: nc-a, ${fields},`)), 'nc-a-guardrails');

describe.each(NAMES)('the role of the %s', (name) => {
  const role = roleOf(guardrails, name);

  test('leads nowhere beyond itself', () => {
    for (const right of rightsOf(role)) {
      expect(right).not.toMatch(/\*/);
      expect(right).not.toMatch(/^(bind|escalate|impersonate|approve|sign|deletecollection) /);
      expect(right).not.toMatch(/\/proxy|pods\/binding|ephemeralcontainers|\/status$|serviceaccounts\/token/);
      expect(right).not.toMatch(/^(create|update|patch|delete) .*(rbac\.authorization|admissionregistration)/);
      expect(right).not.toMatch(
        /^(create|update|patch|delete) .*(quotas|limitranges|policies|budgets|namespaces|accounts)$/,
      );
    }
  });

  test('gives a reason for each rule, in both languages', () => {
    const { annotations = {} } = role.metadata;
    for (const language of ['zh', 'en']) {
      const lines = annotations[`greenflops.io/why-${language}`]?.split('\n') ?? [];
      expect(lines).toHaveLength(role.rules.length);
      for (const line of lines) expect(line).toMatch(/^[a-z0-9/, .()-]+[：:].+/);
    }
  });

  test('names no right twice', () => {
    const rights = rightsOf(role);
    expect(rights).toEqual([...new Set(rights)]);
  });
});

test('operators and auditors read no contents of tenants, and auditors write nothing', () => {
  for (const name of ['operator', 'auditor']) {
    for (const right of rightsOf(roleOf(guardrails, name)))
      expect(right).not.toMatch(/secrets|pods\/(log|exec|attach|portforward)/);
  }
  for (const right of rightsOf(roleOf(guardrails, 'auditor'))) expect(right).toMatch(/^(get|list|watch) /);
  expect(rightsOf(roleOf(guardrails, 'operator')).filter((right) => !/^(get|list|watch) /.test(right))).toEqual([
    'patch /nodes',
    'create /pods/eviction',
    'delete /pods',
    'patch batch/jobs',
    'patch apps/deployments/scale',
    'patch apps/statefulsets/scale',
  ]);
});

test('the exporter has the rights that its documentation names', () => {
  expect(roleOf(guardrails, 'exporter').rules).toEqual([
    { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
  ]);
  for (const page of ['docs/devices/kubernetes.md', 'docs/devices/kubernetes.zh.md'])
    expect(readFileSync(page, 'utf8')).toContain('resources: [nodes, pods]\n    verbs: [get, list, watch]');
});

test('kinds of extensions are open where the cluster has them', () => {
  const groups = (objects: ReadonlyMap<string, KubernetesObject>) =>
    new Set(roleOf(objects, 'tenant').rules.flatMap(({ apiGroups }) => apiGroups));
  for (const group of ['kueue.x-k8s.io', 'jobset.x-k8s.io', 'kubeflow.org'])
    expect(groups(guardrails)).not.toContain(group);
  const more = withFields('kueue: { enabled: true }, controllers: [kubeflow]');
  expect(groups(more)).toContain('kueue.x-k8s.io');
  expect(groups(more)).toContain('kubeflow.org');
  expect(groups(more)).not.toContain('jobset.x-k8s.io');
  expect(rightsOf(roleOf(more, 'tenant')).filter((right) => right.includes('kueue'))).toEqual(
    ['localqueues', 'workloads'].flatMap((one) =>
      ['get', 'list', 'watch'].map((verb) => `${verb} kueue.x-k8s.io/${one}`),
    ),
  );
  expect(rightsOf(roleOf(more, 'operator'))).toContain('patch kueue.x-k8s.io/workloads');
});

describe('bindings', () => {
  const subjects = (objects: ReadonlyMap<string, KubernetesObject>, name: string) =>
    objects.get(`ClusterRoleBinding greenflops-${name}`);
  const group = (name: string) => ({ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' });

  test('give operators and auditors their roles in the whole cluster, by the groups that the estate names', () => {
    expect(subjects(guardrails, 'operator')).toHaveProperty('subjects', [group('greenflops:operators')]);
    expect(subjects(guardrails, 'auditor')).toHaveProperty('subjects', [group('greenflops:auditors')]);
    const own = withFields('access: { operators: [oidc:ops, oidc:ops, oidc:night] }');
    expect(subjects(own, 'operator')).toHaveProperty('subjects', [group('oidc:ops'), group('oidc:night')]);
    expect(subjects(own, 'auditor')).toHaveProperty('subjects', [group('greenflops:auditors')]);
  });

  test('give the tenants theirs in no whole cluster', () => expect(subjects(guardrails, 'tenant')).toBeUndefined());

  test("give the exporter's account its role where it asks this cluster's API, and nowhere else", () => {
    expect(subjects(guardrails, 'exporter')).toBeUndefined();
    const asking =
      'allocation: { family: kubernetes, source: { protocol: kubernetes, kubeconfig: in-cluster } }, api_server: ["10.0.0.1:6443"]';
    expect(subjects(withFields(asking), 'exporter')).toMatchObject({
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'greenflops-exporter' },
      subjects: [{ kind: 'ServiceAccount', name: 'greenflops-exporter', namespace: 'greenflops' }],
    });
    const second = `\n  - { id: nc-b, site: nanchang, context: nc-b, exporter: true, jurisdiction: jiangxi, data_classes: [general] }\n\npools:`;
    const elsewhere = stacksOf((estate) =>
      replaced(
        'context: nc-a,',
        `context: nc-a, ${asking.replace('in-cluster', '/etc/greenflops/secrets/nc-a')},`,
      )(replaced('\n\npools:', second)(estate)),
    );
    expect(subjects(objectsOf(elsewhere, 'nc-a-guardrails'), 'exporter')).toBeUndefined();
  });

  const metrics = (auth: string) =>
    `kueue: { enabled: true, metrics: { source: { protocol: exposition, url: 'https://k.kueue-system.svc:8443/metrics', tls: { ca_file: /etc/greenflops/secrets/kueue-ca }, auth: { bearer_file: ${auth} } } } }`;

  test("give it /metrics, and nothing else, where it asks this cluster's Kueue by its own account", () => {
    const asking = withFields(metrics('/var/run/secrets/kubernetes.io/serviceaccount/token'));
    expect(roleOf(asking, 'exporter').rules).toEqual([{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
    expect(subjects(asking, 'exporter')).toHaveProperty('subjects.0.name', 'greenflops-exporter');
    const own = withFields(metrics('/etc/greenflops/secrets/kueue-token'));
    expect(subjects(own, 'exporter')).toBeUndefined();
    const both = withFields(
      `${metrics('/var/run/secrets/kubernetes.io/serviceaccount/token')}, allocation: { family: kubernetes, source: { protocol: kubernetes, kubeconfig: in-cluster } }, api_server: ["10.0.0.1:6443"]`,
    );
    expect(roleOf(both, 'exporter').rules).toHaveLength(2);
  });

  test('of paths reach Terraform too', () => {
    const declared = stacksOf(
      replaced('context: nc-a,', `context: nc-a, ${metrics('/var/run/secrets/kubernetes.io/serviceaccount/token')},`),
    ).filter(({ id }) => id === 'nc-a-guardrails');
    expect(synthesised(declared).get('nc-a-guardrails')).toMatch(/"non_resource_urls":\s*\[\s*"\/metrics"/);
  });

  test('of groups have no namespace in Terraform, where the provider would write default', () => {
    const stack = shipped.find(({ id }) => id === 'nc-a-guardrails');
    if (!stack) throw new Error('the guardrails are declared');
    const made = JSON.parse(synthesised([stack]).get(stack.id) ?? '{}') as { resource: Record<string, object> };
    expect(made.resource['kubernetes_cluster_role_binding_v1']).toHaveProperty(
      ['clusterrolebinding_greenflops-auditor', 'subject'],
      [{ api_group: 'rbac.authorization.k8s.io', kind: 'Group', name: 'greenflops:auditors', namespace: '' }],
    );
  });
});

test('priorities are four, in their order, and none is anybody’s by default', () => {
  const classes = [...guardrails.values()].filter(({ kind }) => kind === 'PriorityClass');
  expect(
    classes.map((one) => [one.metadata.name, 'value' in one && one.value, 'globalDefault' in one && one.globalDefault]),
  ).toEqual([
    ['greenflops-low', 1000, false],
    ['greenflops-normal', 10_000, false],
    ['greenflops-high', 100_000, false],
    ['greenflops-urgent', 1_000_000, false],
  ]);
});
