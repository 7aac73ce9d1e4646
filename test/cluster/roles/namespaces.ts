import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { shown } from '../evidence.ts';
import type { Stage } from '../stage.ts';

interface Live {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What policies, network policies and people read off a namespace, by hand. */
const expected: Readonly<
  Record<string, readonly [labels: Record<string, string>, annotations: Record<string, string>]>
> = {
  'copper-train': [
    {
      'greenflops.io/tenant': 'copper-ai',
      'greenflops.io/action': 'industrial-production',
      'greenflops.io/data-class': 'general',
      'greenflops.io/jurisdiction': 'jiangxi',
      'greenflops.io/site': 'nanchang',
      'greenflops.io/priority': 'normal',
      'pool.greenflops.io/p-910b': 'true',
      'pool.greenflops.io/p-rdma': 'true',
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/audit': 'restricted',
    },
    {
      'greenflops.io/name-zh': '铜冶炼智能',
      'greenflops.io/action-zh': '工业生产',
      'greenflops.io/pod-security-zh':
        'p-rdma（baseline）：RDMA 要锁定内存，restricted 不允许；以命名空间专用和出口白名单补偿',
    },
  ],
  'ore-vault': [
    {
      'greenflops.io/tenant': 'ore-safe',
      'greenflops.io/data-class': 'important',
      'greenflops.io/priority': 'urgent',
      'pool.greenflops.io/p-a800': 'true',
      'pool.greenflops.io/p-910b': 'true',
      'pod-security.kubernetes.io/enforce': 'restricted',
    },
    { 'greenflops.io/name-zh': '矿山安全', 'greenflops.io/name-en': 'Mine safety' },
  ],
};

async function labelled(stage: Stage): Promise<void> {
  for (const [name, [labels, annotations]] of Object.entries(expected)) {
    const { metadata } = JSON.parse(await stage.accepted(['get', 'namespace', name, '-o', 'json'])) as Live;
    const of = (all: Readonly<Record<string, string>>, keys: object) =>
      Object.fromEntries(Object.keys(keys).map((key) => [key, all[key]]));
    assert.deepEqual(of(metadata.labels, labels), labels, name);
    assert.deepEqual(of(metadata.annotations ?? {}, annotations), annotations, name);
    const pools = (all: Readonly<Record<string, string>>) =>
      Object.keys(all)
        .filter((key) => key.startsWith('pool.'))
        .toSorted();
    assert.deepEqual(pools(metadata.labels), pools(labels), `${name}: of no other pool`);
  }
  const selected = await stage.accepted(['get', 'namespaces', '-l', 'pool.greenflops.io/p-910b', '-o', 'name']);
  assert.equal(selected, 'namespace/copper-serve\nnamespace/copper-train\nnamespace/ore-vault\n');
  shown('Namespace', 'behaves', 'labels of tenant, class, priority and pools select it; Chinese names come back whole');
}

/** One that is written down in two languages, for whoever wonders why a drain does not end. */
async function explained(stage: Stage): Promise<void> {
  const read = ['get', 'pdb', 'protected', '-n', 'copper-train', '-o', 'json'];
  const { annotations = {} } = (JSON.parse(await stage.accepted(read)) as Live).metadata;
  assert.match(annotations['greenflops.io/why-zh'] ?? '', /不会被腾空节点（drain）时驱逐/);
  assert.match(annotations['greenflops.io/why-en'] ?? '', /not evicted when a node is drained/);
}

export const namespaceChecks = (stage: Stage): Check[] => [
  [
    'roles: a namespace says whose it is, of which class and priority, and which pools are its own',
    () => labelled(stage),
  ],
  ["roles: the budget's reason comes back in both languages", () => explained(stage)],
];
