import { fault } from '../fault.ts';
import { known, nearest } from '../nearest.ts';
import { quotaUnit, unitsOf, type QuotaUnit } from '../quota-unit.ts';
import { add, compare, multiply, rational } from '../rational.ts';
import type { Estate, Pool } from '../schema/estate.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check, CrossFault, Draft } from './check.ts';

interface Quota {
  readonly tenant: string;
  readonly pflops: number;
  readonly slice: string | undefined;
  readonly pool: Pool;
  readonly path: Path;
}

/** All quotas that lie on a pool which is there, in the order of the estate. */
const quotasOf = ({ tenants, pools }: Estate): Quota[] =>
  tenants.flatMap(({ id: tenant, quota }, i) =>
    quota.flatMap(({ pool: id, pflops, slice }, j): Quota[] => {
      const pool = pools.find((one) => one.id === id);
      return pool ? [{ tenant, pflops, slice, pool, path: ['tenants', i, 'quota', j] }] : [];
    }),
  );

const modelOf = ({ data }: Draft, pool: Pool) =>
  data.accelerators?.accelerators.find(({ id }) => id === pool.accelerator);

/** A quota names a slice where its pool is shared by slices, and one of those that the pool offers. */
export const quotaSlices: Check = ({ data: { estate } }) =>
  (estate ? quotasOf(estate) : []).flatMap(({ pool: { id, sharing }, slice, path }): CrossFault[] => {
    const offered = sharing.by === 'slices' ? Object.keys(sharing.slices) : [];
    const params = { pool: id, offered: known(offered) };
    if (sharing.by === 'slices' && slice === undefined)
      return [{ file: 'estate', fault: fault(path, 'use', 'slice_missing', params) }];
    if (slice === undefined || offered.includes(slice)) return [];
    const place = [...path, 'slice'];
    const found =
      sharing.by === 'slices'
        ? fault(place, 'use', 'slice_not_offered', params, nearest(slice, offered))
        : fault(place, 'use', 'slice_of_whole', { pool: id, by: sharing.by });
    return [{ file: 'estate', fault: found }];
  });

/** A pool offers slices that its model has, and no more of them than its chips are cut into. */
export const poolSlices: Check = (draft) =>
  (draft.data.estate?.pools ?? []).flatMap((pool, i): CrossFault[] => {
    const model = modelOf(draft, pool);
    if (pool.sharing.by !== 'slices' || !model) return [];
    const path = ['pools', i, 'sharing', 'slices'];
    const { slices } = pool.sharing;
    const has = Object.keys(model.slices);
    const strangers = Object.keys(slices).filter((slice) => !has.includes(slice));
    if (strangers.length > 0)
      return strangers.map((slice) => {
        const params = { accelerator: model.id, slices: known(has) || '-' };
        return { file: 'estate', fault: fault([...path, slice], 'key', 'slice_unknown', params, nearest(slice, has)) };
      });
    const cut = Object.entries(slices).reduce((sum, [slice, count]) => {
      const share = model.slices[slice]?.share ?? [0, 1];
      return add(sum, multiply(rational(...share), rational(count)));
    }, rational(0));
    if (compare(cut, rational(pool.count)) <= 0) return [];
    const cards = (Number(cut.n) / Number(cut.d)).toFixed(2);
    return [{ file: 'estate', fault: fault(path, 'use', 'slices_exceed', { cards, count: pool.count }) }];
  });

/** The name of whole chips is that of a pool that hands out whole chips. */
export const poolResourceNames: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap(({ resource, sharing: { by } }, i): CrossFault[] =>
    resource !== undefined && by !== 'whole'
      ? [{ file: 'estate', fault: fault(['pools', i, 'resource'], 'use', 'resource_shared', { by }) }]
      : [],
  );

/** The tenants of a pool together are promised no more than it has. Told at the quota with which it is passed. */
export const overCommitted: Check = (draft) => {
  const { estate } = draft.data;
  if (!estate) return [];
  const shares = quotasOf(estate).flatMap((quota) => {
    const model = modelOf(draft, quota.pool);
    const unit = model && quotaUnit(quota.pool, model, quota.slice);
    return unit ? [{ ...quota, unit, units: unitsOf(quota.pflops, unit) }] : [];
  });
  const parts = Map.groupBy(shares, ({ pool, slice }) => `${pool.id} ${pool.sharing.by === 'slices' ? slice : ''}`);
  return [...parts.values()].flatMap((part): CrossFault[] => {
    let sum = 0;
    let last: Path | undefined;
    for (const { units, unit, path } of part) {
      sum += units;
      if (sum > unit.count) last ??= path;
    }
    const [{ pool, unit } = {}] = part;
    if (!last || !pool || !unit) return [];
    return [
      { file: 'estate', fault: fault([...last, 'pflops'], 'use', 'over_committed', figures(pool, unit, sum, part)) },
    ];
  });
};

function figures(
  pool: Pool,
  unit: QuotaUnit,
  sum: number,
  part: readonly { readonly tenant: string; readonly pflops: number; readonly units: number }[],
) {
  const each = part.map(({ tenant, pflops, units }) => `${tenant} ${units} (${pflops} PFlops)`);
  return { pool: pool.id, count: unit.count, unit: unit.name, sum, tenants: known(each) };
}
