import { fault } from '../fault.ts';
import { known } from '../nearest.ts';
import { queueWorkers } from '../queues/scope.ts';
import type { Check, CrossFault } from './check.ts';

/** A quota lies on one pool, or on one cluster, or wherever Kueue gives it. */
export const quotaPlaces: Check = ({ data: { estate } }) =>
  (estate?.tenants ?? []).flatMap(({ quota }, i) =>
    quota.flatMap(({ pool, cluster, slice }, j): CrossFault[] => {
      const path = ['tenants', i, 'quota', j];
      if (pool !== undefined && cluster !== undefined) {
        const on = estate?.pools.find(({ id }) => id === pool)?.cluster ?? cluster;
        const params = { pool, cluster: on };
        return [{ file: 'estate', fault: fault([...path, 'cluster'], 'use', 'quota_two_places', params) }];
      }
      if (pool === undefined && slice !== undefined)
        return [{ file: 'estate', fault: fault([...path, 'slice'], 'use', 'quota_slice_alone', {}) }];
      return [];
    }),
  );

/** One quota of a tenant on a pool, or on a slice of it: two would each be rounded down by itself. */
export const quotaTwice: Check = ({ data: { estate } }) =>
  (estate?.tenants ?? []).flatMap(({ quota }, i) =>
    quota.flatMap(({ pool, slice }, j): CrossFault[] => {
      const first = quota.findIndex((other) => other.pool === pool && other.slice === slice);
      if (pool === undefined || first === j) return [];
      const pflops = quota
        .filter((other) => other.pool === pool && other.slice === slice)
        .reduce((sum, other) => sum + other.pflops, 0);
      const params = { pool, pflops: Number(pflops.toPrecision(12)) };
      return [{ file: 'estate', fault: fault(['tenants', i, 'quota', j], 'use', 'quota_twice', params) }];
    }),
  );

/** What a cluster hands out without a pool, its Kueue hands out. */
export const quotaClusters: Check = ({ data: { estate } }) => {
  if (!estate) return [];
  const queued = queueWorkers(estate).map(({ id }) => id);
  return estate.tenants.flatMap(({ quota }, i) =>
    quota.flatMap(({ pool, cluster }, j): CrossFault[] => {
      if (pool !== undefined || cluster === undefined || queued.includes(cluster)) return [];
      if (!estate.clusters.some(({ id }) => id === cluster)) return []; // told by itself
      const params = { cluster, known: known(queued) || '-' };
      return [{ file: 'estate', fault: fault(['tenants', i, 'quota', j, 'cluster'], 'use', 'quota_cluster', params) }];
    }),
  );
};

/** A queue borrows from its cohort, which is that of its group. */
export const borrowers: Check = ({ data: { estate } }) =>
  (estate?.tenants ?? []).flatMap(({ borrow_pflops: borrow, group }, i): CrossFault[] =>
    borrow > 0 && group === undefined
      ? [{ file: 'estate', fault: fault(['tenants', i, 'borrow_pflops'], 'use', 'borrow_alone', {}) }]
      : [],
  );
