import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checks } from '../../model/checks/index.ts';
import { dataFlow } from '../../model/checks/data-flow.ts';
import { dataClasses, type DataClass } from '../../model/schema/data-class.ts';
import { estate as schema, type Estate } from '../../model/schema/estate.ts';

const text = { zh: '甲', en: 'A' };
const net = (cidr: string, data_class: DataClass, jurisdiction = 'jiangxi') => ({
  cidr,
  ports: [443],
  data_class,
  jurisdiction,
  reason: text,
});
const to = (tenant: string) => ({ tenant, ports: [443] });

interface Given {
  readonly clusters: readonly { id: string; jurisdiction?: string; data_classes?: readonly DataClass[] }[];
  readonly tenants: readonly { id: string; on: readonly string[]; data_class: DataClass; egress?: readonly object[] }[];
  readonly datasets: readonly {
    id: string;
    class: DataClass;
    owner?: string;
    readers?: readonly string[];
    clusters: readonly string[];
  }[];
}

/** An estate of one pool a cluster, as the schema reads it. */
function estateOf({ clusters, tenants, datasets }: Given): Estate {
  return schema.parse({
    schema: 'greenflops/v1',
    sites: [{ id: 's', name: text, grid: 'jiangxi', profile: 'large', it_rated_kw: 1 }],
    clusters: clusters.map((cluster) => ({
      site: 's',
      context: cluster.id,
      jurisdiction: 'jiangxi',
      data_classes: [...dataClasses],
      ...cluster,
    })),
    pools: clusters.map(({ id }) => ({
      id: `on-${id}`,
      cluster: id,
      accelerator: 'chip',
      count: 1,
      nodes: { names: [id] },
    })),
    tenants: tenants.map(({ on, ...tenant }) => ({
      action: 'a',
      namespaces: [tenant.id],
      quota: on.map((id) => ({ pool: `on-${id}`, pflops: 1 })),
      ...tenant,
    })),
    datasets: datasets.map((dataset) => ({ jurisdiction: 'jiangxi', owner: 'bureau', ...dataset })),
  });
}

const found = (estate: Estate) =>
  dataFlow({ raw: {}, data: { estate }, line: () => 1 }).map(({ fault: { path, code, params } }) => ({
    at: path.join('.'),
    code,
    paths: typeof params['paths'] === 'string' ? params['paths'] : '',
    class: params['class'],
  }));

test('a finding names the whole way, at the edge where it goes wrong', () => {
  const estate = estateOf({
    clusters: [{ id: 'c' }],
    tenants: [
      { id: 'ore-safe', on: ['c'], data_class: 'important', egress: [to('copper-ai')] },
      {
        id: 'copper-ai',
        on: ['c'],
        data_class: 'important',
        egress: [net('10.8.0.0/24', 'general'), net('10.9.0.0/24', 'important', 'hubei')],
      },
    ],
    datasets: [{ id: 'smelter-logs', class: 'important', owner: 'ore-safe', clusters: ['c'] }],
  });
  expect(found(estate)).toEqual([
    {
      at: 'tenants.1.egress.0.data_class',
      code: 'flow_class',
      paths: 'smelter-logs -> ore-safe -> copper-ai -> 10.8.0.0/24',
      class: 'important',
    },
    {
      at: 'tenants.1.egress.1.jurisdiction',
      code: 'flow_jurisdiction',
      paths: 'smelter-logs -> ore-safe -> copper-ai -> 10.9.0.0/24',
      class: 'important',
    },
  ]);
});

test('several datasets are told together at the edge, by the highest of their classes', () => {
  const estate = estateOf({
    clusters: [{ id: 'c' }],
    tenants: [{ id: 't', on: ['c'], data_class: 'core', egress: [net('10.8.0.0/24', 'general')] }],
    datasets: [
      { id: 'core-data', class: 'core', owner: 't', clusters: ['c'] },
      { id: 'other', class: 'important', owner: 't', clusters: ['c'] },
      { id: 'open', class: 'general', owner: 't', clusters: ['c'] },
    ],
  });
  expect(found(estate)).toMatchObject([
    { class: 'core', paths: 'core-data -> t -> 10.8.0.0/24, other -> t -> 10.8.0.0/24' },
  ]);
});

test("data stays on the clusters where it may lie: a tenant's other cluster does not have it", () => {
  const given = (clusters: string[]) =>
    found(
      estateOf({
        clusters: [{ id: 'a' }, { id: 'b', jurisdiction: 'hubei' }],
        tenants: [
          { id: 'both', on: ['a', 'b'], data_class: 'general', egress: [to('only-b')] },
          { id: 'only-b', on: ['b'], data_class: 'general', egress: [net('10.8.0.0/24', 'general')] },
          { id: 'reader', on: ['a', 'b'], data_class: 'important', egress: [to('only-b')] },
        ],
        datasets: [{ id: 'd', class: 'important', readers: ['reader'], clusters }],
      }),
    );
  // Of its own class the reader holds data on b too, which is no dataset's doing.
  expect(given(['a'])).toMatchObject([{ at: 'tenants.2.egress.0.tenant', paths: 'reader -> only-b' }]);
});

