import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { fileKeys, files } from './files.ts';
import { readYaml } from './read-yaml.ts';

type Row = Readonly<Record<string, unknown>>;
type Keep = (row: Row, kept: Kept) => Row | undefined;
/** Ids of what stands in the slice, by list. */
type Kept = ReadonlyMap<string, ReadonlySet<unknown>>;

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
  // A tenant stays where it may run: with the quotas that lie here, or with one that is bound to no pool.
  [
    'tenants',
    (row, kept) => {
      const quota = rows(row['quota']);
      const here = quota.filter(({ pool }) => pool === undefined || has(kept, 'pools', pool));
      return quota.length > 0 && here.length === 0 ? undefined : { ...row, quota: here };
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
  const known = rows(estate['sites']).map(({ id }) => id);
  return (site) => {
    if (!known.includes(site)) {
      throw new RangeError(`site "${site}" is not declared in ${dir}; declared: ${known.join(', ')}`);
    }
    const head = `# Of the declaration's estate what belongs to site ${site}. Made from it: edit the declaration, not this.\n`;
    return { ...texts, [name]: head + stringify(cut(estate, site), { lineWidth: 0 }) };
  };
}

function cut(estate: Row, site: string): Row {
  const kept = new Map<string, ReadonlySet<unknown>>([['site', new Set([site])]]);
  const { state: _, ...slice }: Record<string, unknown> = { ...estate }; // where Terraform keeps its state is no exporter's concern
  for (const [name, keep] of lists) {
    const here = rows(estate[name]).flatMap((row): Row[] => {
      const part = keep(row, kept);
      return part ? [part] : [];
    });
    kept.set(name, new Set(here.map(({ id }) => id)));
    if (name in slice) slice[name] = here;
  }
  return withoutStrangers(slice);
}

/** Takes out whom the slice does not hold, or holds on other clusters alone: readers of datasets, and where tenants send. */
function withoutStrangers(slice: Record<string, unknown>): Row {
  const everywhere = new Set(rows(slice['clusters']).map(({ id }) => id));
  const clusterOf = new Map(rows(slice['pools']).map(({ id, cluster }) => [id, cluster]));
  const tenants = new Map(
    rows(slice['tenants']).map((row) => {
      const pools = rows(row['quota']).map(({ pool }) => pool);
      const bound = pools.length > 0 && !pools.includes(undefined);
      return [row['id'], bound ? new Set(pools.map((id) => clusterOf.get(id))) : everywhere];
    }),
  );
  const meets = (here: Iterable<unknown>, other: unknown): boolean =>
    [...here].some((cluster) => tenants.get(other)?.has(cluster));
  const change = (name: string, key: string, keep: (row: Row, entry: unknown) => boolean): void => {
    if (!(name in slice)) return;
    slice[name] = rows(slice[name]).map((row) =>
      key in row ? { ...row, [key]: list(row[key]).filter((entry) => keep(row, entry)) } : row,
    );
  };
  change('datasets', 'readers', ({ clusters }, reader) => meets(list(clusters), reader));
  change('tenants', 'egress', ({ id }, entry) => {
    const other = isRow(entry) ? entry['tenant'] : undefined;
    return other === undefined || meets(tenants.get(id) ?? [], other);
  });
  return slice;
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const rows = (value: unknown): readonly Row[] => list(value).filter(isRow);
