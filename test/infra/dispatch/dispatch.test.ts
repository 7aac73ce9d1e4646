import { describe, expect, test } from 'vitest';
import { dispatchUser } from '../../../infra/dispatch/account.ts';
import { kueueFrameworks } from '../../../infra/queues/config/configuration.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { objectsOf, replaced } from '../estates.ts';
import { refusal, stacksOf } from './province.ts';

const specOf = (objects: Map<string, KubernetesObject>, key: string): unknown => {
  const object = objects.get(key);
  if (!object) throw new Error(`no ${key}; there are ${[...objects.keys()].join(', ')}`);
  return 'spec' in object ? object.spec : undefined;
};

describe('the manager', () => {
  const declared = stacksOf();
  const dispatch = objectsOf(declared, 'jx-m-dispatch');

  test('finds each worker by the name of a Secret, and hands a tenant on where it has a quota and is cleared', () => {
    expect([...dispatch.keys()]).toEqual([
      'MultiKueueCluster nc-a',
      'MultiKueueCluster nc-b',
      'MultiKueueConfig copper',
      'MultiKueueConfig rescue',
      'MultiKueueConfig firms',
      'MultiKueueConfig lab',
      'ConfigMap kube-system/greenflops-declared-dispatch',
    ]);
    expect(specOf(dispatch, 'MultiKueueCluster nc-a')).toEqual({
      clusterSource: { kubeConfig: { locationType: 'Secret', location: 'nc-a-kubeconfig' } },
    });
    expect(specOf(dispatch, 'MultiKueueConfig copper')).toEqual({ clusters: ['nc-a'] });
    expect(specOf(dispatch, 'MultiKueueConfig rescue')).toEqual({ clusters: ['nc-a'] });
    expect(specOf(dispatch, 'MultiKueueConfig firms')).toEqual({ clusters: ['nc-a', 'nc-b'] });
    // nc-b first: there chips are the lab's own
    expect(specOf(dispatch, 'MultiKueueConfig lab')).toEqual({ clusters: ['nc-b', 'nc-a'] });
  });

  test('has a check for each queue, which names it whole, and makes both in one stack', () => {
    const queues = objectsOf(declared, 'jx-m-queues');
    for (const tenant of ['copper', 'rescue', 'firms', 'lab']) {
      expect(queues.get(`AdmissionCheck ${tenant}`)).toEqual({
        apiVersion: 'kueue.x-k8s.io/v1beta2',
        kind: 'AdmissionCheck',
        metadata: { name: tenant, labels: { 'app.kubernetes.io/managed-by': 'greenflops' } },
        spec: {
          controllerName: 'kueue.x-k8s.io/multikueue',
          parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'MultiKueueConfig', name: tenant },
        },
      });
      expect(specOf(queues, `ClusterQueue ${tenant}`)).toMatchObject({
        admissionChecksStrategy: { admissionChecks: [{ name: tenant }] },
      });
    }
  });

  test('is deployed clusters first, then the queues that lead there; on a worker no queue has a check', () => {
    const ids = declared.map(({ id }) => id);
    expect(ids.indexOf('jx-m-dispatch')).toBeLessThan(ids.indexOf('jx-m-queues'));
    expect(declared.find(({ id }) => id === 'jx-m-queues')?.stack.after).toContain('dispatch');
    for (const worker of ['nc-a', 'nc-b']) {
      const queues = [...objectsOf(declared, `${worker}-queues`).values()];
      expect(queues.some(({ kind }) => kind === 'AdmissionCheck')).toBe(false);
      expect(JSON.stringify(queues)).not.toContain('admissionChecks');
    }
  });

  test('has the same namespaces and LocalQueues as its workers, so that Kueue finds the door of a copy', () => {
    const doors = (cluster: string) =>
      [...objectsOf(declared, `${cluster}-queues`).keys()].filter((key) => key.startsWith('LocalQueue '));
    const spaces = (cluster: string) =>
      [...objectsOf(declared, `${cluster}-pools`).keys()].filter((key) => key.startsWith('Namespace '));
    for (const of of [doors, spaces]) expect(new Set(of('jx-m'))).toEqual(new Set([...of('nc-a'), ...of('nc-b')]));
  });

  test.each<[string, string, object]>([
    ['kubeconfig: { secret: b-access }', 'Secret', { locationType: 'Secret', location: 'b-access' }],
    [
      'kubeconfig: { file: /etc/multikueue/kubeconfigs/nc-b }',
      'file',
      { locationType: 'Path', location: '/etc/multikueue/kubeconfigs/nc-b' },
    ],
  ])('takes %s from where the estate says (%s)', (written, _, kubeConfig) => {
    const changed = stacksOf(
      replaced(
        'data_classes: [general], kueue: { enabled: true }',
        `data_classes: [general], kueue: { enabled: true, ${written} }`,
      ),
    );
    expect(specOf(objectsOf(changed, 'jx-m-dispatch'), 'MultiKueueCluster nc-b')).toEqual({
      clusterSource: { kubeConfig },
    });
  });

  test('that names its workers has no other', () => {
    const changed = stacksOf((text) =>
      text
        .replace('role: manager, kueue: { enabled: true }', 'role: manager, kueue: { enabled: true, workers: [nc-a] }')
        .replace(/\n {2}- \{ id: lab,.*\n/, '\n')
        .replace('priority: low, quota: [{ pflops: 5 }]', 'priority: low, quota: [{ cluster: nc-a, pflops: 5 }]'),
    );
    const keys = [...objectsOf(changed, 'jx-m-dispatch').keys()];
    expect(keys).toContain('MultiKueueCluster nc-a');
    expect(keys).not.toContain('MultiKueueCluster nc-b');
    expect(changed.some(({ id }) => id === 'nc-b-dispatch')).toBe(false);
  });
});

