import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { objectsOf } from '../estates.ts';
import { stacksOf } from './province.ts';

interface Policy {
  readonly priority: number;
  readonly resourceSelectors: readonly {
    readonly kind: string;
    readonly namespace?: string;
    readonly labelSelector?: unknown;
  }[];
  readonly placement: { readonly clusterAffinity: { readonly clusterNames: readonly string[] } };
}

const policiesOf = (change?: (text: string) => string): Map<string, Policy> =>
  new Map(
    [...objectsOf(stacksOf(change), 'jx-k-residency').values()]
      .filter(({ kind }) => kind === 'ClusterPropagationPolicy')
      .map((object: KubernetesObject) => [
        object.metadata.name,
        ('spec' in object ? object.spec : undefined) as Policy,
      ]),
  );
const reaches = (policies: Map<string, Policy>, name: string) =>
  policies.get(name)?.placement.clusterAffinity.clusterNames;

describe('whither Karmada may hand things on', () => {
  const policies = policiesOf();

  test('a tenant: to the clusters where it has a quota and is cleared, its workloads whole to one of them', () => {
    expect(policies.get('tenant-workloads-copper')).toEqual({
      priority: 10,
      conflictResolution: 'Abort',
      resourceSelectors: ['copper-train', 'copper-serve'].flatMap((namespace) =>
        ['Deployment', 'StatefulSet'].map((kind) => ({
          apiVersion: 'apps/v1',
          kind,
          namespace,
          labelSelector: {
            matchExpressions: [{ key: 'greenflops.io/data-class', operator: 'NotIn', values: ['important', 'core'] }],
          },
        })),
      ),
      placement: {
        clusterAffinity: { clusterNames: ['nc-a'] },
        replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
        spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
      },
    });
    expect(policies.get('tenant-objects-rescue')).toEqual({
      priority: 10,
      conflictResolution: 'Abort',
      resourceSelectors: ['Service', 'ConfigMap', 'Secret', 'PersistentVolumeClaim'].map((kind) => ({
        apiVersion: 'v1',
        kind,
        namespace: 'rescue',
        labelSelector: { matchExpressions: [{ key: 'greenflops.io/data-class', operator: 'NotIn', values: ['core'] }] },
      })),
      placement: { clusterAffinity: { clusterNames: ['nc-a'] } },
    });
    expect(reaches(policies, 'tenant-objects-firms')).toEqual(['nc-a', 'nc-b']);
  });

  test('no workloads of a tenant whose jobs a manager hands out: its workers would refuse them', () => {
    expect([...policies.keys()].filter((name) => name.startsWith('tenant-workloads-'))).toEqual([
      'tenant-workloads-copper',
      'tenant-workloads-rescue',
    ]);
    expect(reaches(policies, 'tenant-objects-lab')).toEqual(['nc-a', 'nc-b']);
  });

  test('a class: to every cluster that is cleared for it, after what a tenant says; a class that nobody may hold nowhere', () => {
    expect(reaches(policies, 'class-objects-general')).toEqual(['nc-a', 'nc-b']);
    expect(reaches(policies, 'class-workloads-important')).toEqual(['nc-a']);
    expect([...policies.keys()].filter((name) => name.endsWith('-core'))).toEqual([]);
    expect(policies.get('class-objects-important')?.priority).toBeLessThan(
      policies.get('tenant-objects-rescue')?.priority ?? 0,
    );
  });

  test('more than general data stays under its law', () => {
    const abroad = policiesOf((text) =>
      text.replace('context: nc-a, jurisdiction: jiangxi', 'context: nc-a, jurisdiction: hunan'),
    );
    expect(reaches(abroad, 'class-objects-general')).toEqual(['nc-a', 'nc-b']);
    expect([...abroad.keys()].filter((name) => name.includes('important') || name.includes('rescue'))).toEqual([]);
  });

  test('no policy names no cluster, which Karmada would read as all of them', () => {
    for (const { placement } of policies.values()) expect(placement.clusterAffinity.clusterNames).not.toEqual([]);
  });

  test('no job, no pod: those are handed on by the manager of Kueue', () => {
    const kinds = new Set(
      [...policies.values()].flatMap(({ resourceSelectors }) => resourceSelectors.map(({ kind }) => kind)),
    );
    expect([...kinds].toSorted()).toEqual([
      'ConfigMap',
      'Deployment',
      'PersistentVolumeClaim',
      'Secret',
      'Service',
      'StatefulSet',
    ]);
  });
});

describe("Karmada's own API server", () => {
  const residency = objectsOf(stacksOf(), 'jx-k-residency');

  test('has the namespaces of tenants, which stay there: the clusters have their own', () => {
    expect(residency.get('Namespace rescue')).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'rescue',
        labels: {
          'app.kubernetes.io/managed-by': 'greenflops',
          'greenflops.io/tenant': 'rescue',
          'greenflops.io/data-class': 'important',
          'greenflops.io/jurisdiction': 'jiangxi',
          'namespace.karmada.io/skip-auto-propagation': 'true',
        },
      },
    });
  });

  test('lets members write what is handed on, and no policy of their own', () => {
    expect(residency.get('RoleBinding copper-serve/members')).toMatchObject({
      roleRef: { name: 'greenflops-tenant' },
      subjects: [{ kind: 'Group', name: 'greenflops:tenant:copper' }],
    });
    const role = JSON.stringify(residency.get('ClusterRole greenflops-tenant'));
    expect(role).toContain('persistentvolumeclaims');
    expect(role).not.toContain('policy.karmada.io');
    expect(role).not.toContain('"jobs"');
  });

  test('says whither before anything can be written', () => {
    const kinds = [...residency.values()].map(({ kind }) => kind);
    expect(kinds.lastIndexOf('ClusterPropagationPolicy')).toBeLessThan(kinds.indexOf('Namespace'));
  });
});

test('an estate without Karmada has nothing of it, and a cluster of Karmada nothing else', () => {
  const without = stacksOf((text) => text.replace(/\n {2}- \{ id: jx-k,.*(?=\n)/, ''));
  expect(without.filter(({ stack }) => stack.name === 'residency')).toEqual([]);
  expect(
    stacksOf()
      .filter(({ cluster }) => cluster.id === 'jx-k')
      .map(({ id }) => id),
  ).toEqual(['jx-k-residency']);
});
