import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { fileKeys, files } from './files.ts';
import { clustersOfQuota, clustersOfTenant, managerOf } from './queues/scope.ts';
import { readYaml } from './read-yaml.ts';
import { estate as schema } from './schema/estate.ts';

type Row = Readonly<Record<string, unknown>>;
type Keep = (row: Row, kept: Kept, reach: Reach) => Row | undefined;
/** Ids of what stands in the slice, by list. */
type Kept = ReadonlyMap<string, ReadonlySet<unknown>>;

/** Where a tenant's quotas lie in the whole estate, cluster by cluster. */
interface TenantReach {
  /** Of each of its quotas, in their order. Empty where no cluster hands one out */
  readonly quotas: readonly (readonly string[])[];
  /** Everywhere that it has a queue, managers too */
  readonly all: readonly string[];
}
interface Reach {
  readonly tenants: ReadonlyMap<unknown, TenantReach>;
  /** The manager of each worker that has one */
  readonly managers: ReadonlyMap<unknown, string>;
}

const has = (kept: Kept, list: string, id: unknown): boolean => kept.get(list)?.has(id) ?? false;
const where =
  (key: string, list: string): Keep =>
  (row, kept) =>
    has(kept, list, row[key]) ? row : undefined;

/** Which entries of which list of the estate belong to a site; a list stands after those that it looks into. */
const lists: readonly (readonly [list: string, keep: Keep])[] = [
  ['sites', where('id', 'site')],
  ['halls', where('site', 'sites')],
  ['meters', where('site', 'sites')],
  ['clusters', where('site', 'sites')],
  ['pools', where('cluster', 'clusters')],
  // A tenant stays with the quotas that may be used here, and without any where a manager of the site takes its jobs.
  [
    'tenants',
    (row, kept, reach) => {
      const { quotas = [], all = [] } = reach.tenants.get(row['id']) ?? {};
      const here = (ids: readonly string[]): boolean => ids.some((id) => has(kept, 'clusters', id));
      // What no cluster hands out binds its tenant to none.
      if (quotas.every((ids) => ids.length === 0)) return row;
      const quota = rows(row['quota']).filter((_, i) => here(quotas[i] ?? []));
      if (quota.length > 0) return { ...row, quota };
      return here(all) ? { ...row, quota } : undefined;
    },
  ],
  [
    'datasets',
    (row, kept) => {
      const here = list(row['clusters']).filter((id) => has(kept, 'clusters', id));
      return here.length > 0 ? { ...row, clusters: here } : undefined;
    },
  ],
  // A certificate that is spread over sites stays with the part that lies here.
  [
    'certificates',
    (row, kept) => {
      if (row['allocations'] === undefined) return has(kept, 'sites', row['site']) ? row : undefined;
      const here = rows(row['allocations']).filter(({ site }) => has(kept, 'sites', site));
      return here.length > 0 ? { ...row, allocations: here } : undefined;
    },
  ],
  ['maintenance', where('site', 'sites')],
];

/** A part of the declaration, text by file name. */
export type Slice = Readonly<Record<string, string>>;

/**
 * Reads the declaration in `dir`, which loads, and cuts it: of the estate what belongs to a site, the other files byte for
 * byte. What comes out loads again. Throws RangeError for a site that is not declared.
 */
export function siteSlices(dir: string): (site: string) => Slice {
  const texts = Object.fromEntries(
    fileKeys
      .map((key) => files[key])
      .filter(({ name, absent }) => !absent || existsSync(join(dir, name)))
      .map(({ name }) => [name, readFileSync(join(dir, name), 'utf8')]),
  );
  const { name } = files.estate;
  const { source } = readYaml(name, texts[name] ?? '');
  const estate = isRow(source?.value) ? source.value : {};
  const reach = reachOf(estate);
  const known = rows(estate['sites']).map(({ id }) => id);
  return (site) => {
    if (!known.includes(site)) {
      throw new RangeError(`site "${site}" is not declared in ${dir}; declared: ${known.join(', ')}`);
    }
    const head = `# Of the declaration's estate what belongs to site ${site}. Made from it: edit the declaration, not this.\n`;
    return { ...texts, [name]: head + stringify(cut(estate, site, reach), { lineWidth: 0 }) };
  };
}

function reachOf(written: Row): Reach {
  const estate = schema.parse(written);
  return {
    tenants: new Map(
      estate.tenants.map((tenant) => [
        tenant.id,
        {
          quotas: tenant.quota.map((quota) => clustersOfQuota(estate, tenant, quota).map(({ id }) => id)),
          all: clustersOfTenant(estate, tenant).map(({ id }) => id),
        },
      ]),
    ),
    managers: new Map(
      estate.clusters.flatMap((worker) => {
        const manager = managerOf(estate, worker);
        return manager ? [[worker.id, manager.id] as const] : [];
      }),
    ),
  };
}

function cut(estate: Row, site: string, reach: Reach): Row {
  const kept = new Map<string, ReadonlySet<unknown>>([['site', new Set([site])]]);
  const { state: _, ...slice }: Record<string, unknown> = { ...estate }; // where Terraform keeps its state is no exporter's concern
  for (const [name, keep] of lists) {
    const here = rows(estate[name]).flatMap((row): Row[] => {
      const part = keep(row, kept, reach);
      return part ? [part] : [];
    });
    kept.set(name, new Set(here.map(({ id }) => id)));
    if (name in slice) slice[name] = here;
  }
  return withoutStrangers(slice, reach);
}

/** Takes out whom the slice does not hold, or holds on other clusters alone: workers, readers of datasets, and where tenants send. */
function withoutStrangers(slice: Record<string, unknown>, reach: Reach): Row {
  const here = new Set(rows(slice['clusters']).map(({ id }) => id));
  const owners = new Set(rows(slice['datasets']).map(({ owner }) => owner));
  const pods = new Map(
    rows(slice['tenants']).map(({ id }) => {
      const on = (reach.tenants.get(id)?.quotas ?? []).flat();
      return [id, on.length === 0 ? here : new Set<unknown>(on).intersection(here)];
    }),
  );
  const meets = (clusters: Iterable<unknown>, other: unknown): boolean =>
    [...clusters].some((cluster) => pods.get(other)?.has(cluster));
  const change = (name: string, to: (row: Row) => Row | undefined): void => {
    if (name in slice) slice[name] = rows(slice[name]).flatMap((row) => to(row) ?? []);
  };
  const filtered = (row: Row, key: string, keep: (entry: unknown) => boolean): Row =>
    key in row ? { ...row, [key]: list(row[key]).filter((entry) => keep(entry)) } : row;

  change('clusters', (row) => {
    if (!isRow(row['kueue'])) return row;
    const manager = reach.managers.get(row['id']);
    const elsewhere = manager !== undefined && !here.has(manager);
    return {
      ...row,
      kueue: { ...filtered(row['kueue'], 'workers', (id) => here.has(id)), ...(elsewhere && { manager }) },
    };
  });
  change('datasets', (row) => filtered(row, 'readers', (reader) => meets(list(row['clusters']), reader)));
  change('tenants', (row) => {
    const on = pods.get(row['id']) ?? new Set();
    // Without its quotas it would seem to run anywhere, and to hold what it owns here.
    if (on.size === 0 && owners.has(row['id'])) return undefined;
    return filtered(row, 'egress', (entry) => {
      const other = isRow(entry) ? entry['tenant'] : undefined;
      return on.size > 0 && (other === undefined || meets(on, other));
    });
  });
  return slice;
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const rows = (value: unknown): readonly Row[] => list(value).filter(isRow);
