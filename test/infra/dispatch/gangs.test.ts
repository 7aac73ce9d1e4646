import { describe, expect, test } from 'vitest';
import type { DeclaredStack } from '../../../infra/declared.ts';
import { gangShares } from '../../../infra/gangs/gang-shares.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { objectsOf, synthesised } from '../estates.ts';
import { stacksOf } from './province.ts';

const NPU = 'huawei.com/Ascend910B3'; // 313 TFLOPS
const GPU = 'nvidia.com/gpu'; // 312 TFLOPS

const declared = stacksOf();
const only = (stacks: readonly DeclaredStack[]) => stacks.filter(({ id }) => id === 'nc-a-gangs');
const gangs = objectsOf(declared, 'nc-a-gangs');
const specs = (kind: string) =>
  Object.fromEntries(
    [...gangs.values()]
      .filter((object) => object.kind === kind)
      .map((object: KubernetesObject) => [object.metadata.name, 'spec' in object ? object.spec : undefined]),
  );

describe("Volcano's queues", () => {
  test('hold what Kueue may admit at most, order by priority, and reserve nothing', () => {
    expect(specs('Queue')).toEqual({
      'group-industrial': { parent: 'root', reclaimable: false, weight: 8, deserved: { [NPU]: '101' } },
      // 20 PFlops are 63 chips of 313 TFLOPS, and with 10 borrowed 95
      'tenant-copper': {
        parent: 'group-industrial',
        reclaimable: false,
        priority: 1,
        weight: 2,
        deserved: { [NPU]: '63' },
        capability: { [NPU]: '95' },
      },
      'tenant-rescue': {
        parent: 'group-industrial',
        reclaimable: false,
        priority: 3,
        weight: 8,
        deserved: { [NPU]: '38' },
        capability: { [NPU]: '38' },
      },
      // Any chip of the cluster, up to 5 PFlops: 15 of 313 TFLOPS or 16 of 312
      'tenant-firms': {
        parent: 'root',
        reclaimable: false,
        priority: 0,
        weight: 1,
        deserved: { [NPU]: '15', [GPU]: '16' },
        capability: { [NPU]: '15', [GPU]: '16' },
      },
      'tenant-lab': {
        parent: 'root',
        reclaimable: false,
        priority: 1,
        weight: 2,
        deserved: { [NPU]: '6', [GPU]: '6' },
        capability: { [NPU]: '6', [GPU]: '6' },
      },
    });
  });

  test('keep the rules of their webhook: a parent comes first, deserved <= capability, children within their parent', () => {
    type Amounts = Readonly<Record<string, string>>;
    interface Spec {
      readonly parent: string;
      readonly deserved?: Amounts;
      readonly capability?: Amounts;
    }
    const faults: string[] = [];
    const left = new Map<string, Map<string, number>>(); // of what a parent deserves, what its children leave
    for (const [name, { parent, deserved = {}, capability = {} }] of Object.entries(
      specs('Queue') as Record<string, Spec>,
    )) {
      if (parent !== 'root' && !left.has(parent)) faults.push(`${name} comes before its parent`);
      for (const [resource, amount] of Object.entries(deserved)) {
        if (Number(amount) > Number(capability[resource] ?? Infinity))
          faults.push(`${name} deserves more than its capability`);
        const above = left.get(parent);
        above?.set(resource, (above.get(resource) ?? 0) - Number(amount));
      }
      left.set(name, new Map(Object.entries(deserved).map(([resource, amount]) => [resource, Number(amount)])));
    }
    for (const [name, rest] of left)
      if ([...rest.values()].some((amount) => amount < 0))
        faults.push(`the children of ${name} deserve more than it does`);
    expect(left.size).toBeGreaterThan(3);
    expect(faults).toEqual([]);
  });

  test('of several pools with one resource name are one amount, as Volcano sees no pools', () => {
    const view = stacksOf((text) =>
      text
        .replace('id: a800-b, cluster: nc-b,', 'id: a800-b, cluster: nc-a,')
        .replace(
          '[{ pool: a800-b, pflops: 4 }, { pflops: 2 }]',
          '[{ pool: a800-b, pflops: 4 }, { pool: a800, pflops: 2 }]',
        )
        .replace('selector: { model: a800 } } }\ntenants', 'selector: { model: a800-b } } }\ntenants'),
    ).find(({ id }) => id === 'nc-a-gangs')?.view;
    const lab = view?.plan.estate.tenants.find(({ id }) => id === 'lab');
    if (!view || !lab) throw new Error('the province has the lab');
    expect(gangShares(view, lab)).toEqual(new Map([[GPU, { deserved: 12 + 6, capability: 19 }]])); // 6 PFlops in all
  });

  test('wait for their parents in Terraform, which would make all of a stack at once', () => {
    const json = JSON.parse(synthesised(only(declared)).get('nc-a-gangs') ?? '{}') as {
      resource: { kubernetes_manifest: Record<string, { depends_on?: string[] }> };
    };
    expect(json.resource.kubernetes_manifest['queue_tenant-copper']?.depends_on).toEqual([
      'kubernetes_manifest.queue_group-industrial',
    ]);
    expect(json.resource.kubernetes_manifest['queue_tenant-firms']?.depends_on).toBeUndefined();
  });
});

test('racks, pools and the cluster are a tree of HyperNodes, by labels that the nodes carry', () => {
  const node = (labels: object) => ({ type: 'Node', selector: { labelMatch: { matchLabels: labels } } });
  const inside = (name: string) => ({ type: 'HyperNode', selector: { exactMatch: { name } } });
  expect(specs('HyperNode')).toEqual({
    'pool-a800': { tier: 2, tierName: 'pool', members: [node({ model: 'a800' })] },
    'rack-npu-r1': { tier: 1, tierName: 'rack', members: [node({ model: 'npu', 'topology.jiangxi/rack': 'R1' })] },
    'rack-npu-r2-north': {
      tier: 1,
      tierName: 'rack',
      members: [node({ model: 'npu', 'topology.jiangxi/rack': 'r2.north' })],
    },
    'pool-npu': { tier: 2, tierName: 'pool', members: [inside('rack-npu-r1'), inside('rack-npu-r2-north')] },
    'cluster-nc-a': { tier: 3, tierName: 'cluster', members: [inside('pool-a800'), inside('pool-npu')] },
  });
});

test('two racks that would become one name are told at synth', () => {
  const same = stacksOf((text) => text.replace('values: [R1, r2.north]', 'values: [R1, r1]'));
  expect(() => synthesised(only(same))).toThrow(/HyperNode rack-npu-r1 (is declared twice|声明了两次)/);
});

test("a tenant's gangs that name no queue are in the tenant's: Volcano's webhook reads it from the namespace", () => {
  const spaces = objectsOf(declared, 'nc-a-pools');
  expect(spaces.get('Namespace copper-serve')?.metadata.annotations).toMatchObject({
    'scheduling.volcano.sh/queue-name': 'tenant-copper',
  });
  expect(Object.keys(specs('Queue'))).toContain('tenant-copper');
});

test('a cluster that does not switch Volcano on has none of it', () => {
  expect(declared.filter(({ stack }) => stack.name === 'gangs').map(({ id }) => id)).toEqual(['nc-a-gangs']);
  const off = stacksOf((text) => text.replace('volcano: { enabled: true }', 'volcano: { enabled: false }'));
  expect(off.filter(({ stack }) => stack.name === 'gangs')).toEqual([]);
  expect(
    JSON.stringify(off.flatMap(({ objects }) => objects.filter(({ kind }) => kind === 'Namespace'))),
  ).not.toContain('volcano');
});
