import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { declaredStacks } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { QUEUE } from '../../infra/queues/kueue.ts';
import { loadPlan } from '../../model/load.ts';
import { parseQuantity } from '../../model/quantity.ts';
import { CREDITS } from '../../model/queues/credits.ts';
import { transformations } from '../../model/queues/transformations.ts';
import { planFolder } from '../plan-folder.ts';

const folder = new URL('../../docs/scheduling/examples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const { dir, remove } = planFolder(read('estate.yaml'));
afterAll(remove);
const plan = loadPlan(dir);
const objects = declaredStacks(dir).flatMap((stack): readonly KubernetesObject[] => stack.objects);
const of = <T>(kind: string): (KubernetesObject & T)[] =>
  objects.filter((one): one is KubernetesObject & T => one.kind === kind);

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface PodTemplate {
  readonly metadata?: Metadata;
  readonly spec: {
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly containers: readonly {
      readonly image: string;
      readonly securityContext: unknown;
      readonly resources: { readonly limits: Readonly<Record<string, string | number>> };
    }[];
  };
}
interface JobSpec {
  readonly parallelism?: number;
  readonly template: PodTemplate;
}
interface Job {
  readonly kind: 'Job';
  readonly metadata: Metadata;
  readonly spec: JobSpec;
}
interface JobSet {
  readonly kind: 'JobSet';
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicatedJobs: readonly {
      readonly replicas: number;
      readonly template: { readonly metadata?: Metadata; readonly spec: JobSpec };
    }[];
  };
}

/** Files of jobs: all but the estate that they are submitted to. */
const files = readdirSync(folder).filter((name) => name !== 'estate.yaml');
const workloads = files.map((name): [name: string, workload: Job | JobSet] => [
  name,
  parse(read(name)) as Job | JobSet,
]);

/** Pod templates, how many pods are made of each, and what stands between them and the object with labels of its own. */
const podSets = (
  one: Job | JobSet,
): { pods: number; template: PodTemplate; over: readonly (Metadata | undefined)[] }[] =>
  one.kind === 'Job'
    ? [{ pods: one.spec.parallelism ?? 1, template: one.spec.template, over: [] }]
    : one.spec.replicatedJobs.map(({ replicas, template }) => ({
        pods: replicas * (template.spec.parallelism ?? 1),
        template: template.spec.template,
        over: [template.metadata],
      }));

/** What all its pods ask for of names that are no host's own. */
function asked(one: Job | JobSet): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { pods, template } of podSets(one))
    for (const { resources } of template.spec.containers)
      for (const [name, amount] of Object.entries(resources.limits))
        if (name !== 'cpu' && name !== 'memory') sums.set(name, (sums.get(name) ?? 0) + pods * Number(amount));
  return sums;
}

const [queue] = of<{ spec: { resourceGroups: readonly Group[] } }>('ClusterQueue');
interface Group {
  readonly flavors: readonly {
    readonly name: string;
    readonly resources: readonly { readonly name: string; readonly nominalQuota: string }[];
  }[];
}
const quotas = (queue?.spec.resourceGroups ?? []).flatMap(({ flavors }) =>
  flavors.flatMap((flavor) => flavor.resources.map((one) => ({ flavor: flavor.name, ...one }))),
);
const levelsOf = (resource: string): string[] => {
  const flavor = quotas.find(({ name }) => name === resource)?.flavor;
  const { topologyName } = of<{ spec: { topologyName?: string } }>('ResourceFlavor').find(
    ({ metadata }) => metadata.name === flavor,
  )?.spec ?? { topologyName: undefined };
  const topology = of<{ spec: { levels: readonly { nodeLabel: string }[] } }>('Topology').find(
    ({ metadata }) => metadata.name === topologyName,
  );
  return topology?.spec.levels.map(({ nodeLabel }) => nodeLabel) ?? [];
};

const CLASS = 'greenflops.io/data-class';
const labelled = workloads.filter(([name]) => name !== 'shortest.yaml');

