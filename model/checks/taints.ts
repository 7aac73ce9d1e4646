import { fault } from '../fault.ts';
import type { Check, CrossFault } from './check.ts';

/** A node has one taint of a key and an effect; the pool's own is there where it is dedicated. */
export const taints: Check = ({ data: { estate } }) =>
  (estate?.pools ?? []).flatMap((pool, i): CrossFault[] => {
    const seen = new Set(pool.dedicated ? ['greenflops.io/pool NoSchedule'] : []);
    return pool.taints.flatMap(({ key, effect }, j): CrossFault[] => {
      const taint = `${key} ${effect}`;
      if (seen.has(taint))
        return [{ file: 'estate', fault: fault(['pools', i, 'taints', j], 'use', 'taint_twice', { key, effect }) }];
      seen.add(taint);
      return [];
    });
  });
