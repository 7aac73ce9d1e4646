import { create } from '../asks.ts';
import { container, CLASS, pod, QUEUED } from '../objects.ts';
import { lin, ore } from '../people.ts';
import type { Who } from '../api.ts';
import type { Row } from '../row.ts';

const IMPORTANT = { ...QUEUED, [CLASS]: 'important' };

/** What Kubernetes refuses by itself, because the declaration gives namespaces their level. */
const hardened = (id: string, why: string, bad: object): Row => ({
  id,
  by: 'Pod Security',
  denied: create(ore, 'ore-vault', pod(id, { ...bad }, IMPORTANT)),
  message: `pods "${id}" is forbidden: violates PodSecurity "restricted:v1.36": ${why}`,
  twin: create(ore, 'ore-vault', pod(id, {}, IMPORTANT)),
});

/** What the roles leave out: the same list in the user's own namespace passes. */
const foreign = (id: string, who: Who, message: string, path: string, own: string): Row => ({
  id,
  by: 'RBAC',
  denied: { who, verb: 'list', path },
  message,
  twin: { who, verb: 'list', path: own },
});

export const kubernetesRows: readonly Row[] = [
  hardened('host-path', 'restricted volume types (volume "host" uses restricted volume type "hostPath")', {
    volumes: [{ name: 'host', hostPath: { path: '/' } }],
  }),
  hardened('host-network', 'host namespaces (hostNetwork=true)', { hostNetwork: true }),
  hardened('host-processes', 'host namespaces (hostPID=true)', { hostPID: true }),
  hardened(
    'privileged-container',
    'privileged (container "main" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    { containers: [container({ securityContext: { privileged: true, capabilities: { drop: ['ALL'] } } })] },
  ),
  foreign(
    'secrets-of-another-tenant',
    lin,
    'secrets is forbidden: User "lin" cannot list resource "secrets" in API group "" in the namespace "ore-vault"',
    '/api/v1/namespaces/ore-vault/secrets',
    '/api/v1/namespaces/copper-train/secrets',
  ),
  {
    id: 'pod-in-another-tenants-namespace',
    by: 'RBAC',
    denied: create(lin, 'ore-vault', pod('stray', {}, IMPORTANT)),
    message: 'pods is forbidden: User "lin" cannot create resource "pods" in API group "" in the namespace "ore-vault"',
    twin: create(lin, 'copper-train', pod('stray')),
  },
];
