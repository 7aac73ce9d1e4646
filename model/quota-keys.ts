import { rational, type Rational } from './rational.ts';
import type { Accelerator } from './schema/accelerators.ts';
import type { Pool } from './schema/estate.ts';

/** A key of a ResourceQuota, and how much of it one unit of a quota on the pool comes to. */
export type QuotaKey = readonly [key: string, each: Rational];

type By = Pool['sharing']['by'];
type Sharing<B extends By> = Extract<Pool['sharing'], { by: B }>;

/** Device plugins count what exporters give an id, which is a die where a package holds two. */
const dies = ({ dies_per_package: count }: Accelerator): Rational => rational(count);

const requests = (name: string): string => `requests.${name}`;
const uses = (each: Rational, ...keys: readonly (string | undefined)[]): QuotaKey[] =>
  keys.flatMap((key): QuotaKey[] => (key === undefined ? [] : [[key, each]]));

/** Kubernetes counts devices of claims by their class, and pods that name the class as if it were a resource by that name. */
const ofClass = (name: string): string[] => [
  `${name}.deviceclass.resource.k8s.io/devices`,
  requests(`deviceclass.resource.kubernetes.io/${name}`),
];

/** What a quota counts, by the way in which the pool shares its chips; none where the catalogue has no name for that. */
const rows: {
  readonly [B in By]: (pool: Pool, accelerator: Accelerator, sharing: Sharing<B>, slice?: string) => QuotaKey[];
} = {
  // A cluster runs one device plugin for a card; a quota on a name that nobody offers does nothing.
  whole: ({ resource }, accelerator) =>
    uses(
      dies(accelerator),
      ...(resource === undefined ? new Set(Object.values(accelerator.resources).map(requests)) : [requests(resource)]),
    ),
  slices: (_pool, { slices }, _sharing, slice) => {
    const resource = slice === undefined ? undefined : slices[slice]?.resource;
    return uses(rational(1), resource && requests(resource));
  },
  'time-slicing': (_pool, { shared_resource: name }) => uses(rational(1), name && requests(name)),
  hami: (_pool, accelerator) => {
    const { resources, hami } = accelerator;
    const count = resources['hami'];
    if (count === undefined) return [];
    const { cores, cores_per_chip: whole, memory, memory_per_chip: all } = hami;
    const share = (of: number): Rational => rational(of * accelerator.dies_per_package, 100);
    // Without a name for cores a pod takes a chip whole; with one, no more of them than there are parts.
    const parts = share(cores === undefined ? 1 : whole);
    // HAMi's scheduler has caps of its own, which it reads under `limits.`
    const both = (name: string) => [requests(name), `limits.${name}`];
    return [
      ...uses(parts, requests(count)),
      ...(cores === undefined ? [] : uses(parts, ...both(cores))),
      ...(memory === undefined || all === undefined ? [] : uses(share(all), ...both(memory))),
    ];
  },
  dra: ({ id }, accelerator) => uses(dies(accelerator), ...ofClass(id)),
};

/** What one unit of a quota on the pool comes to, key by key. The unit is that of model/quota-unit.ts. */
export function quotaKeys(pool: Pool, accelerator: Accelerator, slice?: string): QuotaKey[] {
  const { sharing } = pool;
  // The row of the pool's own way: the table's type says so, but not to whoever looks a text up in it.
  return rows[sharing.by](pool, accelerator, sharing as never, slice);
}

/** Claims of any class at all, for a tenant that was promised none: a driver brings classes that nobody declared. */
export const anyClaim = 'count/resourceclaims.resource.k8s.io';

/**
 * Every key by which chips of the pool could be had, whatever way they are shared in: a name that no quota lists is
 * unlimited, and a node may be set up otherwise than the estate says.
 */
export function everyKey(pool: Pool, accelerator: Accelerator): string[] {
  const { resources, shared_resource: shared, slices, hami } = accelerator;
  const names = [
    ...(pool.resource === undefined ? [] : [pool.resource]),
    ...Object.values(resources),
    ...(shared === undefined ? [] : [shared]),
    ...Object.values(slices).map(({ resource }) => resource),
    ...(hami.cores === undefined ? [] : [hami.cores]),
    ...(hami.memory === undefined ? [] : [hami.memory]),
  ];
  const { sharing } = pool;
  // A driver names its own class after itself.
  return [...names.map(requests), ...(sharing.by === 'dra' ? [...ofClass(pool.id), ...ofClass(sharing.driver)] : [])];
}

/** What a tenant of the pool may take without a cap of its own: claims are capped by their class, and memory by the cores where its size is not known. */
export function openKeys({ sharing }: Pool, { hami }: Accelerator): string[] {
  if (sharing.by === 'dra') return [anyClaim];
  return sharing.by === 'hami' && hami.memory !== undefined && hami.memory_per_chip === undefined
    ? [requests(hami.memory)]
    : [];
}
