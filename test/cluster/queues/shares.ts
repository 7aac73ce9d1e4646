import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { everyObject } from '../apply.ts';
import { shown } from '../evidence.ts';
import { startKwok } from '../kwok.ts';
import { machines, makeNodes } from '../pools/nodes.ts';
import { openProving, type Proving } from '../proving.ts';
import { becomes, cleared, job, nodesOf, type Asked } from './jobs.ts';
import { configurationOf, startKueue } from './kueue.ts';

const NAMESPACE = 'share-lab';

interface Row {
  readonly pool: string;
  readonly devices: Readonly<Record<string, number>>;
  /** Whether Kueue places its pods by what nodes offer */
  readonly placed: boolean;
  /** What a pod costs, whole GFLOPS; by hand from the catalogue's peaks */
  readonly credits: number;
}

const rows: readonly Row[] = [
  { pool: 'p-mig', devices: { 'nvidia.com/mig-1g.10gb': 1 }, placed: true, credits: 108_000 }, // 756 / 7
  { pool: 'p-turns', devices: { 'nvidia.com/gpu.shared': 1 }, placed: true, credits: 29_875 }, // 119.5 / 4
  {
    pool: 'p-hami',
    devices: {
      'huawei.com/Ascend910B4': 1,
      'huawei.com/Ascend910B4-core': 50,
      'huawei.com/Ascend910B4-memory': 16_384,
    },
    placed: false,
    credits: 140_000, // half of 280
  },
];

/** A job without the annotation that a share which stands on no node must not have. */
function shareJob(asked: Asked, placed: boolean, podSpec: object = {}): object {
  const made = job(asked) as { spec: { template: { metadata: { annotations?: object }; spec: object } } };
  if (!placed) delete made.spec.template.metadata.annotations;
  Object.assign(made.spec.template.spec, podSpec);
  return made;
}

const CREDITS = 'greenflops.io/gflops-fp16';
const quantity = (text = ''): number => Number.parseInt(text, 10) * (text.endsWith('k') ? 1000 : 1);

/** Each way of sharing is admitted on its pool's flavour, costs its share, and lands on its nodes. */
async function shared(stage: Proving): Promise<void> {
  for (const { pool, devices, placed, credits } of rows) {
    const asked: Asked = { name: `one-${pool}`, namespace: NAMESPACE, devices, priority: 'greenflops-normal' };
    await stage.accepted(['create', '-f', '-'], shareJob(asked, placed));
    const { status } = await becomes(stage, asked, 'admitted');
    const [set] = status?.admission?.podSetAssignments ?? [];
    for (const name of Object.keys(devices)) assert.equal(set?.flavors?.[name], pool, name);
    assert.equal(quantity(set?.resourceUsage?.[CREDITS]), credits, pool);
    for (const node of await nodesOf(stage, asked)) assert.ok(machines[pool]?.nodes.includes(node), `${pool}: ${node}`);
  }
  await cleared(stage, NAMESPACE);
}

const claims = (count: number, name: string) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaimTemplate',
  metadata: { name, namespace: NAMESPACE },
  spec: { spec: { devices: { requests: [{ name: 'card', exactly: { deviceClassName: 'p-dra', count } }] } } },
});

/** Claims are counted in chips alone: 0.3 PFlops / 148 TFLOPS are two, and the third waits. */
async function claimed(stage: Proving): Promise<void> {
  await stage.accepted(['create', '-f', '-'], {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: 'dra-0-gpu' },
    spec: {
      driver: 'gpu.nvidia.com',
      nodeName: 'dra-0',
      pool: { name: 'dra-0', generation: 1, resourceSliceCount: 1 },
      devices: Array.from({ length: 8 }, (_, i) => ({
        name: `gpu-${i}`,
        attributes: { productName: { string: 'NVIDIA H20' } },
      })),
    },
  });
  for (const [name, count] of [
    ['two', 2],
    ['one', 1],
  ] as const) {
    await stage.accepted(['create', '-f', '-'], claims(count, name));
    const asked: Asked = { name, namespace: NAMESPACE, devices: {}, priority: 'greenflops-normal' };
    const by = { resourceClaims: [{ name: 'cards', resourceClaimTemplateName: name }] };
    await stage.accepted(['create', '-f', '-'], shareJob(asked, false, by));
    if (name === 'two') {
      const { status } = await becomes(stage, asked, 'admitted');
      const usage = status?.admission?.podSetAssignments[0]?.resourceUsage;
      assert.deepEqual(usage, { 'claims.greenflops.io/p-dra': '2' });
      assert.deepEqual(await nodesOf(stage, asked), ['dra-0']);
    } else
      await becomes(stage, asked, 'waiting', { why: /insufficient unused quota for claims\.greenflops\.io\/p-dra/ });
  }
  await cleared(stage, NAMESPACE);
  shown('DeviceClass', 'behaves', 'Kueue counts what is claimed of it');
}

/** Every way of sharing chips, on the proving estate, as far as nodes whose kubelets KWOK plays can show it. */
export function shareChecks(ends: AsyncDisposableStack): Check[] {
  let stage: Proving | undefined;
  const at = (): Proving => stage ?? assert.fail('the proving estate was not opened');
  return [
    [
      "shares: Kueue's controller accepts every object of the proving estate",
      async () => {
        const opened = await openProving(ends);
        await startKwok(ends, opened.plane, { endless: true });
        await makeNodes(opened);
        // As the rendered script does; pools by a selector do not look at it.
        for (const [pool, { nodes }] of Object.entries(machines))
          await opened.accepted(['label', 'nodes', ...nodes, `greenflops.io/pool=${pool}`]);
        await startKueue(ends, opened.plane, configurationOf(opened));
        await everyObject(opened);
        stage = opened;
      },
    ],
    ['shares: MIG slices, turns and HAMi parts cost their share and land on their pool', () => shared(at())],
    ['shares: claimed devices are counted by their class', () => claimed(at())],
  ];
}
