import { isDispatched } from '../../model/queues/dispatched.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import type { Cluster } from '../cluster.ts';
import { GANG_QUEUE, queueOfTenant } from '../gangs/volcano.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { named, names, namespaceMetadata } from '../labels.ts';
import { declaredTraffic } from './egress.ts';
import { members } from './members.ts';
import { amongTenant, denied } from './network.ts';
import { podSecurityOf } from './pod-security.ts';
import { poolsOf } from './pools-of.ts';
import { protectedPods } from './protected.ts';
import { namespaceQuota } from './quota.ts';

/** What a container gets that asks for nothing: little, so that it is noticed, and never best effort. */
const LIMITS = {
  type: 'Container',
  defaultRequest: { cpu: '100m', memory: '256Mi' },
  default: { cpu: '1', memory: '1Gi' },
};

/**
 * A namespace of a tenant with all that stands in it, in the order in which it is made: isolation and caps first, and its
 * members last, so that nobody comes in before the doors are shut.
 */
export function tenantNamespace(cluster: Cluster, tenant: Tenant, namespace: string): KubernetesObject[] {
  const quota = namespaceQuota(cluster, tenant, namespace);
  const pools = poolsOf(cluster, tenant);
  const { level, reasons } = podSecurityOf(pools);
  const action = cluster.plan.promise.actions.find(({ id }) => id === tenant.action)?.name;
  const owner = {
    tenant: tenant.id,
    action: tenant.action,
    'data-class': tenant.data_class,
    priority: tenant.priority,
    ...(isDispatched(cluster.plan.estate, cluster.cluster, tenant) && { dispatched: 'true' }),
  };
  const annotations = {
    ...(tenant.name && names(tenant.name)),
    ...(action && action !== 'unverified' && names(action, 'action')),
    ...reasons,
    ...(cluster.cluster.volcano.enabled && { [GANG_QUEUE]: queueOfTenant(tenant.id) }),
  };
  const ids = pools.map(({ id }) => id);
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: namespaceMetadata(namespace, cluster, level, owner, annotations, ids),
    },
    ...denied(namespace),
    amongTenant(namespace, tenant.id),
    ...declaredTraffic(cluster, tenant, namespace),
    // Its own rights are none, and a pod that does not ask for its token gets none.
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: named('default', namespace),
      automountServiceAccountToken: false,
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: named('accelerators', namespace, names(quota.made, 'made')),
      spec: { hard: quota.hard },
    },
    { apiVersion: 'v1', kind: 'LimitRange', metadata: named('containers', namespace), spec: { limits: [LIMITS] } },
    protectedPods(namespace),
    members(tenant, namespace),
  ];
}
