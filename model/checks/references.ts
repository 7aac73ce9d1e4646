import { fault } from '../fault.ts';
import type { FileKey } from '../files.ts';
import { known, nearest } from '../nearest.ts';
import { select, texts, type Check, type CrossFault } from './check.ts';

type Row = readonly [from: FileKey, pattern: string, to: FileKey, ids: string];

/** Which ids name what. */
const rows: readonly Row[] = [
  ['estate', 'sites.*.grid', 'factors', 'grid_factors.*.grid'],
  ['estate', 'sites.*.profile', 'profiles', 'profiles.*.id'],
  ['estate', 'halls.*.site', 'estate', 'sites.*.id'],
  ['estate', 'meters.*.site', 'estate', 'sites.*.id'],
  ['estate', 'meters.*.hall', 'estate', 'halls.*.id'],
  ['estate', 'meters.*.parent', 'estate', 'meters.*.id'],
  ['estate', 'meters.*.backup', 'estate', 'meters.*.id'],
  ['estate', 'clusters.*.site', 'estate', 'sites.*.id'],
  ['estate', 'pools.*.cluster', 'estate', 'clusters.*.id'],
  ['estate', 'pools.*.accelerator', 'accelerators', 'accelerators.*.id'],
  ['estate', 'pools.*.telemetry.family', 'telemetry', 'families.*.id'],
  ['estate', 'clusters.*.allocation.family', 'telemetry', 'allocations.*.id'],
  ['calibration', 'calibrations.*.accelerator', 'accelerators', 'accelerators.*.id'],
  ['calibration', 'calibrations.*.pool', 'estate', 'pools.*.id'],
  ['estate', 'tenants.*.action', 'promise', 'actions.*.id'],
  ['estate', 'tenants.*.quota.*.pool', 'estate', 'pools.*.id'],
  ['estate', 'tenants.*.quota.*.cluster', 'estate', 'clusters.*.id'],
  ['estate', 'clusters.*.kueue.workers.*', 'estate', 'clusters.*.id'],
  ['estate', 'tenants.*.egress.*.tenant', 'estate', 'tenants.*.id'],
  ['estate', 'datasets.*.clusters.*', 'estate', 'clusters.*.id'],
  ['estate', 'datasets.*.readers.*', 'estate', 'tenants.*.id'],
  ['estate', 'certificates.*.site', 'estate', 'sites.*.id'],
  ['estate', 'certificates.*.allocations.*.site', 'estate', 'sites.*.id'],
  ['estate', 'maintenance.*.site', 'estate', 'sites.*.id'],
  ['promise', 'targets.*.milestone', 'promise', 'milestones.*.id'],
  ['promise', 'targets.*.counts.register', 'registers', 'registers.*.id'],
  ['promise', 'tasks.*.action', 'promise', 'actions.*.id'],
  ['promise', 'tasks.*.policies.*', 'promise', 'policies.*.id'],
  ['promise', 'policies.*.measure', 'promise', 'measures.*.id'],
  ['promise', 'policies.*.supports.*', 'promise', 'tasks.*.id'],
  ['registers', 'items.*.register', 'registers', 'registers.*.id'],
  ['factors', 'fuel_factors.*.carrier', 'profiles', 'carriers.*.id'],
];

/** Every id that is named stands somewhere. Read from the raw files: an entry with a fault of its own is still there. */
export const references: Check = ({ raw }) =>
  rows.flatMap(([file, pattern, target, ids]): CrossFault[] => {
    if (raw[target] === undefined) return [];
    const there = new Set(texts(raw[target], ids));
    const meant = new Map<string, string | undefined>();
    return select(raw[file], pattern).flatMap(({ path, value }): CrossFault[] => {
      if (typeof value !== 'string' || there.has(value)) return [];
      if (!meant.has(value)) meant.set(value, nearest(value, there));
      return [
        { file, raw: true, fault: fault(path, 'use', 'unknown_id', { known: known([...there]) }, meant.get(value)) },
      ];
    });
  });
