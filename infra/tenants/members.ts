import { membersOf } from '../../model/members.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import { groupsAsSubjects, roleNamed } from '../guardrails/subjects.ts';
import type { RoleBinding } from '../kubernetes.ts';
import { named } from '../labels.ts';

/** The tenant's members have the tenant's role in this namespace, and nowhere else. */
export const members = (tenant: Tenant, namespace: string): RoleBinding => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: named('members', namespace),
  roleRef: roleNamed('greenflops-tenant'),
  subjects: groupsAsSubjects(membersOf(tenant)),
});
