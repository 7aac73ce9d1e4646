import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusters } from '../../infra/cluster.ts';
import { declaredStacks } from '../../infra/declared.ts';
import type { Labels } from '../../infra/kubernetes.ts';
import { quotaKeys } from '../../model/quota-keys.ts';
import { namespaceQuota } from '../../infra/tenants/quota.ts';
import { loadPlan } from '../../model/load.ts';
import { planFolder } from '../plan-folder.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const shipped = declaredStacks('plan');

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the shipped plan holds no such thing');
  return value;
}

/** What a quota grants by each name; the names that it closes are those with 0. */
function hardOf(id: string, namespace: string, stacks = shipped): Labels {
  const quota = objectsOf(stacks, id).get(`ResourceQuota ${namespace}/accelerators`) as { spec: { hard: Labels } };
  return quota.spec.hard;
}
const granted = (hard: Labels): Labels => Object.fromEntries(Object.entries(hard).filter(([, count]) => count !== '0'));

// 20 PFlops / 313 TFLOPS = 63.9; 10 / 0.312 = 32.05; 4 / 0.148 = 27.03; 8 / 0.256 = 31.25
test.each([
  ['nc-a-pools', 'copper-train', { 'huawei.com/Ascend910': '32', 'huawei.com/Ascend910B3': '32' }],
  ['nc-a-pools', 'copper-serve', { 'huawei.com/Ascend910': '31', 'huawei.com/Ascend910B3': '31' }],
  ['nc-a-pools', 'uni-lab', { 'nvidia.com/gpu': '32' }],
  ['py-a-pools', 'uni-lab', { 'nvidia.com/gpu': '27' }],
  ['py-a-pools', 'rice-vision', { 'huawei.com/Ascend910': '31', 'huawei.com/Ascend910A': '31' }],
])('whole cards: %s %s', (id, namespace, cards) => {
  const requests = Object.fromEntries(Object.entries(cards).map(([name, count]) => [`requests.${name}`, count]));
  expect(granted(hardOf(id, namespace))).toEqual(requests);
});

test('every name by which chips of any pool could be had is closed', () => {
  const hard = hardOf('nc-a-pools', 'copper-train');
  for (const name of [
    'requests.nvidia.com/gpu',
    'requests.nvidia.com/gpu.shared',
    'requests.nvidia.com/mig-1g.10gb',
    'requests.nvidia.com/gpucores',
    'requests.nvidia.com/gpumem',
    'requests.huawei.com/Ascend910-10c.3cpu.32g',
    'requests.huawei.com/Ascend910B3-core',
    'count/resourceclaims.resource.k8s.io',
  ])
    expect(hard).toHaveProperty([name], '0');
});

test('says how it was made', () => {
  expect(objectsOf(shipped, 'nc-a-pools').get('ResourceQuota copper-serve/accelerators')).toHaveProperty(
    'metadata.annotations',
    {
      'greenflops.io/made-zh': 'nc-910b：20 PFlops ÷ 稠密 FP16 峰值 313 TFLOPS，向下取整为 63 张卡，本命名空间分得 31',
      'greenflops.io/made-en':
        'nc-910b: 20 PFlops / 313 TFLOPS dense FP16, rounded down to 63 cards, 31 in this namespace',
    },
  );
});

test('counts dies where a package holds two, and never half a package', () => {
  const stacks = stacksOf(replaced('accelerator: ascend-910b3', 'accelerator: ascend-910c-9392'));
  // 20 PFlops / 800 TFLOPS = 25 packages = 50 dies: 13 and 12 packages
  expect(granted(hardOf('nc-a-pools', 'copper-train', stacks))).toEqual({
    'requests.huawei.com/Ascend910': '26',
    'requests.huawei.com/Ascend910C': '26',
  });
});

