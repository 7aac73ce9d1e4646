import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Crds } from '../../../infra/admission/crds.ts';
import { judge } from '../../../infra/admission/judge.ts';
import { stacksOf } from './province.ts';

const folder = process.env['GREENFLOPS_CRDS'] ?? '../shared/crds';
const there = existsSync(folder);
if (!there)
  console.warn(
    `no folder of CRDs at ${folder} (GREENFLOPS_CRDS): what an API server would say of Volcano's, Karmada's and MultiKueue's objects was not asked`,
  );

const groups = new Set(['scheduling.volcano.sh', 'topology.volcano.sh', 'policy.karmada.io', 'kueue.x-k8s.io']);
const ours = () =>
  stacksOf()
    .filter(({ stack }) => ['dispatch', 'gangs', 'residency', 'queues'].includes(stack.name))
    .flatMap(({ objects }) => objects)
    .filter(({ apiVersion }) => groups.has(apiVersion.split('/')[0] ?? ''));

test.runIf(there)('every object of Volcano, Karmada and MultiKueue passes its CRD, schema and CEL', () => {
  const crds = new Crds(folder);
  const kinds = new Set<string>();
  for (const object of ours()) {
    const { problems, covered } = judge({ ...object }, crds);
    expect([object.kind, object.metadata.name, problems]).toEqual([object.kind, object.metadata.name, []]);
    if (covered) kinds.add(object.kind);
  }
  for (const kind of [
    'Queue',
    'HyperNode',
    'ClusterPropagationPolicy',
    'MultiKueueCluster',
    'MultiKueueConfig',
    'AdmissionCheck',
  ])
    expect([...kinds]).toContain(kind);
});

test.runIf(there).each<[string, (spec: never) => object, RegExp]>([
  ['Queue', (spec: object) => ({ ...spec, weight: 0 }), /weight/],
  ['HyperNode', (spec: object) => ({ ...spec, members: [] }), /members/],
  ['ClusterPropagationPolicy', (spec: object) => ({ ...spec, resourceSelectors: [] }), /resourceSelectors/],
  [
    'MultiKueueCluster',
    () => ({ clusterSource: {} }),
    /exactly one of the fields in \[kubeConfig clusterProfileRef\] must be set/,
  ],
  [
    'MultiKueueConfig',
    () => ({ clusters: Array.from({ length: 21 }, (_, i) => `nc-${i}`) }),
    /clusters: 21 items, at most 20/,
  ],
])('a wrong %s is refused by the same judge', (kind, wrong, why) => {
  const object = ours().find((one) => one.kind === kind);
  if (!object || !('spec' in object)) throw new Error(`there is a ${kind}`);
  const { problems } = judge({ ...object, spec: wrong(object.spec as never) }, new Crds(folder));
  expect(problems.map(({ path, detail }) => `${path}: ${detail.en}`).join('\n')).toMatch(why);
});
