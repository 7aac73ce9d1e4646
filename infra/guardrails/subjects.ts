import type { RoleRef, Subject } from '../kubernetes.ts';

const apiGroup = 'rbac.authorization.k8s.io';

export const roleNamed = (name: string): RoleRef => ({ apiGroup, kind: 'ClusterRole', name });

/** Groups as the cluster's authenticator names them, each once. */
export const groupsAsSubjects = (groups: readonly string[]): Subject[] =>
  [...new Set(groups)].map((name) => ({ kind: 'Group', name, apiGroup }));
