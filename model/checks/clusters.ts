import { fault } from '../fault.ts';
import type { Check, CrossFault } from './check.ts';

/** Managers and Karmada hand work on and run none. */
export const managerPools: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap(({ cluster }, i): CrossFault[] => {
    const role = estate?.clusters.find(({ id }) => id === cluster)?.role ?? 'worker';
    if (role === 'worker') return [];
    return [{ file: 'estate', fault: fault(['pools', i, 'cluster'], 'use', 'manager_pool', { cluster, role }) }];
  });

/** What was renamed has left its old id: under it stand no stacks of anything else. */
export const movedFrom: Check = ({ data: { estate } }) =>
  (['clusters', 'pools'] as const).flatMap((list) => {
    const ids = new Set(estate?.[list].map(({ id }) => id));
    return (estate?.[list] ?? []).flatMap(({ moved_from: old }, i): CrossFault[] =>
      old !== undefined && ids.has(old)
        ? [{ file: 'estate', fault: fault([list, i, 'moved_from'], 'use', 'moved_from_used', { id: old }) }]
        : [],
    );
  });
