import type { Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { named, names, namespaceMetadata } from '../labels.ts';
import { amongTenant, denied } from './network.ts';
import { namespaceQuota } from './quota.ts';

/** What a container gets that asks for nothing: little, so that it is noticed, and never best effort. */
const LIMITS = {
  type: 'Container',
  defaultRequest: { cpu: '100m', memory: '256Mi' },
  default: { cpu: '1', memory: '1Gi' },
};

/** A namespace of a tenant with all that stands in it: quota, limits, isolation, no token by default. */
export function tenantNamespace(cluster: Cluster, tenant: Tenant, namespace: string): KubernetesObject[] {
  const quota = namespaceQuota(cluster, tenant, namespace);
  const { level, reasons } = podSecurity(cluster, tenant);
  const action = cluster.plan.promise.actions.find(({ id }) => id === tenant.action)?.name;
  const owner = { tenant: tenant.id, action: tenant.action, 'data-class': tenant.data_class };
  const annotations = {
    ...(tenant.name && names(tenant.name)),
    ...(action && action !== 'unverified' && names(action, 'action')),
    ...reasons,
  };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: namespaceMetadata(namespace, cluster, level, owner, annotations) },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: named('accelerators', namespace, names(quota.made, 'made')),
      spec: { hard: quota.hard },
    },
    { apiVersion: 'v1', kind: 'LimitRange', metadata: named('containers', namespace), spec: { limits: [LIMITS] } },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: named('default', namespace),
      automountServiceAccountToken: false,
    },
    ...denied(namespace),
    amongTenant(namespace, tenant.id),
  ];
}

const LEVELS = ['restricted', 'baseline', 'privileged'] as const;

/** The weakest level among the tenant's pools, with the reasons that the estate gives for it. */
function podSecurity({ pools: all }: Cluster, { quota }: Tenant) {
  const own = all.filter(({ id }) => quota.some(({ pool }) => pool === id));
  const level = LEVELS.findLast((candidate) => own.some(({ pod_security }) => pod_security.level === candidate));
  const reason = own.find(({ pod_security }) => pod_security.level === level)?.pod_security.reason;
  return { level: level ?? 'restricted', reasons: reason ? names(reason, 'pod-security') : {} };
}
