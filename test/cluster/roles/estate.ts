import { parse, stringify } from 'yaml';

interface Estate {
  readonly clusters: { allocation?: unknown }[];
  readonly tenants: { readonly id: string; quota: unknown[]; egress?: unknown[] }[];
}

/**
 * The proving estate with what these proofs need besides: the exporter asks the Kubernetes API, the two tenants share a
 * pool, and one may call a service of the other.
 */
export function withNeighbours(text: string): string {
  const estate = parse(text) as Estate;
  const tenant = (id: string) => {
    const found = estate.tenants.find((one) => one.id === id);
    if (!found) throw new Error(`the proving estate has no tenant ${id}`);
    return found;
  };
  for (const cluster of estate.clusters)
    cluster.allocation = {
      family: 'kubernetes',
      source: { protocol: 'kubernetes', kubeconfig: 'in-cluster' },
    };
  tenant('ore-safe').quota.push({ pool: 'p-910b', pflops: 1 });
  const copper = tenant('copper-ai');
  copper.egress = [...(copper.egress ?? []), { tenant: 'ore-safe', ports: [8443] }];
  return stringify(estate);
}
