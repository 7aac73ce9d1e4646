import { fault } from '../fault.ts';
import type { Tenant } from '../schema/estate.ts';
import type { Check, CrossFault } from './check.ts';

/** Less than restricted is an exception, and an auditor reads why. */
export const podSecurityReason: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap(({ pod_security: { level, reason } }, i): CrossFault[] =>
    level === 'restricted' || reason !== null
      ? []
      : [{ file: 'estate', fault: fault(['pools', i, 'pod_security'], 'use', 'pod_security_reason', { level }) }],
  );

/** A privileged pod reads everything on its node, whoever's it is. */
export const privilegedClasses: Check = ({ data: { estate } }) =>
  (estate?.tenants ?? []).flatMap(({ data_class: dataClass, quota }, i) =>
    quota.flatMap(({ pool: id }, j): CrossFault[] => {
      const pool = estate?.pools.find((one) => one.id === id);
      if (dataClass === 'general' || pool?.pod_security.level !== 'privileged') return [];
      const params = { pool: pool.id, class: dataClass };
      return [{ file: 'estate', fault: fault(['tenants', i, 'quota', j, 'pool'], 'use', 'privileged_class', params) }];
    }),
  );

/** Nothing keeps apart in a chip's memory what runs there in turns; HAMi does so by a library in the pod that it is to hold. */
const UNDIVIDED = new Set(['time-slicing', 'hami']);

/** Pods that share chips without a wall between them hold data of one class. */
export const sharedClasses: Check = ({ data: { estate } }) => {
  const first = new Map<string, Tenant>();
  return (estate?.tenants ?? []).flatMap((tenant, i) =>
    tenant.quota.flatMap(({ pool: id }, j): CrossFault[] => {
      const pool = estate?.pools.find((one) => one.id === id);
      if (!pool || !UNDIVIDED.has(pool.sharing.by)) return [];
      const other = first.get(pool.id) ?? tenant;
      first.set(pool.id, other);
      if (other.data_class === tenant.data_class) return [];
      const params = { pool: pool.id, other: other.id, theirs: other.data_class, class: tenant.data_class };
      return [{ file: 'estate', fault: fault(['tenants', i, 'quota', j, 'pool'], 'use', 'shared_class', params) }];
    }),
  );
};