test('of two pools with one resource name is their sum', () => {
  const second = `  - id: nc-910b-2
    cluster: nc-a
    accelerator: ascend-910b3
    count: 64
    nodes: { selector: { accelerator: ascend-910b3-new } }
`;
  const both = (estate: string) =>
    replaced(
      '{ pool: nc-910b, pflops: 20 }',
      '{ pool: nc-910b, pflops: 20 }, { pool: nc-910b-2, pflops: 10 }',
    )(replaced('\ntenants:', `${second}\ntenants:`)(estate));
  expect(() => stacksOf(both)).toThrow(/both pools offer huawei\.com\/Ascend910/);
  // Kueue tells them apart; Kubernetes counts their sum all the same
  const stacks = stacksOf((estate) =>
    both(replaced('context: nc-a,', 'context: nc-a, kueue: { enabled: true },')(estate)),
  );
  // 30 PFlops and 10 that may be borrowed, / 313 TFLOPS = 127.8 of 192 cards; the queue caps the sum of both namespaces
  for (const namespace of ['copper-train', 'copper-serve'])
    expect(granted(hardOf('nc-a-pools', namespace, stacks))).toEqual({
      'requests.huawei.com/Ascend910': '127',
      'requests.huawei.com/Ascend910B3': '127',
    });
});

/** A field more of a pool of the shipped estate. */
const withField = (accelerator: string, field: string) =>
  replaced(`    accelerator: ${accelerator}\n`, `    accelerator: ${accelerator}\n    ${field}\n`);

test('CPU and memory go with the chips where every pool of the tenant says how much', () => {
  const shared = { 'requests.cpu': '768', 'requests.memory': '8Ti' };
  const stacks = stacksOf(withField('ascend-910b3', 'per_chip: { cpu: 24, memory: 256Gi }'));
  // 63 cards: 32 and 31
  expect(hardOf('nc-a-pools', 'copper-train', stacks)).toMatchObject(shared);
  expect(hardOf('nc-a-pools', 'copper-serve', stacks)).toMatchObject({
    'requests.cpu': '744',
    'requests.memory': '7936Gi',
  });
  expect(objectsOf(stacks, 'nc-a-pools').get('ResourceQuota copper-serve/accelerators')).toMatchObject({
    metadata: {
      annotations: {
        'greenflops.io/made-zh': expect.stringContaining('；CPU 和内存随卡分配：nc-910b 每卡 24 核、256Gi'),
        'greenflops.io/made-en': expect.stringContaining(
          '; CPU and memory go with the chips: 24 CPUs and 256Gi with each chip of nc-910b',
        ),
      },
    },
  });
  // uni-lab has no quota on that pool, and its own says nothing
  expect(hardOf('nc-a-pools', 'uni-lab', stacks)).not.toHaveProperty(['requests.cpu']);
  const half = stacksOf((estate) =>
    replaced(
      '{ pool: nc-910b, pflops: 20 }',
      '{ pool: nc-910b, pflops: 20 }, { pool: nc-a800, pflops: 1 }',
    )(withField('ascend-910b3', 'per_chip: { cpu: 24, memory: 256Gi }')(estate)),
  );
  expect(hardOf('nc-a-pools', 'copper-train', half)).not.toHaveProperty(['requests.cpu']);
});

test('of a part of a chip goes the same part of the host with it', () => {
  const stacks = stacksOf((estate) =>
    replaced(
      '{ pool: nc-a800, pflops: 10 }',
      '{ pool: nc-a800, slice: 1g.10gb, pflops: 0.14 }',
    )(
      withField(
        'nvidia-a800-sxm',
        'per_chip: { cpu: 16, memory: 128Gi }\n    sharing: { by: slices, slices: { 1g.10gb: 14 } }',
      )(estate),
    ),
  );
  // 0.14 PFlops / (312 / 7 TFLOPS) = 3.14: 3/7 of 16 cores and of 131072 Mi
  expect(hardOf('nc-a-pools', 'uni-lab', stacks)).toMatchObject({
    'requests.cpu': '6857m',
    'requests.memory': '56173Mi',
  });
});