test('a tenant on several clusters sends what is its own in one way, which is told once', () => {
  const estate = estateOf({
    clusters: [{ id: 'a' }, { id: 'b' }],
    tenants: [{ id: 't', on: ['a', 'b'], data_class: 'core', egress: [net('10.8.0.0/24', 'important')] }],
    datasets: [],
  });
  expect(found(estate)).toMatchObject([{ class: 'core', paths: 't -> 10.8.0.0/24' }]);
});

test('general data may cross a border, and circles end', () => {
  const ring = (dataClass: DataClass) =>
    estateOf({
      clusters: [{ id: 'c' }],
      tenants: ['a', 'b', 'd'].map((id, i, all) => ({
        id,
        on: ['c'],
        data_class: dataClass,
        egress: [to(all[(i + 1) % 3] ?? ''), to(id), net('10.8.0.0/24', 'core', 'hubei')],
      })),
      datasets: [{ id: 'data', class: dataClass, owner: 'a', clusters: ['c'] }],
    });
  expect(found(ring('general'))).toEqual([]);
  expect(found(ring('core')).map(({ paths }) => paths)).toEqual([
    'data -> a -> 10.8.0.0/24',
    'data -> a -> b -> 10.8.0.0/24',
    'data -> a -> b -> d -> 10.8.0.0/24',
  ]);
});

/** Random estates of few clusters, tenants and datasets, dense enough for circles and for several ways to one edge. */
const given: fc.Arbitrary<Given> = fc
  .record({ clusters: fc.integer({ min: 1, max: 3 }), tenants: fc.integer({ min: 1, max: 4 }) })
  .chain((sizes) => {
    const clusters = ['c0', 'c1', 'c2'].slice(0, sizes.clusters);
    const tenants = ['t0', 't1', 't2', 't3'].slice(0, sizes.tenants);
    const dataClass = fc.constantFrom(...dataClasses);
    const law = fc.constantFrom('jiangxi', 'hubei');
    const some = (ids: string[], min: number) => fc.subarray(ids, { minLength: min });
    return fc.record({
      clusters: fc.tuple(
        ...clusters.map((id) =>
          fc.record({
            id: fc.constant(id),
            jurisdiction: law,
            data_classes: fc.subarray([...dataClasses], { minLength: 1 }),
          }),
        ),
      ),
      tenants: fc.tuple(
        ...tenants.map((id) =>
          fc.record({
            id: fc.constant(id),
            on: some(clusters, 1),
            data_class: dataClass,
            egress: fc.array(
              fc.oneof(
                fc.constantFrom(...tenants).map(to),
                fc.tuple(dataClass, law).map(([least, where]) => net('10.8.0.0/24', least, where)),
              ),
              { maxLength: 4 },
            ),
          }),
        ),
      ),
      datasets: fc.tuple(
        ...['d0', 'd1'].map((id) =>
          fc.record({
            id: fc.constant(id),
            class: dataClass,
            jurisdiction: law,
            owner: fc.constantFrom('bureau', ...tenants),
            readers: some(tenants, 0),
            clusters: some(clusters, 1),
          }),
        ),
      ),
    });
  });

/** Every way without a repeated tenant, walked to its end on one cluster after the other; the first edge that data may not take ends it. */
function bruteForce({ clusters, tenants, datasets }: Estate): { edge: string; way: string }[] {
  const level = (dataClass: string): number => ({ general: 0, important: 1, core: 2 })[dataClass] ?? 0;
  const isOn = (i: number, cluster: string): boolean =>
    tenants[i]?.quota.some(({ pool }) => pool === `on-${cluster}`) ?? false;
  const wrong: { edge: string; way: string }[] = [];
  const walk = (data: { class: string; jurisdiction: string }, cluster: string, way: string[], i: number): void => {
    const tenant = tenants[i];
    for (const [k, egress] of (tenant?.egress ?? []).entries()) {
      const edge = `tenants.${i}.egress.${k}`;
      if ('cidr' in egress) {
        const lower = level(egress.data_class) < level(data.class);
        const abroad = data.class !== 'general' && egress.jurisdiction !== data.jurisdiction;
        if (lower || abroad)
          wrong.push({
            edge: `${edge}.${lower ? 'data_class' : 'jurisdiction'}`,
            way: [...way, egress.cidr].join(' -> '),
          });
        continue;
      }
      const next = tenants.findIndex(({ id }) => id === egress.tenant);
      if (!isOn(next, cluster)) continue;
      const onward = [...way, egress.tenant];
      if (level(tenants[next]?.data_class ?? '') < level(data.class))
        wrong.push({ edge: `${edge}.tenant`, way: onward.join(' -> ') });
      else if (!way.slice(1).includes(egress.tenant)) walk(data, cluster, onward, next);
    }
  };
  for (const [d, data] of datasets.entries())
    for (const { id: cluster, data_classes: allowed, jurisdiction } of clusters) {
      if (!data.clusters.includes(cluster) || !allowed.includes(data.class)) continue;
      if (data.class !== 'general' && data.jurisdiction !== jurisdiction) continue;
      const hands = [[data.owner, 'owner'], ...data.readers.map((id, k) => [id, `readers.${k}`])];
      for (const [id = '', key = ''] of hands) {
        const i = tenants.findIndex((tenant) => tenant.id === id);
        if (i < 0 || !isOn(i, cluster)) continue;
        const way = [data.id, id];
        if (level(tenants[i]?.data_class ?? '') < level(data.class))
          wrong.push({ edge: `datasets.${d}.${key}`, way: way.join(' -> ') });
        else walk(data, cluster, way, i);
      }
    }
  return wrong;
}

