import { stringify } from 'yaml';
import type { DeclaredStack } from '../../infra/declared.ts';
import { kueueConfiguration } from '../../infra/queues/config/configuration.ts';

/** A line of the estate, and what stands where because of it. */
export interface Step {
  readonly line: string;
  readonly cluster: string;
  /** `Kind [namespace/]name` */
  readonly object: string;
  /** Fields as they are deployed, one each */
  readonly holds: readonly string[];
}

type Tree = Readonly<Record<string, unknown>>;

/** Keys of a path stand between '/'; '~' is a '/' in a key. */
const keysOf = (path: string): string[] => path.split('/').map((key) => key.replaceAll('~', '/'));
const at = (tree: unknown, path: string): unknown =>
  keysOf(path).reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim();

interface Sought {
  readonly line: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Paths of fields */
  readonly fields: readonly string[];
}

const credits = 'spec/resourceGroups/1/flavors/0/resources/0';
const chips = 'spec/resourceGroups/0/flavors/0/resources/0';

/** The sentence that the chapter begins with, part by part, on the cluster of its pool. */
const sought: readonly Sought[] = [
  {
    line: 'quota: [{ pool: nc-910b, pflops: 20 }]',
    kind: 'ClusterQueue',
    name: 'copper-ai',
    fields: [chips, credits],
  },
  { line: 'borrow_pflops: 10', kind: 'ClusterQueue', name: 'copper-ai', fields: [`${credits}/borrowingLimit`] },
  { line: 'group: industrial', kind: 'ClusterQueue', name: 'copper-ai', fields: ['spec/cohortName'] },
  { line: '', kind: 'Cohort', name: 'group-industrial', fields: ['spec/parentName'] },
  { line: 'priority: urgent', kind: 'ClusterQueue', name: 'mine-rescue', fields: ['spec/preemption'] },
  { line: '', kind: 'WorkloadPriorityClass', name: 'greenflops-urgent', fields: ['value'] },
  {
    line: 'data_class: important',
    kind: 'Namespace',
    name: 'mine-rescue',
    fields: ['metadata/labels/greenflops.io~data-class'],
  },
  {
    line: 'namespaces: [copper-train, copper-serve]',
    kind: 'LocalQueue',
    namespace: 'copper-train',
    name: 'default',
    fields: ['spec/clusterQueue'],
  },
  {
    line: '',
    kind: 'ResourceQuota',
    namespace: 'copper-train',
    name: 'accelerators',
    fields: ['spec/hard/requests.huawei.com~Ascend910B3'],
  },
  {
    line: 'nodes: { selector: … }',
    kind: 'ResourceFlavor',
    name: 'nc-910b',
    fields: ['spec/nodeLabels', 'spec/topologyName'],
  },
  { line: 'racks: { label: topology.jiangxi/rack, … }', kind: 'Topology', name: 'nc-910b', fields: ['spec/levels'] },
];

/** Throws where an object or a field is not there any more: the chapter would tell a tale. */
export function walk(declared: readonly DeclaredStack[], cluster: string): Step[] {
  const own = declared.filter((stack) => stack.cluster.id === cluster);
  const steps = sought.map(({ line, kind, name, namespace, fields }): Step => {
    const object = own
      .flatMap(({ objects }): readonly unknown[] => objects)
      .find(
        (one) =>
          at(one, 'kind') === kind && at(one, 'metadata/name') === name && at(one, 'metadata/namespace') === namespace,
      );
    const label = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    if (object === undefined) throw new Error(`${cluster} has no ${label}`);
    const holds = fields.map((path) => {
      const value = at(object, path);
      if (value === undefined) throw new Error(`${cluster}: ${label} has no ${path}`);
      const key = keysOf(path).at(-1) ?? '';
      return /^\d+$/.test(key) ? flow(value) : `${key}: ${flow(value)}`;
    });
    return { line, cluster, object: label, holds };
  });
  const view = own[0]?.view;
  const rows = view ? kueueConfiguration(view).resources.transformations : [];
  const row = rows.find(({ input }) => input === 'huawei.com/Ascend910B3');
  if (!row) throw new Error(`${cluster} weighs no huawei.com/Ascend910B3`);
  return [
    ...steps,
    {
      line: 'resource: huawei.com/Ascend910B3',
      cluster,
      object: 'Configuration (config.kueue.x-k8s.io)',
      holds: [flow(row)],
    },
  ];
}