describe.each(workloads)('example %s', (_, one) => {
  const sets = podSets(one);

  test('goes to a queue of its namespace', () => {
    const { namespace, labels } = one.metadata;
    expect(labels?.['kueue.x-k8s.io/queue-name']).toBe(QUEUE);
    expect(of('LocalQueue').map(({ metadata }) => `${metadata.namespace} ${metadata.name}`)).toContain(
      `${namespace} ${QUEUE}`,
    );
  });

  test('asks for one chip that the queue has, by a name that its pool offers', () => {
    const names = [...asked(one).keys()];
    expect(names).toHaveLength(1);
    expect(quotas.map(({ name }) => name)).toContain(names[0]);
  });

  test('its pods are restricted, and their images are of the registry, by digest', () => {
    const registries = plan.estate.clusters.flatMap((cluster) => cluster.registries);
    for (const { template } of sets) {
      expect(template.spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { image, securityContext } of template.spec.containers) {
        expect(securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
        expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(registries.some((registry) => image.startsWith(`${registry}/`))).toBe(true);
      }
    }
  });
});

describe.each(labelled)('example %s, complete without the cluster adding anything', (_, one) => {
  test('says the class of its data, and it is that of its namespace', () => {
    const namespace = of('Namespace').find(({ metadata }) => metadata.name === one.metadata.namespace);
    const own = namespace?.metadata.labels?.[CLASS];
    expect(own).toBeDefined();
    const places = [one.metadata, ...podSets(one).flatMap(({ template, over }) => [template.metadata, ...over])];
    expect(places.map((place) => place?.labels?.[CLASS])).toEqual(places.map(() => own));
  });

  test("names its tenant's priority, which is a class of jobs", () => {
    const tenant = plan.estate.tenants.find(({ namespaces }) => namespaces.includes(one.metadata.namespace ?? ''));
    const name = one.metadata.labels?.['kueue.x-k8s.io/priority-class'];
    expect(name).toBe(`greenflops-${tenant?.priority}`);
    expect(of('WorkloadPriorityClass').map(({ metadata }) => metadata.name)).toContain(name);
  });

  test('asks for a place in the topology of its chip, by a level that this has', () => {
    const [name = ''] = asked(one).keys();
    const levels = levelsOf(name);
    expect(levels).not.toEqual([]);
    for (const { template } of podSets(one)) {
      const place = Object.entries(template.metadata?.annotations ?? {}).filter(([key]) =>
        /podset-.*topology$/.test(key),
      );
      expect(place).toHaveLength(1);
      const wrong = place.filter(([key, value]) =>
        key.endsWith('unconstrained-topology') ? value !== 'true' : !levels.includes(value),
      );
      expect(wrong).toEqual([]);
    }
  });
});

test('every vendor of the catalogue who has a resource name has a job, and NVIDIA one on a slice', () => {
  const names = new Set(workloads.flatMap(([, one]) => [...asked(one).keys()]));
  const vendors = Map.groupBy([...plan.accelerators.values()], ({ vendor }) => vendor);
  const without = [...vendors].flatMap(([vendor, models]) => {
    const offered = models.flatMap(({ resources }) => Object.values(resources));
    return offered.length === 0 || offered.some((name) => names.has(name)) ? [] : [vendor];
  });
  expect(without).toEqual([]);
  expect([...names].filter((name) => name.startsWith('nvidia.com/mig-'))).not.toEqual([]);
});

test('all of them together fit into the quota, chips and credits', () => {
  const rows = transformations(plan, plan.estate.pools).rows;
  const sums = new Map<string, number>();
  for (const [, one] of workloads)
    for (const [name, amount] of asked(one)) {
      const credits = rows.find(({ resource }) => resource === name)?.credits ?? Number.NaN;
      sums.set(name, (sums.get(name) ?? 0) + amount);
      sums.set(CREDITS, (sums.get(CREDITS) ?? 0) + amount * credits);
    }
  const over = [...sums].filter(([name, sum]) => {
    const nominal = parseQuantity(quotas.find((quota) => quota.name === name)?.nominalQuota ?? '');
    return !(nominal && sum <= Number(nominal.n / nominal.d));
  });
  expect(over).toEqual([]);
});
