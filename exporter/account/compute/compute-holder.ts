import type { Tenant } from '../../../model/schema/estate.ts';
import type { Allocation, Device } from '../../judge/device/device.ts';

/** To whom work is attributed. */
export interface Holder {
  readonly tenant: string;
  readonly action: string;
}

/** Work on cards, or parts of cards, that no pod requested or that are not healthy */
export const unassigned: Holder = { tenant: 'unassigned', action: 'none' };
/** Work of pods in namespaces that no tenant declares */
const undeclared: Holder = { tenant: 'undeclared', action: 'none' };

export type HolderOf = (namespace: string) => Holder;

/** Finds who a namespace belongs to, by the declaration alone: labels in the cluster are never read back. */
export function holders(tenants: readonly Tenant[]): HolderOf {
  const byNamespace = new Map<string, Holder>();
  for (const { id, action, namespaces } of tenants) {
    for (const namespace of namespaces) byNamespace.set(namespace, { tenant: id, action });
  }
  return (namespace) => byNamespace.get(namespace) ?? undeclared;
}

/** Allocated = healthy and requested by a pod: nothing of an unhealthy device is. */
export const allocationsOf = ({ healthy, allocations }: Device): readonly Allocation[] => (healthy ? allocations : []);