test('services open no way in past the gateway, unless the tenant is to be exposed', () => {
  const closed = { 'services.loadbalancers': '0', 'services.nodeports': '0' };
  expect(hardOf('nc-a-pools', 'copper-train')).toMatchObject(closed);
  const open = stacksOf(replaced('    group: industrial\n', '    group: industrial\n    expose: true\n'));
  for (const key of Object.keys(closed)) expect(hardOf('nc-a-pools', 'copper-train', open)).not.toHaveProperty([key]);
  expect(hardOf('nc-a-pools', 'uni-lab', open)).toMatchObject(closed);
});

test("the pool's own peak goes before the catalogue's", () => {
  const stacks = stacksOf(
    replaced(
      '    accelerator: ascend-910b3\n',
      '    accelerator: ascend-910b3\n    override: { peak_tflops: { fp16: 400 }, source: measured }\n',
    ),
  );
  // 20 PFlops / 400 TFLOPS = 50
  expect(granted(hardOf('nc-a-pools', 'copper-train', stacks))).toEqual({
    'requests.huawei.com/Ascend910': '25',
    'requests.huawei.com/Ascend910B3': '25',
  });
  expect(objectsOf(stacks, 'nc-a-pools').get('ResourceQuota copper-train/accelerators')).toHaveProperty(
    ['metadata', 'annotations', 'greenflops.io/made-en'],
    expect.stringContaining('/ 400 TFLOPS dense FP16'),
  );
});

test('a chip whose peak no source gives is refused, and has quotas where the pool states its peak', () => {
  const iluvatar = replaced('accelerator: ascend-910b3\n', 'accelerator: iluvatar-bi-v150\n');
  expect(() => stacksOf(iluvatar)).toThrow(/iluvatar-bi-v150/);
  const stacks = stacksOf((estate) =>
    replaced(
      'accelerator: iluvatar-bi-v150\n',
      'accelerator: iluvatar-bi-v150\n    override: { peak_tflops: { fp16: 200 }, source: a sheet of the vendor }\n',
    )(iluvatar(estate)),
  );
  // 20 PFlops / 200 TFLOPS = 100
  expect(granted(hardOf('nc-a-pools', 'copper-train', stacks))).toEqual({
    'requests.iluvatar.ai/gpu': '50',
    'requests.iluvatar.ai/BI-V150-vgpu': '50',
  });
});

const proving = readFileSync('test/cluster/proving/estate.yaml', 'utf8');

test('slices, turns, HAMi and claims: each by its own names', () => {
  const stacks = stacksOf(() => replaced('    kueue: { enabled: true }\n', '')(proving));
  expect(granted(hardOf('prove-pools', 'share-lab', stacks))).toEqual({
    'requests.nvidia.com/mig-1g.10gb': '3', // 0.33 PFlops / (756 / 7 TFLOPS) = 3.06
    'requests.nvidia.com/gpu.shared': '3', // 0.1 / (119.5 / 4) = 3.35
    'requests.huawei.com/Ascend910B4': '250', // 0.7 / 280 = 250 per cent; each of them has one at least
    'requests.huawei.com/Ascend910B4-core': '250',
    'limits.huawei.com/Ascend910B4-core': '250',
    'requests.huawei.com/Ascend910B4-memory': '81920', // of 32768 each
    'limits.huawei.com/Ascend910B4-memory': '81920',
    'p-dra.deviceclass.resource.k8s.io/devices': '2', // 0.3 / 148 = 2.03
    'requests.deviceclass.resource.kubernetes.io/p-dra': '2',
  });
  const hard = hardOf('prove-pools', 'share-lab', stacks);
  // Who may claim may claim of the pool's class alone
  expect(hard).not.toHaveProperty(['count/resourceclaims.resource.k8s.io']);
  expect(hard).toHaveProperty(['gpu.nvidia.com.deviceclass.resource.k8s.io/devices'], '0');
  expect(hardOf('prove-pools', 'ore-vault', stacks)).toHaveProperty(['p-dra.deviceclass.resource.k8s.io/devices'], '0');
  const quota = objectsOf(stacks, 'prove-pools').get('ResourceQuota share-lab/accelerators');
  expect(quota).toHaveProperty(
    ['metadata', 'annotations', 'greenflops.io/made-zh'],
    expect.stringContaining(
      'p-mig：0.33 PFlops ÷ (稠密 FP16 峰值 756 TFLOPS × 1/7)，向下取整为 3 个 1g.10gb 切片，本命名空间分得 3',
    ),
  );
});