describe("a worker's account for its manager", () => {
  const declared = stacksOf();
  const view = declared.find(({ id }) => id === 'nc-a-dispatch')?.view;
  const account = objectsOf(declared, 'nc-a-dispatch');

  /** Written by hand from Kueue's own manifest for workers (create-multikueue-kubeconfig.sh), by its names of the kinds. */
  const kinds: Readonly<Record<string, readonly [group: string, resource: string] | undefined>> = {
    'batch/job': ['batch', 'jobs'],
    'jobset.x-k8s.io/jobset': ['jobset.x-k8s.io', 'jobsets'],
  };
  const rulesFor = (frameworks: readonly string[]) => [
    { apiGroups: ['kueue.x-k8s.io'], resources: ['workloads'], verbs: ['get', 'list', 'watch', 'create', 'delete'] },
    { apiGroups: ['kueue.x-k8s.io'], resources: ['workloads/status'], verbs: ['get', 'patch', 'update'] },
    ...frameworks.flatMap((framework) => {
      if (!(framework in kinds)) throw new Error(`what does Kueue do with ${framework} on a worker?`);
      const [group, resource] = kinds[framework] ?? [];
      return group === undefined || resource === undefined
        ? []
        : [
            { apiGroups: [group], resources: [resource], verbs: ['get', 'list', 'watch', 'create', 'delete'] },
            { apiGroups: [group], resources: [`${resource}/status`], verbs: ['get'] },
          ];
    }),
  ];

  test('stands in the namespace of its Kueue, gives no token to pods, and is bound to its one role', () => {
    expect(account.get('ServiceAccount kueue-system/greenflops-dispatch')).toMatchObject({
      automountServiceAccountToken: false,
    });
    expect(account.get('ClusterRoleBinding greenflops-dispatch')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'greenflops-dispatch' },
      subjects: [{ kind: 'ServiceAccount', name: 'greenflops-dispatch', namespace: 'kueue-system' }],
    });
    expect(view && dispatchUser(view)).toBe('system:serviceaccount:kueue-system:greenflops-dispatch');
  });

  test('may do what MultiKueue does with the kinds of its manager, and nothing else', () => {
    const manager = declared.find(({ id }) => id === 'jx-m-dispatch')?.view;
    if (!manager) throw new Error('the province has a manager');
    expect(account.get('ClusterRole greenflops-dispatch')).toMatchObject({ rules: rulesFor(kueueFrameworks(manager)) });
    expect(kueueFrameworks(manager)).toEqual(['batch/job']);
    expect(JSON.stringify(account.get('ClusterRole greenflops-dispatch'))).not.toMatch(/"pods"|"statefulsets"/);
  });

  test("goes by the manager's controllers: what only the worker runs is never handed over", () => {
    const on = (cluster: string) => (text: string) =>
      text.replace(
        `id: ${cluster}, site: nanchang,`,
        `id: ${cluster}, site: nanchang, controllers: [jobset-system, volcano-system],`,
      );
    const rights = (change: (text: string) => string) =>
      JSON.stringify(objectsOf(stacksOf(change), 'nc-a-dispatch').get('ClusterRole greenflops-dispatch'));
    expect(rights(on('nc-a'))).not.toContain('jobset');
    const both = rights((text) => ['nc-a', 'nc-b', 'jx-m'].reduce((changed, cluster) => on(cluster)(changed), text));
    expect(both).toContain(
      '"apiGroups":["jobset.x-k8s.io"],"resources":["jobsets"],"verbs":["get","list","watch","create","delete"]',
    );
    expect(both).not.toContain('batch.volcano.sh'); // Kueue knows no such kind
  });

  test('is not there where nobody hands jobs over', () => {
    const alone = stacksOf((text) =>
      text.replace(/\n {2}- \{ id: jx-m,.*\n/, '\n').replace(/\n {2}- \{ id: (firms|lab),.*(?=\n)/g, ''),
    );
    expect(alone.filter(({ stack }) => stack.name === 'dispatch')).toEqual([]);
  });
});

test('no Secret is in any stack, and of a kubeconfig nothing but its name', () => {
  const objects = stacksOf().flatMap((stack) => stack.objects);
  expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  const told = objects.map((object) => JSON.stringify(object)).filter((text) => /kubeconfig/i.test(text));
  expect(told).toHaveLength(2); // a MultiKueueCluster for each worker
});

describe('an estate is refused, with the place and what to do,', () => {
  test('where the manager knows kinds that a worker does not: Kueue would take the worker for lost', () => {
    const said = refusal((text) =>
      text.replace('id: jx-m, site: nanchang,', 'id: jx-m, site: nanchang, controllers: [jobset-system],'),
    );
    expect(said).toMatch(/estate\.yaml:6:\d+.*jobset\.x-k8s\.io\/jobset.*nc-a/);
    expect(said).toMatch(/estate\.yaml:7:\d+.*jobset\.x-k8s\.io\/jobset.*nc-b/);
  });

  test.each(['/srv/nc-b', '/etc/multikueue/kubeconfigs/../nc-b'])('where Kueue would not read the file %s', (path) => {
    const said = refusal(
      replaced(
        'data_classes: [general], kueue: { enabled: true }',
        `data_classes: [general], kueue: { enabled: true, kubeconfig: { file: ${path} } }`,
      ),
    );
    expect(said).toMatch(/estate\.yaml:7:\d+/);
    expect(said).toContain('/etc/multikueue/kubeconfigs/');
  });
});
