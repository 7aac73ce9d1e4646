import type { Hold } from '../allocation/allocations.ts';
import { countOf } from './kubernetes-quantity.ts';

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Requests; readonly limits?: Requests };
}
type Requests = Readonly<Record<string, string>>;

/** Of a v1 Pod, what is looked at. */
export interface Pod {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: { readonly phase?: string };
}

/** The kubelet and the scheduler forget pods of these phases: their chips are free again. */
const OVER: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed']);

/** An extended resource's request equals its limit; where only the limit is written, the API server copies it. */
const requested = ({ resources }: Container, resource: string): number =>
  countOf(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? '0');

/**
 * Chips of one resource that the scheduler sets aside for a pod: those of its containers and sidecars together, or of the
 * neediest moment of its beginning if that is more. Init containers run one after the other, beside the sidecars (init
 * containers with restartPolicy Always) that began before them: kubernetes/component-helpers resource.PodRequests.
 */
export function podChips(spec: NonNullable<Pod['spec']>, resource: string): number {
  let sidecars = 0;
  let beginning = 0;
  for (const container of Array.isArray(spec.initContainers) ? spec.initContainers : []) {
    const chips = requested(container, resource);
    if (container.restartPolicy === 'Always') sidecars += chips;
    beginning = Math.max(beginning, container.restartPolicy === 'Always' ? sidecars : sidecars + chips);
  }
  const running = (spec.containers ?? []).reduce((sum, container) => sum + requested(container, resource), sidecars);
  return Math.max(beginning, running);
}

/** What a pod holds of the wanted resources: nothing before it has a node, and nothing once it is over. */
export function holdsOfPod({ metadata, spec, status }: Pod, resources: Iterable<string>): Hold[] {
  if (!spec?.nodeName || OVER.has(status?.phase)) return [];
  const holds: Hold[] = [];
  for (const resource of resources) {
    const chips = podChips(spec, resource);
    if (chips === 0) continue;
    const { namespace = '', name: pod = '' } = metadata ?? {};
    holds.push({ node: spec.nodeName, namespace, pod, device: null, resource, chips });
  }
  return holds;
}
