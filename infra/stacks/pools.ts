import { poolObjects } from '../pools/pool-objects.ts';
import { tenantNamespace } from '../tenants/tenant-namespace.ts';
import type { Stack } from './stack.ts';

/** The pools of a cluster, and the namespaces of the tenants that have a quota on them. */
export const pools: Stack = {
  name: 'pools',
  on: ['worker', 'manager'],
  after: ['guardrails'],
  keep: false,
  objects: (cluster) => [
    ...cluster.pools.flatMap((pool) => poolObjects(cluster, pool)),
    ...cluster.tenants.flatMap((tenant) =>
      tenant.namespaces.flatMap((namespace) => tenantNamespace(cluster, tenant, namespace)),
    ),
  ],
};
