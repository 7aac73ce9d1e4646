import { pod } from '../pod.ts';
import { people, type Who } from './who.ts';

const { tenant, other, operator, auditor, exporter } = people;
const create = ['create', '-f', '-', '-n', 'copper-train'];
const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'more' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: tenant.user }],
};
/** A request, and what the server answers to whoever has no right to it. */
type Refusal = readonly [who: Who, args: readonly string[], message: string, stdin?: unknown];

const forbidden = (what: string, { user }: Who, rest: string) => `${what} is forbidden: User "${user}" cannot ${rest}`;
const within = (resource: string, namespace: string, group = '') =>
  `resource "${resource}" in API group "${group}" in the namespace "${namespace}"`;
const above = (resource: string, group = '') => `resource "${resource}" in API group "${group}" at the cluster scope`;

/** What nobody of these roles may do, by hand. */
export const refusals: readonly Refusal[] = [
  // A tenant and its neighbour
  [tenant, ['get', 'pods', '-n', 'ore-vault'], forbidden('pods', tenant, `list ${within('pods', 'ore-vault')}`)],
  [tenant, ['get', 'pods', '-A'], forbidden('pods', tenant, `list ${above('pods')}`)],
  [tenant, ['get', 'namespaces'], forbidden('namespaces', tenant, `list ${above('namespaces')}`)],
  [
    tenant,
    ['get', 'namespace', 'ore-vault'],
    forbidden('namespaces "ore-vault"', tenant, `get ${within('namespaces', 'ore-vault')}`),
  ],
  [
    tenant,
    ['get', 'secrets', '-n', 'ore-vault'],
    forbidden('secrets', tenant, `list ${within('secrets', 'ore-vault')}`),
  ],
  [
    other,
    ['get', 'events', '-n', 'copper-train'],
    forbidden('events', other, `list ${within('events', 'copper-train')}`),
  ],
  [
    other,
    ['delete', 'pod', 'work', '-n', 'copper-train'],
    forbidden('pods "work"', other, `delete ${within('pods', 'copper-train')}`),
  ],
  // A tenant and what holds it
  [
    tenant,
    ['label', 'namespace', 'copper-train', 'greenflops.io/priority=urgent', '--overwrite'],
    forbidden('namespaces "copper-train"', tenant, `patch ${within('namespaces', 'copper-train')}`),
  ],
  [
    tenant,
    ['delete', 'networkpolicy', 'default-deny', '-n', 'copper-train'],
    forbidden(
      'networkpolicies.networking.k8s.io "default-deny"',
      tenant,
      `delete ${within('networkpolicies', 'copper-train', 'networking.k8s.io')}`,
    ),
  ],
  [
    tenant,
    ['delete', 'resourcequota', 'accelerators', '-n', 'copper-train'],
    forbidden('resourcequotas "accelerators"', tenant, `delete ${within('resourcequotas', 'copper-train')}`),
  ],
  [
    tenant,
    create,
    `error when creating "STDIN": ${forbidden(
      'rolebindings.rbac.authorization.k8s.io',
      tenant,
      `create ${within('rolebindings', 'copper-train', 'rbac.authorization.k8s.io')}`,
    )}`,
    binding,
  ],
  [
    tenant,
    ['create', 'serviceaccount', 'robot', '-n', 'copper-train'],
    `failed to create serviceaccount: ${forbidden('serviceaccounts', tenant, `create ${within('serviceaccounts', 'copper-train')}`)}`,
  ],
  [
    tenant,
    ['create', 'token', 'default', '-n', 'copper-train'],
    `failed to create token: ${forbidden('serviceaccounts "default"', tenant, `create ${within('serviceaccounts/token', 'copper-train')}`)}`,
  ],
  // An operator and what belongs to tenants
  [
    operator,
    ['get', 'secrets', '-n', 'copper-train'],
    forbidden('secrets', operator, `list ${within('secrets', 'copper-train')}`),
  ],
  [
    operator,
    ['logs', 'work', '-n', 'copper-train'],
    forbidden('pods "work"', operator, `get ${within('pods/log', 'copper-train')}`),
  ],
  [
    operator,
    ['delete', 'resourcequota', 'accelerators', '-n', 'copper-train'],
    forbidden('resourcequotas "accelerators"', operator, `delete ${within('resourcequotas', 'copper-train')}`),
  ],
  [
    operator,
    create,
    `error when creating "STDIN": ${forbidden('pods', operator, `create ${within('pods', 'copper-train')}`)}`,
    pod('mine'),
  ],
  // An auditor and contents
  [
    auditor,
    ['get', 'configmaps', '-n', 'copper-train'],
    forbidden('configmaps', auditor, `list ${within('configmaps', 'copper-train')}`),
  ],
  [
    auditor,
    ['delete', 'pod', 'work', '-n', 'copper-train'],
    forbidden('pods "work"', auditor, `delete ${within('pods', 'copper-train')}`),
  ],
  // The exporter and everything but nodes and pods
  [
    exporter,
    ['delete', 'pod', 'work', '-n', 'copper-train'],
    forbidden('pods "work"', exporter, `delete ${within('pods', 'copper-train')}`),
  ],
  [exporter, ['get', 'namespaces'], forbidden('namespaces', exporter, `list ${above('namespaces')}`)],
];
