import fc from 'fast-check';
import type { Pool } from '../../../model/schema/estate.ts';

/** A way in which a pool shares a model, each under a name of its own, with the figures of the catalogue. */
interface Kind {
  readonly accelerator: string;
  /** Dense FP16 of a chip, TFLOPS */
  readonly tflops: number;
  /** Of the least that a quota counts */
  readonly unit: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly slice?: string;
}

const kinds: readonly Kind[] = [
  { accelerator: 'nvidia-a800-sxm', tflops: 312, unit: 312, fields: {} },
  { accelerator: 'ascend-910b3', tflops: 313, unit: 313, fields: { resource: 'huawei.com/Ascend910B3' } },
  { accelerator: 'ascend-910a', tflops: 256, unit: 256, fields: { resource: 'huawei.com/Ascend910A' } },
  // Two dies a package, of which a pod asks for each
  { accelerator: 'ascend-910c-9392', tflops: 800, unit: 800, fields: { resource: 'huawei.com/Ascend910C' } },
  { accelerator: 'nvidia-h20', tflops: 148, unit: 148 / 7, fields: {}, slice: '1g.12gb' },
  {
    accelerator: 'nvidia-h200-sxm',
    tflops: 989,
    unit: 989 / 4,
    fields: { sharing: { by: 'time-slicing', replicas: 4 } },
  },
  { accelerator: 'ascend-910b4', tflops: 280, unit: 2.8, fields: { sharing: { by: 'hami' } } },
  { accelerator: 'hygon-bw200', tflops: 480, unit: 480, fields: { sharing: { by: 'dra', driver: 'dcu.example' } } },
];

const randomPool = fc.record({ kind: fc.nat(kinds.length - 1), count: fc.integer({ min: 1, max: 24 }) });
const randomQuota = fc.record({
  at: fc.oneof(
    { weight: 5, arbitrary: fc.record({ pool: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ cluster: fc.nat() }) },
    { weight: 2, arbitrary: fc.constant({}) },
  ),
  /** Of what there is, in thousandths */
  share: fc.integer({ min: 20, max: 450 }),
});
const randomTenant = fc.record({
  quotas: fc.array(randomQuota, { minLength: 1, maxLength: 2 }),
  group: fc.constantFrom('one', 'two', undefined),
  borrow: fc.constantFrom(0, 0, 0.7, 3, 50),
  priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
  namespaces: fc.integer({ min: 1, max: 2 }),
  important: fc.nat(5).map((n) => n === 0),
});

/** Clusters with their pools, tenants, and whether there is a manager; most of them synth accepts. */
export const randomProvince = fc.record({
  clusters: fc.array(
    fc.record({ pools: fc.array(randomPool, { minLength: 1, maxLength: 3 }), important: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  tenants: fc.array(randomTenant, { minLength: 1, maxLength: 4 }),
  manager: fc.boolean(),
});
export type RandomProvince = typeof randomProvince extends fc.Arbitrary<infer T> ? T : never;

/** One pod of a job: which tenant, on which of the pools, how many pods of how many. */
export const randomJobs = fc.array(
  fc.record({
    tenant: fc.nat(),
    namespace: fc.nat(),
    pool: fc.nat(),
    pods: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 100 })),
    each: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
    priority: fc.constantFrom('low', 'normal', 'high', 'urgent'),
    ends: fc.boolean(),
  }),
  { maxLength: 24 },
);
export type RandomJob = (typeof randomJobs extends fc.Arbitrary<infer T> ? T : never)[number];

const title = { zh: '甲', en: 'A' };

