import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import type { Estate } from '../../model/schema/estate.ts';
import { siteSlices } from '../../model/site-slice.ts';
import { planFolder } from '../plan-folder.ts';
import { declaration, withFiles } from './declaration.ts';

/** Writes a slice to a folder and loads it as an exporter does. */
function load(slice: Readonly<Record<string, string>>): Plan {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-slice-'));
  try {
    for (const [name, text] of Object.entries(slice)) writeFileSync(join(dir, name), text);
    return loadPlan(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const whole = loadPlan('plan');

describe.each(['nanchang', 'poyang'])('the slice of %s', (site) => {
  const texts = siteSlices('plan')(site);
  const { estate } = load(texts);

  test('loads, with all that belongs to the site as it was', () => {
    const pools = whole.estate.pools.filter(({ cluster }) => estate.clusters.some(({ id }) => id === cluster));
    expect(estate.sites).toEqual(whole.estate.sites.filter(({ id }) => id === site));
    expect(estate.meters).toEqual(whole.estate.meters.filter((meter) => meter.site === site));
    expect(estate.clusters).toEqual(whole.estate.clusters.filter((cluster) => cluster.site === site));
    expect(estate.pools).toEqual(pools);
    expect(estate.telemetry).toEqual(whole.estate.telemetry);
  });

  test('holds no device of another site', () => {
    const others = whole.estate.meters.filter((meter) => meter.site !== site).map(({ id }) => id);
    expect(others.filter((id) => texts['estate.yaml']?.includes(id))).toEqual([]);
  });

  test('holds the other files byte for byte, all within what a ConfigMap takes', () => {
    const { 'estate.yaml': _, ...others } = texts;
    const shipped = Object.keys(others).map((name) => [name, readFileSync(`plan/${name}`, 'utf8')]);
    expect(Object.entries(others)).toEqual(shipped);
    expect(Object.keys(texts)).toHaveLength(7);
    expect(Buffer.byteLength(Object.values(texts).join(''))).toBeLessThan(1024 * 1024);
  });
});

test('a tenant keeps the quotas that lie at the site; one without any here is left out', () => {
  const tenants = load(siteSlices('plan')('poyang')).estate.tenants.map(({ id, quota }) => [id, quota]);
  expect(tenants).toEqual([
    ['rice-vision', [{ pool: 'py-910a', pflops: 8 }]],
    ['uni-lab', [{ pool: 'py-h20', pflops: 4 }]],
  ]);
});

test('a tenant that is bound to no pool may run anywhere, and stays', () => {
  const shipped = readFileSync('plan/estate.yaml', 'utf8');
  const { dir, remove } = planFolder(
    shipped.replace('quota: [{ pool: nc-910b, pflops: 20 }]', 'quota: [{ pflops: 20 }]'),
  );
  try {
    expect(load(siteSlices(dir)('poyang')).estate.tenants.map(({ id }) => id)).toContain('copper-ai');
  } finally {
    remove();
  }
});

test('readers and tenants that are sent to are left out with the cluster that they have in common', () => {
  const shipped = readFileSync('plan/estate.yaml', 'utf8');
  const sends = 'egress: [{ tenant: uni-lab, ports: [443] }, { tenant: rice-vision, ports: [443] }]';
  const { dir, remove } = planFolder(
    shipped
      // copper-ai meets uni-lab at Nanchang alone, on one of its two clusters, and rice-vision at Poyang.
      .replace(
        '  - { id: py-a,',
        '  - { id: nc-b, site: nanchang, context: nc-b, jurisdiction: jiangxi, data_classes: [general] }\n  - { id: py-a,',
      )
      .replace(
        'pools:\n',
        'pools:\n  - { id: nc-b-h20, cluster: nc-b, accelerator: nvidia-h20, count: 8, nodes: { names: [b1] } }\n',
      )
      .replace(
        'quota: [{ pool: nc-910b, pflops: 20 }]',
        `quota: [{ pool: nc-910b, pflops: 20 }, { pool: py-910a, pflops: 1 }]\n    ${sends}`,
      )
      .replace(
        'quota: [{ pool: nc-a800, pflops: 10 }, { pool: py-h20, pflops: 4 }]',
        'quota: [{ pool: nc-b-h20, pflops: 1 }, { pool: py-h20, pflops: 4 }]',
      )
      .replace(
        'clusters: [nc-a]\n    readers: [copper-ai]',
        'clusters: [nc-a, py-a]\n    readers: [copper-ai, uni-lab, rice-vision]',
      ),
  );
  try {
    const at = (site: string) => {
      const { tenants, datasets } = load(siteSlices(dir)(site)).estate;
      return [
        tenants.find(({ id }) => id === 'copper-ai')?.egress.map((egress) => 'tenant' in egress && egress.tenant),
        datasets.find(({ id }) => id === 'smelter-logs-desensitised')?.readers,
      ];
    };
    expect(loadPlan(dir).estate.datasets).toHaveLength(2);
    // At Nanchang uni-lab has only nc-b, where neither the dataset nor copper-ai is.
    expect(at('nanchang')).toEqual([[], ['copper-ai']]);
    expect(at('poyang')).toEqual([
      ['uni-lab', 'rice-vision'],
      ['copper-ai', 'uni-lab', 'rice-vision'],
    ]);
  } finally {
    remove();
  }
});

const chapter = readFileSync('docs/scheduling/estate.yaml', 'utf8');

/** The estate of a site's slice of the chapter's province, changed before it is cut. */
function provinceAt(site: string, change = (estate: string): string => estate): Estate {
  const { dir, remove } = planFolder(change(chapter));
  try {
    loadPlan(dir);
    return load(siteSlices(dir)(site)).estate;
  } finally {
    remove();
  }
}

test('a province is cut by where quotas may be used, and its manager knows the tenants of its workers', () => {
  const nanchang = provinceAt('nanchang');
  expect(nanchang.clusters.map(({ id }) => id)).toEqual(['nc-a', 'jx-m', 'jx-k']);
  expect(nanchang.tenants.map(({ id, quota }) => [id, quota])).toEqual([
    ['copper-ai', [{ pool: 'nc-910b', pflops: 20 }]],
    ['rice-vision', []], // through the manager alone
    ['mine-rescue', [{ pool: 'nc-910b', pflops: 12 }]],
    ['small-firms', [{ pflops: 5 }]],
    ['uni-lab', [{ pool: 'nc-a800', pflops: 10 }]],
  ]);
  const poyang = provinceAt('poyang');
  expect(poyang.clusters.map(({ id }) => id)).toEqual(['py-a']);
  expect(poyang.tenants.map(({ id, quota }) => [id, quota])).toEqual([
    ['rice-vision', [{ pool: 'py-910a', pflops: 8 }]],
    ['small-firms', [{ pflops: 5 }]],
    ['uni-lab', [{ pool: 'py-h20', slice: '7g.96gb', pflops: 4 }]],
  ]);
});

test('quotas of a cluster, and workers of a manager, stay where they are', () => {
  const change = (estate: string): string =>
    estate
      .replace('quota: [{ pflops: 5 }]', 'quota: [{ cluster: py-a, pflops: 3 }, { cluster: nc-a, pflops: 2 }]')
      .replace('role: manager\n    kueue: {', 'role: manager\n    kueue: { workers: [nc-a, py-a],')
      .replace('pool: nc-910b, pflops: 12', 'pflops: 2'); // important: of nc-a alone
  const [nanchang, poyang] = ['nanchang', 'poyang'].map((site) => provinceAt(site, change));
  const quotas = (estate?: Estate) => estate?.tenants.find(({ id }) => id === 'small-firms')?.quota;
  expect(quotas(nanchang)).toEqual([{ cluster: 'nc-a', pflops: 2 }]);
  expect(quotas(poyang)).toEqual([{ cluster: 'py-a', pflops: 3 }]);
  expect(nanchang?.clusters.find(({ id }) => id === 'jx-m')?.kueue.workers).toEqual(['nc-a']);
  expect(poyang?.tenants.map(({ id }) => id)).not.toContain('mine-rescue');
  // A manager all of whose workers are elsewhere has none here, rather than all
  const far = provinceAt('nanchang', (estate) => change(estate).replace('workers: [nc-a, py-a]', 'workers: [py-a]'));
  expect(far.clusters.find(({ id }) => id === 'jx-m')?.kueue.workers).toEqual([]);
});

test('a tenant that is here by the manager alone reads nothing here, sends nothing, and owns nothing', () => {
  const change = (estate: string): string =>
    estate
      .replace(
        'namespaces: [rice-vision]',
        'namespaces: [rice-vision]\n    egress: [{ tenant: uni-lab, ports: [443] }]',
      )
      .replace('namespaces: [uni-lab]', 'namespaces: [uni-lab]\n    egress: [{ tenant: rice-vision, ports: [443] }]')
      .replace(
        'clusters: [nc-a]\n    readers: [copper-ai]',
        'clusters: [nc-a, py-a]\n    readers: [copper-ai, rice-vision]',
      );
  const { tenants, datasets } = provinceAt('nanchang', change);
  const egress = (name: string) => tenants.find(({ id }) => id === name)?.egress;
  expect([egress('rice-vision'), egress('uni-lab')]).toEqual([[], []]);
  expect(datasets.find(({ id }) => id === 'smelter-logs-desensitised')?.readers).toEqual(['copper-ai']);
  const owned = provinceAt('nanchang', (estate) =>
    estate.replace('owner: smelter-works, clusters', 'owner: rice-vision, clusters'),
  );
  expect(owned.tenants.map(({ id }) => id)).not.toContain('rice-vision');
});

const name = { zh: '甲', en: 'A' };
const sites = { s0: ['c0', 'c1'], s1: ['c2', 'c3'] };
const anywhere = Object.values(sites).flat();

/** Tenants on some clusters, or on none in particular; datasets on some; and whom each would name. */
const random = fc.record({
  on: fc.array(fc.subarray(anywhere), { minLength: 4, maxLength: 4 }),
  lie: fc.subarray(anywhere, { minLength: 1 }),
  named: fc.array(fc.subarray([0, 1, 2, 3]), { minLength: 5, maxLength: 5 }),
});
type Random = typeof random extends fc.Arbitrary<infer T> ? T : never;

const where = ({ on }: Random, tenant: number): readonly string[] => (on[tenant]?.length ? on[tenant] : anywhere);
const meet = (a: readonly string[], b: readonly string[], site: readonly string[] = anywhere): boolean =>
  a.some((cluster) => b.includes(cluster) && site.includes(cluster));

const estateOf = (given: Random): string =>
  JSON.stringify({
    schema: 'greenflops/v1',
    sites: Object.keys(sites).map((id) => ({ id, name, grid: 'jiangxi', profile: 'large', it_rated_kw: 1 })),
    clusters: Object.entries(sites).flatMap(([site, own]) =>
      own.map((id) => ({ id, site, context: id, jurisdiction: site, data_classes: ['general'] })),
    ),
    pools: anywhere.map((id) => ({
      id: `on-${id}`,
      cluster: id,
      accelerator: 'chip-one',
      count: 64,
      nodes: { names: ['n'] },
    })),
    tenants: given.on.map((own, i) => ({
      id: `t${i}`,
      action: 'action-1',
      namespaces: [`t${i}`],
      data_class: 'general',
      quota: own.map((cluster) => ({ pool: `on-${cluster}`, pflops: 1 })),
      egress: (given.named[i] ?? [])
        .filter((other) => meet(where(given, i), where(given, other)))
        .map((other) => ({ tenant: `t${other}`, ports: [443] })),
    })),
    datasets: [
      {
        id: 'd',
        class: 'general',
        jurisdiction: 's0',
        owner: 't0',
        clusters: given.lie,
        readers: (given.named[4] ?? []).filter((one) => meet(given.lie, where(given, one))).map((one) => `t${one}`),
      },
    ],
  });

test('whatever loads is cut into slices that load, with just the names that meet at the site', () => {
  fc.assert(
    fc.property(random, (given) =>
      withFiles({ ...declaration, 'estate.yaml': estateOf(given) }, (dir) => {
        const all = loadPlan(dir).estate;
        const slices = siteSlices(dir);
        for (const [site, own] of Object.entries(sites)) {
          const { tenants, datasets } = load(slices(site)).estate;
          const index = (id: string): number => Number(id.slice(1));
          for (const { id, egress } of tenants)
            expect(egress, `${id} at ${site}`).toEqual(
              all.tenants[index(id)]?.egress.filter(
                (entry) => 'tenant' in entry && meet(where(given, index(id)), where(given, index(entry.tenant)), own),
              ),
            );
          for (const { readers } of datasets)
            expect(readers, site).toEqual(
              all.datasets[0]?.readers.filter((one) => meet(given.lie, where(given, index(one)), own)),
            );
        }
      }),
    ),
    { numRuns: 15 },
  );
});

test('a site that nobody declared is an error with those that are', () => {
  expect(() => siteSlices('plan')('jiujiang')).toThrow(
    'site "jiujiang" is not declared in plan; declared: nanchang, poyang',
  );
});
