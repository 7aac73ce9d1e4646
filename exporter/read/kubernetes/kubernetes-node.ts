import type { ClusterNode, Wanted } from '../allocation/allocations.ts';
import { countOf } from './kubernetes-quantity.ts';

/** Of a v1 Node, what is looked at: a small part of its 13 KB, which are images and addresses for the most. */
export interface Node {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
  };
}

/** Ready: True, False, or Unknown where the node controller has not heard of the kubelet, which is not ready either. */
function readyOf({ status }: Node): boolean | null {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  return condition === undefined ? null : condition.status === 'True';
}

function counts(from: Readonly<Record<string, string>> | undefined, wanted: ReadonlySet<string>): Map<string, number> {
  const kept = new Map<string, number>();
  for (const name of wanted) if (from?.[name] !== undefined) kept.set(name, countOf(from[name]));
  return kept;
}

/** A node with any of the wanted resources or labels; null: of no interest. */
export function clusterNode(node: Node, { resources, labels }: Wanted): ClusterNode | null {
  const { metadata, spec, status } = node;
  const capacity = counts(status?.capacity, resources);
  const selected = Object.entries(metadata?.labels ?? {}).filter(([name]) => labels.has(name));
  if (capacity.size === 0 && selected.length === 0) return null;
  return {
    name: metadata?.name ?? '',
    labels: Object.fromEntries(selected),
    capacity,
    allocatable: counts(status?.allocatable, resources),
    schedulable: spec?.unschedulable !== true,
    ready: readyOf(node),
  };
}
