import { quotaKeys } from '../quota-keys.ts';
import { quotaUnit, type QuotaUnit } from '../quota-unit.ts';
import { floor, multiply, rational, type Rational } from '../rational.ts';
import type { Accelerator } from '../schema/accelerators.ts';
import type { Pool } from '../schema/estate.ts';

/** A resource name by which pods get chips of a pool, as Kueue counts it. */
export interface PoolResource {
  readonly name: string;
  /** Of a pool shared by slices: which of them it is */
  readonly slice: string | undefined;
  readonly unit: QuotaUnit;
  /** How much of it one unit of a quota comes to */
  readonly each: Rational;
  /** How much of it the whole pool has */
  readonly total: number;
  /** Credits of one, whole GFLOPS rounded down; undefined where it counts no computing power (memory), or claims, which Kueue adds after its transformations */
  readonly credits: number | undefined;
}

/** By what name Kueue counts devices of the pool that are claimed (DRA): its configuration maps the pool's DeviceClass to it. */
export const claimResource = ({ id }: Pool): string => `claims.greenflops.io/${id}`;

/** The parts in which a pool hands out its chips: each of its slices by name, or one nameless. */
export const slicesOf = ({ sharing }: Pool): (string | undefined)[] =>
  sharing.by === 'slices' ? Object.keys(sharing.slices) : [undefined];

/** Every resource name of the pool, of all its slices. None where the catalogue has none, or knows no peak. */
export const poolResources = (pool: Pool, accelerator: Accelerator): PoolResource[] =>
  slicesOf(pool).flatMap((slice) => {
    const unit = quotaUnit(pool, accelerator, slice);
    if (!unit) return [];
    return namesOf(pool, accelerator, slice).map(({ name, each, counts }) => ({
      name,
      slice,
      unit,
      each,
      total: Number(floor(multiply(rational(unit.count), each))),
      credits: counts ? Number(floor(multiply(unit.tflops, { n: 1000n * each.d, d: each.n }))) : undefined,
    }));
  });

interface Name {
  readonly name: string;
  readonly each: Rational;
  /** Whether it is the one by which computing power is counted */
  readonly counts: boolean;
}

function namesOf(pool: Pool, accelerator: Accelerator, slice: string | undefined): Name[] {
  const keys = quotaKeys(pool, accelerator, slice);
  const [first] = keys;
  if (pool.sharing.by === 'dra') return first ? [{ name: claimResource(pool), each: first[1], counts: false }] : [];
  const { resources, hami } = accelerator;
  // HAMi's pods ask for a chip, a part of its cores and a part of its memory at once: one of these counts.
  const counting = pool.sharing.by === 'hami' ? (hami.cores ?? resources['hami']) : undefined;
  return keys.flatMap(([key, each]): Name[] => {
    if (!key.startsWith('requests.')) return []; // the twin of a request, for HAMi's own scheduler
    const name = key.slice('requests.'.length);
    return [{ name, each, counts: counting === undefined || name === counting }];
  });
}

/**
 * Whether Kueue can place pods of the pool on its nodes by what these offer (topology-aware scheduling), which keeps it
 * from handing out more than there is: HAMi's parts and claims stand on no node.
 */
export const hasTopology = ({ sharing }: Pool): boolean => sharing.by !== 'hami' && sharing.by !== 'dra';
