import { fault } from '../fault.ts';
import type { Check, CrossFault } from './check.ts';

/** A manager hands jobs on to workers and runs none. */
export const managerPools: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap(({ cluster }, i): CrossFault[] =>
    estate?.clusters.find(({ id }) => id === cluster)?.role === 'manager'
      ? [{ file: 'estate', fault: fault(['pools', i, 'cluster'], 'use', 'manager_pool', { cluster }) }]
      : [],
  );

export const kueueConfig: Check = ({ data: { estate } }) =>
  (estate?.clusters ?? []).flatMap(({ kueue }, i): CrossFault[] =>
    kueue.manage_config && !kueue.enabled
      ? [{ file: 'estate', fault: fault(['clusters', i, 'kueue', 'manage_config'], 'use', 'kueue_disabled', {}) }]
      : [],
  );

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