test('on random estates the verdicts are those of walking every way', () => {
  let broken = 0;
  fc.assert(
    fc.property(given, (small) => {
      const estate = estateOf(small);
      const datasets = new Set(estate.datasets.map(({ id }) => id));
      // What begins with a tenant is its own class, which is the next test's business.
      const told = found(estate).flatMap(({ at, paths }) =>
        paths
          .split(', ')
          .filter((way) => datasets.has(way.split(' -> ')[0] ?? ''))
          .map((way) => ({ edge: at, way })),
      );
      const walked = bruteForce(estate);
      const shortest = new Map<string, number>();
      for (const { edge, way } of walked) {
        const key = `${edge} ${way.split(' ')[0]}`;
        shortest.set(key, Math.min(shortest.get(key) ?? Infinity, way.split(' -> ').length));
      }
      // Once for each edge and dataset that some way breaks, by one of the ways that there are, and a shortest one.
      expect(told.map(({ edge, way }) => `${edge} ${way.split(' ')[0]}`).toSorted()).toEqual(
        [...shortest.keys()].toSorted(),
      );
      for (const one of told) {
        expect(walked).toContainEqual(one);
        expect(one.way.split(' -> ')).toHaveLength(shortest.get(`${one.edge} ${one.way.split(' ')[0]}`) ?? NaN);
      }
      broken += told.length > 0 ? 1 : 0;
    }),
    { numRuns: 500 },
  );
  // Both verdicts are met often.
  expect(broken).toBeGreaterThan(50);
  expect(broken).toBeLessThan(450);
});

test('no tenant sends below its own class or out of its law, whether or not a dataset is declared', () => {
  fc.assert(
    fc.property(given, (small) => {
      const estate = estateOf({ ...small, datasets: [] });
      const ats = new Set(found(estate).map(({ at }) => at.split('.').slice(0, 4).join('.')));
      const wrong = estate.tenants.flatMap((tenant, i) => {
        const on = estate.clusters.filter(({ id }) => tenant.quota.some(({ pool }) => pool === `on-${id}`));
        return tenant.egress.flatMap((egress, k) => {
          const where = `tenants.${i}.egress.${k}`;
          const rank = (one?: DataClass) => dataClasses.indexOf(one ?? 'general');
          if ('cidr' in egress) {
            const abroad = tenant.data_class !== 'general' && on.some((c) => c.jurisdiction !== egress.jurisdiction);
            return rank(egress.data_class) < rank(tenant.data_class) || abroad ? [where] : [];
          }
          const other = estate.tenants.find(({ id }) => id === egress.tenant);
          const meet = on.some(({ id }) => other?.quota.some(({ pool }) => pool === `on-${id}`));
          return meet && rank(other?.data_class) < rank(tenant.data_class) ? [where] : [];
        });
      });
      expect([...ats].toSorted()).toEqual(wrong.toSorted());
    }),
    { numRuns: 300 },
  );
});

test('two hundred tenants who all send to each other: more ways than could be walked, and it ends', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `t${i}`);
  const estate = estateOf({
    clusters: [{ id: 'c' }],
    tenants: ids.map((id, i) => ({
      id,
      on: ['c'],
      data_class: 'important',
      egress: [...ids.filter((other) => other !== id).map(to), ...(i === 199 ? [net('10.8.0.0/24', 'general')] : [])],
    })),
    datasets: ids.slice(0, 20).map((owner, i) => ({ id: `d${i}`, class: 'important', owner, clusters: ['c'] })),
  });
  const [only, ...more] = found(estate);
  expect(more).toEqual([]);
  expect(only?.paths).toMatch(/^d0 -> t0 -> t199 -> 10\.8\.0\.0\/24, .*… \(20\)$/);
});

test('the check is registered', () => expect(checks).toContain(dataFlow));
