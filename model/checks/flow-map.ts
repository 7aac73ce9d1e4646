import { clustersOfQuota } from '../queues/scope.ts';
import type { Estate, Tenant } from '../schema/estate.ts';

type Egress = Tenant['egress'][number];

/** Who may send to whom, and on which clusters. */
export interface FlowMap {
  readonly clusters: ReadonlyMap<string, Estate['clusters'][number]>;
  readonly tenants: ReadonlyMap<string, FlowTenant>;
}

export interface FlowTenant {
  readonly tenant: Tenant;
  /** Its place in the estate's list */
  readonly index: number;
  /** Where its pods run. A tenant whose quotas lie nowhere may run anywhere */
  readonly on: ReadonlySet<string>;
  readonly edges: readonly FlowEdge[];
}

export interface FlowEdge {
  readonly egress: Egress;
  /** Its place in the tenant's list */
  readonly index: number;
}

export function flowMap(estate: Estate): FlowMap {
  const { clusters, tenants } = estate;
  const everywhere = new Set(clusters.map(({ id }) => id));
  const on = (tenant: Tenant): ReadonlySet<string> => {
    const here = tenant.quota.flatMap((quota) => clustersOfQuota(estate, tenant, quota));
    const bound =
      here.length > 0 || tenant.quota.some(({ pool, cluster }) => pool !== undefined || cluster !== undefined);
    return bound ? new Set(here.map(({ id }) => id)) : everywhere;
  };
  const byId = new Map<string, FlowTenant>();
  for (const [index, tenant] of tenants.entries()) {
    const edges = tenant.egress.map((egress, at): FlowEdge => ({ egress, index: at }));
    // Of two with one id, which is told by itself, the first.
    if (!byId.has(tenant.id)) byId.set(tenant.id, { tenant, index, on: on(tenant), edges });
  }
  return { clusters: new Map(clusters.map((cluster) => [cluster.id, cluster])), tenants: byId };
}