test('with Kueue each namespace holds the most that its queue may give, by the same names', () => {
  const stacks = stacksOf(() => proving);
  // 0.33 + 0.1 + 0.7 PFlops of credits; claims, which bear none, are the tenant's own alone
  expect(granted(hardOf('prove-pools', 'share-lab', stacks))).toEqual({
    'requests.nvidia.com/mig-1g.10gb': '10', // 1.13 / 0.108 = 10.5 of 14
    'requests.nvidia.com/gpu.shared': '16', // 1.13 / 0.029875 = 37.8 of 16
    'requests.huawei.com/Ascend910B4': '800', // 8 cards by the hundredth; its cores bear the credits
    'requests.huawei.com/Ascend910B4-core': '403', // 1.13 / 0.0028 = 403.6
    'limits.huawei.com/Ascend910B4-core': '403',
    'requests.huawei.com/Ascend910B4-memory': '262144', // 8 cards
    'limits.huawei.com/Ascend910B4-memory': '262144',
    'p-dra.deviceclass.resource.k8s.io/devices': '2', // 0.3 / 0.148
    'requests.deviceclass.resource.kubernetes.io/p-dra': '2',
  });
  const quota = objectsOf(stacks, 'prove-pools').get('ResourceQuota copper-serve/accelerators');
  expect(quota).toHaveProperty('metadata.annotations', {
    'greenflops.io/made-zh':
      'huawei.com/Ascend910：11，为 p-910b 的 16 与 3.5 PFlops ÷ 313 TFLOPS 中较小者；huawei.com/Ascend910B3：11，为 p-910b 的 16 与 3.5 PFlops ÷ 313 TFLOPS 中较小者；hygon.com/dcu：8，为 p-rdma 的 8 与 3.5 PFlops ÷ 196 TFLOPS 中较小者；hygon.com/dcunum：8，为 p-rdma 的 8 与 3.5 PFlops ÷ 196 TFLOPS 中较小者；以上是 Kueue 队列 copper-ai 至多可准入的数量，每个命名空间都写全数，各命名空间之和由该队列控制',
    'greenflops.io/made-en': expect.stringMatching(
      /^huawei\.com\/Ascend910: 11, the less of 16 of p-910b and 3\.5 PFlops \/ 313 TFLOPS; .*the queue caps their sum$/,
    ),
  });
});

test('HAMi counts by what the vendor calls a whole chip; memory without a known size has no cap', () => {
  const accelerator = found(loadPlan('plan').accelerators.get('moore-threads-s4000'));
  const pool = found(loadPlan('plan').estate.pools[0]);
  const keys = quotaKeys({ ...pool, sharing: { by: 'hami' } }, accelerator);
  expect(keys.map(([key, { n, d }]) => [key, Number(n) / Number(d)])).toEqual([
    ['requests.mthreads.com/vgpu', 0.16],
    ['requests.mthreads.com/sgpu-core', 0.16],
    ['limits.mthreads.com/sgpu-core', 0.16],
  ]);
  // No name for its cores: a whole chip for each hundred per cent
  const kunlun = found(loadPlan('plan').accelerators.get('kunlunxin-p800'));
  expect(quotaKeys({ ...pool, sharing: { by: 'hami' } }, kunlun)).toEqual([
    ['requests.kunlunxin.com/vxpu', { n: 1n, d: 100n }],
  ]);
});

