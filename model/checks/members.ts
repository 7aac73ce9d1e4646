import { fault } from '../fault.ts';
import { membersOf } from '../members.ts';
import type { Estate, Tenant } from '../schema/estate.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check, CrossFault } from './check.ts';

/** Where a tenant's group is written; the default group stands with the tenant's id. */
const place = ({ members }: Tenant, i: number, j: number): Path =>
  members ? ['tenants', i, 'members', j] : ['tenants', i, 'id'];

const eachGroup = (
  estate: Estate | undefined,
  rule: (group: string, tenant: Tenant, path: Path) => CrossFault[],
): CrossFault[] =>
  (estate?.tenants ?? []).flatMap((tenant, i) =>
    membersOf(tenant).flatMap((group, j) => rule(group, tenant, place(tenant, i, j))),
  );

/** Who uses a cluster neither runs it nor audits it. */
export const memberRoles: Check = ({ data: { estate } }) =>
  eachGroup(estate, (group, { quota }, path) => {
    const own = estate?.pools.filter(({ id }) => quota.some(({ pool }) => pool === id)).map(({ cluster }) => cluster);
    for (const { id, access } of estate?.clusters ?? [])
      for (const role of ['operators', 'auditors'] as const)
        if (own?.includes(id) && access[role].includes(group))
          return [{ file: 'estate', fault: fault(path, 'use', 'member_role', { group, role, cluster: id }) }];
    return [];
  });

/** Whoever is a member of two tenants can carry data from one to the other, which no policy of a cluster sees. */
export const memberClasses: Check = ({ data: { estate } }) => {
  const first = new Map<string, Tenant>();
  return eachGroup(estate, (group, tenant, path) => {
    const other = first.get(group) ?? tenant;
    first.set(group, other);
    if (other.data_class === tenant.data_class) return [];
    const params = { group, other: other.id, theirs: other.data_class, tenant: tenant.id, class: tenant.data_class };
    return [{ file: 'estate', fault: fault(path, 'use', 'member_class', params) }];
  });
};
