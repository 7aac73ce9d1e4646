import { expect, test } from 'vitest';
import { synthesised } from '../estates.ts';
import { declare, pair } from './objects-estate.ts';

interface Manifest {
  readonly depends_on?: readonly string[];
  readonly lifecycle?: { readonly create_before_destroy?: boolean };
}

const stacks = declare(pair).filter(({ id }) => id === 'top-queues');
const json = JSON.parse(synthesised(stacks).get('top-queues') ?? '{}') as {
  readonly resource: { readonly kubernetes_manifest: Readonly<Record<string, Manifest>> };
};
const manifests = json.resource.kubernetes_manifest;

test('logical ids are the kind and the name, and stay', () => {
  expect(Object.keys(manifests)).toEqual(
    expect.arrayContaining([
      'resourceflavor_greenflops-credits',
      'topology_ascend-910b3',
      'cohort_province',
      'cohort_group-works',
      'clusterqueue_smelter',
      'localqueue_smelt-a_default',
      'admissioncheck_smelter',
      'workloadpriorityclass_greenflops-urgent',
    ]),
  );
});

test('queues are made after what they use, and go before it', () => {
  const on = (id: string) => manifests[id]?.depends_on ?? [];
  expect(on('clusterqueue_smelter')).toEqual([
    'kubernetes_manifest.resourceflavor_ascend-910b3',
    'kubernetes_manifest.resourceflavor_greenflops-credits',
    'kubernetes_manifest.admissioncheck_smelter',
  ]);
  expect(on('resourceflavor_ascend-910b3')).toEqual(['kubernetes_manifest.topology_ascend-910b3']);
  expect(on('localqueue_smelt-a_default')).toEqual(['kubernetes_manifest.clusterqueue_smelter']);
  const before = Object.entries(manifests).flatMap(([id, { lifecycle }]) =>
    lifecycle?.create_before_destroy ? [id.replace(/_.*/, '')] : [],
  );
  expect([...new Set(before)].toSorted()).toEqual(['admissioncheck', 'resourceflavor', 'topology']);
});
