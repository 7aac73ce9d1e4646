import { fault } from '../fault.ts';
import { select, type Check, type CrossFault } from './check.ts';

const GROUPS = [
  'tenants.*.members.*',
  'clusters.*.access.operators.*',
  'clusters.*.access.auditors.*',
  'clusters.*.access.clearance.important.*',
  'clusters.*.access.clearance.core.*',
];

/** Kubernetes puts people into these by itself: everybody, every service account, or who may do everything. */
export const systemGroups: Check = ({ data: { estate } }) =>
  GROUPS.flatMap((pattern) => select(estate, pattern)).flatMap(({ path, value }): CrossFault[] =>
    typeof value === 'string' && value.startsWith('system:')
      ? [{ file: 'estate', fault: fault(path, 'use', 'system_group', { group: value }) }]
      : [],
  );
