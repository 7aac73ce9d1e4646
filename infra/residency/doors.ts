import type { Tenant } from '../../model/schema/estate.ts';
import { stemmingFrom } from '../admission/origin.ts';
import type { Cluster } from '../cluster.ts';
import type { ClusterRole, KubernetesObject } from '../kubernetes.ts';
import { named, names, ownKeys } from '../labels.ts';
import { EDIT, READ } from '../guardrails/roles/right.ts';
import { members } from '../tenants/members.ts';
import { kinds, tenantsOf } from './karmada.ts';

/** Karmada makes every namespace in every cluster, cleared or not, unless it says this from the start. */
const STAYS = { 'namespace.karmada.io/skip-auto-propagation': 'true' };

/**
 * A tenant's namespaces on Karmada's API server, and who may write there. The namespaces of the same names on its clusters
 * are those clusters' own, with quotas and walls: what comes to one that has none finds no door.
 */
export const doors = (view: Cluster): KubernetesObject[] => {
  const tenants = tenantsOf(view);
  return tenants.length === 0
    ? []
    : [
        role,
        ...tenants.flatMap(({ tenant }) =>
          stemmingFrom(
            ['tenants', view.plan.estate.tenants.indexOf(tenant)],
            tenant.namespaces.flatMap((namespace) => [space(view, tenant, namespace), members(tenant, namespace)]),
          ),
        ),
      ];
};

const space = ({ cluster }: Cluster, tenant: Tenant, namespace: string): KubernetesObject => {
  const { metadata } = { metadata: named(namespace, undefined, tenant.name && names(tenant.name)) };
  const owner = { tenant: tenant.id, 'data-class': tenant.data_class, jurisdiction: cluster.jurisdiction };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { ...metadata, labels: { ...metadata.labels, ...ownKeys(owner), ...STAYS } },
  };
};

const plurals = (own: keyof typeof kinds): string[] => kinds[own].map(({ kind }) => `${kind.toLowerCase()}s`);

/**
 * What is handed on, and a look at where it went. Nothing of policy.karmada.io: a policy of a namespace goes before any of
 * the whole estate, and would lead its data wherever its author likes.
 */
const role: ClusterRole = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: named(
    'greenflops-tenant',
    undefined,
    names({ zh: '租户成员，仅在本租户的命名空间内', en: "members of a tenant, in the tenant's own namespaces alone" }),
  ),
  rules: [
    { apiGroups: ['apps'], resources: plurals('workloads'), verbs: EDIT },
    {
      apiGroups: ['apps'],
      resources: plurals('workloads').map((one) => `${one}/scale`),
      verbs: ['get', 'update', 'patch'],
    },
    { apiGroups: [''], resources: plurals('objects'), verbs: EDIT },
    { apiGroups: ['work.karmada.io'], resources: ['resourcebindings'], verbs: READ },
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: READ },
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  ],
};