/** A decimal as somebody writes it: up to three digits behind the point. */
const pflops = fc.integer({ min: 1, max: 2000 }).map((thousandths) => thousandths / 1000);
const catalogue = loadPlan('plan').accelerators;

/** TFLOPS of one of what the key counts, by another way than the code's: doubles and the catalogue's columns. */
const ways: Readonly<
  Record<string, { readonly key: string; readonly sharing: string; readonly slice?: string; readonly tflops: number }>
> = {
  'nvidia-a800-sxm': { key: 'requests.nvidia.com/gpu', sharing: 'by: whole', tflops: 312 },
  'ascend-910b2': {
    key: 'requests.huawei.com/Ascend910-6c.1cpu.16g',
    sharing: 'by: slices, slices: { vir06_1c_16g: 1600 }',
    slice: 'vir06_1c_16g',
    tflops: 94,
  },
  'nvidia-h20': { key: 'requests.nvidia.com/gpu.shared', sharing: 'by: time-slicing, replicas: 10', tflops: 14.8 },
  'metax-c500': { key: 'requests.metax-tech.com/vcore', sharing: 'by: hami', tflops: 2.4 },
  'hygon-bw200': {
    key: 'pool-0.deviceclass.resource.k8s.io/devices',
    sharing: 'by: dra, driver: dcu.example',
    tflops: 480,
  },
};

test.each(Object.entries(ways))('%s: never more PFlops than promised, and short by less than one', (id, way) => {
  expect(catalogue.has(id)).toBe(true);
  const { dir, remove } = planFolder(
    replaced(
      'pools:\n',
      `pools:\n  - { id: pool-0, cluster: nc-a, accelerator: ${id}, count: 400, nodes: { selector: { chip: ${id} } }, sharing: { ${way.sharing} } }\n`,
    )(readFileSync('plan/estate.yaml', 'utf8')),
  );
  try {
    const plan = loadPlan(dir);
    const [view] = clusters(plan, () => ({}));
    const [first] = plan.estate.tenants;
    if (!view || !first) throw new Error('a cluster and a tenant');
    fc.assert(
      fc.property(pflops, fc.integer({ min: 1, max: 5 }), (promised, count) => {
        const namespaces = Array.from({ length: count }, (_, i) => `space-${i}`);
        const quota = [{ pool: 'pool-0', pflops: promised, ...(way.slice !== undefined && { slice: way.slice }) }];
        const tenant = { ...first, namespaces, quota };
        const parts = namespaces.map((name) => Number(namespaceQuota(view, tenant, name).hard[way.key]));
        const compiled = (parts.reduce((sum, part) => sum + part, 0) * way.tflops) / 1000;
        expect(compiled).toBeLessThanOrEqual(promised + 1e-9);
        expect(promised - compiled).toBeLessThan(way.tflops / 1000 + 1e-9);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
    );
  } finally {
    remove();
  }
});

test('a quota is rounded by the decimal, not by the double beside it', () => {
  const plan = loadPlan('plan');
  const view = clusters(plan, () => ({})).find(({ cluster }) => cluster.id === 'nc-a');
  const tenant = plan.estate.tenants[0];
  const a800 = view?.pools.find(({ accelerator }) => accelerator === 'nvidia-a800-sxm');
  if (!view || !tenant || !a800) throw new Error('nc-a has A800 and a tenant');
  const cards = [31.2, 31.1999, 0.312, 0.936, 0.311].map(
    (amount) =>
      namespaceQuota(view, { ...tenant, namespaces: ['one'], quota: [{ pool: a800.id, pflops: amount }] }, 'one').hard[
        'requests.nvidia.com/gpu'
      ],
  );
  expect(cards).toEqual(['100', '99', '1', '3', '0']);
});
