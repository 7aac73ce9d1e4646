import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { webhookProblems } from '../../../infra/queues/webhook-rules.ts';

const object = (kind: string, spec: unknown): KubernetesObject => ({
  apiVersion: 'kueue.x-k8s.io/v1beta2',
  kind,
  metadata: { name: 'x', labels: {} },
  spec,
});
const flavor = (name: string, ...resources: readonly [name: string, nominal: string, more?: object][]) => ({
  name,
  resources: resources.map(([resource, nominalQuota, more]) => ({ name: resource, nominalQuota, ...more })),
});
const group = (coveredResources: readonly string[], ...flavors: readonly object[]) => ({ coveredResources, flavors });
const told = (kind: string, spec: object) =>
  webhookProblems(object(kind, spec)).map(({ path, text }) => `${path.join('.')}: ${text.en}`);
const inCohort = (...resourceGroups: readonly object[]) => ({ cohortName: 'c', resourceGroups });
const AT = 'spec.resourceGroups';

describe('what Kueue’s webhooks refuse', () => {
  test.each([
    [
      'a name in two groups',
      [group(['a/b'], flavor('one', ['a/b', '1'])), group(['a/b'], flavor('two', ['a/b', '1']))],
      `${AT}.1.coveredResources.0: a/b stands in two resource groups`,
    ],
    [
      'a flavour in two groups',
      [group(['a/b'], flavor('one', ['a/b', '1'])), group(['a/c'], flavor('one', ['a/c', '1']))],
      `${AT}.1.flavors.0.name: one stands in two resource groups`,
    ],
    [
      'another order',
      [group(['a/b', 'a/c'], flavor('one', ['a/c', '1'], ['a/b', '1']))],
      `${AT}.0.flavors.0.resources: resources must stand as in coveredResources: a/b a/c, and not a/c a/b`,
    ],
    [
      'a negative quota',
      [group(['a/b'], flavor('one', ['a/b', '-1']))],
      `${AT}.0.flavors.0.resources.0.nominalQuota: -1 is negative`,
    ],
    [
      'a Chinese name',
      [group(['算力/卡'], flavor('one', ['算力/卡', '1']))],
      `${AT}.0.coveredResources.0: 算力/卡 is no valid resource name`,
    ],
    [
      'lending more than one has',
      [group(['a/b'], flavor('one', ['a/b', '1k', { lendingLimit: '1001' }]))],
      `${AT}.0.flavors.0.resources.0.lendingLimit: 1001 is more than nominalQuota`,
    ],
    [
      'no quantity',
      [group(['a/b'], flavor('one', ['a/b', '1 PFlops']))],
      `${AT}.0.flavors.0.resources.0.nominalQuota: 1 PFlops is no quantity`,
    ],
  ])('%s', (_, groups, problem) => {
    expect(told('ClusterQueue', inCohort(...groups))).toEqual([problem]);
  });

  test('a limit without a cohort above', () => {
    const resourceGroups = [group(['a/b'], flavor('one', ['a/b', '1', { borrowingLimit: '1' }]))];
    const problem = `${AT}.0.flavors.0.resources.0.borrowingLimit: no limit without a cohort above`;
    expect(told('ClusterQueue', { resourceGroups })).toEqual([problem]);
    expect(told('Cohort', { resourceGroups })).toEqual([problem]);
    expect(told('Cohort', { parentName: 'p', resourceGroups })).toEqual([]);
  });

  test('more groups, names or flavours than it takes', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => group([`a/r${i}`], flavor(`f${i}`, [`a/r${i}`, '1'])));
    expect(told('Cohort', { resourceGroups: many(16) })).toEqual([]);
    expect(told('Cohort', { resourceGroups: many(17) })).toEqual([`${AT}: 17 resource groups; Kueue takes at most 16`]);
    const flavors = (count: number) => Array.from({ length: count }, (_, i) => flavor(`f${i}`, ['a/b', '1']));
    expect(told('Cohort', { resourceGroups: [group(['a/b'], ...flavors(65))] })).toEqual([
      `${AT}.0.flavors: 65 flavours; Kueue takes at most 64`,
    ]);
    // 9 names of 60 flavours are 540 pairs
    const names = Array.from({ length: 9 }, (_, i) => `a/r${i}`);
    const wide = Array.from({ length: 60 }, (_, i) =>
      flavor(`f${i}`, ...names.map((name): [string, string] => [name, '1'])),
    );
    expect(told('ClusterQueue', inCohort(group(names, ...wide)))).toEqual([
      `${AT}.0: 540 pairs of flavour and resource; Kueue takes at most 512`,
    ]);
    expect(told('Cohort', { resourceGroups: [group(names, ...wide)] })).toEqual([]);
  });

  test('policies of preemption that contradict, and checks on flavours that are not there', () => {
    const borrowWithinCohort = { policy: 'LowerPriority' };
    expect(told('ClusterQueue', { cohortName: 'c', preemption: { borrowWithinCohort } })).toEqual([
      'spec.preemption: with reclaimWithinCohort Never, borrowWithinCohort must be Never',
    ]);
    expect(told('ClusterQueue', { preemption: { reclaimWithinCohort: 'Any', borrowWithinCohort } })).toEqual([]);
    const admissionChecks = [{ name: 'check', onFlavors: ['one', 'two'] }];
    expect(
      told('ClusterQueue', {
        admissionChecksStrategy: { admissionChecks },
        resourceGroups: [group(['a/b'], flavor('one', ['a/b', '1']))],
      }),
    ).toEqual(['spec.admissionChecksStrategy.admissionChecks.0.onFlavors.1: the queue has no flavour two']);
  });

  test('labels and keys of taints of a flavour', () => {
    expect(
      told('ResourceFlavor', { nodeLabels: { pool: 'a b' }, tolerations: [{ key: 'Ä', operator: 'Exists' }, {}] }),
    ).toEqual([
      'spec.nodeLabels.pool: pool=a b is no valid label',
      'spec.tolerations.0.key: Ä is no valid key of a taint',
    ]);
  });

  test('says nothing of other kinds', () => {
    expect(told('LocalQueue', { clusterQueue: 'x' })).toEqual([]);
  });
});
