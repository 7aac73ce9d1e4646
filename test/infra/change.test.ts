import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { differences } from '../../infra/change/difference.ts';
import { selects } from '../../infra/change/drain.ts';
import { keyOf } from '../../infra/change/key.ts';
import type { Live } from '../../infra/change/live.ts';
import { managersOf } from '../../infra/change/owners.ts';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { stacksOf, synthesised } from './estates.ts';

const shipped = declaredStacks('plan');

/** The shipped estate with another row in some of its lists. */
const withRows =
  (rows: Readonly<Record<string, object>>) =>
  (estate: string): string => {
    const document = parseDocument(estate);
    for (const [list, row] of Object.entries(rows)) document.addIn([list], document.createNode(row));
    return String(document);
  };

describe('a second cluster changes no object of the first', () => {
  const objects = (declared: readonly DeclaredStack[]) =>
    new Map(
      declared.flatMap(({ id, objects: own }) =>
        own.map((object) => [`${id}: ${keyOf(object)}`, JSON.stringify(object)] as const),
      ),
    );
  const before = objects(shipped);

  test.each([
    ['another site', 'poyang', 'nc-a', []],
    // The site's exporter reads the whole site: its part of the declaration, its restart by that part's hash, and the
    // record of its stack.
    [
      'the same site, which has its exporter',
      'nanchang',
      'nc-a',
      [
        'nc-a-telemetry: /ConfigMap kube-system/greenflops-declared-telemetry',
        'nc-a-telemetry: /ConfigMap greenflops/greenflops-exporter-plan',
        'nc-a-telemetry: apps/StatefulSet greenflops/greenflops-exporter',
      ],
    ],
  ])('of %s', (_, site, first, mayChange) => {
    const count = fc.integer({ min: 8, max: 64 });
    const model = fc.constantFrom('nvidia-h20', 'ascend-910b3', 'hygon-k100-ai');
    const priority = fc.constantFrom('low', 'normal', 'high', 'urgent');
    fc.assert(
      fc.property(count, model, priority, (chips, accelerator, rank) => {
        const declared = stacksOf(
          withRows({
            clusters: { id: 'more', site, context: 'more', jurisdiction: 'jiangxi', data_classes: ['general'] },
            pools: { id: 'more-p', cluster: 'more', accelerator, count: chips, nodes: { names: ['n1', 'n2'] } },
            tenants: {
              id: 'newcomer',
              action: 'industrial-production',
              namespaces: ['newcomer'],
              data_class: 'general',
              group: 'industrial',
              priority: rank,
              quota: [{ pool: 'more-p', pflops: 0.4 }],
            },
          }),
        );
        const after = objects(declared);
        const changed = [...before].filter(([key, text]) => key.startsWith(`${first}-`) && after.get(key) !== text);
        expect(changed.map(([key]) => key).filter((key) => !mayChange.includes(key))).toEqual([]);
        expect([...after.keys()].filter((key) => key.startsWith(`${first}-`) && !before.has(key))).toEqual([]);
        expect([...after.keys()].some((key) => key.startsWith('more-pools'))).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});

describe('renames', () => {
  const renamed = stacksOf((estate) =>
    estate
      .replace('{ id: nc-a, site', '{ id: nc-main, moved_from: nc-a, site')
      .replaceAll('cluster: nc-a', 'cluster: nc-main')
      .replaceAll('clusters: [nc-a', 'clusters: [nc-main'),
  );
  test('a renamed cluster goes on with the state of its old id', () => {
    const made = synthesised(renamed);
    const path = (id: string): string =>
      (JSON.parse(made.get(id) ?? '{}') as { terraform: { backend: { local: { path: string } } } }).terraform.backend
        .local.path;
    expect(path('nc-main-pools')).toBe(`${process.cwd()}/terraform.nc-a-pools.tfstate`);
    expect(path('py-a-pools')).toBe(`${process.cwd()}/terraform.py-a-pools.tfstate`);
  });

  test('a renamed pool writes a moved block for what is named after it, and for nothing else', () => {
    const pool = (id: string, more: object) => ({
      id,
      cluster: 'nc-a',
      accelerator: 'ascend-910b3',
      count: 8,
      nodes: { names: ['n1'] },
      runtime: { handler: 'ascend' },
      ...more,
    });
    const made = (row: object) =>
      JSON.parse(synthesised(stacksOf(withRows({ pools: row }))).get('nc-a-pools') ?? '{}') as { moved?: unknown };
    expect(made(pool('old', {})).moved).toBeUndefined();
    expect(made(pool('new', { moved_from: 'old' })).moved).toEqual([
      { from: 'kubernetes_manifest.runtimeclass_old', to: 'kubernetes_manifest.runtimeclass_new' },
    ]);
  });
});

describe('who wrote a field', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'X',
    spec: { hard: { pods: '3' }, rules: [{ a: 1 }], containers: [{ name: 'main', image: 'i' }] },
    metadata: {
      name: 'x',
      managedFields: [
        { manager: 'greenflops', fieldsV1: { 'f:spec': { 'f:rules': {}, 'f:hard': { '.': {} } } } },
        { manager: 'kubectl-edit', fieldsV1: { 'f:spec': { 'f:hard': { 'f:pods': {} } } } },
        {
          manager: 'kubectl-set',
          fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:image': {} } } } },
        },
        { manager: 'controller', subresource: 'status', fieldsV1: { 'f:spec': { 'f:hard': { 'f:pods': {} } } } },
      ],
    },
  } as unknown as Live;
  test.each([
    [['spec', 'hard', 'pods'], ['kubectl-edit']],
    [['spec', 'rules', 0, 'a'], ['greenflops']],
    [['spec', 'containers', 0, 'image'], ['kubectl-set']],
    [['spec', 'none'], []],
  ])('%j: %j', (path, managers) => expect(managersOf(object, path)).toEqual(managers));
});

test('what differs is told with its hand, what was added beside it too, and what was deleted', () => {
  const managedFields = [
    { manager: 'greenflops', fieldsV1: { 'f:spec': { 'f:hard': { 'f:a': {} } } } },
    { manager: 'kubectl-edit', fieldsV1: { 'f:spec': { 'f:hard': { 'f:b': {}, 'f:c': {} } } } },
  ];
  const quota = (hard: object, name = 'q') =>
    ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name, namespace: 'n', labels: {} },
      spec: { hard },
    }) as const;
  const declared = [quota({ a: '2', b: '2' }), quota({}, 'gone')] as unknown as KubernetesObject[];
  const is = { ...quota({ a: '1', b: '9', c: '5' }), metadata: { ...quota({}).metadata, managedFields } } as Live;
  const will = { ...quota({ a: '2', b: '2', c: '5' }) } as unknown as Live;
  const key = '/ResourceQuota n/q';
  const found = differences(
    declared,
    new Map([[key, is]]),
    new Map([[key, will]]),
    (object) => object.metadata.name === 'gone',
  );
  expect(found.map(({ action, fields, deleted }) => ({ action, fields, deleted }))).toEqual([
    {
      action: 'change',
      deleted: undefined,
      fields: [
        { path: ['spec', 'hard', 'a'], before: '1', after: '2' },
        { path: ['spec', 'hard', 'b'], before: '9', after: '2', outside: 'kubectl-edit' },
        { path: ['spec', 'hard', 'c'], before: '5', after: undefined, outside: 'kubectl-edit', added: true },
      ],
    },
    { action: 'add', deleted: true, fields: [] },
  ]);
});

test.each([
  [undefined, {}, false],
  [{}, { a: '1' }, true],
  [{ matchLabels: { a: '1' } }, { a: '2' }, false],
  [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, { a: '2' }, true],
  [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, {}, true],
  [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, { a: '1' }, false],
])('a budget %j over %j: %s', (selector, labels, expected) => expect(selects(selector, labels)).toBe(expected));
