import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredStacks } from '../infra/declared.ts';
import { queues } from '../infra/stacks/queues.ts';
import { writeYaml } from '../infra/yaml.ts';
import { startControlPlane, type ControlPlane } from '../test/cluster/control-plane.ts';
import { crdFolder } from '../test/cluster/proving.ts';
import { clusterTools } from '../test/cluster/tools.ts';
import { planFolder } from '../test/plan-folder.ts';
import type { Result } from './entry.ts';
import { serverMemory } from './server-memory.ts';
import { timedSynth, type Taken } from './timed-synth.ts';

/** Clusters, each with ten tenants: 50, 100 and 200 queues. */
const SIZES = [5, 10, 20] as const;
const TENANTS = 10;

/** Models of three vendors, by one name each, with a quota of twenty cards for a tenant. */
const POOLS = [
  { accelerator: 'nvidia-a800-sxm', resource: 'nvidia.com/gpu', pflops: 6.24 },
  { accelerator: 'ascend-910b3', resource: 'huawei.com/Ascend910', pflops: 6.26 },
  { accelerator: 'cambricon-mlu590', resource: 'cambricon.com/mlu', pflops: 6.28 },
];

const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** A province of so many Kueue clusters with three pools and ten tenants each, in two groups; each tenant has quotas on two pools and may borrow. */
const estate = (clusters: number): string => `schema: greenflops/v1
sites:
  - { id: nanchang, name: { zh: 南昌, en: Nanchang }, demo: true, grid: jiangxi, profile: new-large-2025, it_rated_kw: 160 }
meters: []
clusters:
${list(clusters, (c) => `  - { id: c${c}, site: nanchang, context: c${c}, jurisdiction: jiangxi, data_classes: [general], kueue: { enabled: true }${c === 0 ? ', exporter: true' : ''} }`).join('\n')}
pools:
${list(clusters, (c) =>
  POOLS.map(
    ({ accelerator, resource }, p) =>
      `  - { id: c${c}-p${p}, cluster: c${c}, accelerator: ${accelerator}, resource: ${resource}, count: 512, nodes: { selector: { pool: c${c}-p${p} } } }`,
  ),
)
  .flat()
  .join('\n')}
tenants:
${list(clusters, (c) =>
  list(TENANTS, (t) => {
    const quota = [t, t + 1]
      .map((p) => p % POOLS.length)
      .map((p) => `{ pool: c${c}-p${p}, pflops: ${POOLS[p]?.pflops} }`);
    return `  - { id: t${c}-${t}, action: industrial-production, namespaces: [n${c}-${t}], data_class: general, group: g${t % 2}, borrow_pflops: 5, quota: [${quota.join(', ')}] }`;
  }),
)
  .flat()
  .join('\n')}
telemetry: { image: 'registry.example/greenflops@sha256:${'0'.repeat(64)}' }
`;

const held = (): number => serverMemory('VmRSS').get('kube-apiserver') ?? NaN;
const what = (clusters: number): string => `${clusters * TENANTS} queues over ${clusters} clusters`;

async function accepted(plane: ControlPlane, args: readonly string[], stdin?: unknown): Promise<void> {
  const { code, stderr } = await plane.kubectl(args, stdin === undefined ? undefined : JSON.stringify(stdin));
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.slice(0, 500)}`);
}

/** Seconds for the first 5, 10 and 20 clusters' queues on one API server, and what this held before and after, MiB. */
async function applied(crds: string): Promise<{ seconds: number[]; before: number; after: number }> {
  await using ends = new AsyncDisposableStack();
  const { dir, remove } = planFolder(estate(SIZES[2]));
  ends.defer(remove);
  const out = mkdtempSync(join(tmpdir(), 'greenflops-queues-'));
  ends.defer(() => rmSync(out, { recursive: true, force: true }));
  const own = declaredStacks(dir).filter(({ stack }) => stack === queues);
  const { folders } = writeYaml(own, out);
  const plane = await startControlPlane('queues');
  ends.defer(() => plane.stop());
  await accepted(plane, ['apply', '--server-side', '-f', join(crds, 'kueue')]);
  await accepted(plane, ['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
  const namespaces = new Set(own.flatMap(({ objects }) => objects.flatMap(({ metadata }) => metadata.namespace ?? [])));
  const items = [...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  await accepted(plane, ['apply', '--server-side', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  const before = held();
  const began = performance.now();
  const seconds: number[] = [];
  for (const [i, folder] of folders.entries()) {
    await accepted(plane, ['apply', '--server-side', '--field-manager=greenflops', '-f', folder]);
    if (SIZES.some((size) => size === i + 1)) seconds.push((performance.now() - began) / 1000);
  }
  return { seconds, before, after: held() };
}

/** What the last half costs by what the first costs: 1 is linear. */
const growth = (a: number, b: number, c: number): number => {
  const [small, middle, large] = SIZES;
  return (c - b) / (large - middle) / ((b - a) / (middle - small));
};

/** Without the CRDs of Kueue no API server knows a queue. */
export async function queuesNeed(): Promise<unknown> {
  if (crdFolder() === undefined) throw new Error('no folder of CRDs (GREENFLOPS_CRDS, or ../shared/crds)');
  return clusterTools();
}

/** 200 queues over 20 clusters: synthesised, and applied to one API server; and whether both grow as the estate does. */
export async function queuesBench(): Promise<Result[]> {
  const taken: Taken[] = [];
  for (const clusters of SIZES) taken.push(await timedSynth(estate(clusters)));
  const { seconds, before, after } = await applied(crdFolder() ?? '');
  const [first, second, third] = taken;
  const [five = NaN, ten = NaN, twenty = NaN] = seconds;
  if (!first || !second || !third) throw new Error('three sizes');
  return [
    ...taken.flatMap(({ wall, cpu, rss }, i): Result[] => {
      const of = what(SIZES[i] ?? 0);
      return [
        { name: `synth of all stacks, ${of}, a fresh process`, unit: 's', value: wall },
        { name: 'the same, CPU', unit: 's', value: cpu },
        { name: 'the same, peak RSS', unit: 'MiB', value: rss },
      ];
    }),
    {
      name: 'synth, CPU of a queue from 100 to 200 by that from 50 to 100',
      unit: 'x',
      value: growth(first.cpu, second.cpu, third.cpu),
      budget: { at: 'most', limit: 1.5 },
    },
    ...seconds.map((value, i): Result => ({
      name: `apply of ${what(SIZES[i] ?? 0)} to one API server`,
      unit: 's',
      value,
    })),
    {
      name: 'apply, time of a queue from 100 to 200 by that from 50 to 100',
      unit: 'x',
      value: growth(five, ten, twenty),
      budget: { at: 'most', limit: 1.5 },
    },
    { name: 'RSS of the API server before', unit: 'MiB', value: before },
    { name: 'RSS of the API server with all of them', unit: 'MiB', value: after },
  ];
}