/** The province as a declaration. Quotas are rounded to what somebody would write. */
export function estateOf(given: RandomProvince) {
  const { manager } = given;
  const pools = given.clusters.flatMap(({ pools: own }, c) =>
    own.map(({ kind, count }, p) => ({ ...(kinds[kind] ?? kinds[0]!), count, id: `p-${c}-${p}`, cluster: `w-${c}` })),
  );
  const worth = ({ tflops, count }: { tflops: number; count: number }): number => (tflops * count) / 1000;
  const written = (pflops: number): number => Math.round(pflops * 1000) / 1000;
  return {
    schema: 'greenflops/v1',
    sites: [{ id: 'nanchang', name: title, grid: 'jiangxi', profile: 'new-large-2025', it_rated_kw: 1 }],
    clusters: [
      ...given.clusters.map(({ important }, c) => ({
        id: `w-${c}`,
        site: 'nanchang',
        context: `w-${c}`,
        jurisdiction: 'jiangxi',
        data_classes: ['general', ...(important ? ['important'] : [])],
        kueue: { enabled: true },
        ...(c === 0 && { exporter: true }),
      })),
      ...(manager
        ? [
            {
              id: 'top',
              site: 'nanchang',
              context: 'top',
              jurisdiction: 'jiangxi',
              data_classes: ['general', 'important'],
              role: 'manager',
              kueue: { enabled: true },
            },
          ]
        : []),
    ],
    pools: pools.map(({ id, cluster, accelerator, count, fields, slice }) => ({
      id,
      cluster,
      accelerator,
      count,
      nodes: { selector: { pool: id } },
      ...fields,
      ...(slice !== undefined && { sharing: { by: 'slices', slices: { [slice]: count * 7 } } }),
    })),
    tenants: given.tenants.map(({ quotas, group, borrow, priority, namespaces, important }, t) => ({
      id: `t-${t}`,
      action: 'technological-innovation',
      namespaces: Array.from({ length: namespaces }, (_, n) => `t-${t}-${n}`),
      data_class: important ? 'important' : 'general',
      priority,
      ...(group !== undefined && { group, borrow_pflops: borrow }),
      quota: quotas.map(({ at, share }) => {
        const part = share / 1000;
        if ('pool' in at) {
          const one = pools[at.pool % pools.length]!;
          const pflops = Math.max(written(worth(one) * part), written(one.unit / 1000 + 0.0005));
          return { pool: one.id, pflops, ...(one.slice !== undefined && { slice: one.slice }) };
        }
        const cluster = 'cluster' in at ? `w-${at.cluster % given.clusters.length}` : undefined;
        const open = pools.filter((one) => cluster === undefined || one.cluster === cluster);
        const pflops = Math.max(0.1, written(open.reduce((sum, one) => sum + worth(one), 0) * part * 0.5));
        return { pflops, ...(cluster !== undefined && { cluster }) };
      }),
    })),
    telemetry: { image: `greenflops/exporter@sha256:${'0'.repeat(64)}` },
  };
}

const kindOf = (pool: Pool): Kind => {
  const found = kinds.find(({ accelerator }) => accelerator === pool.accelerator);
  if (!found) throw new Error(`no kind of ${pool.accelerator}`);
  return found;
};

/**
 * What a pod asks for to get so many units of a pool, or all that it has; what one unit of a quota is in PFlops, and whether
 * nodes offer it as a whole. By the vendors' names, not by what the toolkit makes of them.
 */
export function requestOf(
  pool: Pool,
  each: number | 'all',
): { requests: Record<string, number>; unit: number; topology: boolean } {
  const { unit } = kindOf(pool);
  const of = (all: number): number => (each === 'all' ? all : each);
  const by = (requests: Record<string, number>, topology = true) => ({ requests, unit: unit / 1000, topology });
  switch (pool.accelerator) {
    case 'nvidia-a800-sxm':
      return by({ 'nvidia.com/gpu': of(pool.count) });
    case 'ascend-910b3':
      return by({ 'huawei.com/Ascend910B3': of(pool.count) });
    case 'ascend-910a':
      return by({ 'huawei.com/Ascend910A': of(pool.count) });
    case 'ascend-910c-9392':
      return by({ 'huawei.com/Ascend910C': of(pool.count * 2) });
    case 'nvidia-h20':
      return by({ 'nvidia.com/mig-1g.12gb': of(pool.count * 7) });
    case 'nvidia-h200-sxm':
      return by({ 'nvidia.com/gpu.shared': of(pool.count * 4) });
    case 'ascend-910b4': {
      const cores = each === 'all' ? pool.count * 100 : each * 10;
      return by(
        {
          'huawei.com/Ascend910B4': Math.ceil(cores / 100),
          'huawei.com/Ascend910B4-memory': cores * 327,
          'huawei.com/Ascend910B4-core': cores,
        },
        false,
      );
    }
    default:
      return by({ [`claims.greenflops.io/${pool.id}`]: of(pool.count) }, false);
  }
}

/** PFlops dense FP16 behind a request for chips of a pool. */
export function pflopsOf(pool: Pool, requests: Readonly<Record<string, string | number>>): number {
  const { requests: whole } = requestOf(pool, 'all');
  const name = Object.keys(whole).at(-1) ?? '';
  return (Number(requests[name] ?? 0) / (whole[name] ?? 1)) * ((pool.count * kindOf(pool).tflops) / 1000);
}
